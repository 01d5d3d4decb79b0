"""Compiled cutting of events into sessions, and of sessions into touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


@njit(cache=True, nogil=True)
def sessions(customer: Int64, at: Int64, gap: int, day: Int64, campaign: Int32) -> Int64:  # pragma: no cover
    """The session of every event, numbered from 0 over all customers; events are in order.

    A session ends where the next event is more than `gap` microseconds later; and at a change of day or of campaign
    where these are not empty. campaign: -1 is none, and no change.
    """
    session = np.empty(customer.size, np.int64)
    number, running = -1, -1
    for event in range(customer.size):
        cut = event == 0 or customer[event] != customer[event - 1] or at[event] - at[event - 1] > gap
        if day.size and not cut:
            cut = day[event] != day[event - 1]
        if campaign.size:
            if campaign[event] >= 0 and running >= 0 and campaign[event] != running:
                cut = True
            if cut:
                running = -1
            if campaign[event] >= 0:
                running = campaign[event]
        if cut:
            number += 1
        session[event] = number
    return session


@njit(cache=True, nogil=True)
def openings(
    session: Int64, channel: Int32, campaign: Int32, direct: Flags, touch: Flags
) -> Flags:  # pragma: no cover
    """Whether an event opens a touch: the first of its session that may, and each later one that says another
    channel or campaign. One that is direct goes on with the touch before. campaign: -1 is none said.
    """
    opens = np.zeros(session.size, np.bool_)
    now, by, within = -1, -1, -1
    for event in range(session.size):
        if touch[event]:
            if session[event] != within:
                opens[event] = True
            elif not direct[event]:
                opens[event] = channel[event] != now or (campaign[event] >= 0 and campaign[event] != by)
            if opens[event]:
                within, now, by = session[event], channel[event], campaign[event]
    return opens


def windows(
    customer: Int64,
    at: Int64,
    session: Int64,
    opens: Flags,
    converted: Flags,
    counts: Flags,
    lookback: int,
    most: int,
    *,
    shared: bool,
    by_session: bool,
    session_in: bool,
    tails: int,
) -> tuple[Int64, Int64, Int64, Int64]:
    """The touches of each journey: low and high among all touches, the event that converted (-1 for none), and when.

    counts: conversions that end a path; others are passed over, but what leads to them is no journey without one.
    lookback: microseconds. most: touches kept, the last ones. shared: whether a conversion sees touches before the
    one before. by_session: whether a conversion sees the last touch again where its session converted before and no
    other touch was opened since. session_in: whether touches of the converting session count; if not, all conversions
    of a session have the path that led to it. tails: journeys that do not convert: 0 none, 1 of customers who never
    do, 2 all. If not shared and session_in, journeys hold no more touches than there are touches and conversions.
    """
    customers = 0 if not customer.size else 1 + np.count_nonzero(customer[1:] != customer[:-1])
    made = np.empty((4, customers + np.count_nonzero(counts)), np.int64)
    events = (customer, at, session, opens, converted, counts)
    rules = (lookback, most, shared, by_session, session_in, tails)
    found = _windows(events, at[opens], rules, made)
    low, high, by, when = made[:, :found]
    return low, high, by, when


@njit(cache=True, nogil=True)
def _windows(
    events: tuple[Int64, Int64, Int64, Flags, Flags, Flags],
    moment: Int64,
    rules: tuple[int, int, bool, bool, bool, int],
    made: Int64,
) -> int:  # pragma: no cover
    customer, at, session, opens, converted, counts = events
    lookback, most, shared, by_session, session_in, tails = rules
    number, count = 0, 0  # journeys made, touches passed
    own, since, tail, sold = 0, 0, 0, False
    at_session, before, again = 0, 0, False
    for event in range(customer.size):
        if event == 0 or customer[event] != customer[event - 1]:
            own, since, tail, sold = count, count, count, False
        if event == 0 or session[event] != session[event - 1]:
            at_session, before, again = count, since, False
        count += opens[event]
        if converted[event]:
            if counts[event]:
                end = count if session_in else at_session
                one = own if shared else since if session_in else before
                if again and by_session and session_in and one == end and end > own:
                    one = end - 1
                _put(made, number, moment, (one, end, lookback, most), event, at[event])
                number += 1
                since, again = count, True
            tail, sold = count, True
        ends = event + 1 == customer.size or customer[event + 1] != customer[event]
        if ends and count > tail and (tails == 2 or (tails == 1 and not sold)):
            _put(made, number, moment, (tail, count, lookback, most), -1, moment[count - 1])
            number += 1
    return number


@njit(cache=True, nogil=True)
def _put(
    made: Int64, number: int, moment: Int64, window: tuple[int, int, int, int], by: int, when: int
) -> None:  # pragma: no cover
    low, end, lookback, most = window
    one = low + np.searchsorted(moment[low:end], when - lookback)
    made[0, number] = max(int(one), end - most)
    made[1, number] = end
    made[2, number], made[3, number] = by, when


@njit(cache=True, nogil=True)
def marks(opens: Flags, customer: Int64, milestone: Int64) -> tuple[Int64, Int64]:  # pragma: no cover
    """The milestones of each touch: those its own event and the events after it reach, up to the next touch.

    And for each event [n] those of the touch it belongs to, reached up to then.
    """
    bits = np.zeros(np.count_nonzero(opens), np.int64)
    until = np.empty(opens.size, np.int64)
    count, own = 0, 0
    for event in range(opens.size):
        if event == 0 or customer[event] != customer[event - 1]:
            own = count
        count += opens[event]
        if count > own:
            bits[count - 1] |= milestone[event]
        until[event] = bits[count - 1] if count > own else 0
    return bits, until


@njit(cache=True, nogil=True)
def first_marks(start: Int64, milestone: Int64) -> None:  # pragma: no cover
    """Keep of every milestone the first time a journey reaches it."""
    for n in range(start.size - 1):
        reached = 0
        for touch in range(start[n], start[n + 1]):
            new = milestone[touch] & ~reached
            reached |= milestone[touch]
            milestone[touch] = new
