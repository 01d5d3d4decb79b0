"""Weights of levels: more agreement never speaks less for a match, and what is hardly ever seen says little."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import household, traits_of

from scvgraph.matching import Policy, match
from scvgraph.matching.columns import MOST_LEVELS, NAMES, VALUES, Column
from scvgraph.matching.frequencies import Frequency
from scvgraph.matching.model import Model
from scvgraph.matching.patterns import patterns_of
from scvgraph.matching.rising import rising


def model_with(column, m, u):
    """A model of one column. m, u: chances by the names of levels."""
    tables = np.ones((2, 1, MOST_LEVELS))
    for table, chances in zip(tables, (m, u), strict=True):
        for name, chance in chances.items():
            table[0, column.scale.levels.index(name)] = chance
    return Model((column,), *tables, 0.001, dict[str, Frequency]())


def bits(model, name):
    place = model.columns[0].scale.levels.index(name)
    return model.weights[0, place] / 1000


CITY = Column("city", "place")
GIVEN = Column("given name", "given_name")


def test_what_rises_stays_as_it_is():
    """Chances in order are not touched."""
    m = {"different": 0.05, "similar": 0.05, "close": 0.1, "same": 0.8}
    u = {"different": 0.9, "similar": 0.06, "close": 0.02, "same": 0.02}
    model = model_with(CITY, m, u)
    after = rising(model)
    assert (after.m == model.m).all()
    assert (after.u == model.u).all()


def test_a_level_never_seen_takes_after_its_neighbour():
    """Everybody lives in one country: that another one was never seen says nothing for a match."""
    country = Column("country", "category")
    seen = {"different": 1e-4, "same": 1 - 1e-4}, {"different": 1e-8, "same": 1 - 1e-8}
    assert bits(model_with(country, *seen), "different") > 13
    after = rising(model_with(country, *seen))
    assert abs(bits(after, "different")) < 0.01
    assert abs(bits(after, "same")) < 0.01


def test_less_agreement_is_never_worth_more():
    """A pool has the ratio of its sums, and both samples keep their mass."""
    m = {"different": 0.1, "similar": 0.02, "close": 0.28, "same": 0.6}
    u = {"different": 0.9, "similar": 0.0001, "close": 0.0399, "same": 0.06}
    after = rising(model_with(CITY, m, u))
    assert bits(after, "similar") == bits(after, "close") == pytest.approx(np.log2(0.30 / 0.04), abs=1e-3)
    assert bits(after, "same") == pytest.approx(np.log2(10), abs=1e-3)
    for table, before in ((after.m, m), (after.u, u)):
        assert table[0, VALUES.reached].sum() == pytest.approx(sum(before.values()))


def test_other_kinds_of_agreement_stay_between_the_ends():
    """A nickname is neither more nor less than a similar name, but no more than the same one, and no less than another."""
    m = {"different": 0.1, "similar": 0.1, "nickname": 0.02, "close": 0.1, "moved": 0.09, "same": 0.6}
    u = {"different": 0.8, "similar": 0.01, "nickname": 0.1, "close": 0.005, "moved": 1e-5, "same": 0.01}
    m, u = m | {"initial": 0.01}, u | {"initial": 0.01}
    after = rising(model_with(GIVEN, m, u))
    assert bits(after, "nickname") == pytest.approx(np.log2(0.02 / 0.1), abs=1e-3)
    assert bits(after, "moved") == pytest.approx(bits(after, "same"), abs=1e-3)
    assert bits(after, "similar") <= bits(after, "close") <= bits(after, "same")


def test_every_learnt_model_rises():
    """In a model learnt from people no column's weights fall while agreement rises."""
    rows = [row | {"country": "Norway"} for row in household(80)]
    model = match(traits_of(rows), np.arange(len(rows)), policy=Policy(random=20_000)).model
    for weights, column in zip(model.weights, model.columns, strict=True):
        assert (np.diff(weights[column.scale.rising]) >= 0).all(), column
    (country,) = (row for row, column in enumerate(model.columns) if column.name == "country")
    assert np.abs(model.weights[country, [1, 4]]).max() < 50


def test_a_level_that_no_pair_shows_counts_half_a_pair():
    """Of a thousand pairs a level unseen is taken for half a one, not for nothing."""
    level = np.full((1, 1000), NAMES.levels.index("same"), np.int8)
    patterns = patterns_of(level)
    shares = patterns.shares(patterns.count.astype(float), (GIVEN,), 1e-8)
    assert shares[0, NAMES.levels.index("close")] == pytest.approx(0.5 / 1003.5)
