"""The graph file: read by many while others build, never written, and its Cypher's traps kept out of our queries."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest

from graph_world import JANE, add_generation, make_world
from scvgraph.api import open_view
from scvgraph.embedded.graph import Graph
from scvgraph.errors import QueryError, StoreMissing

READER = """
import sys
from scvgraph.api import open_view
seen = set()
for _ in range(int(sys.argv[2])):
    with open_view(sys.argv[1]) as view:
        card = view.lookup("jane@x.com").customers[0]
        seen.add((card.id, card.identifier_count, card.touchpoint_count))
print(seen)
"""


def test_readers_while_another_generation_is_built(tmp_path):
    """Two processes look up again and again while a third generation is built and made current: one answer."""
    store = make_world(tmp_path / "store")
    command = [sys.executable, "-c", READER, str(store.folder), "6"]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    with open_view(store.folder) as held:
        held.lookup("jane@x.com")
        add_generation(store)
        add_generation(store)
        assert held.lookup("jane@x.com").customers[0].id == JANE  # its generation is gone from the folder
    for reader in readers:
        said, errors = reader.communicate(timeout=60)
        assert said.strip() == str({(JANE, 6, 3)}), errors


def test_two_views_in_one_process(world):
    """A notebook may hold a store open twice."""
    with open_view(world.folder) as one, open_view(world.folder) as other:
        assert one.lookup("L-77").customers == other.lookup("L-77").customers


@pytest.mark.parametrize(
    "cypher", ["CREATE (:Channel {name: 'x'})", "MATCH (c:Customer) DETACH DELETE c", "DROP TABLE HAS"]
)
def test_is_read_only(view, cypher):
    with pytest.raises(QueryError, match="read-only"):
        view.ask(cypher)


@pytest.mark.parametrize(
    ("cypher", "hint"),
    [
        ("MATCH p = shortestPath((a)-[*]-(b)) RETURN p", "SHORTEST"),
        ("MATCH (x:Person) RETURN x", "docs/architecture.md"),
        ("MATCH (x RETURN x", "subset of Cypher"),
        ("RETURN 1; RETURN 2", "one statement at a time"),
        ("MATCH (c:Customer {id: $id}) RETURN c", "-p id=VALUE"),
    ],
)
def test_refusals_carry_the_engines_words_and_a_hint(view, cypher, hint):
    with pytest.raises(QueryError, match=hint):
        view.ask(cypher)


def test_without_a_graph_the_message_says_how_to_get_one(tmp_path):
    """Tables can still be read; look-ups say what to set and run."""
    store = make_world(tmp_path / "store", graph=False)
    with open_view(store.folder) as view:
        with pytest.raises(StoreMissing, match=r"build = true under \[graph\].*scvgraph run"):
            view.lookup("jane@x.com")
        assert view.customer(JANE).touchpoint_count == 3


def test_nodes_and_paths_come_without_storage_ids(view):
    """A node is its label and properties; a path its nodes and relationships."""
    (node,) = view.ask("MATCH (c:Channel {name: 'store'}) RETURN c").rows[0]
    assert node == {"label": "Channel", "name": "store", "touches": 1, "conversions": 1, "value": 20.0}
    (path,) = view.ask("MATCH p = (:Channel {name: 'email'})-[:FOLLOWED_BY]->(:Channel) RETURN p").rows[0]
    assert [n["name"] for n in path["nodes"]] == ["email", "store"]
    assert path["relationships"][0]["count"] == 1


def test_sums_are_plain_numbers_and_times_are_times(view):
    (total, last) = view.ask("MATCH (t:Touchpoint) RETURN sum(t.seq), max(t.ts)").rows[0]
    assert type(total) is int
    assert last == datetime(2026, 1, 8)  # noqa: DTZ001


def test_walks_may_return_where_they_came_from(view):
    """The engine's paths are walks, Neo4j's are trails: why our queries name the ends they want apart."""
    reached = view.ask(
        "MATCH (a:Identifier {id: 'email:jane@x.com'})-[:LINKED*2..2]-(b:Identifier) RETURN DISTINCT b.id"
    ).rows
    assert ("email:jane@x.com",) in reached
    rows = view.ask("why_linked", {"a": "email:jane@x.com", "b": "loyalty_id:L-77"}).rows
    assert {via for via, *_ in rows} == {"", "phone:+447400123456"}


def test_graph_closes_once_and_reopens(world):
    path = world.generation().graph_path
    for _ in range(3):
        with Graph(path, quick=True) as graph:
            assert graph.rows("MATCH (c:Customer {no: $no}) RETURN c.id", no=1) == [[JANE]]


@pytest.mark.parametrize(
    "cypher",
    [
        "COPY (MATCH (c:Customer) RETURN c.id) TO 'leak.csv'",
        "  install json",
        "LOAD FROM 'x.csv' RETURN *",
        "EXPORT DATABASE 'd'",
    ],
)
def test_queries_cannot_reach_out_of_the_graph(world, cypher):
    """Statements that write files, read files or load code are refused; the same words in quotes are not."""
    with open_view(world.folder) as view:
        with pytest.raises(QueryError, match="only read the graph"):
            view.query(cypher)
        assert view.query("RETURN 'copy that' AS said").said.tolist() == ["copy that"]
