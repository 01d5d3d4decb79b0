"""scvgraph status: what there is, and who is writing."""

from __future__ import annotations

import json
import os

from graph_world import make_world, scvgraph, world
from scvgraph.store import Store

__all__ = ["scvgraph", "world"]


def test_at_a_glance(scvgraph, world):
    """Generation, rows by table, stages of the run that made it, sizes."""
    output = scvgraph("status").output
    assert output.startswith(f"{world.folder}  generation 1, made 2026-07-01T00:00:00+00:00")
    found = json.loads(scvgraph("status", "--json").output)
    assert found["tables"]["customers"] == 4
    assert found["tables"]["events"] == 6
    assert found["stages"] == [{"stage": "resolve", "seconds": 0.5, "counts": {"customers": 4}}]
    assert (found["files"], found["rejects"], found["graph"], found["writer"]) == (2, 1, True, None)
    assert found["bytes"]["its graph"] > 0


def test_who_is_writing(scvgraph, world):
    """While a writer holds the lock it is named; afterwards its note is not believed."""
    with world.writer("run"):
        assert json.loads(scvgraph("status", "--json").output)["writer"]["pid"] == os.getpid()
        assert "run is under way" in scvgraph("status").output
    assert "under way" not in scvgraph("status").output


def test_before_the_first_generation_and_without_a_graph(scvgraph, tmp_path):
    store = Store.create(tmp_path / "empty")
    assert "no generation yet" in scvgraph("status", store=store.folder).output
    store = make_world(tmp_path / "store", graph=False)
    assert "no embedded graph" in scvgraph("status", store=store.folder).output


def test_what_matching_left_out(scvgraph, world):
    """Where the cap dropped more pairs than were found, a line says so; the counts are in the JSON."""
    assert "matching left out 19,900 pairs" in scvgraph("status").output
    found = json.loads(scvgraph("status", "--json").output)
    assert found["candidates"] == {"pairs": 12, "rules": 1, "blocks": 1, "dropped": 19_900}
