"""What speaks for two persons besides the evidence, and that it goes first."""

from __future__ import annotations

import numpy as np
import pytest

import scvgraph
from scvgraph.pipeline import run
from scvgraph.review import doubt
from scvgraph.review.doubt import Usual, signs

USUAL = Usual(8.0, 20.0)

# Twenty small customers, and one whose two rich halves, of another name and birthday each, hang on a device that both
# log in on: everything is sure there.
TOML = """
[graph]
build = false
[resolve]
match = false
name_conflicts = false
date_conflicts = false
blame = false
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
device_id = "device"
cookie_id = "cookie"
[sources.web.traits]
first_name = "first"
birth_date = "born"
"""


def web() -> str:
    rows = [
        *(("login", f"u{n}", f"d{n}", "", f"Name{n}", f"19{n + 50}-01-01") for n in range(20) for _ in "ab"),
        *(("page", f"u{n}", "", f"c{n}", "", "") for n in range(20)),
        *(("login", "anna", "tablet", "", "Anna", "1980-01-01") for _ in range(9)),
        *(("login", "bernd", "tablet", "", "Bernd", "1955-06-17") for _ in range(9)),
    ]
    head = "time,kind,user,device,cookie,first,born\n"
    return head + "".join(
        f"2026-01-{1 + at % 28:02}T10:{at % 60:02}:00,{','.join(r)}\n" for at, r in enumerate(rows)
    )


@pytest.fixture
def cases(make_project):
    project = make_project(TOML, web__csv=web())
    run(project)
    with scvgraph.open(project.folder) as view:
        held = view.sql("SELECT customer, confidence FROM memberships JOIN customers USING (customer)")
        assert (held.groupby("customer")["confidence"].min() > 0.99).any()  # the two halves
        return view.review(None)


def test_a_sure_merge_of_what_does_not_go_together_is_asked_first(cases) -> None:
    """Two rich halves of another name and birthday go first, however sure their link; the signs say why."""
    first, second, *others = cases
    assert {end.id for case in (first, second) for end in (case.a, case.b)} == {
        "device_id:tablet",
        "user_id:anna",
        "user_id:bernd",
    }
    assert (first.rows, first.value) == (9, second.value)
    said = " ".join(first.signs)
    for words in (
        "both sides are whole customers: 9 and 9 rows",
        "together 18 rows",
        "anna",
        "bernd",
        "1955-06-17",
    ):
        assert words in said
    assert first.value > 3 * max(case.value for case in others)


def test_what_goes_together_has_no_conflict(cases) -> None:
    """Neither small customers of one name have one, nor the rows of either half, of which the rest is two persons."""
    assert all("most rows say" not in str(case.signs) for case in cases[2:])


def chance(**said) -> float:
    given = {"evidence": 0.9, "small": 8, "whole": 16, "conflicts": 0} | said
    arrays = [np.array([value]) for value in given.values()]
    return float(doubt.joined(*arrays, USUAL)[0])


def test_each_sign_lowers_the_probability() -> None:
    """At the usual size the evidence counts as it is; rich sides, an unlikely size and conflicts each take from it."""
    assert chance() == pytest.approx(0.9)
    assert chance(small=2) > chance() > chance(small=20)
    assert chance(whole=20) == chance() > chance(whole=40) > chance(whole=400)
    assert chance() > chance(conflicts=1) > chance(conflicts=2)


def test_nothing_is_so_sure_that_no_sign_counts() -> None:
    """A link without any doubt of its own still is asked about in a customer of impossible size."""
    assert chance(evidence=1.0) > 0.998
    assert chance(evidence=1.0, whole=2000, small=500) < 0.05


def test_customers_kept_apart() -> None:
    """The less there is of the smaller of two, the likelier they are one; and the sooner if they would not be large."""
    small, whole = np.array([1, 4, 16, 1]), np.array([9, 12, 24, 400])
    for probability in (
        doubt.near(np.full(4, 0.9), small, whole, USUAL),
        doubt.apart(np.full(4, doubt.SHARED), small, whole, USUAL),
    ):
        assert (np.diff(probability[:3]) < 0).all()
        assert probability[3] < probability[0] / 20


def test_signs_in_words() -> None:
    """What counts is said with its numbers, what does not is not mentioned."""
    assert signs(3, 9, 12, USUAL, None, None) == ()
    assert signs(9, 30, 39, USUAL, ("anna", "bernd"), None) == (
        "both sides are whole customers: 9 and 30 rows, 8 are usual",
        "together 39 rows, 95 of 100 customers have at most 20",
        "most rows say anna on one side, bernd on the other",
    )
