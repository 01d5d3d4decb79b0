"""Homes: places that few groups share."""

from __future__ import annotations

import pytest
from people import MEMBERS, VISITORS, VISITS, customers

from scvgraph.matching import homes as room
from scvgraph.pipeline import run


@pytest.fixture
def seen(monkeypatch):
    """What `homes` answered in a run: (kind:value of the groups' least members, place) pairs."""
    answers = []
    found = room.homes

    def listen(work):
        group, place = found(work)
        names = dict(work.engine.rows("SELECT no, kind || ':' || raw FROM spellings"))
        members: dict[int, list[str]] = {}
        for no, label in enumerate(work.solution.label.tolist()):
            if work.solution.active[no]:
                members.setdefault(label, []).append(names[no])
        answers.append(
            sorted((min(members[g]), names[p]) for g, p in zip(group.tolist(), place.tolist(), strict=True))
        )
        return group, place

    monkeypatch.setattr("scvgraph.matching.entities.homes", listen)
    return answers


def test_groups_at_one_address_share_a_home(make_project, seen) -> None:
    """Every group is named once with each address it was seen at, however often."""
    rows = (
        "2026-01-01,login,u1,,c1,192.0.2.1\n"
        "2026-01-02,login,u1,,c1,192.0.2.1\n"
        "2026-01-02,login,u2,,c2,192.0.2.1\n"
        "2026-01-02,page,,,c2,192.0.2.2\n"
    )
    run(make_project(VISITORS, members__csv=MEMBERS, web__csv=VISITS + rows))
    assert seen[0] == [
        ("cookie_id:c1", "ip:192.0.2.1"),
        ("cookie_id:c2", "ip:192.0.2.1"),
        ("cookie_id:c2", "ip:192.0.2.2"),
    ]


def test_a_shared_tablet_is_a_home(make_project, seen) -> None:
    """What was found to be used by two people is a place they were both seen at."""
    rows = "2026-01-01,login,u1,,tablet,\n2026-01-02,login,u2,,tablet,\n"
    run(make_project(VISITORS, members__csv=MEMBERS, web__csv=VISITS + rows))
    assert [place for _, place in seen[0]] == ["cookie_id:tablet"] * 2


def test_a_crowd_is_no_home(make_project, seen) -> None:
    """An address with more groups than a home has is passed over."""
    rows = "".join(f"2026-01-01,page,,,c{n},192.0.2.9\n" for n in range(room.CROWD + 1))
    run(make_project(VISITORS, members__csv=MEMBERS, web__csv=VISITS + rows))
    assert seen[0] == []


def test_a_home_alone_joins_nobody(make_project) -> None:
    """Two people at one address are two customers."""
    rows = "2026-01-01,login,u1,,c1,192.0.2.1\n2026-01-02,login,u2,,c2,192.0.2.1\n"
    found = customers(run(make_project(VISITORS, members__csv=MEMBERS, web__csv=VISITS + rows)))
    assert found == [
        ["cookie_id:c1", "record:members/u1", "user_id:u1"],
        ["cookie_id:c2", "record:members/u2", "user_id:u2"],
    ]
