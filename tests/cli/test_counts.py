"""Counts are of what is listed, and messages about what is gone are clear."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.pipeline import run

TOML = """
[project]
decisions = "decisions.csv"
[sources.club]
shape = "records"
files = "club.csv"
key = "id"
[sources.club.identifiers]
email = "mail"
loyalty_id = "card"
[sources.club.traits]
first_name = "first"
"""
CLUB = "id,first,mail,card\n1,Ann,ann@x.org,M01\n2,Bob,bob@x.org,M02\n"
RULED = "decision,a,b,at\ncannot_link,loyalty_id:M01,loyalty_id:M02,2026-01-01T00:00:00Z\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A club of two who show no times."""
    from scvgraph.config import load

    folder = tmp_path_factory.mktemp("club")
    for file, content in (("scvgraph.toml", TOML), ("club.csv", CLUB), ("decisions.csv", RULED)):
        (folder / file).write_text(content)
    run(load(folder))
    return folder


def asked(folder, command, *words):
    return CliRunner().invoke(main, [command, *words, "-C", str(folder)])


def test_identifiers_are_counted_as_listed(folder):
    """A look-up and a customer count what they list, records among it, in text and in JSON."""
    text = asked(folder, "lookup", "loyalty_id:M01").stdout
    assert "identifiers (3)" in text
    assert "record" in text
    card = json.loads(asked(folder, "lookup", "loyalty_id:M01", "--json").stdout)["customers"][0]
    assert card["identifier_count"] == len(card["identifiers"]) == 3
    assert "identifiers (3)" in asked(folder, "customer", card["id"]).stdout


def test_all_missing_columns_are_named(tmp_path):
    """A project that names columns the file has not gives exit code 2 and all of them."""
    (tmp_path / "scvgraph.toml").write_text(TOML.replace('decisions = "decisions.csv"', ""))
    (tmp_path / "club.csv").write_text("id,name,email,card\n1,Ann,a@x.org,M01\n")
    said = CliRunner().invoke(main, ["run", str(tmp_path)])
    assert said.exit_code == 2
    assert "columns 'mail', 'first' are not there" in said.output


def test_rows_without_times_say_so(folder):
    """Where no row has a time, no empty span is printed."""
    assert asked(folder, "lookup", "loyalty_id:M01").stdout.startswith("C000000001  1 row, no times\n")
    assert asked(folder, "customer", "c000000001").stdout.startswith("C000000001  1 row, no times\n")


def test_ids_are_read_in_either_case_by_queries(folder):
    """A parameter that is an id may begin in small letters, as with other commands."""
    said = asked(folder, "query", "identifiers_of_customer", "-p", "customer=c000000001", "--json")
    assert len(json.loads(said.stdout)) == 3


def test_columns_of_a_query_keep_their_names(folder):
    """A table shows what Cypher calls its columns."""
    said = asked(folder, "query", "MATCH (c:Customer) RETURN max(c.first_seen), count(c) AS how_many")
    assert "how_many" in said.stdout.splitlines()[0]


def test_a_household_is_asked_for_by_a_query(folder):
    """A household's id in a look-up leads to the query of its members."""
    said = asked(folder, "lookup", "h000000002")
    assert said.exit_code == 1
    assert "scvgraph query household_members -p household=H000000002" in said.stderr


def test_no_colour_where_none_is_wanted(folder, monkeypatch):
    """NO_COLOR is obeyed by every command, prompts among them."""
    for command, *words in (("lookup", "loyalty_id:M01"), ("review", "--answer"), ("lookup", "nobody")):
        monkeypatch.setenv("NO_COLOR", "1")
        plain = CliRunner().invoke(main, [command, *words, "-C", str(folder)], color=True, input="k\n" * 9)
        assert "\x1b[" not in plain.output
        monkeypatch.delenv("NO_COLOR")
    coloured = CliRunner().invoke(main, ["lookup", "loyalty_id:M01", "-C", str(folder)], color=True)
    assert "\x1b[" in coloured.output


def test_exports_say_what_numbers_are(folder, tmp_path):
    """Ends of links stand as kind:value beside their numbers; one row is counted as one."""
    import csv

    said = asked(folder, "export", "customers", "--to", str(tmp_path / "customers.csv")).stdout
    assert said.startswith("2 rows of customers")
    asked(folder, "export", "links", "--to", str(tmp_path / "links.csv"))
    rows = list(csv.DictReader((tmp_path / "links.csv").open()))
    ends = {frozenset((row["a_identifier"], row["b_identifier"])) for row in rows}
    assert frozenset(("email:ann@x.org", "record:club/1")) in ends
    asked(folder, "export", "decisions", "--to", str(tmp_path / "one.csv"))
    assert asked(folder, "export", "decisions", "--to", str(tmp_path / "one.csv")).stdout.startswith(
        "1 row of"
    )
