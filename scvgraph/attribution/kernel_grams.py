"""Compiled counting of k-grams of paths, and the solving of large absorbing chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]


@njit(cache=True, nogil=True)
def gram_codes(start: Int64, state: Int32, order: int, base: int) -> tuple[Int64, Int64]:  # pragma: no cover
    """The sliding grams of each path: where each path's begin [j + 1], and their codes.

    A gram is a number in base `base` whose digits are states plus one; a path shorter than `order` is one gram.
    """
    begin = np.zeros(start.size, np.int64)
    for n in range(start.size - 1):
        size = start[n + 1] - start[n]
        begin[n + 1] = begin[n] + (max(size - order + 1, 1) if size > 0 else 0)
    code = np.empty(begin[-1], np.int64)
    top = base ** (order - 1)
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        gram, place = 0, begin[n]
        for touch in range(one, end):
            gram = gram % top * base + state[touch] + 1
            if touch - one >= order - 1 or touch == end - 1:
                code[place] = gram
                place += 1
    return begin, code


@njit(cache=True, nogil=True)
def count_small(
    begin: Int64, code: Int64, base: int, size: int, conversions: Float, nulls: Float, value: Float
) -> tuple[Float, Float]:  # pragma: no cover
    """Counts by direct address: follow [size * base], by gram and the last digit of the next one; ends [size, 5]:
    starts, conversions, nulls, positive value, negative value.
    """
    follow = np.zeros(size * base)
    ends = np.zeros((size, 5))
    for n in range(begin.size - 1):
        one, end = begin[n], begin[n + 1]
        weight = conversions[n] + nulls[n]
        if end > one and weight > 0:
            ends[code[one], 0] += weight
            for place in range(one, end - 1):
                follow[code[place] * base + code[place + 1] % base] += weight
            last = code[end - 1]
            ends[last, 1] += conversions[n]
            ends[last, 2] += nulls[n]
            ends[last, 3 if value[n] > 0 else 4] += abs(value[n])
    return follow, ends


@njit(cache=True, nogil=True)
def relax(
    first: Int64, to: Int32, share: Float, into: Float, blocked: Float, tolerance: float, rounds: int
) -> tuple[Float, int]:  # pragma: no cover
    """Chances to be absorbed, for several ways of blocking states at once, by Gauss-Seidel from below.

    first [n + 1], to, share: transitions by state. into [n]: chance to be absorbed at once. blocked [n, c]: 0 where
    a state is taken out, else 1. Returns chances [n, c] and the rounds used, -1 if they did not do.
    """
    states, ways = blocked.shape
    chance = np.zeros((states, ways))
    now = np.empty(ways)
    for done in range(rounds):
        most, change = 0.0, 0.0
        for n in range(states - 1, -1, -1):
            for way in range(ways):
                now[way] = into[n]
            for edge in range(first[n], first[n + 1]):
                for way in range(ways):
                    now[way] += share[edge] * chance[to[edge], way]
            for way in range(ways):
                new = now[way] * blocked[n, way]
                change = max(change, abs(new - chance[n, way]))
                most = max(most, abs(new))
                chance[n, way] = new
        if change <= tolerance * most:
            return chance, done + 1
    return chance, -1
