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


@njit(cache=True, nogil=True)
def fold(group: Int32, seen: Int64, groups: int) -> Int64:  # pragma: no cover
    """[groups, 3] members, first and last time of each group. group: of each identifier, -1 for none;
    seen: [size, 3] sightings, first and last time of each identifier.
    """
    total = np.empty((groups, 3), np.int64)
    total[:, 0], total[:, 1], total[:, 2] = 0, NEVER, -NEVER
    for number in range(group.size):
        at = group[number]
        if at >= 0:
            total[at, 0] += 1
            total[at, 1] = min(total[at, 1], seen[number, 1])
            total[at, 2] = max(total[at, 2], seen[number, 2])
    return total


def moments(at: Int64) -> pa.Array:
    """Microseconds as timestamps, null for NEVER; no copy of the times."""
    import pyarrow as pa

    unknown = at == NEVER
    return pa.array(at, mask=unknown if unknown.any() else None).view(pa.timestamp("us"))
