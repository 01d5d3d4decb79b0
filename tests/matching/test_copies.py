"""Entities equal in every trait: they meet however many they are, and decide nothing by their number."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import groups, household, traits_of

from scvgraph.matching import Constraints, Policy, explain, match

SMALL = Policy(random=20_000)
RUPERT = {
    "first_name": "Rupert",
    "last_name": "Ashdown",
    "birth_date": "1971-08-19",
    "street": "7 Quay Road",
    "postcode": "ZE1 4QQ",
}
MISSPELLED = RUPERT | {"first_name": "Rupret"}


def rows_with(*more):
    return [*household(), *more]


@pytest.mark.parametrize("copies", [5, 11, 60, 150, 1500])
def test_equal_entities_meet_whatever_the_cap(copies):
    """All of them are one group, and whoever is one with any of them is in it."""
    rows = rows_with(*[RUPERT] * copies, MISSPELLED, MISSPELLED)
    found = match(traits_of(rows), np.arange(len(rows)), policy=SMALL)
    size = len(household())
    assert set(found.label[size:].tolist()) == {size}


def test_a_cap_below_their_number_changes_nothing():
    """A cap of two drops nearly all blocks, and equal entities meet all the same."""
    rows = rows_with(*[RUPERT] * 30)
    label = match(traits_of(rows), np.arange(len(rows)), policy=Policy(cap=2, random=20_000)).label
    assert len(set(label[len(household()) :].tolist())) == 1


def test_the_number_of_copies_changes_nothing_for_others():
    """A thousand copies teach what a hundred do: what is often copied is not common among people."""
    some, many = (
        match(traits_of(rows), np.arange(len(rows)), policy=SMALL)
        for rows in (rows_with(*[RUPERT] * copies) for copies in (100, 1000))
    )
    assert (some.model.m == many.model.m).all()
    assert (some.model.u == many.model.u).all()
    assert some.model.prior == many.model.prior
    assert some.label.tolist() == many.label[: some.label.size].tolist()


def test_equal_and_next_to_nothing_known_is_not_one_person():
    """Forty times the same common first name and nothing else: equal, and not enough to be one person."""
    rows = rows_with(*[{"first_name": "Ahmed"}] * 40)
    label = match(traits_of(rows), np.arange(len(rows)), policy=SMALL).label
    assert len(set(label[len(household()) :].tolist())) == 40


def test_limits_and_decisions_hold_among_equal_entities():
    """Two equal ones that each hold a unique identifier, or are to be kept apart, are two people."""
    size = len(household())
    rows = rows_with(*[RUPERT] * 50)
    held = np.zeros((len(rows), 1), np.int32)
    held[[size + 20, size + 40]] = 1
    cannot = np.array([[size + 1, size + 30]], np.int32)
    label = match(
        traits_of(rows), np.arange(len(rows)), Constraints(held, np.array([1], np.int32), cannot), SMALL
    ).label
    assert label[size + 20] != label[size + 40]
    assert label[size + 1] != label[size + 30]
    assert len(set(label[size:].tolist())) == 2


def test_copies_have_pairs_and_reasons():
    """Every copy has a pair with the first of its equals, which explains as any pair does."""
    size = len(household())
    rows = rows_with(*[RUPERT] * 40)
    found = match(traits_of(rows), np.arange(len(rows)), policy=SMALL)
    pair = np.flatnonzero((found.a == size) & (found.b == size + 39))
    assert pair.size == 1
    told = explain(found, size, size + 39)
    assert told.score == pytest.approx(found.score[pair[0]] / 1000)
    assert {reason.level for reason in told.reasons if reason.left} == {"same"}
    words = found.a.astype(np.int64) << 32 | found.b
    assert (np.diff(words) > 0).all()


def test_numbering_has_no_say_with_copies():
    """Shuffled, the same groups, pairs and scores."""
    rows = rows_with(*[RUPERT] * 40, *[MISSPELLED] * 25)
    traits, size = traits_of(rows), len(rows)
    found = match(traits, np.arange(size), policy=SMALL)
    scored = set(zip(found.a.tolist(), found.b.tolist(), found.score.tolist(), strict=True))
    rng = np.random.default_rng(4)
    for _ in range(20):
        order = rng.permutation(size)
        again = match([trait.take(order) for trait in traits], order, policy=SMALL)
        assert groups(again.label, order) == groups(found.label, np.arange(size))
        a, b = order[again.a], order[again.b]
        assert set(zip(a.tolist(), b.tolist(), again.score.tolist(), strict=True)) == scored
