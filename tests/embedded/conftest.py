"""The small world of graph_world.py, built once and opened for reading."""

from __future__ import annotations

import pytest

from graph_world import world
from scvgraph.api import open_view

__all__ = ["view", "world"]


@pytest.fixture(scope="session")
def view(world):
    with open_view(world.folder) as opened:
        yield opened
