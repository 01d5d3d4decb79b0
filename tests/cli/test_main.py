"""What the command line does with whatever goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_store import make_store

from scvgraph.cli import main


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
