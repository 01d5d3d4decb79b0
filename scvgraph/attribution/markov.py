"""Markov attribution of order k, exact: what would not have converted had a channel led nowhere.

A channel's effect is the chance that a journey visits it and converts later, which is the loss of conversions
when every way into it is sent to the end without conversion. With h the chances of where a set D of states is
entered first, effect = h b_D; and h = x_D N_DD^-1, with N = (I - Q)^-1, x = s N, b = N r. So one inverse serves
all removals, each needs its own block only. Larger chains are sparse, and are relaxed for all removals at once, to
the last digit: a tenth of the inverse's time at two thousand states.
Credit is the total in proportion to effects. Staying in a state counts as a transition; at order 1 it changes no
chance. See docs/attribution.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.chain import Chain, chain
from scvgraph.attribution.kernel_grams import relax
from scvgraph.errors import ScvgraphError

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]

SMALL = 100  # states up to which the inverse is made at once
DENSE = 5000  # and up to which it is made where relaxing takes long: a journey may go round for thousands of steps
_WAYS = 64  # removals relaxed together
_TOLERANCE = 2.5e-16  # the last change, as a part of the greatest chance
_PATIENCE = 2000  # rounds where the inverse could be made instead
_ROUNDS = 200_000


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
    total = counts.total
    start = counts.ends[:, 0] / counts.ends[:, 0].sum()
    into = counts.ends[:, [1, 3, 4]] / total[:, None]
    share = counts.times / total[counts.source]
    size = counts.code.size
    relaxed = None
    if size > SMALL:
        relaxed = _by_relaxing(counts, share, start, into, _PATIENCE if size <= DENSE else _ROUNDS)
    if relaxed is None and size > DENSE:
        raise ScvgraphError("the Markov chain does not settle: journeys go round too long; lower the order")
    return relaxed or _by_inverse(counts, share, start, into)


def _members(counts: Chain) -> list[Int64]:
    """Of every state of the journeys the chain's states it occurs in."""
    digits = counts.digits
    gram = np.repeat(np.arange(counts.code.size), counts.order)
    digit = digits.ravel()
    pairs = np.unique(digit[digit >= 0] * counts.code.size + gram[digit >= 0])
    cuts = np.searchsorted(pairs, np.arange(1, counts.base - 1) * counts.code.size)
    return [part % counts.code.size for part in np.split(pairs, cuts)]


def _by_inverse(counts: Chain, share: Float, start: Float, into: Float) -> tuple[Float, Float]:
    size = counts.code.size
    stays = np.eye(size)
    np.subtract.at(stays, (counts.source, counts.target), share)
    visits = np.linalg.inv(stays)
    expected, gains = start @ visits, visits @ into
    lost = np.zeros((counts.base - 1, into.shape[1]))
    for state, members in enumerate(_members(counts)):
        if members.size:
            block = visits[np.ix_(members, members)]
            lost[state] = np.linalg.solve(block.T, expected[members]) @ gains[members]
    return lost, start @ gains


def _by_relaxing(
    counts: Chain, share: Float, start: Float, into: Float, most: int
) -> tuple[Float, Float] | None:
    """None where `most` rounds do not do."""
    by_source = np.argsort(counts.source, kind="stable")
    first = np.searchsorted(counts.source[by_source], np.arange(counts.code.size + 1))
    to, share = counts.target[by_source].astype(np.int32), share[by_source]
    members = [np.empty(0, np.int64), *_members(counts)]  # the first blocks nothing
    left = np.zeros((len(members), into.shape[1]))
    for kind in np.flatnonzero(into.any(axis=0)):
        for one in range(0, len(members), _WAYS):
            blocks = members[one : one + _WAYS]
            open_ = np.ones((counts.code.size, len(blocks)))
            for way, block in enumerate(blocks):
                open_[block, way] = 0.0
            chance, rounds = relax(first, to, share, into[:, kind], open_, _TOLERANCE, most)
            if rounds < 0:
                return None
            left[one : one + _WAYS, kind] = start @ chance
    return np.maximum(left[0] - left[1:], 0.0), left[0]
