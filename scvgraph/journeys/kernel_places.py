"""Compiled ordering of events by customer and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

_SMALL = 48  # journeys up to this long are sorted by insertion


@njit(cache=True, nogil=True)
def places(customer: Int32, ts: Int64, customers: int) -> Int64:  # pragma: no cover
    """Positions of events by customer, then time. Counting sort over customers, then each journey by itself.

    O(n + n log j) for n events and journeys of j. customer: numbers below `customers`, none negative.
    """
    start = np.zeros(customers + 1, np.int64)
    for event in range(customer.size):
        start[customer[event] + 1] += 1
    for number in range(customers):
        start[number + 1] += start[number]
    free = start[:-1].copy()
    order = np.empty(customer.size, np.int64)
    for event in range(customer.size):
        order[free[customer[event]]] = event
        free[customer[event]] += 1
    for number in range(customers):
        one, end = start[number], start[number + 1]
        if end - one > _SMALL:
            part = order[one:end].copy()
            order[one:end] = part[np.argsort(ts[part], kind="mergesort")]
        else:
            for right in range(one + 1, end):
                event = order[right]
                left = right - 1
                while left >= one and ts[order[left]] > ts[event]:
                    order[left + 1] = order[left]
                    left -= 1
                order[left + 1] = event
    return order


@njit(cache=True, nogil=True)
def sequence(customer: Int32, ts: Int64) -> tuple[Int32, Int64, npt.NDArray[np.bool_]]:  # pragma: no cover
    """For events in order: place in the journey from 1, microseconds since the event before (-1 for the first),
    and whether an event shares its moment with a neighbour of the same journey."""
    seq = np.empty(customer.size, np.int32)
    gap = np.empty(customer.size, np.int64)
    tied = np.zeros(customer.size, np.bool_)
    for event in range(customer.size):
        if event == 0 or customer[event] != customer[event - 1]:
            seq[event], gap[event] = 1, -1
        else:
            seq[event], gap[event] = seq[event - 1] + 1, ts[event] - ts[event - 1]
            if gap[event] == 0:
                tied[event], tied[event - 1] = True, True
    return seq, gap, tied
