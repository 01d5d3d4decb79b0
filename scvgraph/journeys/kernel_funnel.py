"""Compiled walking of paths through the steps of a funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def in_order(
    start: Int64, steps: Int64, at: Int64, window: int, count: int, *, strict: bool
) -> Int64:  # pragma: no cover
    """When each path took each step in order, [j, count], -1 for never; of all ways through the one that goes
    farthest, and of those the first to.

    steps [t]: bit i where an event can be step i. strict: nothing may lie between. window: microseconds from the
    first step. The latest start of a way is the best, so one way per step is enough.
    """
    taken = np.full((start.size - 1, count), -1, np.int64)
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
    """When each path had first taken all steps up to each, whatever their order, within the window; -1 for never."""
    taken = np.full((start.size - 1, count), -1, np.int64)
    last = np.empty(count, np.int64)
    for n in range(start.size - 1):
        last[:] = -1
        for touch in range(start[n], start[n + 1]):
            for step in range(count):
                if steps[touch] >> step & 1:
                    last[step] = touch
            oldest = touch
            for step in range(count):
                if last[step] < 0:
                    break
                oldest = min(oldest, last[step])
                if at[touch] - at[oldest] > window:
                    break
                if taken[n, step] < 0:
                    taken[n, step] = at[touch]
    return taken


@njit(cache=True, nogil=True)
def from_anywhere(
    start: Int64, steps: Int64, at: Int64, window: int, count: int
) -> Int64:  # pragma: no cover
    """[j, count, 2]: when each path first took a step at all; and when it first took it within the window after the
    step before, with -1 for never.
    """
    taken = np.full((start.size - 1, count, 2), -1, np.int64)
    last = np.empty(count, np.int64)
    for n in range(start.size - 1):
        last[:] = -1
        for touch in range(start[n], start[n + 1]):
            for step in range(count - 1, -1, -1):
                if steps[touch] >> step & 1:
                    if taken[n, step, 0] < 0:
                        taken[n, step, 0] = at[touch]
                    after = step > 0 and last[step - 1] >= 0 and at[touch] - at[last[step - 1]] <= window
                    if after and taken[n, step, 1] < 0:
                        taken[n, step, 1] = at[touch] - at[last[step - 1]]
                    last[step] = touch
    return taken
