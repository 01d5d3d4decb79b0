"""Tests of scvgraph.journeys.cells."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.journeys.cells import crossed, joined
from scvgraph.journeys.events import Coded


@pytest.mark.parametrize(("columns", "names"), [(2, 1000), (7, 1000), (20, 10), (70, 2)])
def test_combinations_are_those_of_the_rows(columns, names):
    """However many columns: also where a number of all combinations would not fit 64 bits."""
    random = np.random.default_rng(3)
    codes = random.integers(0, names, (columns, 500), np.int32)
    told = [Coded(code, tuple(f"v{n}" for n in range(names))) for code in codes]
    place, cells = crossed(told, 500)
    assert [cells[n] for n in place] == [tuple(f"v{n}" for n in row) for row in codes.T]
    assert len(set(cells)) == len(cells)


def test_names_of_cells_are_apart():
    """Values that hold the separator do not make two cells one."""
    assert joined((("a", "b"), ("a / c", "d"))) == ["a / b", "a / c / d"]
    for cells in (
        (("a / b", "c"), ("a", "b / c")),
        (("a /", "b"), ("a", "/ b")),
        (("a\\", "b / c"), ("a\\ / b", "c")),
    ):
        assert len(set(joined(cells))) == 2
