"""Counterfactual credit: each path's conversions go to its channels by what the path's rate of conversion loses
without them, as google/fractribution and its descendants count (under the name Shapley, which it is not).

The rate of a path is that of all journeys with just this path; one never seen has none. A loss below 0 counts as 0;
where nothing is lost the last touch takes all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.kernel_without import rates_without
from scvgraph.journeys.kernel_forms import distinct_paths, first_of_states

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

    Float = npt.NDArray[np.float64]


def counterfactual(journeys: Journeys) -> Float:
    """[states, 2] conversions and value. O(touches, and those of distinct paths again for each of their channels without
    which a path of the same touches is known); memory for the touches only.
    """
    credit = np.zeros((len(journeys.states), 2))
    path, first = distinct_paths(journeys.start, journeys.state)
    made, nulls, value = (
        np.bincount(path, m, first.size) for m in (journeys.conversions, journeys.nulls, journeys.value)
    )
    rate = np.divide(made, made + nulls, out=np.zeros(first.size), where=made + nulls > 0)
    paths = journeys.choose(first)
    kept, times = first_of_states(paths.start, paths.state, len(paths.states))
    owner, channel = paths.of[kept], paths.state[kept]
    without = rates_without(paths.start, paths.state, rate, owner, channel, times[kept])
    lost = np.maximum(rate[owner] - without, 0.0)
    whole = np.bincount(owner, lost, first.size)
    share = np.divide(lost, whole[owner], out=np.zeros(lost.size), where=whole[owner] > 0)
    bare = np.flatnonzero((whole <= 0) & (paths.length > 0))
    last = paths.state[paths.start[1:][bare] - 1]
    for column, measure in enumerate((made, value)):
        credit[:, column] = np.bincount(channel, share * measure[owner], len(paths.states))
        credit[:, column] += np.bincount(last, measure[bare], len(paths.states))
    return credit
