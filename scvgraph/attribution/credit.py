"""Credit of journeys under a model, and what is needed for it to add up to what there was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.kernel_weights import credited

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.attribution.models import Asked
    from scvgraph.journeys.journeys import Journeys

    Int32 = npt.NDArray[np.int32]
    Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Credit:
    """Conversions and value (the last axis) by group of journeys and by state.

    credit [g, states, 2]. unattributed [g, 2]: of journeys without touches. overlap [g, 2]: what models count more
    than once, a negative number for participation and 0 for others. Together they are total [g, 2].
    """

    credit: Float
    unattributed: Float
    overlap: Float
    total: Float


def credit(journeys: Journeys, model: Asked, group: Int32 | None = None, groups: int = 1) -> Credit:
    """Credit under a model. group [j]: which group of journeys (a segment, a month) each belongs to; solved models are fitted to each."""
    group = np.zeros(journeys.conversions.size, np.int32) if group is None else group
    total, loose = totals(journeys, group, groups)
    found = (
        _ruled(journeys, model, group, groups)
        if model.model.shape == "rule"
        else _solved(journeys, model, group, groups)
    )
    gap = total - loose - found.sum(axis=1)
    if model.model.exclusive:  # rounding of sums is no overlap
        gap = np.where(np.abs(gap) <= 1e-9 * np.maximum(1.0, _size(journeys, group, groups)), 0.0, gap)
    return Credit(found, loose, gap, total)


def totals(journeys: Journeys, group: Int32, groups: int) -> tuple[Float, Float]:
    """[g, 2] conversions and value there were, and those of journeys without touches."""
    measures = (journeys.conversions, journeys.value)
    empty = journeys.length == 0
    total: Float = np.stack([np.bincount(group, m, groups) for m in measures], axis=1, dtype=np.float64)
    loose: Float = np.stack(
        [np.bincount(group[empty], m[empty], groups) for m in measures], axis=1, dtype=np.float64
    )
    return total, loose


def rule_credit(journeys: Journeys, weights: Float, group: Int32, groups: int) -> Float:
    """[g, states, 2] of touches with weights."""
    cells = len(journeys.states)
    out = np.zeros((groups * cells, 2))
    credited(weights, journeys.start, journeys.state, group, cells, journeys.conversions, journeys.value, out)
    return out.reshape(groups, cells, 2)


def _ruled(journeys: Journeys, model: Asked, group: Int32, groups: int) -> Float:
    return rule_credit(journeys, model.weights(journeys), group, groups)


def _solved(journeys: Journeys, model: Asked, group: Int32, groups: int) -> Float:
    if groups == 1:
        return model.solved(journeys)[None]
    order = np.argsort(group, kind="stable")
    cuts = np.searchsorted(group[order], np.arange(1, groups))
    return np.stack([model.solved(journeys.choose(part)) for part in np.split(order, cuts)])


def _size(journeys: Journeys, group: Int32, groups: int) -> Float:
    measures = (journeys.conversions, journeys.value)
    return np.stack([np.bincount(group, np.abs(m), groups) for m in measures], axis=1)
