"""Funnels and transitions, with known answers."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scvgraph.errors import UsageError
from scvgraph.journeys.build import paths_of
from scvgraph.journeys.events import events_of_frame
from scvgraph.journeys.funnel import funnel
from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.lines import CONVERSION, NULL, START
from scvgraph.journeys.measures import percentiles, time_to_convert, top_paths
from scvgraph.journeys.transitions import matrix, steps, transitions


def paths(rows, **options):
    """Paths of rows (customer, event, second); those of one second stand as they are."""
    frame = pd.DataFrame(rows, columns=["customer", "channel", "second"]).assign(converted=False, value=0.0)
    frame["no"] = np.arange(len(frame))
    frame["ts"] = pd.to_datetime(frame["second"], unit="s")
    return paths_of(events_of_frame(frame, key="no"), **options)


@pytest.fixture
def expected(known_answers):
    folder = known_answers / "retentioneering_apache2"
    return folder, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def test_funnel_of_a_published_package(expected):
    """Paths per step, the rate of all and step by step; per session where asked."""
    case, _, by_session = expected[1]["funnel"]
    found = funnel(paths(case["rows"]), case["steps"])
    assert found["paths"].tolist() == case["unique_paths"]
    assert found["of_all"].tolist() == pytest.approx(case["conversion_rate"])
    assert found["of_previous"].tolist() == pytest.approx(case["step_conversion_rate"])
    assert found["median_s"].tolist() == pytest.approx([np.nan, 60, 60], nan_ok=True)
    far = [(u, e, at + (100_000 if s == "S2" else 0)) for u, s, e, at in by_session["rows_user_session"]]
    sessions = paths(far, per="session")
    assert funnel(sessions, ["A", "B"])["paths"].tolist()[-1] == by_session["per_session A>B"]
    assert funnel(sessions, ["A", "D"])["paths"].tolist()[-1] == by_session["per_session A>D"]


def test_browsers_are_part_of_all(expected):
    """Rates of all count the paths that never enter; rates of those that entered do not."""
    case = expected[1]["funnel"][1]
    rows = [(n, "browse", 0) for n in range(95)] + [(100 + n, "basket", 1) for n in range(5)]
    rows += [(100 + n, "shipping", 2) for n in range(4)]
    found = funnel(paths(rows), case["steps"])
    assert found["paths"].tolist() == case["unique_paths"]
    assert found["of_all"].tolist() == pytest.approx(case["conversion_rate"])
    assert found["of_previous"].tolist() == pytest.approx(case["step_conversion_rate"])
    assert found["of_entered"].tolist() == [1, 0.8]


def test_window_counts_from_the_best_start():
    """A later first step within the window counts where the first one is too old."""
    rows = [(1, "A", 0), (1, "A", 100), (1, "B", 105)]
    assert funnel(paths(rows), ["A", "B"], window_days=10 / 86_400)["paths"].tolist() == [1, 1]
    assert funnel(paths(rows[::2]), ["A", "B"], window_days=10 / 86_400)["paths"].tolist() == [1, 0]


def test_orders_and_open_funnels():
    """Strict allows nothing between, any order allows all, and an open funnel is entered anywhere."""
    rows = [(1, "A", 0), (1, "x", 1), (1, "B", 2), (2, "B", 0), (2, "A", 1), (3, "B", 0)]
    found = {
        o: funnel(paths(rows), ["A", "B"], order=o)["paths"].tolist() for o in ("ordered", "strict", "any")
    }
    assert found == {"ordered": [2, 1], "strict": [2, 0], "any": [2, 2]}
    opened = funnel(paths(rows), ["A", "B"], opened=True)
    assert opened["paths"].tolist() == [2, 3]
    assert opened["of_previous"].tolist() == pytest.approx([2 / 3, 1 / 2])


def test_alternatives_and_repeats():
    """A step may be one of several events; one event is never two steps."""
    rows = [(1, "A", 0), (1, "C", 1), (2, "A", 0)]
    assert funnel(paths(rows), ["A", "A|C"])["paths"].tolist() == [2, 1]
    with pytest.raises(UsageError, match="nothing is called 'Z'; there are: A, C"):
        funnel(paths(rows), ["A", "Z"], listed=True)
    with pytest.raises(UsageError, match=r"there are 2 other values$"):
        funnel(paths(rows), ["A", "Z"])
    for window in (-1, np.nan, np.inf):
        with pytest.raises(UsageError, match="window days"):
            funnel(paths(rows), ["A", "C"], window_days=window)
    with pytest.raises(UsageError, match="2 to"):
        funnel(paths(rows), ["A"])


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from("ABCx"), st.integers(0, 5)), max_size=9), st.integers(1, 12))
@example([("A", 0), ("B", 1), ("A", 5), ("C", 5)], 11)  # 11 seconds as a share of a day, a hair below
def test_depth_is_that_of_the_best_choice(walk, window):
    """The steps reached are the most that any choice of events reaches in order within the window."""
    at = np.cumsum([gap for _, gap in walk]).tolist()
    rows = [(1, event, second) for (event, _), second in zip(walk, at, strict=True)]
    rows += [(2, event, 0) for event in "ABC"]  # so that every step is known
    best = 0
    for depth in (1, 2, 3):
        for chosen in combinations(range(len(walk)), depth):
            right = all(walk[n][0] == "ABC"[k] for k, n in enumerate(chosen))
            if right and at[chosen[-1]] - at[chosen[0]] <= window:
                best = max(best, depth)
    found = funnel(paths(rows), list("ABC"), window_days=window / 86_400)["paths"].tolist()
    assert found == [1 + (best > 0), 1 + (best > 1), 1 + (best > 2)]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from("ABCx"), st.integers(0, 5)), max_size=7), st.integers(1, 12))
def test_any_order_takes_an_event_for_each_step(walk, window):
    """In any order the steps reached are the most that different events can be, within the window."""
    names = ["A|B", "B|C|A", "A"]
    at = np.cumsum([gap for _, gap in walk]).tolist()
    rows = [(1, event, second) for (event, _), second in zip(walk, at, strict=True)]
    rows += [(2, event, 0) for event in "ABC"]
    best = 0
    for depth in (1, 2, 3):
        for chosen in permutations(range(len(walk)), depth):
            right = all(walk[n][0] in names[k].split("|") for k, n in enumerate(chosen))
            if right and max(at[n] for n in chosen) - min(at[n] for n in chosen) <= window:
                best = max(best, depth)
    found = funnel(paths(rows), names, order="any", window_days=window / 86_400)["paths"].tolist()
    assert found == [1 + (best > 0), 1 + (best > 1), 1 + (best > 2)]


def test_any_order_does_not_count_an_event_twice():
    """One event that could be two steps is one of them; times before 1970 are times."""
    rows = [(1, "A", -50), (2, "A", -50), (2, "A", -40), (3, "C", 0), (3, "A", 1)]
    assert funnel(paths(rows), ["A", "A|C"], order="any")["paths"].tolist() == [3, 2]
    assert funnel(paths(rows), ["A", "A"])["median_s"].tolist() == pytest.approx([np.nan, 10], nan_ok=True)
    assert funnel(paths(rows), ["A", "C"], opened=True)["paths"].tolist() == [3, 1]


def test_a_funnel_of_nobody_is_empty():
    """Where no event is left, as in a period without any, every step counts 0."""
    told = events_of_frame(
        pd.DataFrame(
            {
                "customer": [1, 1],
                "ts": ["2026-01-01"] * 2,
                "channel": ["A", "B"],
                "converted": False,
                "value": 0,
            }
        )
    )
    nobody = paths_of(told.choose(np.zeros(2, np.bool_)))
    for options in ({}, {"order": "strict"}, {"order": "any"}, {"opened": True}):
        found = funnel(nobody, ["A", "B"], **options)
        assert found[["paths", "of_all", "of_entered", "dropped"]].to_numpy().tolist() == [[0, 0, 0, 0]] * 2


def test_a_gap_that_is_none_is_refused():
    """Paths of sessions need a gap that is a number of minutes, whatever paths are of."""
    rows = [(1, "A", 0), (1, "B", 5)]
    for gap in (-1, float("nan"), float("inf")):
        for per in ("customer", "session"):
            with pytest.raises(UsageError, match="gap minutes"):
                paths(rows, per=per, gap_minutes=gap)


def test_directly_follows_graph_of_the_running_example(shared_data):
    """Edges, times, starts, ends and variants of the process miners' running example."""
    folder = shared_data / "attribution" / "process_mining"
    frame = pd.read_csv(folder / "running_example.csv").assign(converted=False)
    said = json.loads((folder / "running_example_dfg_expected.json").read_text(encoding="utf-8"))
    made = paths_of(
        events_of_frame(frame, customer="case_id", time="timestamp", channel="activity", value=None)
    )
    found = transitions(made)
    inner = found[(found["source"] != START) & ~found["target"].isin([CONVERSION, NULL])]
    edges = {
        f"{s} -> {t}": n for s, t, n in zip(inner["source"], inner["target"], inner["count"], strict=True)
    }
    means = {
        f"{s} -> {t}": n for s, t, n in zip(inner["source"], inner["target"], inner["mean_s"], strict=True)
    }
    assert edges == said["dfg"]
    assert means == pytest.approx(said["mean_seconds"])
    assert dict(found[found["source"] == START][["target", "count"]].to_numpy()) == said["start"]
    assert dict(found[found["target"] == NULL][["source", "count"]].to_numpy()) == said["end"]
    variants = {(path, n) for path, n in top_paths(made, None)[["path", "journeys"]].to_numpy()}
    assert variants == {(" > ".join(path), n) for path, n in said["variants"]}


def test_transition_and_step_matrix_of_a_published_package(expected):
    """Counts from start over events to the end, and shares by step."""
    folder, said = expected
    frame = pd.read_csv(folder / "transition_matrix_input.tsv", sep="\t").assign(converted=False)
    names = {"customer": "user_id", "time": "timestamp", "channel": "event", "value": None, "key": "no"}
    frame["no"] = range(len(frame))
    case = said["transition_matrix"]
    found = matrix(paths_of(events_of_frame(frame, **names)))
    table = pd.DataFrame(case["count"], index=case["labels"], columns=case["labels"])
    for state in ("A", "B", "C"):
        assert found.loc[state, ["A", "B", "C"]].tolist() == table.loc[state, ["A", "B", "C"]].tolist()
        assert found.loc[state, NULL] == table.loc[state, "path_end"]
    assert found.loc[START, ["A", "B", "C"]].tolist() == table.loc["path_start", ["A", "B", "C"]].tolist()
    assert found.to_numpy().sum() == case["n_transitions"]
    case = said["step_matrix"]
    frame = pd.read_csv(folder / "step_matrix_input.tsv", sep="\t").assign(converted=False)
    frame["no"] = range(len(frame))
    made = paths_of(events_of_frame(frame, **names))
    links = steps(made, case["max_steps"])
    for step in range(1, case["max_steps"] + 1):
        for label, shares in zip(case["labels"], case["share_by_step_0_to_5"], strict=True):
            if label in ("A", "B", "C"):
                if step == 1:
                    first = links[(links["step"] == 1) & (links["source"] == label)]
                else:
                    first = links[(links["step"] == step - 1) & (links["target"] == label)]
                assert first["journeys"].sum() / made.conversions.size == pytest.approx(shares[step])


def test_steps_show_the_most_frequent_and_others():
    """At each step the most frequent stand for themselves, and all journeys stay in the diagram to their end."""
    made = from_paths([["a", "b"], ["c", "b"], ["d"]], [3, 0, 1], [0, 2, 0], [9, 0, 1])
    links = steps(made, 2, top=1)
    assert links[links["step"] == 1].to_numpy().tolist() == [
        [1, "a", "b", 3, 3, 9],
        [1, "(others)", "b", 2, 0, 0],
        [1, "(others)", "(conversion)", 1, 1, 1],
    ]
    assert links[links["step"] == 2][["target", "journeys"]].to_numpy().tolist() == [
        ["(conversion)", 3],
        ["(no conversion)", 2],
    ]
    back = steps(made, 2, top=2, backward=True)
    assert back.to_numpy().tolist() == [
        [1, "b", "a", 3, 3, 9],
        [1, "b", "c", 2, 0, 0],
        [1, "d", START, 1, 1, 1],
        [2, "a", START, 3, 3, 9],
        [2, "c", START, 2, 0, 0],
    ]
    both = steps(from_paths([["a"], ["a"]], [1, 0], [0, 1]), 1, backward=True)
    assert both[["source", "target", "journeys"]].to_numpy().tolist() == [["a", START, 2]], (
        "one row for both ends"
    )


def test_matrix_of_times_and_of_nothing():
    """Medians are of the pair in the middle; without journeys a matrix is empty, not an error."""
    made = paths([(1, "A", 0), (1, "B", 10), (2, "A", 0), (2, "B", 30), (3, "A", 0), (3, "B", 20)])
    assert matrix(made, "median_s").loc["A", "B"] == 20
    assert matrix(made, "mean_s").loc["A", "B"] == 20
    assert np.isnan(matrix(made, "mean_s").loc[[START, "B"], ["A", NULL]].to_numpy(float)).all()
    assert matrix(from_paths([], [])).to_numpy().sum() == 0
    with pytest.raises(UsageError):
        matrix(made, "sum")


def test_times_of_any_order_are_of_one_way_within_the_window():
    """A short way that was taken long before gives the farthest one no times."""
    day = 86_400
    rows = [(1, "A", 0), (1, "B", day), (1, "A", 100 * day), (1, "B", 101 * day), (1, "C", 102 * day)]
    for order in ("ordered", "any"):
        found = funnel(paths(rows), ["A", "B", "C"], order=order, window_days=5)
        assert found["median_s"].tolist()[1:] == [day, day]


def test_counted_paths_weigh_as_often_as_they_are():
    """Medians, percentiles, days and ends of paths that stand for many are those of the many."""
    counted, many = (
        from_paths([["a"]] * n + [["a", "b", "c"]] * 2, [100 / n] * n + [1, 1]) for n in (1, 100)
    )
    for made in (counted, many):
        assert percentiles(made)["touches"].tolist() == pytest.approx([1] * 7 + [2.98])
        assert time_to_convert(made)["conversions"].tolist() == [102]
    pd.testing.assert_frame_equal(percentiles(counted), percentiles(many))
    links = steps(from_paths([["a"]], [1], [9], [5]), 1)
    assert links.to_numpy().tolist() == [[1, "a", NULL, 9, 0, 0], [1, "a", CONVERSION, 1, 1, 5]]


def test_times_between_touches_weigh_as_often_as_they_are():
    """Mean and median are those of as many paths as each stands for."""
    made = paths([(1, "A", 0), (1, "B", 10), (2, "A", 0), (2, "B", 30)])
    made = replace(made, conversions=np.array([3.0, 1.0]), nulls=np.zeros(2))
    assert matrix(made, "mean_s").loc["A", "B"] == 15
    assert matrix(made, "median_s").loc["A", "B"] == 10
    made = replace(made, conversions=np.array([1.0, 1.0]))
    assert matrix(made, "median_s").loc["A", "B"] == 20
