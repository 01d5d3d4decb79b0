"""Compiled handling of ranges of touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int64 = npt.NDArray[np.int64]


def spread(low: Int64, high: Int64) -> tuple[Int64, Int64]:
    """Ranges [low, high) laid end to end: where each starts [n + 1], and all their members."""
    start = np.zeros(low.size + 1, np.int64)
    np.cumsum(high - low, out=start[1:])
    members = np.empty(start[-1], np.int64)
    _spread(low, start, members)
    return start, members


@njit(cache=True, nogil=True)
def _spread(low: Int64, start: Int64, members: Int64) -> None:  # pragma: no cover
    for n in range(low.size):
        for place in range(start[n], start[n + 1]):
            members[place] = low[n] + place - start[n]
