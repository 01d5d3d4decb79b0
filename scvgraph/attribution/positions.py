"""Credit by the place of a touch in its journey: the first, the second, and so on.

Of `shapley_ordered` this is the ordered Shapley value of Zhao, Mahboobi and Bagheri (2018, arXiv 1804.05327): channel j
at place i earns the sum, over sets of channels S with j, of R(S, j, i) / |S|. R counts the conversions of journeys
whose channels are S and that touch j at place i; one that touches j k times counts 1/k at each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.attribution.attribute import Told
    from scvgraph.attribution.models import Asked


def positions(told: Told, models: Sequence[Asked]) -> pd.DataFrame:
    """Conversions and value by model, cell and position (from 1), of all groups together; what earned nothing is left
    out. Its sums over positions are the credit of each cell.

    Raises UsageError if no model gives each touch a weight: solved ones know channels only. O(touches) a model.
    """
    import pandas as pd

    rules = [model for model in models if model.model.shape == "rule"]
    if not rules:
        raise UsageError(
            "positions are of models that weigh touches, such as shapley_ordered, linear or u; ask for one of them"
        )
    journeys = told.journeys.choose((told.journeys.conversions != 0) | (told.journeys.value != 0))
    place = np.arange(journeys.state.size) - journeys.start[:-1][journeys.of]
    cell, at = journeys.state.astype(np.int64), int(place.max(initial=0)) + 1
    key, spot = np.unique(cell * at + place, return_inverse=True)
    cells = [np.array(values, np.object_) for values in zip(*told.cells, strict=True)] or [
        np.empty(0, np.object_) for _ in told.by
    ]
    parts = []
    for model in rules:
        weight = model.weights(journeys)
        made = {
            name: np.bincount(spot, weight * measure[journeys.of], key.size)
            for name, measure in (("conversions", journeys.conversions), ("value", journeys.value))
        }
        names = {column: values[key // at] for column, values in zip(told.by, cells, strict=True)}
        frame = pd.DataFrame({"model": model.spec, **names, "position": key % at + 1, **made})
        parts.append(frame[(frame["conversions"] != 0) | (frame["value"] != 0)])
    return pd.concat(parts, ignore_index=True)
