"""Scores of pairs: the prior and the weights of all columns, in whole thousandths of a bit."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compare import CLOSE, EXACT, NAME_CLOSE
from scvgraph.matching.kernel_compiled import Bool, Int8, Int16, Int32
from scvgraph.matching.model import BIT, Model, add_scores

CLIP = round(4 * 1.4427 * BIT)  # frequencies count at most e^4 either way
HOUSEHOLD = round(0.3 * 1.4427 * BIT)  # an equal last name under one roof: e^0.3


def score(model: Model, level: Int8, gain: Int16) -> Int32:
    """Score of every pair: how many bits the evidence speaks for a match, prior included."""
    total = np.full(level.shape[1], model.base, np.int32)
    weights = model.weights
    roof = household(model, level)
    for row, column in enumerate(model.columns):
        share = np.zeros(weights.shape[1], np.int32)
        share[: len(column.shares)] = np.rint(1000 * np.array(column.shares))
        if column.role == "family_name" and roof is not None:
            own = np.zeros_like(total)
            add_scores(level[row], gain[row], weights[row], share, column.expected, CLIP, own)
            near = roof & (level[row] >= NAME_CLOSE)
            total += np.where(near, np.minimum(own, HOUSEHOLD), own)
        else:
            add_scores(level[row], gain[row], weights[row], share, column.expected, CLIP, total)
    return total


def household(model: Model, level: Int8) -> Bool | None:
    """Pairs under one roof: the same street and number, or the same street where there are no numbers."""
    streets = [row for row, column in enumerate(model.columns) if column.role == "street"]
    numbers = [row for row, column in enumerate(model.columns) if column.role == "street_number"]
    if not streets:
        return None
    roof = np.zeros(level.shape[1], np.bool_)
    for row in streets:
        roof |= level[row] >= (CLOSE if numbers else EXACT)
    for row in numbers:
        roof &= level[row] == EXACT
    return roof
