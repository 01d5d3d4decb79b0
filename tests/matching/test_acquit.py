"""Identifiers of persons who turned out to be one."""

from __future__ import annotations

import pytest
from people import TOML, crowd, customers, text

from scvgraph.pipeline import run

TWICE = [
    "x1,Willem,Zuidema,1961-04-17,9 Quay,,07400 120 945",
    "x2,Pim,Zuidema,1961-04-17,9 Quay,,07400120945",
]


def status(result) -> str:
    with result.generation.engine() as engine:
        ((found,),) = engine.rows("SELECT status FROM identifiers WHERE kind = 'phone'")
    return found


WEB = """
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
[sources.web.identifiers]
loyalty_id = "member"
phone = "phone"
cookie_id = "cookie"
"""
SEEN = "time,member,phone,cookie\n2026-01-01,,07400120945,c1\n"


def test_what_one_person_used_is_not_shared(make_project) -> None:
    """A phone blamed for two first names is its person's again once the two records are matched."""
    result = run(make_project(TOML, people__csv=text(*crowd(), *TWICE)))
    (group,) = [found for found in customers(result) if "record:people/x1" in found]
    assert {"record:people/x2", "phone:+447400120945"} <= set(group)
    assert status(result) == "ok"


def test_what_two_persons_used_stays_shared(make_project) -> None:
    """Two who are not matched keep their phone shared."""
    other = TWICE[1].replace("Zuidema,1961-04-17,9 Quay", "Abbott,1990-08-02,3 Mill Lane")
    result = run(make_project(TOML, people__csv=text(*crowd(), TWICE[0], other)))
    assert status(result) == "shared"


def test_what_was_seen_with_nothing_else_comes_along(make_project) -> None:
    """A cookie seen with that phone only is the person's as well, whichever has the lower number."""
    for toml in (TOML + WEB, TOML.replace("[sources.people]", WEB + "[sources.people]", 1)):
        result = run(make_project(toml, people__csv=text(*crowd(), *TWICE), web__csv=SEEN))
        (group,) = [found for found in customers(result) if "record:people/x1" in found]
        assert group == ["cookie_id:c1", "phone:+447400120945", "record:people/x1", "record:people/x2"]


def test_what_another_used_too_stays_shared(make_project) -> None:
    """Where that phone was seen with another customer's cookie it stays shared, and the links to it say so."""
    other = "x3,Declan,Abbott,1990-08-02,3 Mill Lane,M7,"
    seen = SEEN + "2026-01-02,M7,,c1\n2026-01-03,M7,,c1\n"
    result = run(make_project(TOML + WEB, people__csv=text(*crowd(), *TWICE, other), web__csv=seen))
    assert status(result) == "shared"
    with result.generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM refused_links WHERE reason = 'shared'") == 3


@pytest.mark.parametrize(("second", "said"), [("1", "shared"), ("2", "ok")])
def test_one_cookie_of_two_phones_takes_neither(make_project, second, said) -> None:
    """A cookie between the phones of two persons leaves both of them shared, which are their own without it."""
    more = [
        "y1,Declan,Quenby,1990-08-02,3 Harbour Street,,07400 120 946",
        "y2,Zeb,Quenby,1990-08-02,3 Harbour Street,,07400120946",
    ]
    seen = SEEN + f"2026-01-01,,07400120946,c{second}\n"
    result = run(make_project(TOML + WEB, people__csv=text(*crowd(), *TWICE, *more), web__csv=seen))
    with result.generation.engine() as engine:
        assert engine.rows("SELECT status FROM identifiers WHERE kind = 'phone'") == [(said,)] * 2
    assert (["cookie_id:c1"] in customers(result)) == (said == "shared")
