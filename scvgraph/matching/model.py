"""The Fellegi-Sunter model: per column and level the chances among matches (m) and others (u), and the prior.

Fellegi and Sunter 1969, "A theory for record linkage", Journal of the American Statistical Association 64. The
weight of a level is log2(m / u). Where a value agrees, its own frequency stands in for u (Winkler 1989,
"Frequency-based matching in the Fellegi-Sunter model of record linkage"), within limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.features import Column
from scvgraph.matching.kernel_compiled import Float64, Int8, Int16, Int32, compiled

MOST_LEVELS = 8
BIT = 1000  # scores are thousandths of a bit


@dataclass(frozen=True, slots=True)
class Model:
    """m, u: [columns, MOST_LEVELS] chances; the entry of level 0 (unknown) is 1. prior: chance that two entities match."""

    columns: tuple[Column, ...]
    m: Float64
    u: Float64
    prior: float

    @property
    def weights(self) -> Int32:
        """[columns, MOST_LEVELS] thousandths of a bit, before frequencies."""
        return np.rint(BIT * np.log2(self.m / self.u)).astype(np.int32)

    @property
    def base(self) -> int:
        """Thousandths of a bit that every pair starts from."""
        return round(BIT * float(np.log2(self.prior / (1 - self.prior))))


@compiled
def add_scores(
    level: Int8, gain: Int16, weights: Int32, shares: Int32, expected: int, limit: int, score: Int32
) -> None:  # pragma: no cover
    """Add one column's weights to the scores. shares: thousandths by level."""
    for pair in range(level.size):
        reached = level[pair]
        if reached > 0:
            more = min(max(gain[pair] - expected, -limit), limit) * shares[reached] // 1000
            score[pair] += weights[reached] + more
