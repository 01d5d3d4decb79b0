"""Compiled rules that spread a conversion over the touches of its journey: weights that sum to 1 in each journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


@njit(cache=True, nogil=True)
def positions(start: Int64, first: float, middle: float, last: float) -> Float:  # pragma: no cover
    """By place: so much to the first touch, to all between together, and to the last.

    Without touches between, the first and the last share all in their proportion, evenly if both are 0.
    """
    weight = np.zeros(start[-1])
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        size = end - one
        if size == 1:
            weight[one] = 1.0
        elif size == 2:
            ends = first + last
            weight[one] = first / ends if ends > 0 else 0.5
            weight[one + 1] = last / ends if ends > 0 else 0.5
        elif size > 2:
            whole = first + middle + last
            weight[one], weight[end - 1] = first / whole, last / whole
            for touch in range(one + 1, end - 1):
                weight[touch] = middle / whole / (size - 2)
    return weight


@njit(cache=True, nogil=True)
def even(start: Int64) -> Float:  # pragma: no cover
    """The same to every touch."""
    weight = np.empty(start[-1])
    for n in range(start.size - 1):
        for touch in range(start[n], start[n + 1]):
            weight[touch] = 1.0 / (start[n + 1] - start[n])
    return weight


@njit(cache=True, nogil=True)
def even_by_state(
    start: Int64, state: Int32, states: int, *, whole: bool, spread: bool
) -> Float:  # pragma: no cover
    """The same to every state of a journey: on its first touch, or spread over its touches.

    whole: 1 to every state, so that a journey with several gives more than 1.
    """
    weight = np.zeros(start[-1])
    seen = np.zeros(states, np.int64)
    for n in range(start.size - 1):
        different = 0
        for touch in range(start[n], start[n + 1]):
            if seen[state[touch]] == 0:
                different += 1
            seen[state[touch]] += 1
        for touch in range(start[n], start[n + 1]):
            times = seen[state[touch]]
            share = 1.0 if whole else 1.0 / different
            if spread:
                weight[touch] = share / times
            elif times > 0:
                weight[touch] = share
                seen[state[touch]] = 0  # told: its later touches get nothing
        for touch in range(start[n], start[n + 1]):
            seen[state[touch]] = 0
    return weight


@njit(cache=True, nogil=True)
def last_but(start: Int64, passed_over: Flags) -> Float:  # pragma: no cover
    """All to the last touch that is not passed over; where all are, to the last."""
    weight = np.zeros(start[-1])
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        touch = end - 1
        while touch > one and passed_over[touch]:
            touch -= 1
        if end > one:
            weight[end - 1 if passed_over[touch] else touch] = 1.0
    return weight


@njit(cache=True, nogil=True)
def decaying(start: Int64, at: Int64, half_life: float) -> Float:  # pragma: no cover
    """Halved with every half-life (microseconds) before the latest touch.

    Counted from the latest touch and not from the conversion: the shares are the same, and none vanishes. It need not
    stand last, as forms of paths may put touches in another order; a power above 1 could overflow.
    """
    weight = np.zeros(start[-1])
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        whole, latest = 0.0, at[one] if end > one else 0
        for touch in range(one, end):
            latest = max(latest, at[touch])
        for touch in range(one, end):
            weight[touch] = 2.0 ** (-(latest - at[touch]) / half_life)
            whole += weight[touch]
        for touch in range(one, end):
            weight[touch] /= whole
    return weight


@njit(cache=True, nogil=True)
def at_milestones(
    start: Int64, milestone: npt.NDArray[np.int64], each: float, rest: float
) -> Float:  # pragma: no cover
    """`each` to the first touch and to every milestone reached, `rest` over the other touches; what is missing is
    shared out in proportion.
    """
    weight = np.zeros(start[-1])
    for n in range(start.size - 1):
        one, end = start[n], start[n + 1]
        others, whole = 0, 0.0
        for touch in range(one, end):
            marks = 1 if touch == one else 0
            bits = milestone[touch]
            while bits:
                marks += bits & 1
                bits >>= 1
            weight[touch] = marks * each
            whole += weight[touch]
            if marks == 0:
                others += 1
        if others:
            whole += rest
        for touch in range(one, end):
            if weight[touch] == 0.0:
                weight[touch] = rest / others
            weight[touch] /= whole
    return weight


@njit(cache=True, nogil=True)
def credited(
    weights: Float,
    start: Int64,
    cell: Int32,
    group: Int32,
    cells: int,
    conversions: Float,
    value: Float,
    out: Float,
) -> None:  # pragma: no cover
    """Adds what each cell earns to out [group * cells + cell, 2]: conversions and value. cell [t], group [j]."""
    for n in range(start.size - 1):
        base = group[n] * cells
        made, worth = conversions[n], value[n]
        if made != 0.0 or worth != 0.0:
            for touch in range(start[n], start[n + 1]):
                place = base + cell[touch]
                out[place, 0] += weights[touch] * made
                out[place, 1] += weights[touch] * worth
