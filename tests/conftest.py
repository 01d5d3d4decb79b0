"""Shared places: the labelled data beside the project, if it is there, and small projects made on the spot."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from neo4j_server.fixture import bolt, empty, neo4j_server, own_server

__all__ = [
    "bolt",
    "empty",
    "known_answers",
    "make_project",
    "neo4j_server",
    "own_server",
    "retail",
    "shared_data",
]

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shuffles",
        type=int,
        default=12,
        help="dealings of rows, files and batches that the pipeline must not show (300 take some minutes)",
    )


@pytest.fixture
def shuffles(request: pytest.FixtureRequest) -> int:
    """How many dealings are tried."""
    return request.config.getoption("--shuffles")


@pytest.fixture
def shared_data() -> Path:
    """The folder of labelled data and scenarios kept beside the project; tests that need it are skipped without."""
    if not SHARED.exists():
        pytest.skip(f"no labelled data at {SHARED}")
    return SHARED


@pytest.fixture
def known_answers() -> Path:
    """The folder of answers that other projects publish."""
    return ROOT / "tests" / "known_answers"


@pytest.fixture(scope="session")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped example, run once; tests leave its generation as it is."""
    from click.testing import CliRunner

    from scvgraph.cli import main

    folder = tmp_path_factory.mktemp("example") / "retail"
    shutil.copytree(
        ROOT / "examples" / "retail", folder, ignore=shutil.ignore_patterns(".scvgraph", "__pycache__")
    )
    result = CliRunner().invoke(main, ["run", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def make_project(tmp_path: Path):
    """Writes a project file and its data files into a folder; returns the loaded project."""

    def make(toml: str, **files: str):
        from scvgraph.config import load

        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(
                textwrap.dedent(content).lstrip(), encoding="utf-8"
            )
        (tmp_path / "scvgraph.toml").write_text(textwrap.dedent(toml), encoding="utf-8")
        return load(tmp_path)

    return make
