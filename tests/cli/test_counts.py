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
