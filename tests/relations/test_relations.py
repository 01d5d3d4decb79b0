"""Relations: who shares what, how strongly, and what relates nobody."""

from __future__ import annotations

import pytest
from neighbours import PEOPLE, TOML, WEB, households, people, related, visits

from scvgraph.errors import ScvgraphError
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


def test_declared_roles_are_heeded(make_project):
    """A street that is off makes no home; one that only the project knows to be a street does."""
    told = people("a,Marsh,7,Mill Lane,AB1 2CD", "b,Keller,7,Mill Lane,AB1 2CD")
    off = PLAIN + '[resolve.compare]\nstreet = "off"\n'
    assert households(run(make_project(off, people__csv=told, web__csv=WEB))) == []


def test_a_trait_declared_a_street_makes_homes(make_project):
    """A trait whose name says nothing is a street if the project says so."""
    told = people("a,Marsh,7,Mill Lane,AB1 2CD", "b,Keller,7,Mill Lane,AB1 2CD")
    toml = PLAIN.replace('street = "street"', 'line1 = "street"') + '[resolve.compare]\nline1 = "street"\n'
    assert households(run(make_project(toml, people__csv=told, web__csv=WEB))) == [["a", "b"]]


def test_one_row_is_one_visit(make_project):
    """A row that shows a borrowed device with three identifiers of whoever borrowed it is one row, not three."""
    toml = PLAIN.replace('device_id = "device"', 'device_id = "device"\nloyalty_id = "card"\nemail = "mail"')
    rows = ["a,d1,,,", *["a,d1,,,"] * 9, "b,d1,,7,b@x.org", "b,d2,,7,b@x.org", "b,d2,,7,b@x.org"]
    web = "time,user,device,ip,card,mail\n" + "".join(
        f"2026-01-{1 + n:02d},{row}\n" for n, row in enumerate(rows)
    )
    result = run(make_project(toml, people__csv=people("a", "b"), web__csv=web))
    with result.generation.engine() as engine:
        assert engine.one("SELECT status FROM identifiers WHERE value = 'd1'") == "ok"
    assert related(result)["a", "b"] == ("device_id", 0.263194, 1)


@pytest.mark.parametrize("many", [63, 64])
def test_more_kinds_than_can_be_told_apart(make_project, many):
    """Customers may share things of 63 kinds; of more the run says what to do."""
    names = [f"token_{n}" for n in range(many)]
    toml = PLAIN.replace('phone = "phone"', "\n".join(f'{name} = "{name}"' for name in names))
    told = "".join(f"{who},{','.join(f'{name}-x' for name in names)}\n" for who in "ab")
    columns = PEOPLE.strip().removesuffix(",phone").removeprefix("id,")
    project = make_project(
        toml, people__csv=f"id,{','.join(names)},{columns}\n" + told.replace("\n", ",,,,,\n"), web__csv=WEB
    )
    if many == 63:
        ((why, _, things),) = related(run(project)).values()
        assert (why.count("token_"), things) == (63, 63)
    else:
        with pytest.raises(ScvgraphError, match=r"things of 64 kinds, and at most 63 .* `relations = false`"):
            run(project)
