"""Compiled ordering of events by customer and time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

_THREADS = (
    8  # each reads all events to place its share, so that with many more reading would be most of the work
)
_SMALL = 48  # journeys up to this long are sorted by insertion


def places(
    row: Int64, customer: Int32, ts: Int64, customers: int, threads: int = 1
) -> tuple[Int64, Int32, Int64]:
    """Events that have a customer (-1 means none), by customer, then time. Counting sort over customers, then each
    journey by itself.

    O(n + n log j) for n events and journeys of j. customer: numbers below `customers`. Each of at most eight threads
    looks at all events and places those of its share of the customers.
    """
    start = np.zeros(customers + 1, np.int64)
    _count(customer, start)
    size = int(start[-1])
    # Made here and not in the kernel: numpy asks for huge pages.
    into = np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int64)
    threads = min(threads, _THREADS)
    bounds = np.searchsorted(start, np.linspace(0, size, threads + 1))
    bounds[-1] = customers
    with ThreadPoolExecutor(threads) as pool:
        share = partial(_place, (row, customer, ts), start, into)
        list(pool.map(share, bounds[:-1].tolist(), bounds[1:].tolist()))
    return into


@njit(cache=True, nogil=True)
def _count(customer: Int32, start: Int64) -> None:  # pragma: no cover
    """Where the events of each customer begin, and at the end how many there are."""
    for event in range(customer.size):
        start[customer[event] + 1] += 1
    start[0] = 0
    for number in range(start.size - 1):
        start[number + 1] += start[number]


@njit(cache=True, nogil=True)
def _place(
    events: tuple[Int64, Int32, Int64], start: Int64, into: tuple[Int64, Int32, Int64], least: int, end: int
) -> None:  # pragma: no cover
    """Place the events of customers from `least` on and below `end`."""
    row, customer, ts = events
    rows, owner, at = into
    free = start[least:end].copy()
    for event in range(customer.size):
        number = customer[event]
        if least <= number < end:
            place = free[number - least]
            free[number - least] += 1
            rows[place], at[place] = row[event], ts[event]
    for number in range(least, end):
        one, stop = start[number], start[number + 1]
        owner[one:stop] = number  # here and not above: what is written in order is cheap
        if stop - one > _SMALL:
            order = np.argsort(at[one:stop], kind="mergesort")
            rows[one:stop], at[one:stop] = rows[one:stop][order], at[one:stop][order]
        else:
            for right in range(one + 1, stop):
                event_row, event_at = rows[right], at[right]
                left = right - 1
                while left >= one and at[left] > event_at:
                    rows[left + 1], at[left + 1] = rows[left], at[left]
                    left -= 1
                rows[left + 1], at[left + 1] = event_row, event_at


@njit(cache=True, nogil=True)
def sequence(customer: Int32, ts: Int64) -> tuple[Int32, Int64, npt.NDArray[np.bool_]]:  # pragma: no cover
    """For events in order: place in the journey from 1, whole seconds since the event before (-1 for the first),
    and whether an event shares its moment with a neighbour of the same journey.
    """
    seq = np.empty(customer.size, np.int32)
    gap = np.empty(customer.size, np.int64)
    tied = np.zeros(customer.size, np.bool_)
    for event in range(customer.size):
        if event == 0 or customer[event] != customer[event - 1]:
            seq[event], gap[event] = 1, -1
        else:
            seq[event], gap[event] = seq[event - 1] + 1, (ts[event] - ts[event - 1]) // 1_000_000
            if ts[event] == ts[event - 1]:
                tied[event], tied[event - 1] = True, True
    return seq, gap, tied
