"""Compiled rewriting of paths."""

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
def first_of_runs(start: Int64, state: Int32, milestone: Int64) -> tuple[Flags, Int64]:  # pragma: no cover
    """Touches that differ from the one before, and milestones [t], of which these have what their runs reach."""
    kept = np.ones(state.size, np.bool_)
    reached = milestone.copy()
    for n in range(start.size - 1):
        first = start[n]
        for touch in range(start[n] + 1, start[n + 1]):
            kept[touch] = state[touch] != state[touch - 1]
            if kept[touch]:
                first = touch
            reached[first] |= milestone[touch]
    return kept, reached


@njit(cache=True, nogil=True)
def first_of_states(start: Int64, state: Int32, states: int) -> tuple[Flags, Int32]:  # pragma: no cover
    """Touches whose state the journey has not seen before, and how often it comes in all."""
    kept = np.zeros(state.size, np.bool_)
    times = np.zeros(state.size, np.int32)
    seen = np.full(states, -1, np.int64)
    for n in range(start.size - 1):
        for touch in range(start[n], start[n + 1]):
            first = seen[state[touch]]
            if first < start[n]:
                seen[state[touch]] = first = touch
                kept[touch] = True
            times[first] += 1
    return kept, times


@njit(cache=True, nogil=True)
def marks_of_states(start: Int64, state: Int32, states: int, milestone: Int64) -> Int64:  # pragma: no cover
    """Milestones [t], of which the first touch of each state in a journey has what all of its touches reach."""
    reached = milestone.copy()
    seen = np.full(states, -1, np.int64)
    for n in range(start.size - 1):
        for touch in range(start[n], start[n + 1]):
            if seen[state[touch]] < start[n]:
                seen[state[touch]] = touch
            reached[seen[state[touch]]] |= milestone[touch]
    return reached


@njit(cache=True, nogil=True)
def sort_paths(start: Int64, state: Int32) -> Int64:  # pragma: no cover
    """The order of touches by state within each journey; paths are short after `first_of_states`."""
    order = np.arange(state.size)
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        order[one:end] = one + np.argsort(state[one:end], kind="mergesort")
    return order


@njit(cache=True, nogil=True)
def direct_kept(start: Int64, direct: Flags, *, tail: bool) -> Flags:  # pragma: no cover
    """Touches that stay when direct ones go, all of them or those at the end; where all are direct, all stay."""
    kept = np.ones(direct.size, np.bool_)
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        alone = True
        for touch in range(one, end):
            alone = alone and direct[touch]
        if not alone:
            touch = end - 1
            while touch >= one and (direct[touch] or not tail):
                kept[touch] = not direct[touch]
                touch -= 1
    return kept


@njit(cache=True, nogil=True)
def direct_overwritten(start: Int64, at: Int64, direct: Flags, within: int) -> Int64:  # pragma: no cover
    """Whose place each touch takes: a direct one that of the last other touch, up to `within` microseconds before."""
    source = np.arange(direct.size)
    for n in range(start.size - 1):
        last = -1
        for touch in range(start[n], start[n + 1]):
            if not direct[touch]:
                last = touch
            elif last >= 0 and at[touch] - at[last] <= within:
                source[touch] = last
    return source


@njit(cache=True, nogil=True)
def distinct_paths(start: Int64, state: Int32) -> tuple[Int64, Int64]:  # pragma: no cover
    """The path of each journey, numbered in the order of appearance, and of each path the first journey.

    A table of hashes whose entries are compared step by step, so that no two paths are taken for one.
    """
    journeys = start.size - 1
    path = np.empty(journeys, np.int64)
    first = np.empty(journeys, np.int64)
    size = 16
    while size < 2 * journeys:
        size *= 2
    table = np.full(size, -1, np.int64)
    found = 0
    for n in range(journeys):
        one, end = start[n], start[n + 1]
        mixed = np.uint64(14695981039346656037)
        for touch in range(one, end):
            mixed = (mixed ^ np.uint64(state[touch] + 1)) * np.uint64(1099511628211)
            mixed ^= mixed >> np.uint64(29)
        slot = np.int64(mixed & np.uint64(size - 1))
        while True:
            known = table[slot]
            if known < 0:
                table[slot], first[found], path[n] = found, n, found
                found += 1
                break
            other = start[first[known]]
            same = start[first[known] + 1] - other == end - one
            step = 0
            while same and step < end - one:
                same = state[other + step] == state[one + step]
                step += 1
            if same:
                path[n] = known
                break
            slot = (slot + 1) & (size - 1)
    return path, first[:found].copy()
