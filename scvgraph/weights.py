"""Weights of links, and what makes a kind of identifier stand for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

MILLION, BILLION = 1_000_000, 1_000_000_000
# Kinds trusted at least so far stand for a person: how many of them surround an identifier tells how many use it.
PERSONAL = 0.85


def weight_of(strength: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Weight in millionths for strengths in billionths: 1 - exp(-strength), never quite 1, which is a person's word."""
    weight: npt.NDArray[np.int32] = np.clip(
        np.rint(-np.expm1(strength / -1e9) * MILLION), 1, MILLION - 1
    ).astype(np.int32)
    return weight
