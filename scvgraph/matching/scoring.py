"""Scores of pairs: the prior and the weights of all columns, in whole thousandths of a bit.

Columns are taken as independent but for two things that never are. Columns that say where somebody lives (address,
postcode, town, region) agree and differ together, so only the strongest for and the strongest against count.
And under one roof an equal last name says next to nothing and an equal birthday less than elsewhere, so that
neither spouses nor twins become one person.
"""

from __future__ import annotations

import numpy as np

from scvgraph.matching.features import Column
from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, in_parts
from scvgraph.matching.kernel_score import ADDRESS, ALONE, BORN, FAMILY_NAME, WHERE, add_up
from scvgraph.matching.model import BIT, Model

CLIP = round(4 * 1.4427 * BIT)  # frequencies count at most e^4 either way
ROOF_NAME = round(0.3 * 1.4427 * BIT)  # an equal last name under one roof counts at most e^0.3
ROOF_BORN = 10 * BIT  # and an equal birthday 10 bits: twins
JOINS = {"family_name": FAMILY_NAME, "address": ADDRESS, "date": BORN, **dict.fromkeys(("postcode", "place", "region", "street", "street_number", "unit"), WHERE)}  # fmt: skip


def score(model: Model, level: Int8, gain: Int16) -> Int32:
    """Score of every pair: how many thousandths of a bit the evidence speaks for a match, prior included."""
    total = np.empty(level.shape[1], np.int32)
    joins = np.array([JOINS.get(column.role, ALONE) for column in model.columns], np.int8)
    expected = np.array([column.expected for column in model.columns], np.int32)
    fixed = (joins, model.weights, shares_of_levels(model.columns), expected, (model.base, CLIP, ROOF_NAME, ROOF_BORN))

    def part(begin: int, end: int) -> None:
        add_up(level[:, begin:end], gain[:, begin:end], *fixed, total[begin:end])

    in_parts(total.size, part, 1 << 17)
    return total


def shares_of_levels(columns: tuple[Column, ...]) -> Int32:
    """[columns, levels] thousandths of a value's surprise that count."""
    out = np.zeros((len(columns), 8), np.int32)
    for row, column in enumerate(columns):
        out[row, : len(column.shares)] = np.rint(1000 * np.array(column.shares))
    return out
