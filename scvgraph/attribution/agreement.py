"""How alike models are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.credit import credit

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.attribution.models import Asked
    from scvgraph.journeys.journeys import Journeys

    Float = npt.NDArray[np.float64]


def agreement(journeys: Journeys, models: Sequence[Asked]) -> pd.DataFrame:
    """How alike models are, a row for each pair: the share of conversions that they give to different states
    (0: the same credit, 1: nothing in common), and Spearman's rank correlation of their credit.
    """
    import pandas as pd

    earned = [credit(journeys, model).credit[0][:, 0] for model in models]
    rows = []
    for one in range(len(models)):
        for other in range(one + 1, len(models)):
            apart = np.abs(_shares(earned[one]) - _shares(earned[other])).sum() / 2
            rows.append((models[one].spec, models[other].spec, apart, _spearman(earned[one], earned[other])))
    return pd.DataFrame(rows, columns=["model", "other", "moved_share", "rank_correlation"])


def _shares(credit: Float) -> Float:
    total = credit.sum()
    shares: Float = credit / total if total > 0 else np.zeros(credit.size)
    return shares


def _spearman(one: Float, other: Float) -> float:
    """Of ranks with ties averaged; NaN where there is nothing to rank."""
    ranks = [_ranks(credit) for credit in (one, other)]
    spread = [np.std(rank) for rank in ranks]
    if min(spread, default=0.0) == 0 or one.size < 2:
        return float("nan")
    return float(
        np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())) / (spread[0] * spread[1])
    )


def _ranks(credit: Float) -> Float:
    size = max(float(np.abs(credit).sum()), 1e-300)  # rounding of sums is no difference
    _, place, counts = np.unique(np.round(credit / size, 12), return_inverse=True, return_counts=True)
    ranks: Float = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks
