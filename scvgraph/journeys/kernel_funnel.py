"""Compiled walking of paths through the steps of a funnel; a step that was not taken is NEVER."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

NEVER = -(1 << 63)  # as a time; those before 1970 are below 0


@njit(cache=True, nogil=True)
def in_order(
    start: Int64, steps: Int64, at: Int64, window: int, count: int, *, strict: bool
) -> Int64:  # pragma: no cover
    """When each path took each step in order, [j, count]; of all ways through the one that goes
    farthest, and of those the first to.

    steps [t]: bit i where an event can be step i. strict: nothing may lie between. window: microseconds from the
    first step. The latest start of a way is the best, so one way per step is enough.
    """
    taken = np.full((start.size - 1, count), NEVER, np.int64)
    way = np.empty((count, count), np.int64)
    last = np.empty(count, np.int64)
    for n in range(start.size - 1):
        last[:] = -1
        depth = 0
        for touch in range(start[n], start[n + 1]):
            for step in range(count - 1, -1, -1):
                if not steps[touch] >> step & 1:
                    continue
                if step > 0:
                    before = last[step - 1]
                    if (
                        before < 0
                        or at[touch] - way[step - 1, 0] > window
                        or (strict and before != touch - 1)
                    ):
                        continue
                    way[step, :step] = way[step - 1, :step]
                way[step, step], last[step] = at[touch], touch
                if step + 1 > depth:
                    depth = step + 1
                    taken[n, :depth] = way[step, :depth]
    return taken


@njit(cache=True, nogil=True)
def in_any_order(start: Int64, steps: Int64, at: Int64, window: int, count: int) -> Int64:  # pragma: no cover
    """When each path took its first, second, ... event of all steps up to the last it could take, whatever their
    order, within the window.

    Each step by an event of its own. Of every step the last `count` events that can be it are looked at: the other
    steps cannot take them all.
    """
    taken = np.full((start.size - 1, count), NEVER, np.int64)
    latest = np.empty((count, count), np.int64)  # by step, a ring of events
    size, own = np.empty(count, np.int64), np.empty(count, np.int64)
    for n in range(start.size - 1):
        size[:] = 0
        depth = 0
        for touch in range(start[n], start[n + 1]):
            for step in range(count):
                if steps[touch] >> step & 1:
                    latest[step, size[step] % count] = touch
                    size[step] += 1
            while depth < count and steps[touch] & ((2 << depth) - 1):
                if not _matched(latest, size, at, at[touch] - window, own[: depth + 1]):
                    break
                depth += 1
                taken[n, :depth] = np.sort(at[own[:depth]])
    return taken


@njit(cache=True, nogil=True)
def _matched(latest: Int64, size: Int64, at: Int64, since: int, own: Int64) -> bool:  # pragma: no cover
    """Whether each of the first steps can have an event of its own within the window, by augmenting paths; own: which."""
    count, depth = size.size, own.size
    for step in range(depth):
        if size[step] == 0 or at[latest[step, (size[step] - 1) % count]] < since:
            return False
    own[:] = -1
    asked = np.empty(depth, np.int64)  # which step wants the event of this one, -1 for none yet
    queue = np.empty(depth, np.int64)
    for step in range(depth):
        asked[:] = -1
        asked[step], queue[0] = step, step
        head, tail = 0, 1
        while head < tail and own[step] < 0:
            tail = _asking(latest, size, at, since, queue[head], step, own, asked, queue, tail)
            head += 1
        if own[step] < 0:
            return False
    return True


@njit(cache=True, nogil=True)
def _asking(
    latest: Int64,
    size: Int64,
    at: Int64,
    since: int,
    here: int,
    step: int,
    own: Int64,
    asked: Int64,
    queue: Int64,
    tail: int,
) -> int:  # pragma: no cover
    """Look among the events that step `here` can be for one nobody has, and hand it down to `step`; else queue those
    that have them. Returns the end of the queue.
    """
    for place in range(min(size[here], size.size)):
        event = latest[here, place]
        if at[event] >= since:
            holder = -1
            for other in range(own.size):
                if own[other] == event:
                    holder = other
            if holder < 0:
                while here != step:  # each gets the event it wants, and hands on its own
                    own[here], event = event, own[here]
                    here = asked[here]
                own[step] = event
                return tail
            if asked[holder] < 0:
                asked[holder], queue[tail] = here, holder
                tail += 1
    return tail


@njit(cache=True, nogil=True)
def from_anywhere(
    start: Int64, steps: Int64, at: Int64, window: int, count: int
) -> Int64:  # pragma: no cover
    """[j, count, 2]: when each path first took a step at all; and when it first took it within the window after the
    step before: microseconds after it.
    """
    taken = np.full((start.size - 1, count, 2), NEVER, np.int64)
    last = np.empty(count, np.int64)
    for n in range(start.size - 1):
        last[:] = -1
        for touch in range(start[n], start[n + 1]):
            for step in range(count - 1, -1, -1):
                if steps[touch] >> step & 1:
                    if taken[n, step, 0] == NEVER:
                        taken[n, step, 0] = at[touch]
                    after = step > 0 and last[step - 1] >= 0 and at[touch] - at[last[step - 1]] <= window
                    if after and taken[n, step, 1] == NEVER:
                        taken[n, step, 1] = at[touch] - at[last[step - 1]]
                    last[step] = touch
    return taken
