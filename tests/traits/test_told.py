"""What profiles and e-mail addresses tell in the traits that may conflict."""

from __future__ import annotations

import pytest

from scvgraph.pipeline import run
from scvgraph.traits import profiles as room

TOML = """
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
[sources.crm.identifiers]
email = "mail"
[sources.crm.traits]
vorname = "first"
nachname = "last"
geburtsdatum = "born"
city = "city"
"""
HEADER = "id,mail,first,last,born,city\n"


@pytest.fixture
def told(monkeypatch):
    """What a run's nodes tell: (kind:value, trait, text)."""
    kept = []
    read = room.told_by

    def listen(work):
        found = read(work)
        names = dict(work.engine.rows("SELECT no, kind || ':' || raw FROM spellings"))
        kept.extend(
            (names[node], trait, found.texts[code])
            for node, trait, code in zip(
                found.node.tolist(), found.trait.tolist(), found.code.tolist(), strict=True
            )
        )
        return found

    monkeypatch.setattr(room, "told_by", listen)
    return kept


def test_first_names_and_birth_dates_are_told_folded(make_project, told) -> None:
    """Traits are known by what their names mean in other languages too; surnames and cities refuse nothing."""
    run(make_project(TOML, crm__csv=HEADER + "k1,,Zo\u00eb-Ann,Marsh,03/24/1980,Rome\n"))
    assert sorted(told) == [("record:crm/k1", 0, "zoe ann"), ("record:crm/k1", 1, "19800324")]


def test_what_says_nothing_is_not_told(make_project, told) -> None:
    """Spellings of nothing and dates that cannot be are left out."""
    run(make_project(TOML, crm__csv=HEADER + "k1,,N/A,Marsh,1980-02-30,\nk2,,Ann,,,\n"))
    assert told == [("record:crm/k2", 0, "ann")]


def test_addresses_tell_the_names_read_in_them(make_project, told) -> None:
    """An address tells a first name or an initial, by the names that profiles tell; one that fits none tells nothing."""
    rows = "k1,ann.marsh@x.org,Ann,Marsh,,\nk2,a.marsh@x.org,,,,Rome\nk3,shop@x.org,,,,Rome\n"
    run(make_project(TOML, crm__csv=HEADER + rows))
    assert sorted(told) == [
        ("email:a.marsh@x.org", 0, "a"),
        ("email:ann.marsh@x.org", 0, "ann"),
        ("record:crm/k1", 0, "ann"),
    ]


def test_where_nobody_tells_a_name_no_address_does(make_project, told) -> None:
    """Without first names and birth dates nothing can conflict."""
    run(make_project(TOML, crm__csv=HEADER + "k1,ann.marsh@x.org,,Marsh,,Rome\n"))
    assert told == []
