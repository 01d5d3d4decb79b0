"""Tests of scvgraph.attribution.positions."""

from __future__ import annotations

import json

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.attribution.attribute import Told
from scvgraph.attribution.credit import credit, one_group
from scvgraph.attribution.models import Asked, asked, own
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


# From data/sample_result.json of ianchute/shapley-attribution-model-zhao-naive (MIT, see known_answers): by channel and
# place; there a channel that comes k times counts in full at each of its places.
PUBLISHED = {
    "1": [32.796139971139965, 19.802417027417015, 13.504917304917297, 6.245670995670999, 3.9825757575757574,
          2.46468253968254, 0.7162698412698413, 0.1736111111111111, 0.47616550116550116, 0.08333333333333333],
    "18": [0.976190476190476, 1.0, 1.3666666666666667, 0.25, 0.5333333333333333, 0.6095238095238095,
           0.26785714285714285, 0, 0.25396825396825395],
    "19": [2.691666666666667, 4.000000000000001, 2.316666666666667, 1.6373015873015873, 0.8666666666666666,
           0.8785714285714284, 0.5357142857142857, 0.3222222222222222, 0.125, 0.18181818181818182, 0.2, 0, 0,
           0.06666666666666667, 0.0625],
    "20": [0, 67.77619047619055, 171.9333333333333, 113.3230158730159, 67.82777777777805, 30.584523809523855,
           18.483369408369384, 9.96349206349206, 4.622691197691196, 1.9186868686868694, 1.4765151515151511,
           0.7310606060606061, 0.6576923076923076, 0.125, 0.14358974358974358, 0.1736111111111111,
           0.08333333333333333, 0, 0.08333333333333333],
}  # fmt: skip


def test_places_of_a_published_sample(known_answers):
    """Every channel and place earns what a package publishes, once repeats are counted in full as there; split among
    the places, they add up to the set form that it publishes too.
    """
    folder = known_answers / "shapley_sample_mit"
    paths = [
        [str(c) for c in path] for path in json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    ]
    told = told_of([(path, 1) for path in paths])
    states = len(told.journeys.states)

    def in_full(journeys, _):
        weights = asked("shapley_ordered").weights(journeys)
        pair = journeys.of * states + journeys.state
        return weights * np.bincount(pair)[pair]

    found = positions(told, [Asked("in full", own("in_full", in_full)), asked("shapley_ordered")])
    earned = {(row.model, row.channel, row.position): row.conversions for row in found.itertuples()}
    for channel, published in PUBLISHED.items():
        places = [earned.get(("in full", channel, n + 1), 0.0) for n in range(len(published))]
        assert places == pytest.approx(published, abs=1e-9)
    lines = (folder / "expected_simplified_shapley.csv").read_text(encoding="utf-8").split()[1:]
    sums = found[found["model"] == "shapley_ordered"].groupby("channel")["conversions"].sum()
    assert sums.to_dict() == {
        line.split(",")[0]: pytest.approx(float(line.split(",")[1]), abs=1e-9) for line in lines
    }


def test_nothing_converts():
    """Then there are no rows, and the columns stay."""
    found = positions(told_of([("AB", 0)]), [asked("linear")])
    assert found.empty
    assert list(found.columns) == ["model", "channel", "position", "conversions", "value"]


def test_solved_models_have_none():
    """They know channels only; asked for alone, that is said."""
    with pytest.raises(UsageError, match="ask for one of them"):
        positions(told_of([("AB", 1)]), [asked("markov")])
