"""What links hold on both of their sides, and what the sides say."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.engine import Engine
from scvgraph.review.kernel_sides import sides
from scvgraph.review.said import Said, conflicting

LINKS = np.array([(0, 1), (2, 3), (0, 2), (1, 3)], np.int32)


def told(*lanes):
    """Sides over LINKS, nodes of 5, 1, 2 and 1 rows. lanes: (code of each node, in how many rows)."""
    code = np.array([lane[0] for lane in lanes], np.int32).reshape(len(lanes), 4)
    times = np.array([lane[1] for lane in lanes], np.int32).reshape(len(lanes), 4)
    small, large = np.empty(4, np.int64), np.empty(4, np.int64)
    says = np.empty((len(lanes), 4, 2), np.int32)
    a, b = LINKS[:, 0].copy(), LINKS[:, 1].copy()
    sides(a, b, np.array([5, 1, 2, 1], np.int64), code, times, small, large, says)
    return small.tolist(), large.tolist(), says.tolist()


def test_links_know_what_they_hold() -> None:
    """Of links taken in order the rows of both sides, the fewer first; a link inside a part holds nothing."""
    small, large, _ = told()
    assert (small, large) == ([1, 1, 3, -1], [8, 8, 6, -1])


def test_sides_say_what_most_of_their_rows_say() -> None:
    """The smaller side's word first; a side says what three of four of its rows do, else nothing."""
    _, _, (says,) = told(([7, 8, 9, 9], [5, 1, 2, 1]))
    assert says == [[8, -1], [9, -1], [9, 7], [-1, -1]]
    _, _, (says,) = told(([7, -1, 8, 9], [7, 0, 1, 1]))
    assert says == [[-1, 7], [9, 7], [-1, 7], [-1, -1]]


def test_cutting_a_tree_by_hand() -> None:
    """On random trees both sides are what a walk over the rest finds."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        size = 12
        a = np.arange(1, size, dtype=np.int32)
        b = np.array([rng.integers(n) for n in a], np.int32)
        rows, code = rng.integers(1, 9, size), rng.integers(2, size=(1, size)).astype(np.int32)
        times = rows[None, :].astype(np.int32)
        small, large = np.empty(a.size, np.int64), np.empty(a.size, np.int64)
        says = np.empty((1, a.size, 2), np.int32)
        sides(a, b, rows, code, times, small, large, says)
        for link in range(a.size):
            beyond = {int(a[link])}
            for one, other in zip(
                a[link + 1 :], b[link + 1 :], strict=True
            ):  # a node's parent stands before it
                beyond |= {int(one)} if int(other) in beyond else set()
            both = [sorted(beyond), sorted(set(range(size)) - beyond)]
            held = sorted(int(rows[side].sum()) for side in both)
            assert [small[link], large[link]] == held
            said = [_majority(code[0][side], rows[side]) for side in both]
            found = says[0, link].tolist()
            assert sorted(found) == sorted(said)


def _majority(code, rows) -> int:
    """Of two words that of three quarters of the rows, else -1: with two words the vote is exact."""
    margin = int(rows[code == 1].sum()) * 2 - int(rows.sum())
    return int(margin > 0) if 2 * abs(margin) >= rows.sum() else -1


@pytest.mark.parametrize(
    ("lane", "one", "other", "conflict"),
    [
        (0, "anna", "bernd", True),
        (0, "robert", "bob", False),
        (0, "robert", "r", False),
        (0, "robert", "robret", False),
        (0, "hans peter", "peter", False),
        (0, "анна", "anna", False),
        (0, "анна", "boris", True),
        (1, "1980-03-02", "1955-11-27", True),
        (1, "1980-03-02", "02/03/1980", False),
        (1, "1980-03-02", "1980-11-27", False),
        (1, "1980-03-02", "1981-03-02", False),
    ],
)
def test_what_can_be_one_persons(lane, one, other, conflict) -> None:
    """Names alike, nicknames, initials, one of several words, transliterated; dates of one year or some digits apart."""
    says = np.full((2, 1, 2), -1, np.int32)
    says[lane, 0] = (0, 1)
    nothing = np.empty((2, 0), np.int32)
    with Engine() as engine:
        found = conflicting(engine, Said(nothing, nothing, [one, other]), says)
    assert found[:, 0].tolist() == [conflict and lane == 0, conflict and lane == 1]


def test_nothing_said_is_no_conflict() -> None:
    """A side that says nothing contradicts nobody."""
    says = np.array([[[-1, 0], [0, 0], [0, 1]], [[-1, -1]] * 3], np.int32)
    nothing = np.empty((2, 0), np.int32)
    with Engine() as engine:
        found = conflicting(engine, Said(nothing, nothing, ["anna", "bernd"]), says)
    assert found.tolist() == [[False, False, True], [False] * 3]
