"""Which order of Markov chain foretells best what customers do next."""

from __future__ import annotations

from collections.abc import Sequence
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
    tokens = _Tokens(sample, max(orders))
    rows = []
    for order in orders:
        scores = [tokens.score(fold != part, fold == part, order) for part in range(folds)]
        scores = [score for score in scores if score is not None]
        table = np.array(scores, np.float64).reshape(-1, 3)
        mean = table.mean(axis=0) if scores else np.full(3, np.nan)
        spread = table.std(axis=0, ddof=1) if len(scores) > 1 else np.full(3, np.nan)
        rows.append((order, *(x for pair in zip(mean, spread, strict=True) for x in pair)))
    names = ("log_likelihood", "per_transition", "auc")
    return pd.DataFrame(rows, columns=["order", *(n for name in names for n in (name, f"{name}_spread"))])


class _Tokens:
    """Every step of every journey, and its end, with the steps before it."""

    def __init__(self, journeys: Journeys, order: int) -> None:
        self.states = len(journeys.states)
        self.base = self.states + 1  # 0 stands before the start
        if order * np.log2(self.base) + np.log2(self.base + 1) > 62:
            raise UsageError(f"order {order} over {self.states} states cannot be counted; lower it")
        of, length = journeys.of, journeys.length
        here = np.arange(of.size) - journeys.start[:-1][of]
        before = np.zeros(of.size, np.int64)
        after = np.zeros(length.size, np.int64)
        last = journeys.start[1:] - 1
        for back in range(order):
            digit = np.zeros(of.size, np.int64)
            inside = here > back
            digit[inside] = journeys.state[np.flatnonzero(inside) - back - 1] + 1
            before += digit * self.base**back
            reaches = length > back
            after[reaches] += (journeys.state[last[reaches] - back] + 1) * self.base**back
        weight = journeys.conversions + journeys.nulls
        every = np.arange(length.size)
        self.context = np.concatenate([before, after, after])
        self.next = np.concatenate(
            [journeys.state, np.full(length.size, self.states), np.full(length.size, self.states + 1)]
        )
        self.weight = np.concatenate([weight[of], journeys.conversions, journeys.nulls])
        self.journey = np.concatenate([of, every, every])
        self.end = after
        self.made, self.nulls = journeys.conversions, journeys.nulls

    def score(
        self, train: npt.NDArray[np.bool_], test: npt.NDArray[np.bool_], order: int
    ) -> tuple[float, float, float] | None:
        """Log-likelihood per journey and per transition, and AUC; None where a fold holds nothing."""
        weight = (self.made + self.nulls)[test].sum()
        if weight <= 0:
            return None
        seen, asked = train[self.journey], test[self.journey] & (self.weight > 0)
        chance = self._chance(seen, self.context[asked], self.next[asked], order)
        total = float((np.log(chance) * self.weight[asked]).sum())
        ends = self.end[test]
        sale = self._chance(seen, ends, np.full(ends.size, self.states), order)
        none = self._chance(seen, ends, np.full(ends.size, self.states + 1), order)
        area = auc(sale / (sale + none), self.made[test], self.nulls[test])
        return total / weight, total / float(self.weight[asked].sum()), area

    def _chance(self, seen: npt.NDArray[np.bool_], context: Int64, next_: Int64, order: int) -> Float:
        """Chance of what comes next, smoothed by lower orders down to an even one."""
        kinds = self.states + 2
        chance = np.full(context.size, 1.0 / kinds)
        for length in range(order + 1):
            cut = self.base**length
            known = self.context[seen] % cut
            pairs, which = np.unique(known * kinds + self.next[seen], return_inverse=True)
            counts = np.bincount(which, self.weight[seen], pairs.size).astype(np.float64)
            contexts, place = np.unique(pairs // kinds, return_inverse=True)
            totals = np.bincount(place, counts, contexts.size).astype(np.float64)
            times = _looked_up(pairs, counts, context % cut * kinds + next_)
            whole = _looked_up(contexts, totals, context % cut)
            chance = (times + chance) / (whole + 1.0)
        return chance


def auc(score: Float, positive: Float, negative: Float) -> float:
    """The chance that what converted scores higher than what did not, ties by half; NaN where one is missing."""
    values, place = np.unique(score, return_inverse=True)
    up, down = np.bincount(place, positive, values.size), np.bincount(place, negative, values.size)
    pairs = up.sum() * down.sum()
    return float((up * (np.cumsum(down) - down / 2)).sum() / pairs) if pairs > 0 else float("nan")


def _looked_up(keys: Int64, values: Float, wanted: Int64) -> Float:
    if not keys.size:
        return np.zeros(wanted.size)
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    found: Float = np.where(keys[place] == wanted, values[place], 0.0)
    return found
