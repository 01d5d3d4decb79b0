"""What was seen of identifiers: sightings, first and last time, of each one and of groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

NEVER = np.iinfo(np.int64).max


# Arrays are made by numpy outside the kernels: it asks for huge pages, and small ones cost more than what is done here.


def unseen(size: int) -> Int64:
    """[size, 3] sightings, first and last time of what was not seen yet."""
    seen = np.empty((size, 3), np.int64)
    _forget(seen)
    return seen


@njit(cache=True, nogil=True)
def _forget(seen: Int64) -> None:  # pragma: no cover
    for number in range(len(seen)):
        seen[number, 0], seen[number, 1], seen[number, 2] = 0, NEVER, -NEVER


def fold(group: Int32, seen: Int64, groups: int) -> Int64:
    """[groups, 3] members, first and last time of each group. group: of each identifier, -1 for none;
    seen: [size, 3] sightings, first and last time of each identifier.
    """
    total = unseen(groups)
    _fold(group, seen, total)
    return total


def earliest(group: Int32, seen: Int64) -> Int64:
    """First time of each group; groups are numbered like identifiers."""
    first = np.full(group.size, NEVER)
    _earliest(group, seen, first)
    return first


@njit(cache=True, nogil=True)
def _earliest(group: Int32, seen: Int64, first: Int64) -> None:  # pragma: no cover
    for number in range(group.size):
        at = group[number]
        if at >= 0:
            first[at] = min(first[at], seen[number, 1])


@njit(cache=True, nogil=True)
def _fold(group: Int32, seen: Int64, total: Int64) -> None:  # pragma: no cover
    for number in range(group.size):
        at = group[number]
        if at >= 0:
            total[at, 0] += 1
            total[at, 1] = min(total[at, 1], seen[number, 1])
            total[at, 2] = max(total[at, 2], seen[number, 2])


def moments(at: Int64) -> pa.Array:
    """Microseconds as timestamps, null for NEVER; no copy of the times."""
    import pyarrow as pa

    unknown = at == NEVER
    return pa.array(at, mask=unknown if unknown.any() else None).view(pa.timestamp("us"))
