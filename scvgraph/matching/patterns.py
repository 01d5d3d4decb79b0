"""Distinct comparison vectors with their counts: what parameters are estimated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.columns import MOST_LEVELS, Column
from scvgraph.matching.kernel_compiled import Float64, Int8, Int64

_IN_A_WORD = 21  # levels of three bits


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct comparison vectors and how many pairs show each."""

    level: Int8  # [columns, patterns]
    count: Int64

    def log_odds(self, m: Float64, u: Float64, rows: list[int]) -> Float64:
        """[patterns] sum of the rows' log2(m / u)."""
        ratio, total = np.log2(m / u), np.zeros(self.count.size)
        for row in rows:
            total += ratio[row][self.level[row]]
        return total

    def shares(self, weight: Float64, columns: tuple[Column, ...], least: float) -> Float64:
        """[columns, MOST_LEVELS] share of each level among the weighted patterns where the column is known.

        Half a pair is added to each level (the prior of Jeffreys 1946, "An invariant form for the prior probability in
        estimation problems", Proceedings of the Royal Society A 186), and no share is below `least`; 1 for level 0 and
        those never reached.
        """
        out = np.ones((len(columns), MOST_LEVELS))
        for row, column in enumerate(columns):
            real = column.scale.reached
            held = np.bincount(self.level[row], weights=weight, minlength=MOST_LEVELS)[real] + 0.5
            out[row, real] = np.maximum(held / held.sum(), least)
        return out


def patterns_of(level: Int8) -> Patterns:
    """Distinct vectors of a [columns, pairs] array of levels, in a fixed order."""
    columns, pairs = level.shape
    if columns > _IN_A_WORD:
        distinct, count = np.unique(level, axis=1, return_counts=True)
        return Patterns(distinct, count.astype(np.int64))
    words = np.zeros(pairs, np.uint64)
    for row in level:
        words <<= np.uint64(3)
        words |= row.astype(np.uint64)
    words.sort()
    edge = (
        np.flatnonzero(np.concatenate([[True], words[1:] != words[:-1], [True]]))
        if pairs
        else np.zeros(1, np.int64)
    )
    found = words[edge[:-1]]
    rows = [(found >> np.uint64(3 * row) & np.uint64(7)).astype(np.int8) for row in reversed(range(columns))]
    return Patterns(np.array(rows, np.int8).reshape(columns, found.size), np.diff(edge))
