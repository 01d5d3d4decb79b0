"""Scores of pairs: the prior and the weights of all columns, in whole thousandths of a bit.

Columns are taken as independent but for two things that never are. Columns that say where somebody lives (address,
postcode, town, region) agree and differ together, so only the strongest for and the strongest against count.
And under one roof an equal last name says next to nothing and an equal birthday less than elsewhere, and different
first names say more, so that neither spouses nor twins become one person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.columns import MOST_LEVELS, NAMES
from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, in_parts
from scvgraph.matching.kernel_score import ADDRESS, ALONE, BORN, FAMILY_NAME, GIVEN_NAME, WHERE, add_up
from scvgraph.matching.model import BIT, Model

INITIAL = NAMES.levels.index("initial")
INITIAL_RIGHT = -150  # an initial of the right person agrees nine times in ten
CLIP = round(4 * 1.4427 * BIT)  # frequencies count at most e^4 either way
ROOF_NAME = round(0.3 * 1.4427 * BIT)  # an equal last name under one roof counts at most e^0.3
ROOF_BORN = 11 * BIT  # and an equal birthday 11 bits: one in two thousand is a twin
ROOF_FIRST_NAME = (
    -9 * BIT
)  # and first names outright different speak at least 9 bits against, if no birthday agrees
JOINS = {
    "given_name": GIVEN_NAME,
    "family_name": FAMILY_NAME,
    "address": ADDRESS,
    "home": ADDRESS,
    "date": BORN,
}
JOINS |= dict.fromkeys(("postcode", "place", "region", "street", "street_number", "unit"), WHERE)


@dataclass(frozen=True, slots=True)
class Weighing:
    """A model as the kernels take it."""

    joins: Int8
    weights: Int32
    shares: Int32
    expected: Int32
    limits: tuple[int, int, int, int, int]

    @staticmethod
    def by(model: Model) -> Weighing:
        """Weigh by a model."""
        joins = np.array([JOINS.get(column.role, ALONE) for column in model.columns], np.int8)
        shares = np.zeros((len(model.columns), MOST_LEVELS), np.int32)
        for row, column in enumerate(model.columns):
            shares[row, : len(column.scale.shares)] = column.scale.shares
        weights = model.weights
        for row, column in enumerate(model.columns):
            if column.scale is NAMES:  # what an initial says follows from how common the letter is
                weights[row, INITIAL] = model.expected[row] + INITIAL_RIGHT
        return Weighing(
            joins, weights, shares, model.expected, (model.base, CLIP, ROOF_NAME, ROOF_BORN, ROOF_FIRST_NAME)
        )


def score(model: Model, level: Int8, gain: Int16) -> Int32:
    """Score of every pair: how many thousandths of a bit the evidence speaks for a match, prior included."""
    by, total = Weighing.by(model), np.empty(level.shape[1], np.int32)

    def part(begin: int, end: int) -> None:
        own = np.empty(level.shape[0], np.int32)
        add_up(level, gain, by.joins, by.weights, by.shares, by.expected, by.limits, own, total, begin, end)

    in_parts(total.size, part, 1 << 17)
    return total


def weights_of_pair(model: Model, level: Int8, gain: Int16) -> Int32:
    """What each column counts in one pair, [columns], as `score` adds it up. level, gain: [columns, 1]."""
    by, own = Weighing.by(model), np.empty(level.shape[0], np.int32)
    add_up(
        level, gain, by.joins, by.weights, by.shares, by.expected, by.limits, own, np.empty(1, np.int32), 0, 1
    )
    return own
