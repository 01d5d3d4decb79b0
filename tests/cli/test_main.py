"""What the command line does with whatever goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_store import make_store

from scvgraph.cli import main
from scvgraph.pipeline import run


@pytest.mark.parametrize(
    "command", [["status"], ["export", "identifiers", "--to", "out.csv"], ["customer", "C000000001"]]
)
def test_a_damaged_generation_is_a_message(tmp_path, command, monkeypatch):
    """A file of the generation that is no Parquet gives one line that says what to do, and exit code 1."""
    monkeypatch.chdir(tmp_path)
    store = make_store(tmp_path / "store")
    for table in ("links", "customers", "identifiers"):
        (store.generation().folder / f"{table}.parquet").write_text("xx")
    result = CliRunner().invoke(main, [*command, "--store", str(tmp_path / "store")])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output


def test_a_mistyped_command_is_told_its_neighbour():
    """An unknown command is a usage error that names the one most like it, if there is one."""
    result = CliRunner().invoke(main, ["lokup", "jane@x.com"])
    assert result.exit_code == 2
    assert "No such command 'lokup'. Did you mean 'lookup'?" in result.stderr
    assert "Did you mean" not in CliRunner().invoke(main, ["zzz"]).stderr


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """A refusal of the system says which file it is about, and does not call the store damaged."""
    make_store(tmp_path / "store")

    def refused(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refused)
    result = CliRunner().invoke(main, ["status", "--store", str(tmp_path / "store")])
    assert result.exit_code == 1
    assert "store.json: Permission denied; have its permissions corrected" in result.stderr


def test_a_full_disk_behind_standard_output_is_a_message(tmp_path):
    """Output that cannot be written ends with a message and exit code 1, not with a traceback."""
    make_store(tmp_path / "store")
    command = [sys.executable, "-m", "scvgraph", "audit", "--store", str(tmp_path / "store")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


_CRM = """
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
identifiers = { email = "mail" }
traits = { first_name = "first" }
"""


def test_nicknames_that_are_gone_stop_a_run_only(make_project):
    """Commands that read a finished store work without the file that the project names; `run` says what is amiss."""
    project = make_project(_CRM, crm__csv="id,mail,first\nk1,ann@x.com,Ann\nk2,ann@x.com,Anna\n")
    run(project)
    project.path.write_text(f'[resolve]\nnicknames = "gone.csv"\n{_CRM}', encoding="utf-8")
    place = ["-C", str(project.folder)]
    for command in (
        ["status"],
        ["lookup", "ann@x.com"],
        ["query", "MATCH (c:Customer) RETURN count(*)"],
        ["export", "customers", "--to", str(project.folder / "customers.csv")],
        ["review"],
    ):
        done = CliRunner().invoke(main, [*command, *place])
        assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["run", str(project.folder)])
    assert done.exit_code == 2
    assert "resolve.nicknames: cannot read gone.csv" in done.stderr
