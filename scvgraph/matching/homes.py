"""Places that few groups share: a home's IP address, a tablet or a phone that several people use.

To be seen at one place is evidence of a household, never of one person by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Layout, Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

CROWD = 60  # a place with more groups is no home
IP = "ip"


def homes(work: Work) -> tuple[Int32, Int32]:
    """Groups (as labels) and the places each was seen at, an identifier each; ascending, each pair once.

    O(rows with an IP address or a shared identifier).
    """
    place = _places(work)
    known = np.append(place, False)  # the last for -1: none
    found = [np.empty(0, np.int64)]
    for layout in work.layouts:
        for numbers in layout.numbers:
            rows = np.flatnonzero(known[numbers])
            group = groups_of_rows(work, layout, rows)
            words = group.astype(np.int64) << 32 | numbers[rows]
            found.append(np.unique(words[group >= 0]))
    words = np.unique(np.concatenate(found))
    group, at = (words >> 32).astype(np.int32), (words & 0xFFFFFFFF).astype(np.int32)
    few = np.bincount(at, minlength=place.size) <= CROWD
    return group[few[at]], at[few[at]]


def _places(work: Work) -> Bool:
    """Which identifiers are places: IP addresses, and what was found to be shared."""
    place = work.of_kind(IP)
    place[list(work.solution.shared)] = True
    return place


def groups_of_rows(work: Work, layout: Layout, rows: Int64 | None = None) -> Int32:
    """The group of every row, or of those given: that of its most trusted identifier; -1 for none."""
    solution = work.solution
    group = np.full((layout.row if rows is None else rows).size, -1, np.int32)
    for n in reversed(layout.by_trust(work.project.kinds)):
        numbers = layout.numbers[n] if rows is None else layout.numbers[n][rows]
        held = numbers >= 0
        held[held] = solution.active[numbers[held]]
        group[held] = solution.label[numbers[held]]
    return group
