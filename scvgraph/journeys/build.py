"""From events to journeys: sessions, touches, and the path to each conversion within a look-back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.cells import told_apart
from scvgraph.journeys.direct import POLICIES, without_direct
from scvgraph.journeys.events import NOT_SET, Coded, Events
from scvgraph.journeys.forms import FORMS, formed, with_counts
from scvgraph.journeys.journeys import DAY, HOUR, MINUTE, Journeys
from scvgraph.journeys.kernel_ranges import spread
from scvgraph.journeys.kernel_sessions import first_marks, marks, openings, sessions, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from scvgraph.journeys.cells import Cells

    Int64 = npt.NDArray[np.int64]

TAILS = {"none": 0, "never": 1, "all": 2}


@dataclass(frozen=True, slots=True)
class Options:
    """How journeys are made of events.

    lookback_days: touches up to so long before the conversion count. gap_minutes, midnight, campaign_change: where
    a session ends. touches: what a touch is, a session (or the part of one under one channel and campaign) or every
    event. shared: conversions of one customer may see the same touches; else the path begins after the one before.
    converting_session: whether touches of the session that converts count. nulls: journeys that do not convert:
    all, of customers who never convert, or none. steps: only so many last touches. direct: what becomes of direct
    touches, within overwrite_hours. path: the form of paths. since, until: conversions (and ends of journeys that
    have none) from, and before. timezone: of midnight and of dates.
    """

    lookback_days: float = 90.0
    gap_minutes: float = 30.0
    midnight: bool = False
    campaign_change: bool = False
    touches: Literal["sessions", "events"] = "sessions"
    shared: bool = False
    converting_session: bool = True
    nulls: Literal["all", "never", "none"] = "all"
    steps: int | None = None
    direct: str = "keep"
    overwrite_hours: float = 24.0
    path: str = "full"
    conversions: Literal["all", "first", "last"] = "all"
    since: str | None = None
    until: str | None = None
    timezone: str = "UTC"

    def check(self) -> None:
        """Raises UsageError for what cannot be done."""
        for name, choices in (
            ("conversions", ("all", "first", "last")),
            ("direct", POLICIES),
            ("path", FORMS),
            ("nulls", TAILS),
            ("touches", ("sessions", "events")),
        ):
            if getattr(self, name) not in choices:
                raise UsageError(f"{name} '{getattr(self, name)}' is none of {', '.join(choices)}")
        for name in ("lookback_days", "gap_minutes", "overwrite_hours"):
            if not 0 <= getattr(self, name) <= 100_000:
                raise UsageError(f"{name.replace('_', ' ')} must be a number from 0 to 100000")
        if self.steps is not None and self.steps < 1:
            raise UsageError("steps must be at least 1")
        check_period(self.since, self.until, self.timezone)


def journeys_of(events: Events, options: Options | None = None, by: Sequence[str] = ("channel",)) -> Journeys:
    """The path to each conversion, and those that led to none, in the order of customers and time. O(events).

    by: the columns of events that touches are told apart by; forms of paths are made of these.
    """
    return journeys_in_cells(events, options or Options(), by)[0]


def journeys_in_cells(events: Events, options: Options, by: Sequence[str]) -> tuple[Journeys, Cells]:
    """The same, and by state of the journeys its values in the columns of `by`."""
    options.check()
    made, cells = told_apart(events, _unformed(events, options), by)
    if options.path != "frequency":
        return formed(made, options.path), cells
    made, counted = with_counts(made)
    return made, tuple((*cells[state][:-1], f"{cells[state][-1]}({times})") for state, times in counted)


def _unformed(events: Events, options: Options) -> Journeys:
    """Journeys of channels with all of their touches, but for direct ones that a policy leaves out."""
    session = sessions_of(events, options)
    opens = touches_of(events, session, options)
    low, high, by, when = windows(
        events.customer,
        events.at,
        session,
        opens,
        events.converted,
        round(options.lookback_days * DAY),
        options.steps or events.at.size + 1,
        shared=options.shared,
        by_session=options.touches == "sessions",
        session_in=options.converting_session,
        tails=TAILS[options.nulls],
    )
    chosen = within(when, options.since, options.until, options.timezone)
    if options.conversions != "all":
        chosen &= _one_each(events.customer[by], (by >= 0) & chosen, last=options.conversions == "last")
    if not chosen.all():
        low, high, by, when = low[chosen], high[chosen], by[chosen], when[chosen]
    made = _laid_out(events, np.flatnonzero(opens), (low, high, by, when), opens)
    return without_direct(made, options.direct, options.overwrite_hours * HOUR)


def paths_of(
    events: Events, column: str = "channel", *, per: str = "customer", gap_minutes: float = 30.0
) -> Journeys:
    """Everything a customer did (or did in one session), as one path of the values of a column.

    A path converts as often as its events do. For funnels and transitions, where no conversion cuts a path.
    """
    if per not in ("customer", "session"):
        raise UsageError(f"per '{per}' is none of customer, session")
    unit = events.customer
    if per == "session":
        unit = sessions_of(events, Options(gap_minutes=gap_minutes))
    first = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]]) if unit.size else np.empty(0, np.int64)
    start = np.r_[first, unit.size]
    known = events.coded(column)
    made = np.add.reduceat(events.converted, first, dtype=np.float64) if unit.size else np.empty(0)
    last = start[1:] - 1
    return Journeys(
        start=start,
        state=known.code,
        states=known.names,
        at=events.at,
        direct=events.direct,
        milestone=np.zeros(unit.size, np.int64),
        touch=np.arange(unit.size),
        conversions=made,
        nulls=(made == 0).astype(np.float64),
        value=np.add.reduceat(np.where(events.converted, events.value, 0.0), first)
        if unit.size
        else np.empty(0),
        customer=events.customer[first],
        event=last,
        end=events.at[last],
    )


def sessions_of(events: Events, options: Options) -> Int64:
    """[n] the session of every event."""
    day = local_day(events.at, options.timezone) if options.midnight else np.empty(0, np.int64)
    campaign = _said(events.columns.get("campaign")) if options.campaign_change else np.empty(0, np.int32)
    return sessions(events.customer, events.at, round(options.gap_minutes * MINUTE), day, campaign)


def touches_of(events: Events, session: Int64, options: Options) -> npt.NDArray[np.bool_]:
    """[n] whether an event opens a touch."""
    if options.touches == "events":
        return events.touch
    campaign = _said(events.columns.get("campaign"), events.at.size)
    return openings(session, events.coded("channel").code, campaign, events.direct, events.touch)


def check_period(since: str | None, until: str | None, timezone: str) -> None:
    """Raises UsageError for a zone or date that is none, or a period without time."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise UsageError(f"'{timezone}' is not a time zone name such as Europe/London") from None
    first = None if since is None else moment(since, timezone)
    end = None if until is None else moment(until, timezone)
    if first is not None and end is not None and first >= end:
        raise UsageError(f"since '{since}' is not before until '{until}', so nothing lies between")


def local_day(at: Int64, timezone: str) -> Int64:
    """Days since 1970 on the clocks of a zone."""
    local: Int64 = local_time(at, timezone) // DAY
    return local


def local_time(at: Int64, timezone: str) -> Int64:
    """Microseconds since 1970 as clocks of a zone show them."""
    if timezone == "UTC":
        return at
    import pandas as pd

    moments = pd.DatetimeIndex(at.view("datetime64[us]"), tz="UTC")
    return moments.tz_convert(timezone).tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)


def moment(text: str, timezone: str) -> int:
    """Microseconds since 1970 of a date or time; without a zone of its own it is of the given one.

    It begins with a year, since words such as now, or a time alone, would mean another moment at every asking. Where
    clocks are put forward the next time that is there is meant, where they are put back the first of both.
    """
    import pandas as pd

    fault = UsageError(f"'{text}' is no date or time such as 2026-01-31 or 2026-01-31T12:00")
    if not re.match(r"\d{4}", str(text).strip()):
        raise fault
    try:
        time = pd.Timestamp(text)
        if time.tzinfo is None:
            time = time.tz_localize(timezone, nonexistent="shift_forward", ambiguous=True)
    except (ValueError, OverflowError):
        raise fault from None
    return int(time.tz_convert("UTC").as_unit("us").asm8.astype(np.int64))


def _said(campaign: Coded | None, size: int = 0) -> npt.NDArray[np.int32]:
    """Codes with -1 for what was not said."""
    if campaign is None:
        return np.full(size, -1, np.int32)
    if NOT_SET not in campaign.names:
        return campaign.code
    return np.where(campaign.code == campaign.names.index(NOT_SET), np.int32(-1), campaign.code)


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


def within(when: Int64, since: str | None, until: str | None, timezone: str) -> npt.NDArray[np.bool_]:
    """Which times are of a period: from since on, before until."""
    chosen = np.ones(when.size, np.bool_)
    if since is not None:
        chosen &= when >= moment(since, timezone)
    if until is not None:
        chosen &= when < moment(until, timezone)
    return chosen


def _one_each(customer: Int64, counts: npt.NDArray[np.bool_], *, last: bool) -> npt.NDArray[np.bool_]:
    """Journeys but for the conversions, those that count, that are not their customer's first (or last)."""
    number = np.flatnonzero(counts)
    differs = customer[number][1:] != customer[number][:-1]
    ends = np.r_[differs, True] if last else np.r_[True, differs]
    chosen = np.ones(customer.size, np.bool_)
    chosen[number] = ends[: number.size]
    return chosen


def _laid_out(
    events: Events, at: Int64, found: tuple[Int64, Int64, Int64, Int64], opens: npt.NDArray[np.bool_]
) -> Journeys:
    low, high, by, when = found
    start, members = spread(low, high)
    touch = at[members]
    channel = _used(events.coded("channel"), touch)
    converted = by >= 0
    if events.milestone.size:
        milestone = marks(opens, events.customer, events.milestone)[members]
        first_marks(start, milestone)
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
