"""Who is blamed where what people tell conflicts: those whose witnesses are kept apart."""

from __future__ import annotations

from scvgraph.pipeline import run

TOML = """
[project]
region = "GB"
[resolve]
match = false
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
[sources.crm.identifiers]
loyalty_id = "card"
email = "mail"
phone = "phone"
[sources.crm.traits]
first_name = "first"
birth_date = "born"
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
email = "mail"
cookie_id = "cookie"
"""
HEADER = "id,card,mail,phone,first,born\n"
WEB = "time,kind,mail,cookie\n"
PHONE = "020 7946 0018"
WITNESSES = "used by several persons: what was seen with it tells of different ones"


def outcome(
    make_project, rows: str, web: str = ""
) -> tuple[list[list[str]], dict[str, str], list[tuple[str, str]]]:
    """Customers, why each shared value is shared, and the refusals other than those of shared ends."""
    with run(make_project(TOML, crm__csv=HEADER + rows, web__csv=WEB + web)).generation.engine() as engine:
        groups = engine.rows(
            "SELECT list(i.kind || ':' || i.value ORDER BY i.kind, i.value) FROM memberships m"
            " JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer ORDER BY 1"
        )
        shared = dict(engine.rows("SELECT value, why FROM identifiers WHERE status = 'shared'"))
        refused = engine.rows("SELECT reason, \"constraint\" FROM refused_links WHERE reason <> 'shared'")
    return [group for (group,) in groups], shared, refused


def test_a_landline_of_two_first_names_is_shared(make_project) -> None:
    """Two records with one phone and two first names are two customers, and the phone is nobody's."""
    groups, shared, _ = outcome(make_project, f"k1,,,{PHONE},Ada,\nk2,,,{PHONE},Bruno,\n")
    assert groups == [["record:crm/k1"], ["record:crm/k2"]]
    assert shared == {"+442079460018": WITNESSES}


def test_two_birth_dates_do_the_same(make_project) -> None:
    """Namesakes born on different days are two people; a day that is one slip away parts nobody."""
    rows = f"k1,,,{PHONE},Ada,1961-02-03\nk2,,,{PHONE},Ada,1988-07-19\n"
    assert outcome(make_project, rows)[1] == {"+442079460018": WITNESSES}
    slip = rows.replace("1988-07-19", "1961-02-08")
    assert outcome(make_project, slip)[:2] == (
        [["phone:+442079460018", "record:crm/k1", "record:crm/k2"]],
        {},
    )


def test_nicknames_initials_and_slips_part_nobody(make_project) -> None:
    """Spellings that may be one person's refuse no link."""
    for one, other in (("Robert", "Bob"), ("J.", "John"), ("Katherine", "Kathrine"), ("Ann", "Anna Maria")):
        groups, shared, _ = outcome(make_project, f"k1,,,{PHONE},{one},\nk2,,,{PHONE},{other},\n")
        assert len(groups) == 1, (one, other)
        assert shared == {}


def test_a_cookie_of_two_readable_addresses_is_shared(make_project) -> None:
    """Names in e-mail addresses are witnesses: a browser on which Ada's and Bruno's addresses signed in is shared."""
    rows = "k1,,,,Ada,\nk2,,,,Bruno,\n"
    web = "2026-01-01,login,ada@x.org,c1\n2026-01-02,login,bruno@x.org,c1\n"
    groups, shared, _ = outcome(make_project, rows, web)
    assert ["email:ada@x.org"] in groups
    assert ["email:bruno@x.org"] in groups
    assert shared == {"c1": WITNESSES}


def test_a_sure_identifier_is_never_blamed(make_project) -> None:
    """Two first names on one loyalty card are its holder's: whoever entered the card's number is followed."""
    groups, shared, refused = outcome(make_project, "k1,L1,,,Ada,\nk2,L1,,,Bruno,\n")
    assert groups == [["loyalty_id:L1", "record:crm/k1", "record:crm/k2"]]
    assert shared == {}
    assert refused == []


def test_who_is_held_together_by_sure_evidence_is_not_parted_by_a_name(make_project) -> None:
    """Two names under one card on one phone: the card holds them together, so the phone has one owner."""
    rows = f"k1,L1,,{PHONE},Ada,\nk2,L1,,{PHONE},Bruno,\n"
    groups, shared, _ = outcome(make_project, rows)
    assert groups == [["loyalty_id:L1", "phone:+442079460018", "record:crm/k1", "record:crm/k2"]]
    assert shared == {}
