"""Windows of touches, laid out as journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.events import Coded
from scvgraph.journeys.journeys import Journeys
from scvgraph.journeys.kernel_ranges import spread
from scvgraph.journeys.kernel_sessions import first_marks, marks

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.events import Events

    Int64 = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

MOST_TOUCHES = 100_000_000  # that journeys may hold together, or four times as many as there are


def laid_out(events: Events, opens: Flags, found: tuple[Int64, Int64, Int64, Int64]) -> Journeys:
    """Journeys of channels. opens [n]: events that open touches. found: low and high among touches, the event that
    converted, and when, of each journey. Raises UsageError where they share more touches than memory would hold.
    """
    low, high, by, when = found
    at = np.flatnonzero(opens)
    _check_size(high - low, at.size)
    start, members = spread(low, high)
    touch = at[members]
    channel = _used(events.coded("channel"), touch)
    converted = by >= 0
    if events.milestone.size:
        milestone = _milestones(events, opens, found, start, members)
    else:
        milestone = np.zeros(touch.size, np.int64)
    anyone = np.where(converted, by, at[np.maximum(high - 1, 0)] if at.size else 0)
    return Journeys(
        start=start,
        state=channel.code,
        states=channel.names,
        at=events.at[touch],
        direct=events.direct[touch],
        milestone=milestone,
        touch=touch,
        conversions=converted.astype(np.float64),
        nulls=(~converted).astype(np.float64),
        value=np.where(converted, events.value[by], 0.0) if by.size else np.empty(0),
        customer=events.customer[anyone],
        event=anyone,
        end=when,
        milestones=events.milestones,
    )


def _milestones(
    events: Events, opens: Flags, found: tuple[Int64, Int64, Int64, Int64], start: Int64, members: Int64
) -> Int64:
    """The milestones that touches of journeys reach first; what is reached after a conversion did not lead to it."""
    low, high, by, _ = found
    bits, until = marks(opens, events.customer, events.milestone)
    milestone = bits[members]
    ends = np.flatnonzero((by >= 0) & (high > low))
    following = np.r_[np.flatnonzero(opens), opens.size][high[ends]]
    ends = ends[by[ends] < following]
    milestone[start[1:][ends] - 1] = until[by[ends]]
    first_marks(start, milestone)
    return milestone


def _used(column: Coded, rows: Int64) -> Coded:
    """Some rows of a column, its names being those that occur."""
    code = column.code[rows]
    there = np.bincount(code, minlength=len(column.names)) > 0
    if there.all():
        return Coded(code, column.names)
    narrowed = (np.cumsum(there, dtype=np.int32) - 1).astype(np.int32)
    return Coded(
        narrowed[code], tuple(name for name, used in zip(column.names, there.tolist(), strict=True) if used)
    )


def _check_size(length: Int64, touches: int) -> None:
    """Raises UsageError where journeys share so many touches that memory would not do."""
    held = int(length.sum())
    if held > max(MOST_TOUCHES, 4 * touches):
        raise UsageError(
            f"journeys would hold {held:,} touches where there are {touches:,}, as conversions see the same ones;"
            " ask for the last touches of each (steps), a shorter look-back, or paths that are not shared"
        )
