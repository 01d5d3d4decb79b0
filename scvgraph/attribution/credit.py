"""Credit of journeys under models, and what is needed for it to add up to what there was."""

from __future__ import annotations

from collections.abc import Sequence
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
class Groups:
    """Groups of journeys, such as segments or months: of [j], the group of each, and how many there are."""

    of: Int32
    count: int

    def choose(self, journeys: npt.NDArray[np.bool_]) -> Groups:
        return Groups(self.of[journeys], self.count)

    def parts(self) -> list[npt.NDArray[np.int64]]:
        """The journeys of each group, by number."""
        order = np.argsort(self.of, kind="stable")
        return np.split(order, np.searchsorted(self.of[order], np.arange(1, self.count)))


@dataclass(frozen=True, slots=True)
class Credit:
    """Conversions and value (the last axis) by group of journeys and by state.

    credit [g, states, 2]. unattributed [g, 2]: of journeys without touches. overlap [g, 2]: what makes the sum right
    where a model counts more than once: below 0 for participation, else 0. All together they are total [g, 2].
    """

    credit: Float
    unattributed: Float
    overlap: Float
    total: Float


def credit(journeys: Journeys, model: Asked, groups: Groups | None = None) -> Credit:
    """Credit under one model; solved models are fitted to each group by itself."""
    return credits_of(journeys, [model], groups)[0]


def credits_of(journeys: Journeys, models: Sequence[Asked], groups: Groups | None = None) -> list[Credit]:
    """Credit under each model. Rules are shown the journeys that brought something, and no others."""
    groups = groups or one_group(journeys)
    total, loose, size = totals(journeys, groups)
    earns = (journeys.conversions != 0) | (journeys.value != 0)
    earning, theirs = journeys, groups
    if not earns.all() and any(model.model.shape == "rule" for model in models):
        earning, theirs = journeys.choose(earns), groups.choose(earns)
    found = []
    for model in models:
        if model.model.shape == "rule":
            share = rule_credit(earning, model.weights(earning), theirs)
        else:
            share = _solved(journeys, model, groups)
        gap = total - loose - share.sum(axis=1)
        if model.model.exclusive:  # rounding of sums is no overlap
            gap = np.where(np.abs(gap) <= 1e-9 * np.maximum(1.0, size), 0.0, gap)
        found.append(Credit(share, loose, gap, total))
    return found


def one_group(journeys: Journeys) -> Groups:
    return Groups(np.zeros(journeys.conversions.size, np.int32), 1)


def totals(journeys: Journeys, groups: Groups) -> tuple[Float, Float, Float]:
    """[g, 2] conversions and value there were, those of journeys without touches, and the sum of their sizes."""
    empty = journeys.length == 0
    measures = np.stack([journeys.conversions, journeys.value], axis=1)
    return (
        _summed(measures, groups),
        _summed(measures * empty[:, None], groups),
        _summed(np.abs(measures), groups),
    )


def rule_credit(journeys: Journeys, weights: Float, groups: Groups) -> Float:
    """[g, states, 2] of touches with weights."""
    cells = len(journeys.states)
    out = np.zeros((groups.count * cells, 2))
    credited(
        weights,
        journeys.start,
        journeys.state,
        groups.of,
        cells,
        journeys.conversions,
        journeys.value,
        out,
    )
    return out.reshape(groups.count, cells, 2)


def _solved(journeys: Journeys, model: Asked, groups: Groups) -> Float:
    if groups.count == 1:
        return model.solved(journeys)[None]
    return np.stack([model.solved(journeys.choose(part)) for part in groups.parts()])


def _summed(measures: Float, groups: Groups) -> Float:
    columns = [np.bincount(groups.of, measures[:, n], groups.count) for n in range(2)]
    summed: Float = np.stack(columns, axis=1, dtype=np.float64)
    return summed
