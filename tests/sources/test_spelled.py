"""Numbering of raw values held in memory."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from scvgraph.sources.spelled import Overfull, Spellings


def words(count: int) -> list[str | None]:
    """Values of every length up to 40 bytes, many alike but for one byte, some of them twice, some missing."""
    draw = np.random.default_rng(1)
    made: list[str | None] = ["", None]
    for size in range(1, 41):
        base = "abcdefgh" * 5
        made += [base[:place] + "Xé"[size % 2] + base[place + 1 : size] for place in range(size)]
        made.append(base[:size])
    return [made[n] for n in draw.integers(0, len(made), count)]


def test_equal_values_have_one_number() -> None:
    """A value has one number in all columns of its kind and all batches, another has another; none has -1."""
    spellings, found = Spellings(7, 1 << 30), {}
    for start in range(0, 40_000, 10_000):
        column = words(40_000)[start : start + 10_000]
        raw = pa.array(column, pa.string())
        one, other, same = spellings.numbers([("email", raw), ("phone", raw), ("email", raw)])
        assert one.tolist() == same.tolist()
        for kind, numbers in (("email", one), ("phone", other)):
            for value, number in zip(column, numbers.tolist(), strict=True):
                assert (number == -1) == (not value)
                assert found.setdefault((kind, value), number) == number
    numbers = [number for (_, value), number in found.items() if value]
    assert sorted(numbers) == list(range(7, 7 + len(numbers)))


def test_values_beyond_the_budget_are_told() -> None:
    """More distinct values than the budget holds raise Overfull."""
    with pytest.raises(Overfull):
        Spellings(0, 100_000).numbers([("email", pa.array([f"value {n}" for n in range(10_000)]))])
