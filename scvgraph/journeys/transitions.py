"""What follows what: the directly-follows graph, its matrix, and paths unrolled step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.lines import CONVERSION, NULL, OTHERS, START

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.journeys.journeys import Journeys


def transitions(journeys: Journeys, *, medians: bool = True) -> pd.DataFrame:
    """The directly-follows graph: an edge a row, with how often it is followed and the seconds it takes.

    Edges from (start), and to (conversion) and (no conversion); the latter two come from the end of each path.
    O(touches); medians sort them.
    """
    import pandas as pd

    names = np.array([*journeys.states, START, CONVERSION, NULL], object)
    source, target, count, mean, median = _between(journeys, medians=medians)
    parts = [
        pd.DataFrame(
            {
                "source": names[source],
                "target": names[target],
                "count": count,
                "mean_s": mean,
                "median_s": median,
            }
        )
    ]
    size = len(journeys.states)
    there = np.flatnonzero(journeys.length > 0)
    first, last = journeys.start[:-1][there], journeys.start[1:][there] - 1
    weight = journeys.conversions + journeys.nulls
    for state, measure, from_, to in (
        (first, weight, size, -1),
        (last, journeys.conversions, -1, size + 1),
        (last, journeys.nulls, -1, size + 2),
    ):
        sums = np.bincount(journeys.state[state], measure[there], size)
        used = np.flatnonzero(sums)
        ends = {"source": names[used] if from_ < 0 else START, "target": names[used] if to < 0 else names[to]}
        parts.append(pd.DataFrame({**ends, "count": sums[used]}))
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    leaving = frame.groupby("source")["count"].transform("sum")
    frame["share"] = frame["count"] / leaving
    ordered: pd.DataFrame = frame.sort_values(
        ["count", "source", "target"], ascending=[False, True, True], ignore_index=True
    )
    return ordered


def matrix(journeys: Journeys, measure: str = "count") -> pd.DataFrame:
    """Transitions as a matrix; measure: count, share, mean_s or median_s. What does not occur is 0, or NaN for times."""
    if measure not in ("count", "share", "mean_s", "median_s"):
        raise UsageError(f"measure '{measure}' is none of count, share, mean_s, median_s")
    frame = transitions(journeys, medians=measure == "median_s")
    rows = [*journeys.states, START]
    columns = [*journeys.states, CONVERSION, NULL]
    table = frame.pivot_table(index="source", columns="target", values=measure, aggfunc="first", dropna=False)
    table = table.reindex(index=rows, columns=columns)
    return table if measure.endswith("_s") else table.fillna(0.0)


def _between(journeys: Journeys, *, medians: bool) -> tuple[npt.NDArray[np.generic], ...]:
    inside = np.ones(journeys.state.size, np.bool_)
    inside[journeys.start[1:][journeys.length > 0] - 1] = False
    touch = np.flatnonzero(inside)
    size = len(journeys.states)
    pair = journeys.state[touch].astype(np.int64) * size + journeys.state[touch + 1]
    seconds = (journeys.at[touch + 1] - journeys.at[touch]) / 1e6
    weight = (journeys.conversions + journeys.nulls)[journeys.of[touch]]
    used, which = np.unique(pair, return_inverse=True)
    times = np.bincount(which, weight, used.size)
    mean = np.bincount(which, seconds * weight, used.size) / np.maximum(times, 1e-300)
    median = np.full(used.size, np.nan)
    if medians and used.size:
        order = np.lexsort((seconds, which))
        passed, begin = np.cumsum(weight[order]), np.cumsum(times) - times
        low, high = (
            seconds[order][np.minimum(np.searchsorted(passed, begin + half, side="right"), order.size - 1)]
            for half in (np.maximum(times - 1, 0) // 2, times // 2)
        )
        median = (low + high) / 2
    return used // max(size, 1), used % max(size, 1), times, mean, median


def steps(journeys: Journeys, count: int = 5, *, top: int = 5, backward: bool = False) -> pd.DataFrame:
    """Paths unrolled for a Sankey diagram: links (step, source, target, journeys, conversions, value).

    Forward from the first touch, or backward from the last; at each step the `top` most frequent stand for
    themselves and the rest are (others). A path that ends goes to (conversion) or (no conversion), backward to (start).
    """
    import pandas as pd

    if not 1 <= count <= 50 or top < 1:
        raise UsageError("a diagram has 1 to 50 steps, and shows at least 1 of each")
    journeys = journeys if backward else _of_one_end(journeys)
    ends = np.full(journeys.conversions.size, len(journeys.states))
    if not backward:
        ends[journeys.conversions <= 0] += 1
    names = np.array([*journeys.states, START if backward else CONVERSION, NULL, OTHERS], object)
    there = np.flatnonzero(journeys.length > 0)
    weight = journeys.conversions + journeys.nulls
    before, rows = _at_step(journeys, there, 0, ends, top, backward=backward), []
    for step in range(1, count + 1):
        after = _at_step(journeys, there, step, ends, top, backward=backward)
        open_ = before >= 0
        pair, which = np.unique(before[open_] * names.size + after[open_], return_inverse=True)
        measures = [
            np.bincount(which, m[there][open_], pair.size)
            for m in (weight, journeys.conversions, journeys.value)
        ]
        rows += [
            (step, names[p // names.size], names[p % names.size], *(float(m[n]) for m in measures))
            for n, p in enumerate(pair.tolist())
        ]
        before = np.where(after < len(journeys.states), after, np.where(after == names.size - 1, after, -1))
    columns = ["step", "source", "target", "journeys", "conversions", "value"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(
        ["step", "journeys", "source", "target"], ascending=[True, False, True, True], ignore_index=True
    )


def _of_one_end(journeys: Journeys) -> Journeys:
    """Counted paths that converted at times and at times did not as two: one of each."""
    both = np.flatnonzero((journeys.conversions > 0) & (journeys.nulls > 0))
    if not both.size:
        return journeys
    size = journeys.conversions.size
    apart = journeys.choose(np.r_[np.arange(size), both])
    apart.nulls[both] = 0
    apart.conversions[size:] = apart.value[size:] = 0
    return apart


def _at_step(
    journeys: Journeys,
    there: npt.NDArray[np.int64],
    step: int,
    ends: npt.NDArray[np.int64],
    top: int,
    *,
    backward: bool,
) -> npt.NDArray[np.int64]:
    """Which node a path is at: a state, its end right after the last, -1 later; the rare ones as (others)."""
    length = journeys.length[there]
    at = journeys.start[1:][there] - 1 - step if backward else journeys.start[:-1][there] + step
    inside = step < length
    node = np.full(there.size, -1, np.int64)
    node[inside] = journeys.state[at[inside]]
    node[step == length] = ends[there][step == length]
    weight = (journeys.conversions + journeys.nulls)[there]
    sums = np.bincount(node[inside], weight[inside], len(journeys.states))
    shown = np.lexsort((np.arange(sums.size), -sums))[:top]
    node[inside & ~np.isin(node, shown)] = len(journeys.states) + 2
    return node
