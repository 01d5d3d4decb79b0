"""Near misses: the pairs of groups that were compared, came close, and were not joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


def near_misses(label: Int32, rank: Int64, ends: tuple[Int32, Int32], score: Int32, least: int) -> Int64:
    """Of every group the surest pair with another group, if it scores at least `least`; places among the pairs.

    label: the group of each entity; rank: each entity's place in canonical order, which decides between equals.
    """
    a, b = ends
    apart = np.flatnonzero((label[a] != label[b]) & (score >= least))
    apart = apart[np.lexsort((rank[b[apart]], rank[a[apart]], -score[apart]))]
    sides = np.concatenate([label[a[apart]], label[b[apart]]])
    place = np.concatenate([np.arange(apart.size)] * 2)
    order = np.lexsort((place, sides))
    first = np.ones(order.size, np.bool_)
    first[1:] = sides[order][1:] != sides[order][:-1]
    return np.asarray(apart[np.unique(place[order][first])])
