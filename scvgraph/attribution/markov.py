"""Markov attribution of order k, exact: what would not have converted had a channel led nowhere.

A channel's effect is the chance that a journey visits it and converts later, which is the loss of conversions
when every way into it is sent to the end without conversion. With h the chances of where a set D of states is
entered first, effect = h b_D; and h = x_D N_DD^-1, with N = (I - Q)^-1, x = s N, b = N r. So one elimination serves
all removals, each needs its own block only. Large sparse chains are relaxed for all removals at once, to the last
digit; which way is taken is reckoned from their operations.
Credit is the total in proportion to effects. A state that follows itself is left out of the solving: how long
journeys stay changes no chance to go on elsewhere. No linear algebra of others is called, so that digits are the
same whatever its threads. See docs/attribution.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.chain import Chain, chain
from scvgraph.attribution.kernel_elimination import expected, lost_without, visits
from scvgraph.attribution.kernel_grams import relax
from scvgraph.errors import ScvgraphError

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]

DENSE = 5000  # states up to which they may be eliminated: 200 MB
_WAYS = 64  # removals relaxed together
_TOLERANCE = 2.5e-16  # the last change, as a part of the greatest chance
_USUAL = 60  # rounds of relaxing where journeys do not go round
_ROUNDS = 200_000
_SLOWER = 5  # an operation of relaxing, which reaches for what is stored elsewhere, in those of elimination


def removal_effects(journeys: Journeys, order: int = 1) -> tuple[Float, Float]:
    """By state of the journeys the share of conversions lost without it; and the chance to convert at all.

    The chance is an array of one; where nothing converts, effects are 0.
    """
    effects, chance = _lost(chain(journeys, order))
    return effects[:, 0] / chance[0] if chance[0] > 0 else effects[:, 0], chance[:1]


def markov(journeys: Journeys, order: int = 1) -> Float:
    """[states, 2] conversions and value by removal effects. Positive and negative values are told apart, so that
    refunds do not turn effects around.
    """
    counts = chain(journeys, order)
    lost, _ = _lost(counts)
    credit = np.zeros((len(journeys.states), 2))
    made, gained, refunded = (counts.ends[:, column].sum() for column in (1, 3, 4))
    credit[:, 0] = made * _shares(lost[:, 0])
    credit[:, 1] = gained * _shares(lost[:, 1]) - refunded * _shares(lost[:, 2])
    return credit


def _shares(lost: Float) -> Float:
    total = lost.sum()
    shares: Float = lost / total if total > 0 else np.zeros(lost.size)
    return shares


def _lost(counts: Chain) -> tuple[Float, Float]:
    """[states, 3] and [3]: what a journey loses on average without a state, and what it has: conversions, positive
    value, negative value.
    """
    states = counts.base - 1
    if not counts.code.size or not counts.ends[:, 1].sum():
        return np.zeros((states, 3)), np.zeros(3)
    moves, members = _moves(counts), _members(counts)
    most = _ROUNDS if counts.code.size > DENSE else _affordable(moves, members)
    relaxed = _by_relaxing(moves, members, most) if most >= _USUAL else None
    if relaxed is None and counts.code.size > DENSE:
        raise ScvgraphError("the Markov chain does not settle: journeys go round too long; lower the order")
    return relaxed or _by_elimination(moves, members)


def _affordable(moves: _Moves, members: list[Int64]) -> int:
    """How often all removals could be relaxed in the time that elimination takes."""
    size, kinds = moves.start.size, max(int(moves.into.any(axis=0).sum()), 1)
    eliminating = 2 * size**3 + sum(2 * block.size**3 // 3 for block in members)
    relaxing = 2 * (moves.share.size + size) * (len(members) + 1) * kinds
    return min(eliminating // (_SLOWER * relaxing), _ROUNDS)


@dataclass(frozen=True, slots=True)
class _Moves:
    """Chances: source, target, share [e] from state to state; start [n]; ends [n] to end at once, in whatever way;
    into [n, 3] conversions, positive and negative value at once.
    """

    source: Int64
    target: Int64
    share: Float
    start: Float
    ends: Float
    into: Float


def _moves(counts: Chain) -> _Moves:
    on = counts.source != counts.target
    source, times = counts.source[on], counts.times[on]
    ended = counts.ends[:, 1] + counts.ends[:, 2]
    left = np.bincount(source, times, counts.code.size) + ended
    return _Moves(
        source=source,
        target=counts.target[on],
        share=times / left[source],
        start=counts.ends[:, 0] / counts.ends[:, 0].sum(),
        ends=ended / left,
        into=counts.ends[:, [1, 3, 4]] / left[:, None],
    )


def _members(counts: Chain) -> list[Int64]:
    """Of every state of the journeys the chain's states it occurs in."""
    digits = counts.digits
    gram = np.repeat(np.arange(counts.code.size), counts.order)
    digit = digits.ravel()
    pairs = np.unique(digit[digit >= 0] * counts.code.size + gram[digit >= 0])
    cuts = np.searchsorted(pairs, np.arange(1, counts.base - 1) * counts.code.size)
    return [part % counts.code.size for part in np.split(pairs, cuts)]


def _by_elimination(moves: _Moves, members: list[Int64]) -> tuple[Float, Float]:
    size = moves.start.size
    seen = np.zeros((size, size))
    seen[moves.source, moves.target] = moves.share
    visits(seen, moves.ends.copy())
    came, gains = expected(seen, moves.start, moves.into)
    lost = np.zeros((len(members), moves.into.shape[1]))
    for state, block in enumerate(members):
        if block.size:
            lost[state] = lost_without(seen, came, gains, block)
    return lost, (moves.start[:, None] * gains).sum(axis=0)


def _by_relaxing(moves: _Moves, members: list[Int64], most: int) -> tuple[Float, Float] | None:
    """None where `most` rounds do not do."""
    size = moves.start.size
    by_source = np.argsort(moves.source, kind="stable")
    first = np.searchsorted(moves.source[by_source], np.arange(size + 1))
    to, share = moves.target[by_source].astype(np.int32), moves.share[by_source]
    members = [np.empty(0, np.int64), *members]  # the first blocks nothing
    left = np.zeros((len(members), moves.into.shape[1]))
    for kind in np.flatnonzero(moves.into.any(axis=0)):
        for one in range(0, len(members), _WAYS):
            blocks = members[one : one + _WAYS]
            open_ = np.ones((size, len(blocks)))
            for way, block in enumerate(blocks):
                open_[block, way] = 0.0
            chance, used = relax(first, to, share, moves.into[:, kind], open_, _TOLERANCE, most)
            if used < 0:
                return None
            left[one : one + _WAYS, kind] = (moves.start[:, None] * chance).sum(axis=0)
    return np.maximum(left[0] - left[1:], 0.0), left[0]
