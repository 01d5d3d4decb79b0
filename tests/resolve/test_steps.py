"""Every step of identity resolution has a key that turns it off."""

from __future__ import annotations

import pytest

from scvgraph.pipeline import run

TOML = """
[project]
region = "GB"
[resolve]
match = false
KEYS
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
identifiers = { loyalty_id = "card", email = "mail", phone = "phone" }
traits = { first_name = "first", birth_date = "born" }
"""
HEADER = "id,card,mail,phone,first,born\n"
PHONE = "020 7946 0018"


def shared_and_customers(
    make_project, rows: str, keys: str, compare: str = "", **files: str
) -> tuple[int, int]:
    """How many identifiers are shared, and how many customers hold records."""
    toml = TOML.replace("KEYS", keys) + compare
    with run(make_project(toml, crm__csv=HEADER + rows, **files)).generation.engine() as engine:
        return (
            engine.one("SELECT count(*) FROM identifiers WHERE status = 'shared'"),
            engine.one(
                "SELECT count(DISTINCT customer) FROM memberships m JOIN identifiers i ON m.identifier = i.no"
                " WHERE i.kind = 'record'"
            ),
        )


NAMES = f"k1,,,{PHONE},Ada,\nk2,,,{PHONE},Bruno,\n"
DATES = f"k1,,,{PHONE},,1980-02-03\nk2,,,{PHONE},,1951-11-27\n"
MAIL = f"k1,,ada@x.org,{PHONE},,\nk2,,,{PHONE},Bruno,\nk3,,,,Ada,\n"


@pytest.mark.parametrize(
    ("rows", "key"),
    [(NAMES, "name_conflicts"), (DATES, "date_conflicts")],
)
def test_conflicts_can_be_turned_off(make_project, rows, key) -> None:
    """Two who tell different things over one phone are two, and the phone is shared; without the step they are one."""
    assert shared_and_customers(make_project, rows, "") == (1, 2)
    assert shared_and_customers(make_project, rows, f"{key} = false") == (0, 1)
    other = {"name_conflicts": "date_conflicts", "date_conflicts": "name_conflicts"}[key]
    assert shared_and_customers(make_project, rows, f"{other} = false") == (1, 2)


def test_names_in_addresses_can_be_turned_off(make_project) -> None:
    """The name read in an address conflicts with a record's, so the phone of both is shared; not read, it is not."""
    assert shared_and_customers(make_project, MAIL, "") == (1, 2)
    assert shared_and_customers(make_project, MAIL, "email_names = false") == (0, 2)


def test_blame_can_be_turned_off(make_project) -> None:
    """Conflicts refuse links as before, but nothing becomes shared: the phone stays with one of the two."""
    assert shared_and_customers(make_project, NAMES, "blame = false") == (0, 2)


def test_an_own_comparison_counts_for_conflicts(make_project) -> None:
    """A trait that is off tells nothing; another that is declared a first name does."""
    off = '[resolve.compare]\nfirst_name = "off"\n'
    assert shared_and_customers(make_project, NAMES, "", off) == (0, 1)
    rows = NAMES.replace("Ada,", ",Ada").replace("Bruno,", ",Bruno")
    assert shared_and_customers(make_project, rows, "") == (0, 1)
    named = '[resolve.compare]\nbirth_date = "first_name"\n'
    assert shared_and_customers(make_project, rows, "", named) == (1, 2)


def test_own_nicknames_count_for_conflicts(make_project) -> None:
    """Two names that the project's own file holds in one line are no conflict, whatever their case and accents."""
    rows = NAMES.replace("Ada", "Željko").replace("Bruno", "Bato")
    assert shared_and_customers(make_project, rows, "") == (1, 2)
    keys = 'nicknames = "names.csv"'
    assert shared_and_customers(make_project, rows, keys, names__csv="# ours\nŽeljko, Bato\n") == (0, 1)
