"""How often people are seen, and what that says of two who might be one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from scvgraph.matching.columns import VISITS
from scvgraph.matching.features import features_of
from scvgraph.matching.traits import trait_of_column
from scvgraph.matching.visits import FEW, Habit


def test_too_few_people_teach_nothing() -> None:
    """Below a hundred groups every count is as likely as any other."""
    for habit in (Habit.of_visits(np.arange(FEW - 1), 5), Habit.as_counted(np.arange(FEW - 1), 200)):
        assert not habit.log_chance.any()


@pytest.mark.parametrize(
    "counts", [1 + np.arange(400) % 21, np.rint(np.geomspace(1, 40, 400)).astype(np.int64)]
)
def test_chances_add_up_to_one(counts) -> None:
    """A fitted habit is a distribution of the counts of those who are seen at all, with their mean and variance."""
    chance = np.exp(Habit.of_visits(counts, 5000).log_chance)[1:]
    often = np.arange(1, 5001)
    assert abs(chance.sum() - 1) < 1e-9
    assert abs((chance * often).sum() - counts.mean()) < 1e-4
    assert abs((chance * often**2).sum() / (counts**2).mean() - 1) < 1e-4


@pytest.mark.parametrize("counts", [np.ones(FEW, np.int64), np.array([1] * FEW + [10**8])])
def test_extremes_are_fitted(counts) -> None:
    """Where all are seen once, and where one is seen a hundred million times, every chance is a number."""
    assert np.isfinite(Habit.of_visits(counts, 50).log_chance).all()


def test_nobody_is_never_seen() -> None:
    """Where most are seen once or twice, the many never seen do not count: two seen once are rather two than one."""
    counts = np.array([1] * 300 + [2] * 100 + [3] * 25)
    (odds,) = Habit.of_visits(counts, 10).odds_to_join(np.array([1]), np.array([1]))
    assert abs(odds - np.log(100 * 425 / 300**2)) < 0.1


def test_who_is_seen_seldom_lacks_a_device() -> None:
    """Where all are seen about ten times, one seen twice is likelier to have the rest than one seen twelve times; two
    seen alike are as likely.
    """
    habit = Habit.of_visits(10 + np.arange(400) % 3, 100)
    odds = habit.odds_to_join(np.array([2, 12, 2]), np.array([8, 8, 8]))
    assert odds[0] > odds[1] + 3
    assert odds[0] == odds[2]


def test_where_counts_differ_wildly_they_say_little() -> None:
    """Counts spread over decades tell little of whose a device is; few are seen often, though."""
    habit = Habit.of_visits(np.rint(np.geomspace(1, 1000, 400)).astype(np.int64), 2000)
    odds = habit.odds_to_join(np.array([2, 12]), np.array([8, 8]))
    assert 0 < abs(odds[0] - odds[1]) < 1
    assert habit.log_chance[1] > habit.log_chance[10] + 1 > habit.log_chance[1000] + 2


def test_two_seen_too_often_for_one_are_told_apart() -> None:
    """The level says how many are seen more often than the two together."""
    counts = [str(1 + n % 10) for n in range(1000)] + ["0", "40", "40"]
    features = features_of([trait_of_column("visits", "visits", pa.array(counts))])
    pairs = np.array([[0, 1], [0, 4], [8, 9], [9, 1001], [0, 1000]], np.int32)
    level, _ = features.compare(pairs[:, 0].copy(), pairs[:, 1].copy())
    found = [VISITS.levels[reached] for reached in level[0]]
    assert found == ["few for one", "few for one", "usual for one", "too many for one", "few for one"]
