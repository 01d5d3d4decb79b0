"""Places of nodes: apart, near where linked, and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.report.layout import places

BOX, LENGTH = (190.0, 72.0), (236.0, 150.0)


def star(count):
    return [(0, n, 1.0) for n in range(1, count)]


@pytest.mark.parametrize("count", [1, 2, 3, 12, 36])
def test_boxes_lie_apart_and_inside(count) -> None:
    """No two boxes overlap, none sticks out to the left or above."""
    at = places(count, star(count), BOX, LENGTH)
    gaps = np.abs(at[:, None] - at[None])
    over = (gaps[..., 0] < BOX[0] - 8) & (gaps[..., 1] < BOX[1] - 8) & ~np.eye(count, dtype=bool)
    assert not over.any()
    assert at.min(axis=0).tolist() == [BOX[0] / 2, BOX[1] / 2]


def test_the_same_graph_has_the_same_places() -> None:
    """No random number is drawn."""
    edges = [*star(30), (3, 4, 1.0), (5, 9, 1.4)]
    assert (places(30, edges, BOX, LENGTH) == places(30, edges, BOX, LENGTH)).all()


def test_linked_ones_are_near() -> None:
    """Along a path, neighbours are nearer than the ends."""
    at = places(6, [(n, n + 1, 1.0) for n in range(5)], (10, 10), (100, 100))
    steps = np.linalg.norm(np.diff(at, axis=0), axis=1)
    assert steps.max() < np.linalg.norm(at[5] - at[0]) / 2


def test_pieces_and_nothing() -> None:
    """What no link joins is placed as well; an empty graph has no places."""
    at = places(4, [(0, 1, 1.0)], BOX, LENGTH)
    assert np.isfinite(at).all()
    assert len(np.unique(at, axis=0)) == 4
    assert places(0, [], BOX, LENGTH).shape == (0, 2)
