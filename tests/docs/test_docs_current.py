"""What documents repeat from the code is as the code has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from making.documents import ROOT, Region, documents, regions
from making.sections import is_current, shape, written
from pictures.draw import PICTURE, drawn

from scvgraph.cli import COMMANDS
from scvgraph.config import parse
from scvgraph.config.faults import Section
from scvgraph.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from making.console import Desk

REGIONS = [region for document in documents() for region in regions(document)]
STORIES = sorted((ROOT / "examples" / "scenarios").glob("*.json"))
REFRESH = "is stale; run `python docs/refresh.py` and read the difference"

EVERYTHING = """
[project]
[identifiers.email]
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
fixed = { kind = "record" }
[sources.crm.identifiers]
email = "e"
[sources.web]
shape = "events"
files = "web.csv"
time = "at"
header = true
fixed = { kind = "page" }
[sources.web.identifiers]
email = "e"
[resolve]
[customers]
[channels]
[graph]
[neo4j]
"""
SERVED = {"publish", "browser"}  # what they print needs a server; the tests of publishing look at it
FREE = {
    "sources.NAME.identifiers",
    "sources.NAME.traits",
    "resolve.rules",
    "resolve.events",
    "resolve.compare",
    "customers.traits",
    "channels.rules",
}


@pytest.mark.parametrize("region", REGIONS, ids=lambda r: f"{r.document.stem}-{r.what}".replace(" ", "_"))
def test_generated_parts_are_current(region: Region, at: Desk) -> None:
    """Tables, help texts, stages and samples stand in the documents as the code gives them."""
    assert is_current(region, written(region, at)), f"{region.place}: '{region.what}' {REFRESH}"


def test_picture_is_current(at: Desk) -> None:
    """The picture shows the example's customer as the store has it."""
    assert PICTURE.read_text(encoding="utf-8") == drawn(at.retail), f"{PICTURE.name} {REFRESH}"


def test_every_command_is_documented() -> None:
    """docs/commands.md has the help of every command, and a sample for every one that prints JSON here."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"## scvgraph {command}\n" in text, command
        assert f"<!-- generated: help {command} -->" in text, command
        assert command in SERVED or f"<!-- generated: json scvgraph {command} " in text, command


def test_every_key_of_a_project_file_is_documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/project-file.md has a row for each key the loader accepts, under its table, and for no other."""
    accepted: set[tuple[str, str]] = set()
    plain = Section.raw

    def noting(self: Section, key: str, default: Any = None) -> Any:
        accepted.add((_general(self.path), key))
        return plain(self, key, default)

    monkeypatch.setattr(Section, "raw", noting)
    parse(EVERYTHING, tmp_path / "scvgraph.toml")
    accepted = {(table, key) for table, key in accepted if table not in FREE | {"", "sources", "identifiers"}}
    documented = _documented()
    assert accepted - documented == set(), "accepted, but not in docs/project-file.md"
    assert documented - accepted == set(), "in docs/project-file.md, but not accepted"


def _general(table: str) -> str:
    table = re.sub(r"^sources\.\w+", "sources.NAME", table)
    return re.sub(r"^identifiers\.\w+", "identifiers.KIND", table)


def _documented() -> set[tuple[str, str]]:
    found, table = set(), ""
    for line in (ROOT / "docs" / "project-file.md").read_text(encoding="utf-8").splitlines():
        head = re.match(r"#+ `\[([\w.]+)\]`", line)
        if head:
            table = head[1]
        row = re.match(r"\| `(\w+)` \|", line)
        if row:
            found.add((table, row[1]))
    return found


def test_stories_end_as_expected_in_reverse(tmp_path: Path) -> None:
    """Every story of examples/scenarios ends as it says with its events in reverse; as written they are run where
    docs/identity.md shows their verdicts.
    """
    assert len(STORIES) >= 8
    for path in STORIES:
        said = json.loads(path.read_text(encoding="utf-8"))
        said["events"].reverse()
        last = len(said["events"]) - 1
        owned = said["expect"].get("events", {})
        said["expect"]["events"] = {str(last - int(number)): who for number, who in owned.items()}
        (tmp_path / path.name).write_text(json.dumps(said), encoding="utf-8")
    for verdict in simulate(sorted(tmp_path.glob("*.json"))):
        broken = [finding for finding in verdict.findings if not finding.kept]
        assert not broken, (verdict.name, broken)


def test_shape_is_keys_all_the_way_down() -> None:
    """Two JSON samples are alike if their keys are, whatever their values and the length of their lists."""
    assert shape({"a": [{"b": 1}, {"b": 2}]}) == shape({"a": [{"b": None}]})
    assert shape({"a": 1}) != shape({"b": 1})
