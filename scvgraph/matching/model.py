"""The Fellegi-Sunter model: per column and level the chances among matches (m) and others (u), and the prior.

Fellegi and Sunter 1969, "A theory for record linkage", Journal of the American Statistical Association 64. The
weight of a level is log2(m / u). Where a value agrees, its own frequency stands in for u (Winkler 1989,
"Frequency-based matching in the Fellegi-Sunter model of record linkage"), within limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.features import Column
from scvgraph.matching.kernel_compiled import Float64, Int32

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

