"""One desk for all tests of documents: a copy of the examples, the retail store built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from making.console import Desk, desk  # noqa: E402


@pytest.fixture(scope="session")
def at(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("docs"))
