"""`scvgraph audit` on a small store."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from small_store import make_store

from scvgraph.cli import main
from scvgraph.config import load
from scvgraph.pipeline import run as run_project


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit") / "store"
    make_store(folder)
    return str(folder)


def run(store, *args):
    return CliRunner().invoke(main, ["audit", "--store", store, *args])


def test_prints_findings_then_sources(store):
    """Findings say what they mean and what to do; then comes a table per source, without any personal value."""
    result = run(store)
    assert result.exit_code == 0, result.output
    assert "20% of the rows of crm belong to no customer (none 20%)" in result.output
    assert result.output.index("means:") < result.output.index("crm: 5 records, 2026-01-01 to 2026-01-05")
    assert "e_mail                email" in result.output
    assert "@" not in result.output


def test_json_has_a_stable_shape(store):
    """--json prints findings, sources, columns, kinds and pairs."""
    said = json.loads(run(store, "--json").output)
    assert list(said) == ["findings", "sources", "columns", "kinds", "pairs", "blocks"]
    (column,) = [c for c in said["columns"] if c["kind"] == "email"]
    assert (column["fill"], column["validity"], column["distinct"], column["duplicates"]) == (
        0.8,
        1.0,
        2,
        0.5,
    )
    assert "@" not in json.dumps(said)


def test_unknown_source_names_the_known_ones(store):
    """Exit code 2 and the names that exist."""
    result = run(store, "--source", "web")
    assert (result.exit_code, "its sources: crm" in result.output) == (2, True)


def test_a_source_without_rows_is_found(make_project):
    """A file with a header and nothing below it is read, and the audit says that nothing of it reaches anybody."""
    from scvgraph.pipeline import run as take_in

    toml = """
        [graph]
        build = false
        [sources.web]
        shape = "events"
        files = "web.csv"
        time = "time"
        [sources.web.identifiers]
        email = "email"
    """
    project = make_project(toml, web__csv="time,email\n")
    take_in(project)
    assert "web has no rows" in run(str(project.store)).output


def test_channels_without_a_rule_are_listed(tmp_path):
    """What no rule of channels holds for is a note, under the rules of the project."""
    (tmp_path / "scvgraph.toml").write_text(
        '[graph]\nbuild = false\n[channels.rules]\nKiosk = "channel = \'kiosk\'"\n[sources.web]\nshape = "events"\n'
        'files = "e.csv"\ntime = "time"\nkind = "kind"\nchannel = "channel"\n[sources.web.identifiers]\ncookie_id = "cookie"\n',
        encoding="utf-8",
    )
    (tmp_path / "e.csv").write_text(
        "time,kind,channel,cookie\n2026-01-01,page,radio,c1\n2026-01-02,page,kiosk,c1\n", encoding="utf-8"
    )
    run_project(load(tmp_path))
    output = CliRunner().invoke(main, ["audit", "--project", str(tmp_path)]).output
    assert "1 touchpoints of web: 'radio'" in output
    assert "'kiosk'" not in output
