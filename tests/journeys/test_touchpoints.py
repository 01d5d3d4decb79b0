"""A customer's events in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.journeys.kernel_places import places, sequence
from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[sources.web]
shape = "events"
files = "e.csv"
key = "id"
time = "time"
kind = "kind"
[sources.web.identifiers]
cookie_id = "cookie"
"""


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 9)), max_size=200), st.integers(1, 7))
def test_places_agree_with_a_stable_sort(events: list[tuple[int, int]], threads: int) -> None:
    """The compiled order is that of a stable sort by customer and time, however many threads share the customers."""
    customer = np.array([c for c, _ in events], np.int32)
    ts = np.array([t for _, t in events], np.int64)
    row = np.arange(customer.size)
    found, owner, at = places(row, customer, ts, 5, threads)
    order = np.lexsort((ts, customer))
    order = order[customer[order] >= 0]
    assert found.tolist() == order.tolist()
    assert owner.tolist() == customer[order].tolist()
    assert at.tolist() == ts[order].tolist()


def test_long_journeys_are_sorted_too() -> None:
    """A journey longer than what is sorted by insertion comes out in order."""
    ts = np.random.default_rng(1).integers(0, 10**6, 5000)
    row, _, at = places(np.arange(5000), np.zeros(5000, np.int32), ts, 1)
    assert (np.diff(at) >= 0).all()
    assert (ts[row] == at).all()


def test_sequence_numbers_gaps_and_ties() -> None:
    """Places count from one per customer, gaps are to the event before, and equal moments are marked."""
    seq, gap, tied = sequence(
        np.array([3, 3, 3, 7], np.int32), np.array([10, 10, 25, 5], np.int64) * 1_000_000
    )
    assert seq.tolist() == [1, 2, 3, 1]
    assert gap.tolist() == [-1, 0, 15, -1]
    assert tied.tolist() == [True, True, False, False]


def test_events_at_one_moment_stand_in_the_order_of_their_keys(make_project) -> None:
    """Ties in time are broken by source and key, whatever the order in the file."""
    project = make_project(
        TOML,
        e__csv="id,time,kind,cookie\nb,2026-01-01,page,c1\nc,2026-01-01,page,c1\na,2026-01-01,page,c1\nz,2025-12-31,page,c1\n",
    )
    with run(project).generation.engine() as engine:
        found = engine.rows(
            "SELECT t.seq, e.key, t.gap_s FROM touchpoints t JOIN events e USING (row) ORDER BY seq"
        )
    assert found == [(1, "z", None), (2, "a", 86_400), (3, "b", 0), (4, "c", 0)]


def test_events_without_a_customer_are_no_touchpoints(make_project) -> None:
    """An event that shows no identifier stands in rows without a customer and in no journey."""
    project = make_project(TOML, e__csv="id,time,kind,cookie\na,2026-01-01,page,c1\nb,2026-01-01,page,\n")
    with run(project).generation.engine() as engine:
        assert engine.rows("SELECT key, customer IS NULL, basis FROM rows ORDER BY key") == [
            ("a", False, "cookie_id"),
            ("b", True, "none"),
        ]
        assert engine.one("SELECT count(*) FROM touchpoints") == 1
