"""Graphs as files that other programs read."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

import scvgraph
from graph_world import JANE, ZOE
from scvgraph.embedded.graph_files import graph_text
from scvgraph.errors import UsageError

EVIL = "</graphml><script>alert(1)</script>&\x00\x1b"


def read(path):
    return nx.read_graphml(path) if path.suffix == ".graphml" else nx.read_gexf(path)


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
@pytest.mark.parametrize("who", [JANE, ZOE])
def test_customers_and_neighbourhoods_come_back(view, tmp_path, ending, who):
    """Same nodes and edges, numbers as numbers, nulls left out."""
    for network in (view.customer(who).graph(), view.neighbourhood(who).graph()):
        path = tmp_path / f"graph{ending}"
        scvgraph.write_graph(network, path)
        back = read(path)
        assert set(back) == set(network)
        assert {frozenset(edge) for edge in back.edges} == {frozenset(edge) for edge in network.edges}
        for a, b, told in network.edges(data=True):
            assert back.edges[a, b]["relation"] == told["type"]
            if told.get("weight") is not None:
                assert back.edges[a, b]["weight"] == told["weight"]
        assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
def test_any_value_is_text(ending):
    """Markup is escaped, characters XML cannot hold are replaced, and names the formats use for themselves are kept."""
    network = nx.Graph()
    network.add_node(EVIL, id="mine", start=EVIL, label="x", at=datetime(2026, 1, 2), none=None)  # noqa: DTZ001
    network.add_edge(EVIL, "b", type="LINKED", weight=0.5, id="e")
    text = graph_text(network, ending)
    ET.fromstring(text)
    assert "<script" not in text
    assert "2026-01-02T00:00:00" in text
    assert "none" not in text
    for kept in ("id_", "start_", "label_"):
        assert f'"{kept}"' in text


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
def test_the_same_graph_is_the_same_text(view, ending):
    """No date and no order of sets gets into a file."""
    texts = {graph_text(view.neighbourhood(JANE).graph(), ending) for _ in range(2)}
    assert len(texts) == 1
    assert "lastmodified" not in texts.pop()


def test_another_ending(view, tmp_path):
    """Says which endings there are; nothing is left behind."""
    with pytest.raises(UsageError, match=r"\.graphml or \.gexf"):
        scvgraph.write_graph(view.neighbourhood(JANE).graph(), tmp_path / "x.png")
    assert not list(tmp_path.iterdir())
