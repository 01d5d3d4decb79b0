"""The Python face: everything a notebook needs, from one place."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from graph_world import ANA, JANE, JOHN, world
from scvgraph.api import View, open_view
from scvgraph.errors import QueryError, ScvgraphError, StoreMissing, UnknownName

__all__ = ["world"]


@pytest.fixture(scope="module")
def view(world):
    with open_view(world.folder) as opened:
        yield opened


def test_opens_a_store_or_a_project(world, tmp_path):
    """A store's folder, a project's folder, or its file; anything else says what to run."""
    (tmp_path / "scvgraph.toml").write_text(
        f'[project]\nstore = "{world.folder}"\n[sources.a]\nshape = "records"\nfiles = "a.csv"\nkey = "k"\n'
        'identifiers.email = "e"\n'
    )
    for place in (world.folder, str(world.folder), tmp_path, tmp_path / "scvgraph.toml"):
        with open_view(place) as opened:
            assert opened.generation.number == 1
    with pytest.raises(StoreMissing, match="scvgraph init"):
        open_view(tmp_path / "nowhere")


def test_results_are_values(view):
    """Frozen, comparable, and JSON all the way down."""
    found = view.lookup("jane@x.com")
    assert found == view.lookup("jane@x.com")
    with pytest.raises(AttributeError):
        found.found = False
    for result in (found, view.explain("jane@x.com", "ck-jane"), view.customer(JANE), view.status()):
        assert json.loads(json.dumps(result.to_dict())) == result.to_dict()


def test_a_customer_as_a_network(view):
    """Nodes and edges say what they are; identifiers hang together without the customer's own node."""
    network = view.customer(JANE).graph()
    types = nx.get_node_attributes(network, "type")
    assert types[JANE] == "customer"
    assert types["email:jane@x.com"] == "identifier"
    assert types["loyalty_id:L-88"] == "outside"
    assert network.edges["email:jane@x.com", "loyalty_id:L-77"]["type"] == "LINKED"
    assert network.edges["phone:+447400123456", "loyalty_id:L-88"]["reason"] == "unique"
    followed = [(a, b) for a, b, type_ in network.edges(data="type") if type_ == "LINKED"]
    assert nx.is_connected(nx.Graph(followed))


def test_frames(view):
    """Queries, tables and SQL are DataFrames."""
    assert list(view.query("channel_map").columns) == [
        "channel",
        "next_channel",
        "times",
        "conversions",
        "median_gap_s",
    ]
    assert (
        view.query("MATCH (c:Customer) WHERE c.id = $id RETURN c.first_name AS name", id=JANE).name[0]
        == "Jane"
    )
    assert len(view.table("customers")) == 4
    assert view.sql("SELECT count(*) AS n FROM sightings WHERE source = $s", {"s": "crm"}).n[0] == 4
    with pytest.raises(QueryError, match="nix"):
        view.sql("SELECT * FROM nix")
    with pytest.raises(UnknownName, match="there are"):
        view.table("nix; DROP TABLE customers")


def test_frames_have_types(view):
    """Of a query's result, times are times and whole numbers whole; what is missing is missing, not text."""
    frame = view.query(
        "MATCH (c:Customer)-[h:HAS]->(i:Identifier)"
        " RETURN i.count AS count, i.first_seen AS first_seen, h.confidence AS confidence, h.valid_to AS valid_to"
    )
    kinds = [frame[column].dtype.kind for column in ("count", "first_seen", "confidence", "valid_to")]
    assert kinds == ["i", "M", "f", "M"]
    assert frame["valid_to"].notna().sum() == 1


def test_closing_twice_and_using_late(world):
    """Closing is harmless; a view opens again what it needs."""
    view = View(world)
    view.lookup("jane@x.com")
    view.close()
    view.close()
    assert view.lookup("jane@x.com").found
    view.close()


def test_unknown_customer(view):
    with pytest.raises(ScvgraphError, match="scvgraph lookup"):
        view.customer("C123")


def test_related_customers_and_households(world):
    """A customer names its relatives, and both tables come as DataFrames."""
    with open_view(world.folder) as view:
        found = view.customer(JANE)
        assert [(each.customer, each.why) for each in found.related] == [
            (JOHN, "device_id, phone"),
            (ANA, "ip"),
        ]
        assert found.household == "H000000001"
        assert list(view.table("relations")["other"]) == [JOHN, ANA]
        assert list(view.table("households")["household"]) == ["H000000001"] * 2
