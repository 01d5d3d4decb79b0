"""Shared places: the labelled data beside the project, if it is there, and small projects made on the spot."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from neo4j_server.fixture import bolt, empty, neo4j_server, own_server

__all__ = ["bolt", "empty", "make_project", "neo4j_server", "own_server", "shared_data"]

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
