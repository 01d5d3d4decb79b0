"""Identifiers of persons who turned out to be one."""

from __future__ import annotations

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
