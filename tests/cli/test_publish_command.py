"""scvgraph publish and export neo4j-admin: what they print, and what they say when something is missing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.pipeline import run
from town import CRM, CRM_LATER, WEB, WEB_LATER, write


def say(*words, **place):
    bare = dict.fromkeys(("NEO4J_URI", "NEO4J_PASSWORD", "NEO4J_USERNAME", "NEO4J_DATABASE"))
    return CliRunner().invoke(main, list(words), env={**bare, **place}, catch_exceptions=False)


@pytest.fixture
def place(empty):
    return {
        "NEO4J_URI": empty.uri,
        "NEO4J_PASSWORD": empty.password,
        "NEO4J_USERNAME": empty.user,
        "NEO4J_DATABASE": empty.database,
    }


def test_publish_prints_what_was_sent(place, tmp_path):
    """A plan, the first publish, the next one; as a table and as JSON; the password in none of it."""
    run(write(tmp_path, CRM, WEB))
    folder = str(tmp_path)
    planned = say("publish", "neo4j", folder, "--plan", **place)
    assert "nothing was written" in planned.stdout
    first = say("publish", "neo4j", folder, **place)
    assert "generation 1 is published" in first.stdout
    assert place["NEO4J_PASSWORD"] not in planned.output + first.output
    run(write(tmp_path, CRM_LATER, WEB_LATER))
    said = json.loads(say("publish", "neo4j", folder, "--json", **place).stdout)
    assert (said["generation"], said["anew"]) == (2, False)
    assert {part["part"] for part in said["parts"] if part["gone"]} >= {"Customer", "HAS", "MADE"}
    assert "0 rows sent" in say("publish", "neo4j", folder, **place).stdout


def test_what_is_missing_is_said(tmp_path):
    """No server, no password, no store yet: exit code 2 or 1 and what to do."""
    project = write(tmp_path, CRM, WEB)
    assert "make one with `scvgraph run`" in say("publish", "neo4j", str(tmp_path)).stderr
    run(project)
    for words, said in (((), "NEO4J_URI"), (("--uri", "bolt://127.0.0.1:1"), "NEO4J_PASSWORD")):
        result = say("publish", "neo4j", str(tmp_path), *words)
        assert (result.exit_code, said in result.stderr) == (2, True)
    result = say(
        "publish", "neo4j", str(tmp_path), "--uri", "bolt://127.0.0.1:1", NEO4J_PASSWORD="hidden-word"
    )
    assert (result.exit_code, "cannot be reached" in result.stderr) == (1, True)
    assert "hidden-word" not in result.output
    assert "No such option" in say("publish", "neo4j", str(tmp_path), "--password", "x").stderr


def test_export_for_the_importer(tmp_path):
    """Files, and the command; without a folder, or with one that is not empty, it says so."""
    run(write(tmp_path, CRM, WEB))
    words = ("export", "neo4j-admin", str(tmp_path / "files"), "-C", str(tmp_path))
    said = json.loads(say(*words, "--json").stdout)
    assert said["command"].startswith("neo4j-admin database import full neo4j")
    assert (tmp_path / "files" / "command.txt").read_text().strip() == said["command"]
    assert "not empty" in say(*words).stderr
    assert "name a new folder" in say("export", "neo4j-admin", "-C", str(tmp_path)).stderr
    assert "--to customers.csv" in say("export", "customers", "-C", str(tmp_path)).stderr
