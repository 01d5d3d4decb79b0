"""The absorbing chain of order k behind journeys: its states, and how often each follows which."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.kernel_grams import count_small, gram_codes
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]

_DIRECT = 1 << 22  # counters addressed directly up to this many, 32 MB; above, grams are sorted
_SORTED = 16  # and as many for each gram, since all counters are looked at once, and a group may be small


@dataclass(frozen=True, slots=True)
class Chain:
    """Counts of an absorbing chain over n states, each a k-gram of what touches count as.

    code [n], ascending: the gram in base `base`, digits one more than places among the journeys' states.
    source, target, times [e]: how often (in journeys) one state follows another.
    ends [n, 5]: journeys that start there; that end there and convert; that end there and do not; the value of
    those that convert, positive and negative apart, both as positive numbers.
    """

    order: int
    base: int
    code: Int64
    source: Int64
    target: Int64
    times: Float
    ends: Float

    @property
    def digits(self) -> Int64:
        """[n, order] the touches of a state: places among the journeys' states, -1 for none."""
        powers = self.base ** np.arange(self.order, dtype=np.int64)
        digits: Int64 = self.code[:, None] // powers % self.base - 1
        return digits


def chain(journeys: Journeys, order: int) -> Chain:
    """The chain of some order. O(touches), and a sort of them where counters do not fit.

    Journeys without touches, and those that count nothing, are not in it.
    """
    base = len(journeys.states) + 1
    if order < 1 or math.log2(base) * (order + 1) > 62:
        raise UsageError(
            f"a Markov model of order {order} over {base - 1} states cannot be counted; lower one"
        )
    begin, code = gram_codes(journeys.start, journeys.state, order, base)
    counters = base ** (order + 1)
    count = _directly if counters <= min(_DIRECT, _SORTED * (code.size + base)) else _sorted
    return count(journeys, order, begin, code)


def _directly(journeys: Journeys, order: int, begin: Int64, code: Int64) -> Chain:
    base = len(journeys.states) + 1
    follow, ends = count_small(
        begin, code, base, base**order, journeys.conversions, journeys.nulls, journeys.value
    )
    edge = np.flatnonzero(follow)
    source, target = edge // base, _next(edge // base, edge % base, base, order)
    used = np.unique(np.concatenate([source, target, np.flatnonzero(ends[:, :3].any(axis=1))]))
    places = np.searchsorted(used, source), np.searchsorted(used, target)
    return Chain(order, base, used, *places, follow[edge], ends[used])


def _sorted(journeys: Journeys, order: int, begin: Int64, code: Int64) -> Chain:
    base = len(journeys.states) + 1
    weight = journeys.conversions + journeys.nulls
    counts = (np.diff(begin) > 0) & (weight > 0)
    grams = np.repeat(np.where(counts, weight, 0.0), np.diff(begin))
    used, place = np.unique(code[grams > 0], return_inverse=True)
    state = np.zeros(code.size, np.int64)
    state[grams > 0] = place
    first, last = begin[:-1][counts], begin[1:][counts] - 1
    inside = grams > 0
    inside[last] = False
    origin = np.flatnonzero(inside)
    pair, which = np.unique(state[origin] * base + code[origin + 1] % base, return_inverse=True)
    times = np.bincount(which, grams[origin], pair.size).astype(np.float64)
    ends = np.zeros((used.size, 5))
    ends[:, 0] = np.bincount(state[first], weight[counts], used.size)
    value = journeys.value[counts]
    parts = (
        journeys.conversions[counts],
        journeys.nulls[counts],
        np.maximum(value, 0),
        np.maximum(-value, 0),
    )
    for column, part in enumerate(parts, start=1):
        ends[:, column] = np.bincount(state[last], part, used.size)
    source = pair // base
    target = np.searchsorted(used, _next(used[source], pair % base, base, order))
    return Chain(order, base, used, source, target, times, ends)


def _next(code: Int64, digit: Int64, base: int, order: int) -> Int64:
    moved: Int64 = code % base ** (order - 1) * base + digit
    return moved
