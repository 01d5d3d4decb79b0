"""Compiled pass that finds which links hold a customer together, and how much each of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def joins(a: Int32, b: Int32, rows: Int64, out: Int64) -> None:  # pragma: no cover
    """Fill in out[links]: for a link that joins two parts, taken in order, the rows of the smaller one; else -1.

    rows: of each node; becomes those of its part.
    """
    up = np.arange(rows.size).astype(np.int32)
    for link in range(a.size):
        one, other = a[link], b[link]
        while up[one] != one:
            up[one] = up[up[one]]
            one = up[one]
        while up[other] != other:
            up[other] = up[up[other]]
            other = up[other]
        out[link] = -1
        if one != other:
            out[link] = min(rows[one], rows[other])
            up[max(one, other)] = min(one, other)
            rows[min(one, other)] = rows[one] + rows[other]
