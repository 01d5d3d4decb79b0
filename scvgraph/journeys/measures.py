"""What journeys look like: paths, lengths, the time they take, who assists and who is last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.journeys import DAY
from scvgraph.journeys.kernel_forms import distinct_paths, first_of_states, sort_paths
from scvgraph.journeys.lines import NO_TOUCHES

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.journeys.journeys import Journeys

PERCENTILES = (5, 10, 25, 50, 75, 90, 95, 99)


def top_paths(journeys: Journeys, count: int | None = 20) -> pd.DataFrame:
    """The most frequent paths with conversions, those that led to none, the rate of conversion, and value.

    By conversions, then by journeys, then by name. count: None for all. Paths whose order does not count are shown
    in that of names.
    """
    import pandas as pd

    if not journeys.ordered:
        journeys = replace(journeys, state=journeys.state[sort_paths(journeys.start, journeys.state)])
    path, first = distinct_paths(journeys.start, journeys.state)
    made, nulls, value = (
        np.bincount(path, m, first.size) for m in (journeys.conversions, journeys.nulls, journeys.value)
    )
    total = made + nulls
    shown = np.lexsort((-total, -made))
    if (
        count is not None and count < shown.size
    ):  # all that stand as high as the last one, so that names decide
        last = shown[count - 1]
        higher = (made > made[last]) | ((made == made[last]) & (total >= total[last]))
        shown = np.flatnonzero(higher)
    frame = pd.DataFrame(
        {
            "path": [path_text(journeys, first[n]) or NO_TOUCHES for n in shown],
            "journeys": total[shown],
            "conversions": made[shown],
            "nulls": nulls[shown],
            "conversion_rate": made[shown] / np.maximum(total[shown], 1e-300),
            "value": value[shown],
        }
    )
    by = ["conversions", "journeys", "path"]
    ordered = frame.sort_values(by, ascending=[False, False, True], ignore_index=True)
    return ordered if count is None else ordered.head(count)


def path_text(journeys: Journeys, number: int) -> str:
    """A journey's path as `Email > Direct`."""
    states = journeys.state[journeys.start[number] : journeys.start[number + 1]]
    return " > ".join(journeys.states[state] for state in states.tolist())


def days_to_convert(journeys: Journeys) -> npt.NDArray[np.float64]:
    """Days from the first touch to the conversion, of each journey that converted and has touches."""
    made = (journeys.conversions > 0) & (journeys.length > 0)
    days: npt.NDArray[np.float64] = (journeys.end[made] - journeys.at[journeys.start[:-1][made]]) / DAY
    return days


def _made(journeys: Journeys) -> npt.NDArray[np.float64]:
    """The conversions of each journey that `days_to_convert` tells of."""
    return journeys.conversions[(journeys.conversions > 0) & (journeys.length > 0)].astype(np.float64)


def _percentiles(values: npt.NDArray[np.float64], times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """As of values that are there so many times each: between neighbours in proportion; NaN of none."""
    if not values.size:
        return np.full(len(PERCENTILES), np.nan)
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(times[order])
    at = max(passed[-1] - 1, 0) * np.array(PERCENTILES) / 100
    low, high = (
        values[order][np.minimum(np.searchsorted(passed, place, side="right"), values.size - 1)]
        for place in (np.floor(at), np.ceil(at))
    )
    found: npt.NDArray[np.float64] = low + (high - low) * (at - np.floor(at))
    return found


def time_to_convert(journeys: Journeys) -> pd.DataFrame:
    """Whole days from first touch to conversion, and how many conversions took so many."""
    import pandas as pd

    days, which = np.unique(np.floor(days_to_convert(journeys)).astype(np.int64), return_inverse=True)
    counts = np.bincount(which, _made(journeys), days.size)
    share = counts / counts.sum() if counts.size else counts
    return pd.DataFrame({"days": days, "conversions": counts, "share": share, "cumulative": np.cumsum(share)})


def percentiles(journeys: Journeys) -> pd.DataFrame:
    """Percentiles of days to convert, and of touches in journeys that converted."""
    import pandas as pd

    made = (journeys.conversions > 0) & (journeys.length > 0)
    columns = {
        "days_to_convert": days_to_convert(journeys),
        "touches": journeys.length[made].astype(np.float64),
    }
    rows = {n: _percentiles(c, _made(journeys)) for n, c in columns.items()}
    return pd.DataFrame({"percentile": PERCENTILES, **rows})


def path_lengths(journeys: Journeys) -> pd.DataFrame:
    """Touches of a journey, how many journeys have so many, and how often these convert."""
    import pandas as pd

    length, which = np.unique(journeys.length, return_inverse=True)
    made, nulls, value = (
        np.bincount(which, m, length.size) for m in (journeys.conversions, journeys.nulls, journeys.value)
    )
    total = made + nulls
    rate = made / np.maximum(total, 1e-300)
    return pd.DataFrame(
        {"touches": length, "journeys": total, "conversions": made, "conversion_rate": rate, "value": value}
    )


def assisted(journeys: Journeys) -> pd.DataFrame:
    """By channel the conversions it was last in, those it assisted (was in, but not last), and their ratio."""
    import pandas as pd

    size = len(journeys.states)
    kept, _ = first_of_states(journeys.start, journeys.state, size)
    once = journeys.keep(kept)
    part_in = np.bincount(once.state, journeys.conversions[once.of], size)
    worth = np.bincount(once.state, journeys.value[once.of], size)
    there = journeys.length > 0
    last = np.bincount(journeys.state[journeys.start[1:][there] - 1], journeys.conversions[there], size)
    first = np.bincount(journeys.state[journeys.start[:-1][there]], journeys.conversions[there], size)
    ratio = np.divide(part_in - last, last, out=np.full(size, np.nan), where=last > 0)
    frame = pd.DataFrame(
        {
            "channel": journeys.states,
            "first": first,
            "assisted": part_in - last,
            "last": last,
            "assisted_to_last": ratio,
            "value_touched": worth,
        }
    )
    return frame.sort_values(
        ["last", "assisted", "channel"], ascending=[False, False, True], ignore_index=True
    )
