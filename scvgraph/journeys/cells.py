"""What touches and groups are told apart by: the values of one column, or of several at once."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.events import Coded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from scvgraph.journeys.events import Events
    from scvgraph.journeys.journeys import Journeys

    Int32 = npt.NDArray[np.int32]
    Cells = tuple[tuple[str, ...], ...]

_COUNTED = 1 << 22  # combinations counted by address up to this many; above, they are sorted
_LARGEST = 1 << 62  # combinations that a code can tell apart


def told_apart(events: Events, journeys: Journeys, by: Sequence[str]) -> tuple[Journeys, Cells]:
    """Journeys whose states are what touches say in columns of events, and the values behind each state."""
    if tuple(by) == ("channel",):
        return journeys, tuple((state,) for state in journeys.states)
    known = [events.coded(column) for column in by]
    touched = [Coded(column.code[journeys.touch], column.names) for column in known]
    state, cells = crossed(touched, journeys.touch.size)
    return journeys.seen_as(state, joined(cells)), cells


def joined(cells: Cells) -> list[str]:
    """A name for each cell, no two alike: where values hold the separator themselves they are escaped."""
    names = [" / ".join(cell) for cell in cells]
    if len(set(names)) == len(names):
        return names
    return [" / ".join(part.replace("\\", r"\\").replace("/", r"\/") for part in cell) for cell in cells]


def crossed(columns: Sequence[Coded], size: int) -> tuple[Int32, Cells]:
    """Combinations of columns that occur: the number of each row's, and the values of each."""
    most = prod(max(len(column.names), 1) for column in columns)
    if most > _LARGEST:  # both halves first: no more combinations of them occur than there are rows
        half = len(columns) // 2
        sides = [crossed(side, size) for side in (columns[:half], columns[half:])]
        numbered = [Coded(place, tuple(map(str, range(len(values))))) for place, values in sides]
        whole, pairs = crossed(numbered, size)
        (_, left), (_, right) = sides
        return whole, tuple((*left[int(one)], *right[int(other)]) for one, other in pairs)
    code = np.zeros(size, np.int64)
    for column in columns:
        code = code * len(column.names) + column.code
    if most <= _COUNTED:
        there = np.bincount(code, minlength=most) > 0
        used, place = np.flatnonzero(there), (np.cumsum(there) - 1)[code]
    else:
        used, place = np.unique(code, return_inverse=True)
    values = []
    for column in reversed(columns):
        values.append([column.names[digit] for digit in (used % len(column.names)).tolist()])
        used = used // len(column.names)
    return place.astype(np.int32), tuple(zip(*reversed(values), strict=True))
