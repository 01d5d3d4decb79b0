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
    lookback: int,
    most: int,
    *,
    shared: bool,
    by_session: bool,
    session_in: bool,
    tails: int,
) -> tuple[Int64, Int64, Int64, Int64]:
    """The touches of each journey: low and high among all touches, the event that converted (-1 for none), and when.

    lookback: microseconds. most: touches kept, the last ones. shared: whether a conversion sees touches before the
    one before. by_session: whether all conversions of a session see its touches. session_in: whether touches of the
    converting session count. tails: journeys that do not convert: 0 none, 1 of customers who never do, 2 all.
    """
    customers = 0 if not customer.size else 1 + np.count_nonzero(customer[1:] != customer[:-1])
    made = np.empty((4, customers + np.count_nonzero(converted)), np.int64)
    events = (customer, at, session, opens, converted)
    rules = (lookback, most, shared, by_session, session_in, tails)
    found = _windows(events, at[opens], rules, made)
    low, high, by, when = made[:, :found]
    return low, high, by, when


@njit(cache=True, nogil=True)
def _windows(
    events: tuple[Int64, Int64, Int64, Flags, Flags],
    moment: Int64,
    rules: tuple[int, int, bool, bool, bool, int],
    made: Int64,
) -> int:  # pragma: no cover
    customer, at, session, opens, converted = events
    lookback, most, shared, by_session, session_in, tails = rules
    number, count = 0, 0  # journeys made, touches passed
    own, since, at_session, sold = 0, 0, 0, False
    for event in range(customer.size):
        if event == 0 or customer[event] != customer[event - 1]:
            own, since, sold = count, count, False
        if event == 0 or session[event] != session[event - 1]:
            at_session = count
        count += opens[event]
        if converted[event]:
            one = own if shared else since
            if by_session and not shared:
                one = max(own, min(one, at_session))
            end = count if session_in else at_session
            _put(made, number, moment, (min(one, end), end, lookback, most), event, at[event])
            number += 1
            since, sold = count, True
        ends = event + 1 == customer.size or customer[event + 1] != customer[event]
        if ends and count > since and (tails == 2 or (tails == 1 and not sold)):
            _put(made, number, moment, (since, count, lookback, most), -1, moment[count - 1])
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
def marks(opens: Flags, customer: Int64, milestone: Int64) -> Int64:  # pragma: no cover
    """The milestones of each touch: those its own event and the events after it reach, up to the next touch."""
    bits = np.zeros(np.count_nonzero(opens), np.int64)
    count, own = 0, 0
    for event in range(opens.size):
        if event == 0 or customer[event] != customer[event - 1]:
            own = count
        if opens[event]:
            count += 1
        if milestone[event] and count > own:
            bits[count - 1] |= milestone[event]
    return bits


@njit(cache=True, nogil=True)
def first_marks(start: Int64, milestone: Int64) -> None:  # pragma: no cover
    """Keep of every milestone the first time a journey reaches it."""
    for n in range(start.size - 1):
        reached = 0
        for touch in range(start[n], start[n + 1]):
            new = milestone[touch] & ~reached
            reached |= milestone[touch]
            milestone[touch] = new
