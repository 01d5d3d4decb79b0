"""Which order of Markov chain foretells best what customers do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.intervals import check_seed
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.journeys.journeys import Journeys

    Float = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]

MOST_CUSTOMERS = 200_000


def order_check(
    journeys: Journeys,
    orders: Sequence[int] = (1, 2, 3, 4),
    *,
    folds: int = 5,
    most: int = MOST_CUSTOMERS,
    seed: int = 1,
) -> pd.DataFrame:
    """How well Markov chains of some orders foretell journeys they have not seen; customers are held out in folds.

    A row for each order: log-likelihood per journey and per transition (nats), and the AUC of conversion by path,
    with their spread over folds. Counts are smoothed by the next lower order. Of more than `most` customers so many
    are drawn. A higher order is worth taking if these get better by more than they spread.
    """
    import pandas as pd

    if folds < 2 or not orders or min(orders) < 1:
        raise UsageError("the check needs at least 2 folds, and orders of at least 1")
    check_seed(seed)
    random = np.random.default_rng(seed)
    customers, whose = np.unique(journeys.customer, return_inverse=True)
    place = random.permutation(customers.size)[whose]
    sample = journeys.choose((place < most) & (journeys.length > 0))
    fold = place[(place < most) & (journeys.length > 0)] % folds
    tokens = _Tokens(sample, max(orders), fold)
    told = {order: tokens.scores(chance) for order, chance in enumerate(tokens.chances())}
    rows = []
    for order in orders:
        table = told[order]
        mean = table.mean(axis=0) if len(table) else np.full(3, np.nan)
        spread = table.std(axis=0, ddof=1) if len(table) > 1 else np.full(3, np.nan)
        rows.append((order, *(x for pair in zip(mean, spread, strict=True) for x in pair)))
    names = ("log_likelihood", "per_transition", "auc")
    return pd.DataFrame(rows, columns=["order", *(n for name in names for n in (name, f"{name}_spread"))])


class _Tokens:
    """Every step of every journey, and its end, with the steps before it. fold [j]: when a journey is held out."""

    def __init__(self, journeys: Journeys, order: int, fold: Int64) -> None:
        self.order, self.states = order, len(journeys.states)
        self.base = self.states + 1  # 0 stands before the start
        if order * np.log2(self.base) + np.log2(self.base + 1) > 62:
            raise UsageError(f"order {order} over {self.states} states cannot be counted; lower it")
        of, length = journeys.of, journeys.length
        here = np.arange(of.size) - journeys.start[:-1][of]
        before = np.zeros(of.size, np.int64)
        after = np.zeros(length.size, np.int64)
        last = journeys.start[1:] - 1
        for back in range(order):
            inside = np.flatnonzero(here > back)
            before[inside] += (journeys.state[inside - back - 1] + np.int64(1)) * self.base**back
            reaches = length > back
            after[reaches] += (journeys.state[last[reaches] - back] + np.int64(1)) * self.base**back
        weight = journeys.conversions + journeys.nulls
        self.context = np.concatenate([before, after, after])
        self.next = np.concatenate(
            [journeys.state, np.full(length.size, self.states), np.full(length.size, self.states + 1)]
        )
        self.weight = np.concatenate([weight[of], journeys.conversions, journeys.nulls])
        self.journey_fold, self.fold = fold, np.concatenate([fold[of], fold, fold])
        self.made, self.nulls = journeys.conversions, journeys.nulls

    def chances(self) -> Iterator[Float]:
        """For orders 0, 1, ... the chance of each token as journeys of the other folds foretell it, smoothed by lower
        orders down to an even one.
        """
        kinds = self.states + 2
        chance = np.full(self.context.size, 1.0 / kinds)
        for length in range(self.order + 1):
            context = self.context % self.base**length
            _, known = np.unique(context * kinds + self.next, return_inverse=True)
            _, whole = np.unique(context, return_inverse=True)
            chance = (self._elsewhere(known) + chance) / (self._elsewhere(whole) + 1.0)
            yield chance

    def _elsewhere(self, kind: Int64) -> Float:
        """How often a token's kind comes in the folds that are not its own."""
        folds = int(self.journey_fold.max(initial=0)) + 1
        _, own = np.unique(kind * folds + self.fold, return_inverse=True)
        often = np.bincount(kind, self.weight)[kind] - np.bincount(own, self.weight)[own]
        elsewhere: Float = np.maximum(often, 0.0)  # rounding of sums may go below
        return elsewhere

    def scores(self, chance: Float) -> Float:
        """[folds, 3] log-likelihood per journey and per transition, and AUC, of the folds that hold something."""
        journeys, fold = self.made.size, self.journey_fold
        sale, none = chance[-2 * journeys : -journeys or None], chance[chance.size - journeys :]
        weight = np.bincount(fold, self.made + self.nulls)
        counts = self.weight > 0
        gained = np.bincount(self.fold[counts], np.log(chance[counts]) * self.weight[counts], weight.size)
        steps = np.bincount(self.fold, self.weight, weight.size)
        rows = []
        for part in np.flatnonzero(weight > 0):
            mine = fold == part
            area = auc((sale / (sale + none))[mine], self.made[mine], self.nulls[mine])
            rows.append((gained[part] / weight[part], gained[part] / steps[part], area))
        return np.array(rows, np.float64).reshape(-1, 3)


def auc(score: Float, positive: Float, negative: Float) -> float:
    """The chance that what converted scores higher than what did not, ties by half; NaN where one is missing."""
    values, place = np.unique(score, return_inverse=True)
    up, down = np.bincount(place, positive, values.size), np.bincount(place, negative, values.size)
    pairs = up.sum() * down.sum()
    return float((up * (np.cumsum(down) - down / 2)).sum() / pairs) if pairs > 0 else float("nan")
