"""Tests of scvgraph.attribution.positions."""

from __future__ import annotations

import brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.attribution.attribute import Told
from scvgraph.attribution.credit import credit, one_group
from scvgraph.attribution.models import asked
from scvgraph.attribution.positions import positions
from scvgraph.errors import UsageError
from scvgraph.journeys.journeys import from_paths

counted = st.lists(
    st.tuples(st.lists(st.sampled_from("ABCDE"), max_size=6), st.integers(0, 3)), min_size=1, max_size=10
)


def told_of(counts):
    made = from_paths(
        [path for path, _ in counts], [n for _, n in counts], value=[n * 2.5 for _, n in counts]
    )
    return Told(made, ("channel",), tuple((name,) for name in made.states), one_group(made), (), ((),))


@settings(deadline=None, max_examples=50)
@given(counted)
def test_ordered_shapley_is_the_sum_over_sets_with_the_channel_at_the_place(counts):
    """Channel and place earn what brute force over all sets of channels says, and value goes along."""
    told = told_of(counts)
    found = positions(told, [asked("shapley_ordered")])
    earned = {(row.channel, row.position): row.conversions for row in found.itertuples()}
    expected = brute.ordered_shapley([(path, n, 0) for path, n in counts], told.journeys.states)
    assert earned == {key: pytest.approx(value, abs=1e-12) for key, value in expected.items()}
    assert found["value"].tolist() == pytest.approx((found["conversions"] * 2.5).tolist())


@settings(deadline=None, max_examples=30)
@given(counted, st.sampled_from(["first", "linear", "u", "time_decay", "shapley", "participation"]))
def test_places_of_a_cell_add_up_to_its_credit(counts, spec):
    """Under every model that weighs touches."""
    told = told_of(counts)
    found = positions(told, [asked(spec)]).groupby("channel")["conversions"].sum()
    earned = credit(told.journeys, asked(spec)).credit[0, :, 0]
    for channel, made in zip(told.journeys.states, earned, strict=True):
        assert found.get(channel, 0.0) == pytest.approx(made, abs=1e-9)


def test_order_matters():
    """Where a channel stands says where its credit is; what the set earns is the same."""
    found = positions(told_of([("AB", 2), ("BA", 1), ("ABA", 4)]), [asked("shapley_ordered")])
    earned = {(row.channel, row.position): row.conversions for row in found.itertuples()}
    assert earned == {("A", 1): 2.0, ("A", 2): 0.5, ("A", 3): 1.0, ("B", 1): 0.5, ("B", 2): 3.0}


def test_nothing_converts():
    """Then there are no rows, and the columns stay."""
    found = positions(told_of([("AB", 0)]), [asked("linear")])
    assert found.empty
    assert list(found.columns) == ["model", "channel", "position", "conversions", "value"]


def test_solved_models_have_none():
    """They know channels only; asked for alone, that is said."""
    with pytest.raises(UsageError, match="ask for one of them"):
        positions(told_of([("AB", 1)]), [asked("markov")])
