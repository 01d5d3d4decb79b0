"""Compiled pass that takes customers apart at their matches, bar by bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True)
def parts(a: Int32, b: Int32, until: npt.NDArray[np.int64], out: Int32) -> None:  # pragma: no cover
    """Fill in out[bars, nodes]: of every node the root of its part, when edges [0, until[bar]) hold parts together.

    until: not falling.
    """
    up = np.arange(out.shape[1]).astype(np.int32)
    edge = 0
    for bar in range(until.size):
        while edge < until[bar]:
            one, other = a[edge], b[edge]
            while up[one] != one:
                up[one] = up[up[one]]
                one = up[one]
            while up[other] != other:
                up[other] = up[up[other]]
                other = up[other]
            up[max(one, other)] = min(one, other)
            edge += 1
        for node in range(out.shape[1]):
            up[node] = up[up[node]]  # its parent stands before it and is a root by now
            out[bar, node] = up[node]
