"""The small world of graph_world.py, built once and opened for reading."""

from __future__ import annotations

import pytest
from graph_world import make_world

from scvgraph.api import open_view


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("world") / "store")


@pytest.fixture(scope="session")
def view(world):
    with open_view(world.folder) as opened:
        yield opened
