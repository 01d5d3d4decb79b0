"""`scvgraph init` from the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.config import load


@pytest.fixture
def place(tmp_path, monkeypatch):
    lines = [
        "customer_no,email,first_name,updated_at",
        *(f"C{n:04},a{n}@x.com,Ann,2026-01-0{n % 9 + 1}" for n in range(30)),
    ]
    (tmp_path / "crm.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args):
    return CliRunner().invoke(main, ["init", *args])


def test_writes_a_project_file_that_loads_and_says_why(place):
    """The table names every column, what it is and why; the file loads."""
    result = run("crm.csv")
    assert result.exit_code == 0, result.output
    assert "crm: records, 30 rows looked at of crm.csv" in result.output
    assert "100% are e-mail addresses" in result.output
    assert "a1@x.com" not in result.output
    assert list(load(place).sources) == ["crm"]


def test_does_not_overwrite_unless_told(place):
    """Exit code 2 and the way out; --force overwrites."""
    assert run("crm.csv").exit_code == 0
    again = run("crm.csv")
    assert (again.exit_code, "--force" in again.output) == (2, True)
    assert run("crm.csv", "--force", "--region", "gb").exit_code == 0
    assert load(place).region == "GB"


def test_json(place):
    """--json prints sources and columns with role, reason and profile, and no values."""
    said = json.loads(run("crm.csv", "--json", "--to", "other.toml").output)
    assert list(said) == ["file", "region", "region_why", "unique", "decisions", "skipped", "sources"]
    (source,) = said["sources"]
    email = next(column for column in source["columns"] if column["as"] == "email")
    assert email == {
        "column": "email",
        "as": "email",
        "why": "100% are e-mail addresses",
        "fill": 1.0,
        "distinct": 30,
        "shape": "a99@a.aaa",
    }
    assert (place / "other.toml").exists()


@pytest.mark.parametrize(
    ("args", "said"), [(["none.csv"], "no file at none.csv"), (["crm.csv", "--region", "GBR"], "two letters")]
)
def test_faults_of_use(place, args, said):
    """Exit code 2, a message, no stack trace, no file."""
    result = run(*args)
    assert (result.exit_code, said in result.output, (place / "scvgraph.toml").exists()) == (2, True, False)


def test_an_identifier_is_no_event_key(tmp_path):
    """A column of cookies that happens to be different in every row becomes an identifier, not the events' key."""
    lines = ["time,cookie_id,login_email"] + [
        f"2026-01-01T00:{n % 60:02d}:00Z,ck{n:08x}{n:06d},p{n}@x.org" for n in range(300)
    ]
    (tmp_path / "w.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["init", str(tmp_path / "w.csv"), "--to", str(tmp_path / "scvgraph.toml")]
    )
    assert result.exit_code == 0, result.output
    source = load(tmp_path / "scvgraph.toml").sources["w"]
    assert source.key is None
    assert ("cookie_id", "cookie_id") in source.identifiers


def test_traits_say_how_they_are_compared(place):
    """Beside each trait stands its role, in the words of [resolve.compare], which a comment shows."""
    assert run("crm.csv").exit_code == 0
    written = (place / "scvgraph.toml").read_text()
    (line,) = [line for line in written.splitlines() if line.startswith("first_name = ")]
    assert line.endswith("; compared as first_name")
    assert "# [resolve.compare]" in written
