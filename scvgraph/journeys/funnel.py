"""Funnels: how many paths take one step after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.journeys import DAY
from scvgraph.journeys.kernel_funnel import NEVER, from_anywhere, in_any_order, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from scvgraph.journeys.journeys import Journeys

    Int64 = npt.NDArray[np.int64]

Order = Literal["ordered", "strict", "any"]
ORDERS = {
    "ordered": "one after the other, whatever lies between",
    "strict": "one right after the other",
    "any": "all up to a step, whatever their order",
}
MOST = 60  # steps
MOST_DAYS = 100_000
_EVER = 1 << 62  # microseconds: before and after any time there is


def funnel(
    paths: Journeys,
    steps: Sequence[str],
    *,
    order: str = "ordered",
    window_days: float | None = None,
    opened: bool = False,
    listed: bool = False,
) -> pd.DataFrame:
    """A row for each step: how many paths took it, of all paths, of those that entered, of those at the step before,
    and the seconds since that step (median and mean).

    steps: values of what paths are made of; several with `|` between are alternatives. window_days: from the first
    step; in an open funnel from the step before. opened: paths may enter at any step; a step's count is then of all
    who took it, and its rate of those before is of paths that took it after the step before. listed: whether an
    error may name the values there are; those of a trait can be personal.
    """
    masks = _masks(paths, steps, listed=listed)
    if order not in ORDERS:
        raise UsageError(f"order '{order}' is none of {', '.join(ORDERS)}")
    if opened and order != "ordered":
        raise UsageError("an open funnel is ordered; leave out the other order")
    if window_days is not None and not 0 <= window_days <= MOST_DAYS:
        raise UsageError(f"window days must be a number from 0 to {MOST_DAYS}")
    window = _EVER if window_days is None else round(window_days * DAY)
    plain = (paths.start, masks, paths.at, window, len(steps))
    if opened:
        taken = from_anywhere(*plain)
        return _frame(
            steps,
            (taken[..., 0] > NEVER).sum(0),
            (taken[..., 1] > NEVER).sum(0),
            _since(taken[..., 1]),
            taken,
        )
    taken = in_any_order(*plain) if order == "any" else in_order(*plain, strict=order == "strict")
    reached = (taken > NEVER).sum(axis=0)
    gaps = np.full(taken.shape, NEVER)
    later = taken[:, 1:] > NEVER
    gaps[:, 1:][later] = (taken[:, 1:] - taken[:, :-1])[later]
    return _frame(steps, reached, reached, _since(gaps), taken)


def _masks(paths: Journeys, steps: Sequence[str], *, listed: bool) -> Int64:
    """[t] the steps that a touch can be, as bits."""
    if not 1 < len(steps) <= MOST:
        raise UsageError(f"a funnel has 2 to {MOST} steps")
    known = {name: number for number, name in enumerate(paths.states)}
    bits = np.zeros(len(paths.states), np.int64)
    for step, names in enumerate(steps):
        for name in (part.strip() for part in names.split("|")):
            if name not in known:
                there = f": {', '.join(paths.states[:20])}" if listed else f" {len(known)} other values"
                raise UsageError(f"nothing is called '{name}'; there are{there}")
            bits[known[name]] |= 1 << step
    masks: Int64 = bits[paths.state]
    return masks


def _since(gaps: Int64) -> list[tuple[float, float]]:
    """Median and mean seconds of each column, without those that never came."""
    columns = [column[column > NEVER] / 1e6 for column in gaps.T]
    return [(float(np.median(c)), float(c.mean())) if c.size else (np.nan, np.nan) for c in columns]


def _frame(
    steps: Sequence[str], reached: Int64, came: Int64, since: list[tuple[float, float]], taken: Int64
) -> pd.DataFrame:
    import pandas as pd

    entered = int((taken > NEVER).any(axis=tuple(range(1, taken.ndim))).sum())
    before = np.r_[len(taken), reached[:-1]]
    came = np.r_[reached[:1], came[1:]]
    return pd.DataFrame(
        {
            "step": np.arange(1, len(steps) + 1),
            "name": list(steps),
            "paths": reached,
            "of_all": _rate(reached, len(taken)),
            "of_entered": _rate(reached, entered),
            "of_previous": _rate(came, before),
            "dropped": before - came,
            "median_s": [median for median, _ in since],
            "mean_s": [mean for _, mean in since],
        }
    )


def _rate(part: Int64, whole: Int64 | int) -> npt.NDArray[np.float64]:
    size = np.asarray(whole, np.float64)
    rate: npt.NDArray[np.float64] = np.divide(part, size, out=np.zeros(len(part)), where=size > 0)
    return rate
