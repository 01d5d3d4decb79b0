"""Scores of pairs: the prior and the weights of all columns, in whole thousandths of a bit."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compare import CLOSE
from scvgraph.matching.kernel_compiled import Bool, Int8, Int16, Int32
from scvgraph.matching.model import BIT, Model, add_scores

CLIP = round(4 * 1.4427 * BIT)  # frequencies count at most e^4 either way
HOUSEHOLD = round(0.3 * 1.4427 * BIT)  # what all share under one roof counts at most e^0.3
SHARED = frozenset({"family_name", "unit", "postcode", "place", "region", "street", "street_number", "phone"})


def score(model: Model, level: Int8, gain: Int16) -> Int32:
    """Score of every pair: how many bits the evidence speaks for a match, prior included."""
    total = np.full(level.shape[1], model.base, np.int32)
    weights = model.weights
    roof = household(model, level)
    for row, column in enumerate(model.columns):
        share = np.zeros(weights.shape[1], np.int32)
        share[: len(column.shares)] = np.rint(1000 * np.array(column.shares))
        own = np.zeros_like(total)
        add_scores(level[row], gain[row], weights[row], share, column.expected, CLIP, own)
        if column.role in SHARED and roof is not None:
            own = np.where(roof, np.minimum(own, HOUSEHOLD), own)
        total += own
    return total


def household(model: Model, level: Int8) -> Bool | None:
    """Pairs under one roof: at the same or nearly the same address."""
    at = [level[row] >= CLOSE for row, column in enumerate(model.columns) if column.role == "address"]
    return at[0] if at else None
