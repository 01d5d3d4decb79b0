"""Compiled looking up of paths as they would be without a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]
    Unsigned = npt.NDArray[np.uint64]


@njit(cache=True, nogil=True)
def rates_without(
    start: Int64, state: Int32, rate: Float, owner: Int64, channel: Int32, times: Int32
) -> Float:  # pragma: no cover
    """The rate of each owner's path without a channel, which it has so many times; 0 where no such path is.

    start, state, rate: paths, each there once. Paths are known by the sum of what their states weigh, which a channel
    leaves without a look at the path; only where such a sum is known is the path gone through, step by step.
    """
    weigh, sums, by_sum, by_path = _known_paths(start, state, rate.size)
    size = by_sum.size
    found = np.zeros(owner.size)
    for each in range(owner.size):
        path = owner[each]
        left = start[path + 1] - start[path] - times[each]
        if left > 0:
            wanted = sums[path] - np.uint64(times[each]) * weigh[channel[each]]
            slot = _slot(wanted, size)
            while by_sum[slot] >= 0 and sums[by_sum[slot]] != wanted:
                slot = (slot + 1) & (size - 1)
            if by_sum[slot] >= 0:
                known = _known(start, state, by_path, path, channel[each], left)
                if known >= 0:
                    found[each] = rate[known]
    return found


@njit(cache=True, nogil=True)
def _known_paths(
    start: Int64, state: Int32, paths: int
) -> tuple[Unsigned, Unsigned, Int64, Int64]:  # pragma: no cover
    """What each state weighs, the sum of each path, and open-addressed tables of paths by sum and by path."""
    weigh = np.empty(state.max() + 1 if state.size else 0, np.uint64)
    for number in range(weigh.size):
        weigh[number] = _mixed(np.uint64(number + 1))
    size = 16
    while size < 2 * paths:
        size *= 2
    by_sum, by_path = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    sums = np.zeros(paths, np.uint64)
    for path in range(paths):
        for touch in range(start[path], start[path + 1]):
            sums[path] += weigh[state[touch]]
        slot = _slot(sums[path], size)
        while by_sum[slot] >= 0 and sums[by_sum[slot]] != sums[path]:
            slot = (slot + 1) & (size - 1)
        by_sum[slot] = path
        slot = _slot(_hash(start, state, path, -1), size)
        while by_path[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        by_path[slot] = path
    return weigh, sums, by_sum, by_path


@njit(cache=True, nogil=True)
def _known(
    start: Int64, state: Int32, by_path: Int64, path: int, without: int, left: int
) -> Any:  # pragma: no cover
    """The path that is this one without a state, of `left` steps; -1 if there is none."""
    slot = _slot(_hash(start, state, path, without), by_path.size)
    while by_path[slot] >= 0:
        other = by_path[slot]
        if start[other + 1] - start[other] == left:
            step = start[other]
            for touch in range(start[path], start[path + 1]):
                if state[touch] != without:
                    if state[step] != state[touch]:
                        break
                    step += 1
            if step == start[other + 1]:
                return other
        slot = (slot + 1) & (by_path.size - 1)
    return -1


@njit(cache=True, nogil=True)
def _hash(start: Int64, state: Int32, path: int, without: int) -> np.uint64:  # pragma: no cover
    mixed = np.uint64(1)
    for touch in range(start[path], start[path + 1]):
        if state[touch] != without:
            mixed = _mixed(mixed + np.uint64(state[touch] + 1))
    return mixed


@njit(cache=True, nogil=True)
def _mixed(number: np.uint64) -> np.uint64:  # pragma: no cover
    """Steele, Lea and Flood (2014): splitmix64."""
    number += np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(cache=True, nogil=True)
def _slot(mixed: np.uint64, size: int) -> Any:  # pragma: no cover
    return np.int64(_mixed(mixed) & np.uint64(size - 1))
