"""Compiled passes over parts that edges hold together, taken edge by edge: what is left without some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def _find(up: Int32, node: int) -> int:  # pragma: no cover
    """The root of a node's part; the way there is halved."""
    while up[node] != node:
        up[node] = up[up[node]]
        node = up[node]
    return node


@njit(cache=True, nogil=True)
def parts(a: Int32, b: Int32, until: Int64, out: Int32) -> None:  # pragma: no cover
    """Fill in out[bars, nodes]: of every node the root of its part, when edges [0, until[bar]) hold parts together.

    until: not falling.
    """
    up = np.arange(out.shape[1]).astype(np.int32)
    edge = 0
    for bar in range(until.size):
        while edge < until[bar]:
            one, other = _find(up, a[edge]), _find(up, b[edge])
            up[max(one, other)] = min(one, other)
            edge += 1
        for node in range(out.shape[1]):
            up[node] = up[up[node]]  # its parent stands before it and is a root by now
            out[bar, node] = up[node]
