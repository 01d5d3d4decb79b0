"""Credit under every model: known answers, and what holds for any journeys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.attribution import chain as chain_room
from scvgraph.attribution import markov as markov_room
from scvgraph.attribution.credit import Groups, credit
from scvgraph.attribution.markov import markov, removal_effects
from scvgraph.attribution.models import DAY, MODELS, asked, own
from scvgraph.errors import ScvgraphError, UnknownName, UsageError
from scvgraph.journeys.journeys import from_paths

NAMES = "ABCDEFGH"
SPECS = (*MODELS, "markov:2", "markov:3", "time_decay:1", "custom:0/1/0", "custom:3/0/1")
counted = st.lists(
    st.tuples(
        st.lists(st.sampled_from(NAMES), max_size=6),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(-50, 50),
    ),
    max_size=12,
)


def split(path):
    return path.split(">")


def journeys(paths, value=None, direct="Direct"):
    """Journeys of the cases' form: text of a path, conversions, nulls."""
    return from_paths(
        [split(p[0]) for p in paths], [p[1] for p in paths], [p[2] for p in paths], value, direct=direct
    )


def made_of(counts):
    """Journeys of random paths; value goes with conversions only."""
    return from_paths(
        [path for path, *_ in counts],
        [made for _, made, _, _ in counts],
        [nulls for _, _, nulls, _ in counts],
        [worth if made else 0 for _, made, _, worth in counts],
        direct="A",
    )


def by_state(made, spec, measure=0):
    found = credit(made, asked(spec)).credit[0, :, measure]
    return dict(zip(made.states, found.tolist(), strict=True))


def same(found, expected):
    assert found == {
        **dict.fromkeys(found, 0.0),
        **{c: pytest.approx(v, abs=1e-9) for c, v in expected.items()},
    }


@pytest.fixture
def cases(shared_data):
    place = shared_data / "attribution" / "toy" / "cases.json"
    if not place.exists():
        pytest.skip(f"no attribution cases at {place}")
    return json.loads(place.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["analyzecore_c1c2c3", "puzyrov_google_mailing", "mta_abc"])
def test_textbook_removal_effects(cases, name):
    """Removal effects and the chance to convert are those worked out by hand."""
    case = cases[name]
    made = journeys(case["paths"])
    effects, chance = removal_effects(made)
    assert dict(zip(made.states, effects.tolist(), strict=True)) == pytest.approx(
        case["removal_effect"], abs=1e-12
    )
    assert chance[0] == pytest.approx(case["p_conv"], abs=1e-12)
    if "share" in case:
        total = sum(path[1] for path in case["paths"])
        same(by_state(made, "markov"), {c: share * total for c, share in case["share"].items()})


def test_nine_paths_under_every_model(cases):
    """The toy table of nine paths of 3 each: heuristics, Markov and Shapley."""
    case = cases["dp6_nine_paths"]
    made = journeys(case["paths"], [3] * 9, direct="A")
    names = {"last_non_A": "last_non_direct", "u_40_20_40": "u", "shapley_simplified": "shapley"}
    for name, expected in case["expected_value"].items():
        same(by_state(made, names.get(name, name), 1), expected)


def test_counted_paths_and_repeats(cases):
    """First, last, linear and U over counted paths; linear per touch and per channel where one repeats."""
    case = cases["mta_heuristics"]
    for name, spec in {"first": "first", "last": "last", "linear": "linear", "u_40_20_40": "u"}.items():
        same(by_state(journeys(case["paths"]), spec), case[name])
    case = cases["mta_linear_repeats"]
    same(by_state(journeys(case["paths"]), "linear"), case["linear_per_touch"])
    same(by_state(journeys(case["paths"]), "linear_unique"), case["linear_unique(Mixpanel convention)"])


def test_empty_steps_make_no_channel(cases):
    """Malformed paths lose their empty steps; a path without any is unattributed."""
    made = journeys(cases["mta_degenerate_paths"]["paths"])
    assert list(made.states) == cases["mta_degenerate_paths"]["channels"]
    found = credit(made, asked("markov"))
    assert found.unattributed[0, 0] == 3
    assert found.credit[0, :, 0].sum() == pytest.approx(7)


def test_shapley_cases(cases):
    """Small sets by hand."""
    for case in cases["mta_shapley"]["cases"]:
        same(by_state(journeys(case["paths"]), "shapley"), case["shapley"])


def test_shapley_of_a_published_sample(known_answers):
    """The sample of a package, with its simplified values."""
    folder = known_answers / "shapley_sample_mit"
    paths = [
        [str(c) for c in path] for path in json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    ]
    lines = (folder / "expected_simplified_shapley.csv").read_text(encoding="utf-8").split()[1:]
    expected = {line.split(",")[0]: float(line.split(",")[1]) for line in lines}
    same(by_state(from_paths(paths, [1] * len(paths)), "shapley"), expected)


def test_exact_where_a_simulation_wavers(cases):
    """Paths a package publishes a simulated answer for have the exact one."""
    case = cases["pychattr_readme"]
    made = journeys(case["paths"])
    assert removal_effects(made)[0].tolist() == pytest.approx(
        list(case["exact_removal_effect"].values()), abs=1e-12
    )
    same(by_state(made, "markov"), case["exact_conversions"])


def test_position_weights():
    """One touch takes all; two share in proportion of the ends; more leave 20% to those between."""
    u = {n: asked("u").weights(from_paths([["a"] * n], [1])).tolist() for n in (1, 2, 3, 4)}
    assert u == {
        1: [1],
        2: [0.5, 0.5],
        3: pytest.approx([0.4, 0.2, 0.4]),
        4: pytest.approx([0.4, 0.1, 0.1, 0.4]),
    }
    two = from_paths([["a", "b"]], [1])
    assert asked("j").weights(two).tolist() == [0.25, 0.75]
    assert asked("inverse_j").weights(two).tolist() == [0.75, 0.25]
    assert asked("custom:0/1/0").weights(two).tolist() == [0.5, 0.5]


def test_decay_halves_with_every_half_life():
    """Touches a half-life apart get half as much each; the oldest of all still gets something."""
    made = from_paths([["a", "b", "c"]], [1])
    made = replace(made, at=np.array([0, 7, 14]) * DAY)
    assert asked("time_decay").weights(made).tolist() == pytest.approx([1 / 7, 2 / 7, 4 / 7])
    assert asked("time_decay:14").weights(made).tolist() == pytest.approx(
        np.array([1, 2**0.5, 2]) / (3 + 2**0.5)
    )


def test_decay_holds_in_any_order():
    """Touches out of time with a half-life next to nothing: the latest takes all."""
    made = replace(from_paths([["a", "b", "c"]], [1]), at=np.array([10 * DAY, 0, 5 * DAY]))
    assert asked("time_decay:1e-9").weights(made).tolist() == [1, 0, 0]


def test_decay_of_a_worked_journey():
    """A product's worked example: 50 over touches nine and six days before the last two, with a half-life of a week."""
    made = from_paths([["Search", "Social", "Email", "Display"]], [1], None, [50])
    made = replace(made, at=np.array([0, 3, 9, 9]) * DAY)
    found = by_state(made, "time_decay", 1)
    assert {c: round(v, 2) for c, v in found.items()} == {
        "Search": 6.92, "Social": 9.32, "Email": 16.88, "Display": 16.88,
    }  # fmt: skip


def test_w_credits_milestones():
    """First touch and two milestones 30% each, the others 10%; missing ones are shared out."""
    made = from_paths([["a", "b", "c", "d", "e"], ["a", "b"]], [1, 1])
    made = replace(made, milestone=np.array([0, 1, 0, 2, 0, 0, 0]))
    assert asked("w").weights(made).tolist() == pytest.approx([0.3, 0.3, 0.05, 0.3, 0.05, 0.75, 0.25])


def test_w_is_of_the_milestones_asked_for():
    """A milestone that nobody reached takes its share of the weights all the same."""
    made = replace(from_paths([["a", "b", "c"]], [1]), milestone=np.array([0, 1, 0]), milestones=2)
    assert asked("w").weights(made).tolist() == pytest.approx([3 / 7, 3 / 7, 1 / 7])


def test_participation_says_what_it_counts_twice():
    """Every channel gets the whole conversion, and the overlap makes the sum right again."""
    found = credit(from_paths([["a", "b", "a"], []], [1, 1], None, [10, 5]), asked("participation"))
    assert found.credit[0].tolist() == [[1, 10], [1, 10]]
    assert found.overlap.tolist() == [[-1, -10]]
    assert found.unattributed.tolist() == [[1, 5]]


@settings(deadline=None, max_examples=60)
@given(counted, st.sampled_from(SPECS))
def test_credit_adds_up(counts, spec):
    """Credit, overlap and unattributed are the conversions and value there were, refunds and null journeys too."""
    made = made_of(counts)
    found = credit(made, asked(spec))
    sums = found.credit.sum(axis=1) + found.unattributed + found.overlap
    assert sums == pytest.approx(found.total, abs=1e-9)
    if spec != "participation":
        assert not found.overlap[:, 0].any()
        assert (found.credit[..., 0] >= -1e-9).all()


@settings(deadline=None, max_examples=40)
@given(counted, st.sampled_from(SPECS), st.permutations(NAMES))
def test_relabelling_permutes_credit(counts, spec, other):
    """What a channel is called changes nothing but the name."""
    called = dict(zip(NAMES, other, strict=True))
    plain = by_state(made_of(counts), spec)
    renamed = from_paths(
        [[called[c] for c in path] for path, *_ in counts],
        [n for _, n, _, _ in counts],
        [n for _, _, n, _ in counts],
        direct=called["A"],
    )
    found = by_state(renamed, spec)
    assert found == {called[c]: pytest.approx(share, abs=1e-9) for c, share in plain.items()}


@settings(deadline=None, max_examples=60)
@given(counted, st.integers(1, 3))
def test_markov_is_removal_by_brute_force(counts, order):
    """Credit is that of a chain in which each channel in turn is sent to the end, solved anew."""
    paths = [(path, made, nulls) for path, made, nulls, _ in counts]
    made = made_of(counts)
    expected = brute.markov(paths, made.states, order)
    assert by_state(made, f"markov:{order}") == {c: pytest.approx(v, abs=1e-9) for c, v in expected.items()}


@settings(deadline=None, max_examples=30)
@given(counted)
def test_shapley_is_the_value_over_all_coalitions(counts):
    """The closed form equals the mean gain over all orders of up to eight channels."""
    made = made_of(counts)
    expected = brute.shapley([(path, n, 0) for path, n, _, _ in counts], made.states)
    for spec in ("shapley", "shapley_ordered"):
        assert by_state(made, spec) == {c: pytest.approx(v, abs=1e-9) for c, v in expected.items()}


@settings(deadline=None, max_examples=60)
@given(counted)
def test_counterfactual_is_the_rate_without_each_channel(counts):
    """Looked up by sums of weights, paths without a channel are found as by going through all of them."""
    made = made_of(counts)
    expected = brute.counterfactual([(path, n, nulls) for path, n, nulls, _ in counts], made.states)
    assert by_state(made, "counterfactual") == {c: pytest.approx(v, abs=1e-9) for c, v in expected.items()}


def test_counterfactual_of_long_paths_takes_no_memory_for_each_channel():
    """Paths of ten thousand touches over fifty channels are not written out fifty times."""
    import tracemalloc

    random = np.random.default_rng(4)
    made = from_paths([[f"c{c}" for c in random.integers(0, 50, 10_000)] for _ in range(10)], [1] * 10)
    by_state(made, "counterfactual")
    tracemalloc.start()
    by_state(made, "counterfactual")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * made.state.size


@settings(deadline=None, max_examples=20)
@given(counted, st.integers(1, 3))
def test_large_chains_are_solved_alike(counts, order):
    """Sorting, for chains of too many grams to count directly, gives the same chain; relaxing and eliminating the
    same credit, and relaxing in too few rounds says so.
    """
    made = made_of(counts)
    plain = markov(made, order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain_room, "_DIRECT", 0)
        assert markov(made, order) == pytest.approx(plain, abs=1e-9)
        patch.setattr(markov_room, "_affordable", lambda *_: markov_room._ROUNDS)
        assert markov(made, order) == pytest.approx(plain, abs=1e-9)
        patch.setattr(markov_room, "_USUAL", markov_room._ROUNDS + 1)
        assert markov(made, order) == pytest.approx(plain, abs=1e-9)
        patch.setattr(markov_room, "_USUAL", 0)
        patch.setattr(markov_room, "_affordable", lambda *_: 1)
        assert markov(made, order) == pytest.approx(plain, abs=1e-9)
        patch.setattr(markov_room, "DENSE", -1)
        patch.setattr(markov_room, "_ROUNDS", 1)
        if plain.any():
            with pytest.raises(ScvgraphError, match="lower the order"):
                markov(made, order)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("loop", [["a"] * 500_000, ["a", "b"] * 250_000])
def test_a_robot_goes_round_for_long(loop, order):
    """A path of half a million touches, all of one channel or to and fro, is solved to the digits of the others."""
    paths = [["c", "a"], ["a", "b", "d"], ["d"], ["b", "c"], loop]
    made = from_paths(paths, [3, 5, 2, 4, 1], [4, 2, 6, 1, 0])
    effects, chance = removal_effects(made, order)
    short = [(path[:2000], n, m) for path, n, m in zip(paths, (3, 5, 2, 4, 1), (4, 2, 6, 1, 0), strict=True)]
    near = brute.markov(short, "abcd", order)
    found = by_state(made, f"markov:{order}")
    assert found == {c: pytest.approx(v, abs=0.01) for c, v in near.items()}
    assert chance[0] == pytest.approx(15 / 28, rel=1e-12)  # the chain converts as often as the journeys did
    assert sum(found.values()) == pytest.approx(15, rel=1e-12)
    assert (effects <= 1 + 1e-12).all()


def test_a_robot_of_one_channel_settles_in_a_large_chain(monkeypatch):
    """Half a million touches of one channel take no more rounds of relaxing than one, where nothing is eliminated."""
    monkeypatch.setattr(markov_room, "SMALL", 0, raising=False)
    monkeypatch.setattr(markov_room, "DENSE", 0)
    counts = [["c", "a"], ["a", "b", "d"], ["d"], ["b", "c"]], [3, 5, 2, 4], [4, 2, 6, 1]
    loop, once = (
        from_paths([*counts[0], path], [*counts[1], 1], [*counts[2], 0]) for path in (["a"] * 500_000, ["a"])
    )
    assert markov(loop) == pytest.approx(markov(once), rel=1e-12)


def test_credit_does_not_depend_on_the_linear_algebra(tmp_path):
    """Chains of hundreds of states, relaxed or eliminated, give the same digits whatever its threads and kernels."""
    code = """
        import numpy as np
        from scvgraph.attribution.markov import markov
        from scvgraph.journeys.journeys import from_paths
        random = np.random.default_rng(2)
        paths = [[f"c{c}" for c in random.integers(0, 12, 6)] for _ in range(9000)]
        robot = [*paths, ["c0", "c1"] * 250_000]
        for each, order in ((paths, 1), (paths, 3), (robot, 3)):
            made = from_paths(each, [1] * len(each), [1] * len(each), random.random(len(each)))
            print(markov(made, order).tobytes().hex())
    """
    script = tmp_path / "credit.py"
    script.write_text(textwrap.dedent(code))
    said = {
        subprocess.run([sys.executable, script], env=os.environ | env, capture_output=True, check=True).stdout
        for env in (
            {"OPENBLAS_NUM_THREADS": "2"},
            {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Nehalem"},
        )
    }
    assert len(said) == 1


@pytest.mark.parametrize("spec", SPECS)
def test_edges_are_defined(spec):
    """No journeys, no conversions, one touch, only direct, worthless conversions: credit adds up, nothing is NaN."""
    for made in (
        from_paths([], []),
        from_paths([["a", "b"]], [0], [3]),
        from_paths([["a"]], [1], [0], [0]),
        from_paths([["Direct", "Direct"]], [2], [1], [7]),
        from_paths([[]], [1], [0], [2]),
        from_paths([["a"], ["b", "a"]], [1, 1], [0, 0], [5, -5]),
    ):
        found = credit(made, asked(spec))
        assert np.isfinite(found.credit).all()
        assert found.credit.sum(axis=1) + found.unattributed + found.overlap == pytest.approx(
            found.total, abs=1e-9
        )


def test_five_hundred_channels():
    """Many channels are many rows, no other code: sums hold at orders 1 and 2."""
    random = np.random.default_rng(1)
    paths = [[f"c{c}" for c in random.integers(0, 500, size)] for size in random.integers(1, 9, 3000)]
    made = from_paths(paths, random.integers(0, 2, 3000), [1] * 3000)
    for spec in ("linear", "shapley", "markov", "markov:2"):
        found = credit(made, asked(spec))
        assert found.credit.sum(axis=1) == pytest.approx(found.total, rel=1e-9)


def test_refunds_do_not_turn_shares_around():
    """Positive and negative values are shared out apart, each in proportion to what its journeys lose."""
    paths = [["a"], ["b"], ["a", "b"]]
    gains = credit(from_paths(paths, [1, 1, 1], None, [10, 0, 0]), asked("markov")).credit[0, :, 1]
    losses = credit(from_paths(paths, [1, 1, 1], None, [0, -9, 0]), asked("markov")).credit[0, :, 1]
    both = credit(from_paths(paths, [1, 1, 1], None, [10, -9, 0]), asked("markov")).credit[0, :, 1]
    assert both == pytest.approx(gains + losses)


def test_groups_are_fitted_apart():
    """Credit of groups is that of their journeys alone."""
    made = from_paths([["a", "b"], ["b"], ["a"], ["b", "a"]], [1, 0, 1, 1], [0, 1, 1, 0], [5, 0, 2, 1])
    group = np.array([0, 1, 1, 0], np.int32)
    for spec in ("linear", "markov:2"):
        both = credit(made, asked(spec), Groups(group, 2)).credit
        for number in (0, 1):
            alone = credit(made.choose(group == number), asked(spec)).credit[0]
            assert both[number] == pytest.approx(alone)


def test_what_cannot_be_asked_is_said():
    """Unknown models and settings that cannot be read are usage errors with the names there are."""
    with pytest.raises(UnknownName, match="there are: first, last"):
        asked("lats")
    for spec in (
        "time_decay:-1",
        "time_decay:x",
        "custom:1/2",
        "custom:0/0/0",
        "custom:inf/1/1",
        "markov:1.5",
        "first:2",
        "markov:0",
    ):
        with pytest.raises(UsageError):
            asked(spec)
    with pytest.raises(UsageError, match="cannot be counted"):
        markov(from_paths([["a", "b"]], [1]), 60)


def test_a_model_of_your_own():
    """A function of journeys is a model; weights of the wrong shape are told."""
    from scvgraph.attribution.models import Asked

    made = from_paths([["a", "b", "c"]], [1])
    second = own("second", lambda journeys, _: np.where(np.arange(journeys.state.size) == 1, 1.0, 0.0))
    assert credit(made, Asked("second", second)).credit[0, :, 0].tolist() == [0, 1, 0]
    with pytest.raises(UsageError, match="shape"):
        credit(made, Asked("bad", own("bad", lambda *_: np.ones(9))))
    with pytest.raises(UsageError, match="finite"):
        credit(made, Asked("nothing", own("nothing", lambda *_: np.full(3, np.nan))))


def test_decay_by_the_hour_over_days(cases, shared_data):
    """The toy table under a half-life of one hour, its touches a day apart."""
    folder = shared_data / "attribution" / "toy"
    head, *lines = (folder / "dp6_toy_expected.csv").read_text(encoding="utf-8").split()
    column = head.split(",").index("attribution_time_decay0.5_freq1_heuristic")
    made = journeys(cases["dp6_nine_paths"]["paths"], [3] * 9)
    made = replace(made, at=(np.arange(made.state.size) - np.repeat(made.start[:-1], made.length)) * DAY)
    expected = {line.split(",")[0]: float(line.split(",")[column]) for line in lines}
    same(by_state(made, f"time_decay:{1 / 24}", 1), expected)


def test_counterfactual_credit_as_published(cases, known_answers):
    """Paths of a package's integration test earn what it expects, conversions and revenue."""
    case = cases["snowplow_counterfactual_shapley"]
    paths = case["paths"]
    made = from_paths([split(p[0]) for p in paths], *([p[n] for p in paths] for n in (1, 2, 3)))
    same(by_state(made, "counterfactual"), case["conversions"])
    same(by_state(made, "counterfactual", 1), case["revenue"])
    same(by_state(made, "last"), case["last_touch_conversions"])
    place = known_answers / "snowplow_fractribution_apache2"
    lines = (
        (place / "snowplow_fractribution_channel_attribution_expected.csv")
        .read_text(encoding="utf-8")
        .split()
    )
    published = [line.split(",") for line in lines[1:]]
    earned = {p[2]: float(p[3]) for p in published if p[5] == "shapley"}
    same(by_state(made, "counterfactual"), earned)


def test_a_model_of_another_package(tmp_path, monkeypatch):
    """An installed package's entry point is a model by its name, with what follows the colon."""
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n\n\ndef spread(journeys, setting):\n"
        "    weights = np.zeros(journeys.state.size)\n"
        "    weights[journeys.start[:-1] + int(setting)] = 1.0\n    return weights\n"
    )
    about = tmp_path / "mine-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[scvgraph.models]\nnth = mine:spread\n")
    monkeypatch.syspath_prepend(tmp_path)
    made = from_paths([["a", "b", "c"]], [1])
    assert by_state(made, "nth:1") == {"a": 0, "b": 1, "c": 0}
    with pytest.raises(UnknownName, match="nth"):
        asked("mth")
