"""Counterfactual credit: each path's conversions go to its channels by what the path's rate of conversion loses
without them, as google/fractribution and its descendants count (under the name Shapley, which it is not).

The rate of a path is that of all journeys with just this path; one never seen has none. A loss below 0 counts as 0;
where nothing is lost the last touch takes all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.kernel_forms import distinct_paths, first_of_states

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]


def counterfactual(journeys: Journeys) -> Float:
    """[states, 2] conversions and value. O(touches, and channels times touches of each distinct path)."""
    credit = np.zeros((len(journeys.states), 2))
    path, first = distinct_paths(journeys.start, journeys.state)
    made, nulls, value = (
        np.bincount(path, m, first.size) for m in (journeys.conversions, journeys.nulls, journeys.value)
    )
    rate = np.divide(made, made + nulls, out=np.zeros(first.size), where=made + nulls > 0)
    paths = journeys.choose(first)
    kept, _ = first_of_states(paths.start, paths.state, len(paths.states))
    owner, channel = paths.of[kept], paths.state[kept]
    lost = np.maximum(rate[owner] - _rates_without(paths, owner, channel, rate), 0.0)
    whole = np.bincount(owner, lost, first.size)
    share = np.divide(lost, whole[owner], out=np.zeros(lost.size), where=whole[owner] > 0)
    bare = np.flatnonzero((whole <= 0) & (paths.length > 0))
    last = paths.state[paths.start[1:][bare] - 1]
    for column, measure in enumerate((made, value)):
        credit[:, column] = np.bincount(channel, share * measure[owner], len(paths.states))
        credit[:, column] += np.bincount(last, measure[bare], len(paths.states))
    return credit


def _rates_without(paths: Journeys, owner: Int64, channel: Int32, rate: Float) -> Float:
    """The rate of each owner's path without a channel: 0 where nothing is left, or no such path was seen."""
    length = paths.length[owner]
    begin = np.repeat(np.cumsum(length) - length, length)
    touch = np.arange(length.sum()) - begin + np.repeat(paths.start[:-1][owner], length)
    state = paths.state[touch]
    stays = state != np.repeat(channel, length)
    left = np.bincount(np.repeat(np.arange(owner.size), length)[stays], minlength=owner.size)
    start = np.concatenate([paths.start, paths.start[-1] + np.cumsum(left)])
    number, first = distinct_paths(start, np.concatenate([paths.state, state[stays]]))
    known = np.zeros(first.size)
    known[number[: rate.size]] = rate
    found: Float = np.where(left > 0, known[number[rate.size :]], 0.0)
    return found
