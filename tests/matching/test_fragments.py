"""Anonymous groups of a home, joined by elimination."""

from __future__ import annotations

import pandas as pd
import pytest
from people import MEMBERS, VISITORS, VISITS, customers

from scvgraph.matching.fragments import _affected
from scvgraph.pipeline import run

HOME = "2026-01-01,login,u1,,c1,192.0.2.1\n2026-01-03,login,u2,,c2,192.0.2.2\n"
FRAGMENT = "2026-01-02,page,,,phone,192.0.2.1\n"
ADA = ["cookie_id:c1", "record:members/u1", "user_id:u1"]
JON = ["cookie_id:c2", "record:members/u2", "user_id:u2"]


def found(make_project, rows: str, toml: str = VISITORS, **files: str) -> list[list[str]]:
    return customers(run(make_project(toml, members__csv=MEMBERS, web__csv=VISITS + rows, **files)))


def often(row: str, times: int) -> str:
    return "".join(f"2026-01-{1 + n:02d},{row}\n" for n in range(times))


def test_a_device_in_the_home_of_one_person_is_theirs(make_project) -> None:
    """One person and one fragment at an address: joined, with the weight and the words of a guess."""
    result = run(make_project(VISITORS, members__csv=MEMBERS, web__csv=VISITS + HOME + FRAGMENT))
    assert customers(result) == [["cookie_id:c1", "cookie_id:phone", *ADA[1:]], JON]
    with result.generation.engine() as engine:
        (row,) = engine.rows("SELECT rule, weight, because FROM matches")
        assert engine.rows("SELECT weight FROM links WHERE rule = 'household'") == [(0.95,)]
    assert row == ("household", 0.95, "nobody else at this address is left to whom it could belong")


def test_it_can_be_switched_off(make_project) -> None:
    """With fragments = false, or without any matching, the device stays alone."""
    for off in ("fragments = false", "match = false"):
        toml = VISITORS.replace("fragments = true", off)
        assert found(make_project, HOME + FRAGMENT, toml) == [ADA, JON, ["cookie_id:phone"]]


def test_two_people_at_an_address_leave_it_open(make_project) -> None:
    """Where either of two could own the device it is nobody's."""
    rows = HOME.replace("192.0.2.2", "192.0.2.1") + FRAGMENT
    assert found(make_project, rows) == [ADA, JON, ["cookie_id:phone"]]


def test_three_devices_of_one_address_are_left_alone(make_project) -> None:
    """More fragments than a person's usual devices may be anybody's."""
    rows = HOME + "".join(FRAGMENT.replace("phone", f"x{n}") for n in range(3))
    assert found(make_project, rows) == [ADA, JON, *([f"cookie_id:x{n}"] for n in range(3))]


def test_an_office_is_no_home(make_project) -> None:
    """At an address of seven groups nothing is guessed."""
    rows = HOME + FRAGMENT + "".join(f"2026-01-02,login,v{n},,w{n},192.0.2.1\n" for n in range(6))
    assert ["cookie_id:phone"] in found(make_project, rows)


def test_a_unique_id_of_its_own_rules_a_fragment_out(make_project) -> None:
    """A group with another account of a unique kind is not the person's, though it tells nothing."""
    rows = HOME + "2026-01-02,login,u9,,phone,192.0.2.1\n"
    assert found(make_project, rows) == [ADA, JON, ["cookie_id:phone", "user_id:u9"]]


def test_a_person_who_said_no_is_heeded(make_project) -> None:
    """A cannot-link between the device and the person leaves it alone."""
    toml = VISITORS.replace('region = "GB"', 'region = "GB"\ndecisions = "decisions.csv"')
    decision = "decision,a,b,at\ncannot_link,cookie_id:phone,user_id:u1,2026-01-01T00:00:00Z\n"
    rows = HOME + FRAGMENT
    assert found(make_project, rows, toml, decisions__csv=decision) == [ADA, JON, ["cookie_id:phone"]]


def test_a_group_with_an_address_is_a_person(make_project) -> None:
    """Who shows an e-mail address is no fragment, whether or not a name can be read in it."""
    rows = HOME + "2026-01-02,login,,q1@x.org,phone,192.0.2.1\n"
    assert found(make_project, rows) == [ADA, JON, ["cookie_id:phone", "email:q1@x.org"]]


def test_of_two_it_is_theirs_who_are_seen_too_seldom(make_project) -> None:
    """Where people are seen about eight times, a device of five visits is rather that of a person seen three times."""
    others = "".join(
        often(f"login,v{n},v{n}@x.org,{device}{n},198.51.{100 + n // 100}.{1 + n % 100}", 4 + n % 2)
        for n in range(150)
        for device in ("w", "y")
    )
    seen = often("login,u1,,c1,192.0.2.1", 9) + often("login,u2,,c2,192.0.2.1", 3)
    rows = VISITS + seen + often("page,,,phone,192.0.2.1", 5) + others
    result = run(make_project(VISITORS, members__csv=MEMBERS, web__csv=rows))
    groups = customers(result)
    assert ["cookie_id:c2", "cookie_id:phone", "record:members/u2", "user_id:u2"] in groups
    assert ADA in groups
    with result.generation.engine() as engine:
        ((weight, because),) = engine.rows("SELECT weight, because FROM matches WHERE rule = 'household'")
    assert 0.5 <= weight <= 0.75
    assert because.startswith("of those left at this address it is likeliest theirs")


@pytest.mark.parametrize("place", range(3))
def test_of_two_alike_it_is_nobodys(make_project, place) -> None:
    """Where people are seen about thirty times, a device of one visit is not given to both of two seen 29 times, nor
    to either, whatever was numbered first.
    """
    others = "".join(
        often(f"login,v{n},v{n}@x.org,{device}{n},198.51.{100 + n // 100}.{1 + n % 100}", 14 + n % 3)
        for n in range(110)
        for device in ("w", "y")
    )
    seen = [often(f"login,u{n},,c{n},192.0.2.1", 29) for n in (1, 2)]
    seen.insert(place, FRAGMENT)
    assert found(make_project, "".join(seen) + others)[:2] == [ADA, JON]


def test_an_address_that_is_not_compared_is_a_person_still(make_project) -> None:
    """E-mail addresses that are off, or of a kind that is declared to hold them, make no fragment."""
    rows = HOME + "2026-01-02,login,,q1@x.org,phone,192.0.2.1\n"
    toml = VISITORS + '[resolve.compare]\nemail = "off"\n'
    assert found(make_project, rows, toml) == [ADA, JON, ["cookie_id:phone", "email:q1@x.org"]]
    toml = VISITORS.replace('email = "email"', 'login = "email"') + '[resolve.compare]\nlogin = "email"\n'
    assert found(make_project, rows, toml) == [ADA, JON, ["cookie_id:phone", "login:q1@x.org"]]


@pytest.mark.parametrize(("compare", "entities"), [("", 3), ('[resolve.compare]\nemail = "off"\n', 2)])
def test_an_address_that_is_not_compared_is_not_matched(make_project, compare, entities) -> None:
    """A group with nothing but an e-mail address is among those compared, unless addresses are off."""
    rows = HOME + "2026-01-02,login,,q1@x.org,phone,192.0.2.1\n"
    result = run(make_project(VISITORS + compare, members__csv=MEMBERS, web__csv=VISITS + rows))
    (counts,) = (report.counts for report in result.reports if report.stage == "match")
    assert counts["entities"] == entities


def test_who_a_round_affects() -> None:
    """Persons with a fragment in common with one whose person was given something, with all rows of their fragments;
    what hangs together with nobody who was is left alone.
    """
    near = pd.DataFrame({"fragment": [10, 10, 11, 11, 12, 12, 13, 20], "person": [1, 2, 2, 3, 3, 4, 4, 5]})
    rows, persons = _affected(near, near[(near["fragment"] == 10) & (near["person"] == 1)])
    assert set(persons) == {1, 2}
    assert rows.index.tolist() == [0, 1, 2, 3]
