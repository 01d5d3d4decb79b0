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
from scvgraph.journeys.kernel_sessions import openings, sessions, windows
from scvgraph.journeys.layout import laid_out

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
        return _cut(formed(made, options.path), options.steps), cells
    made, counted = with_counts(made)
    cells = tuple((*cells[state][:-1], f"{cells[state][-1]}({times})") for state, times in counted)
    return _cut(made, options.steps), cells


def _cut(journeys: Journeys, steps: int | None) -> Journeys:
    """Only so many last touches of each journey."""
    if steps is None or not (journeys.length > steps).any():
        return journeys
    return journeys.keep(journeys.start[1:][journeys.of] - np.arange(journeys.state.size) <= steps)


def _unformed(events: Events, options: Options) -> Journeys:
    """Journeys of channels with all of their touches, but for direct ones that a policy leaves out."""
    session = sessions_of(events, options)
    opens = touches_of(events, session, options)
    as_they_are = options.direct == "keep" and options.path == "full"  # else only what is left can be cut
    most = options.steps if as_they_are else None
    low, high, by, when = windows(
        events.customer,
        events.at,
        session,
        opens,
        events.converted,
        _counting(events, options),
        round(options.lookback_days * DAY),
        min(most or events.at.size, events.at.size),
        shared=options.shared,
        by_session=options.touches == "sessions",
        session_in=options.converting_session,
        tails=TAILS[options.nulls],
    )
    chosen = within(when, options.since, options.until, options.timezone)
    if not chosen.all():
        low, high, by, when = low[chosen], high[chosen], by[chosen], when[chosen]
    made = laid_out(events, opens, (low, high, by, when))
    return without_direct(made, options.direct, options.overwrite_hours * HOUR)


def paths_of(
    events: Events, column: str = "channel", *, per: str = "customer", gap_minutes: float = 30.0
) -> Journeys:
    """Everything a customer did (or did in one session), as one path of the values of a column.

    A path converts as often as its events do. For funnels and transitions, where no conversion cuts a path.
    """
    if per not in ("customer", "session"):
        raise UsageError(f"per '{per}' is none of customer, session")
    options = Options(gap_minutes=gap_minutes)
    options.check()
    unit = sessions_of(events, options) if per == "session" else events.customer
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


def within(when: Int64, since: str | None, until: str | None, timezone: str) -> npt.NDArray[np.bool_]:
    """Which times are of a period: from since on, before until."""
    chosen = np.ones(when.size, np.bool_)
    if since is not None:
        chosen &= when >= moment(since, timezone)
    if until is not None:
        chosen &= when < moment(until, timezone)
    return chosen


def _counting(events: Events, options: Options) -> npt.NDArray[np.bool_]:
    """[n] conversions that end a path: all but those in the period that are not their customer's first (or last)."""
    if options.conversions == "all":
        return events.converted
    asked = events.converted & within(events.at, options.since, options.until, options.timezone)
    number = np.flatnonzero(asked)
    differs = events.customer[number][1:] != events.customer[number][:-1]
    ends = np.r_[differs, True] if options.conversions == "last" else np.r_[True, differs]
    counts = events.converted & ~asked
    counts[number] = ends[: number.size]
    return counts
