"""How far credit moves when customers are drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.credit import credit, one_group, rule_credit
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.attribution.models import Asked
    from scvgraph.journeys.journeys import Journeys

    Float = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]


def intervals(
    journeys: Journeys, models: Sequence[Asked], *, draws: int = 200, level: float = 0.95, seed: int = 1
) -> pd.DataFrame:
    """Bootstrap intervals of credit: customers are drawn with replacement, with all of their journeys.

    A row for each model and state: conversions and value with the low and the high end (percentiles of the draws).
    The same seed gives the same ends.
    """
    import pandas as pd

    if not 0 < level < 1 or draws < 2:
        raise UsageError("intervals need at least 2 draws and a level between 0 and 1")
    check_seed(seed)
    ends = (1 - level) / 2 * 100, (1 + level) / 2 * 100
    rows = []
    for model, found in zip(models, drawn(journeys, models, draws, seed), strict=True):
        plain = credit(journeys, model).credit[0]
        low, high = np.percentile(found, ends[0], axis=0), np.percentile(found, ends[1], axis=0)
        rows.append(
            pd.DataFrame(
                {
                    "model": model.spec,
                    "state": journeys.states,
                    **{
                        f"{name}{end}": part[:, column]
                        for column, name in enumerate(("conversions", "value"))
                        for end, part in (("", plain), ("_low", low), ("_high", high))
                    },
                }
            )
        )
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def check_seed(seed: int) -> None:
    """Raises UsageError for a seed that no generator takes."""
    if seed < 0:
        raise UsageError("seed must be 0 or a whole number above it")


def drawn(journeys: Journeys, models: Sequence[Asked], draws: int, seed: int) -> list[Float]:
    """By model [draws, states, 2]: credit when customers are drawn anew; the same draws for every model."""
    random = np.random.default_rng(seed)
    customers, whose = np.unique(journeys.customer, return_inverse=True)
    earns = (journeys.conversions != 0) | (journeys.value != 0)
    earning, earners = journeys.choose(earns), whose[earns]
    weights = [model.weights(earning) if model.model.shape == "rule" else None for model in models]
    found = [np.zeros((draws, len(journeys.states), 2)) for _ in models]
    for draw in range(draws):
        times = np.bincount(
            random.integers(0, max(customers.size, 1), customers.size), minlength=customers.size
        ).astype(np.float64)
        again = earning.weighted(times[earners])
        for model, weight, into in zip(models, weights, found, strict=True):
            if weight is None:
                into[draw] = model.solved(journeys.weighted(times[whose]))
            else:
                into[draw] = rule_credit(again, weight, one_group(again))[0]
    return found
