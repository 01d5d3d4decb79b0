"""Compiled hashing of a column of text; `values.value_hash` is the same for one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Int32 = npt.NDArray[np.int32]
    UInt64 = npt.NDArray[np.uint64]

START = np.uint64(0xCBF29CE484222325)
FACTOR = np.uint64(0x100000001B3)


@njit(cache=True, nogil=True)
def hashes(data: Bytes, ends: Int32) -> UInt64:  # pragma: no cover
    """FNV-1a of every text of a column. data: their bytes, one after the other; ends: n + 1 places in it. O(bytes)."""
    found = np.empty(ends.size - 1, np.uint64)
    for row in range(found.size):
        state = START
        for place in range(ends[row], ends[row + 1]):
            state = (state ^ np.uint64(data[place])) * FACTOR
        found[row] = state
    return found
