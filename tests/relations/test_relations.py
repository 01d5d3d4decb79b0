"""Relations: who shares what, how strongly, and what relates nobody."""

from __future__ import annotations

import pytest
from neighbours import TOML, WEB, households, people, related, visits

from scvgraph.pipeline import run

PLAIN = TOML.format(resolve="")


def test_a_home_address_relates_and_makes_a_household(make_project):
    """One address in two notations: number apart or in the street, capitals, marks, a postcode with or without blank."""
    told = people(
        "a,Marsh,7,Mill Lane,AB1 2CD", "b,Keller,,7 MILL-lane,ab12cd", "c,Marsh,9,Mill Lane,AB1 2CD"
    )
    result = run(make_project(PLAIN, people__csv=told, web__csv=WEB))
    assert related(result) == {("a", "b"): ("address", 0.9, 1)}
    assert households(result) == [["a", "b"]]


def test_a_street_needs_a_number_and_a_place(make_project):
    """A street alone relates nobody; with its number but neither postcode nor town it says little, and makes no
    household; a town does for a postcode, and a postcode of zeros is none.
    """
    told = people(
        "a,x,,Mill Lane,AB1 2CD", "b,x,,Mill Lane,AB1 2CD", "c,x,4,Quay", "d,x,4,Quay,00000",
        "e,x,4,Quay,,Bath", "f,x,4,Quay,,Bath", "g,x,4,Quay,,Ely", "h,x,4,Quay,n/a,unknown",
    )  # fmt: skip
    result = run(make_project(PLAIN, people__csv=told, web__csv=WEB))
    assert {pair: why for pair, (why, _, _) in related(result).items()} == {
        ("c", "d"): "street", ("c", "h"): "street", ("d", "h"): "street", ("e", "f"): "address",
    }  # fmt: skip
    assert households(result) == [["e", "f"]]


def test_a_shared_phone_relates(make_project):
    """The landline of two accounts relates them, and alone makes no household; its number stands in `through`."""
    told = people("a,Marsh,,,,,0117 496 0018", "b,Keller,,,,,0117 496 0018")
    result = run(make_project(PLAIN, people__csv=told, web__csv=WEB))
    assert related(result) == {("a", "b"): ("phone", 0.4, 1)}
    assert households(result) == []
    with result.generation.engine() as engine:
        through = "SELECT i.kind, i.value FROM (SELECT unnest(through) AS no FROM relations) JOIN identifiers i USING (no)"
        assert engine.rows(through) == [("phone", "+441174960018")]


def test_the_borrowed_device_relates(make_project):
    """A device that stays its owner's relates whoever was refused on it, weakly for one visit."""
    rows = (
        visits("a,d1,", times=9)
        + visits("b,d1,", times=1).removeprefix(WEB)
        + visits("b,d2,").removeprefix(WEB)
    )
    result = run(make_project(PLAIN, people__csv=people("a", "b"), web__csv=rows))
    with result.generation.engine() as engine:
        assert engine.one("SELECT status FROM identifiers WHERE value = 'd1'") == "ok"
    assert related(result) == {("a", "b"): ("device_id", 0.263194, 1)}


@pytest.mark.parametrize(("times", "strength"), [(1, 0.263194), (2, 0.457116), (3, 0.6), (9, 0.6)])
def test_coming_back_to_a_place_counts(make_project, times, strength):
    """One visit each to an address is little; from three on it counts in full, and then makes a household."""
    result = run(
        make_project(
            PLAIN, people__csv=people("a", "b"), web__csv=visits("a,,192.0.2.1", "b,,192.0.2.1", times=times)
        )
    )
    assert related(result) == {("a", "b"): ("ip", strength, 1)}
    assert households(result) == ([["a", "b"]] if times >= 3 else [])


def test_several_kinds_add_up(make_project):
    """A phone and an address that each make no household do so together."""
    told = people("a,Marsh,,,,,0117 496 0018", "b,Keller,,,,,0117 496 0018")
    rows = visits("a,,192.0.2.1", "b,,192.0.2.1")
    result = run(make_project(PLAIN, people__csv=told, web__csv=rows))
    assert related(result) == {("a", "b"): ("ip, phone", 0.557916, 2)}
    assert households(result) == [["a", "b"]]


def test_a_crowd_relates_nobody(make_project):
    """Ten on an address are all related, the weaker for the company; eleven are an office, and are counted."""
    crowds = {
        size: visits(*(f"{size}-{n},,192.0.2.{size}" for n in range(size)), times=3) for size in (10, 11)
    }
    result = run(make_project(PLAIN, people__csv=people(), web1__csv=crowds[10], web2__csv=crowds[11]))
    found = related(result)
    assert len(found) == 45
    assert {name[:2] for pair in found for name in pair} == {"10"}
    assert {strength for _, strength, _ in found.values()} == {0.462598}
    assert households(result) == []
    (counts,) = (report.counts for report in result.reports if report.stage == "relations")
    assert counts == {"relations": 45, "households": 0, "crowded_things": 1, "unfit_households": 0}


def test_hubs_and_placeholders_relate_nobody(make_project):
    """A loopback address is nobody's home, and a kiosk seen with more accounts than `hub` relates none of them."""
    rows = visits("a,,127.0.0.1", "b,,127.0.0.1", *(f"{who},kiosk," for who in "cdef"), times=4)
    result = run(make_project(TOML.format(resolve="hub = 3"), people__csv=people("a", "b"), web__csv=rows))
    assert related(result) == {}


def test_relations_can_be_turned_off(make_project):
    """Both tables are there and empty."""
    told = people("a,Marsh,7,Mill Lane,AB1 2CD,,0117 496 0018", "b,Keller,7,Mill Lane,AB1 2CD,,0117 496 0018")
    rows = visits("a,d1,192.0.2.1", "b,d1,192.0.2.1", times=4)
    result = run(make_project(TOML.format(resolve="relations = false"), people__csv=told, web__csv=rows))
    assert related(result) == {}
    assert households(result) == []


def test_a_household_has_the_number_of_its_first_customer(make_project):
    """The household of C000000001 and another is H000000001, and says how many it holds."""
    told = people("a,Marsh,7,Mill Lane,AB1 2CD", "b,Keller,7,Mill Lane,AB1 2CD", "c,Solo,8,Mill Lane,AB1 2CD")
    result = run(make_project(PLAIN, people__csv=told, web__csv=WEB))
    with result.generation.engine() as engine:
        rows = engine.rows("SELECT id, household, size FROM households ORDER BY id")
    assert rows == [("C000000001", "H000000001", 2), ("C000000002", "H000000001", 2)]
