"""Publishing to a real Neo4j: the whole of a generation, then what differs, seen whole or not at all."""

from __future__ import annotations

import threading

import pytest

from graph_world import FOREIGN, QUOTES, ZOE, world
from scvgraph.config.project import GraphPolicy
from scvgraph.errors import PublishError
from scvgraph.pipeline import run
from scvgraph.publish.connection import connect
from scvgraph.publish.publish import plan, publish, tables
from scvgraph.store import Store
from town import CRM, CRM_LATER, WEB, WEB_LATER, contents, publish_to, ran_and_published, write

__all__ = ["world"]


def ask(bolt, cypher, **values):
    return [row.values() for row in bolt.execute_query(cypher, values, database_="neo4j").records]


@pytest.fixture
def published(empty, world):
    with connect(empty) as server:
        return publish(server, world, world.generation(), GraphPolicy(), lambda _: None)


def test_everything_arrives_and_is_verified(published, bolt):
    """Customers, identifiers with a label for their kind, links, records, touchpoints, channels and lineage."""
    counts = {change.part.name: change.rows for change in published.plan.changes}
    assert counts["Customer"] == 4
    assert counts["HAS"] == 12
    for label, count in counts.items():
        pattern = f"(x:{label})" if published.plan.of(label).part.is_node else f"()-[x:{label}]->()"
        assert ask(bolt, f"MATCH {pattern} RETURN count(x)") == [[count]], label
    assert published.verified == sum(counts.values())
    assert ask(bolt, "MATCH (i:Identifier:LoyaltyId) RETURN count(i)") == [[4]]
    assert ask(bolt, "MATCH (n:_ScvBatch) RETURN count(n)") == [[0]]


def test_values_are_values(published, bolt):
    """A card number that looks like Cypher, and one in other scripts, are stored as they are."""
    found = ask(bolt, "MATCH (:Customer {id: $id})-[:HAS]->(i) RETURN i.value ORDER BY i.value", id=ZOE)
    assert found == sorted([[QUOTES], [FOREIGN]])


def test_a_second_publish_sends_what_differs(empty, bolt, tmp_path):
    """New, changed, merged, split and vanished customers: the same graph as if all were written anew, for less."""
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    project = write(tmp_path, CRM_LATER, WEB_LATER)
    done = ran_and_published(empty, project)
    assert not done.plan.is_fresh
    assert 0 < done.plan.written < sum(change.rows for change in done.plan.changes)
    assert done.plan.of("Customer").changed
    assert done.plan.of("Customer").gone
    assert done.plan.of("Identifier").added
    changed = contents(bolt)
    again = publish_to(empty, project, anew=True)
    assert again.plan.is_fresh
    assert contents(bolt) == changed
    assert publish_to(empty, project).plan.written == 0


def test_there_and_back(empty, bolt, tmp_path):
    """What vanished and comes back is there once."""
    write(tmp_path, CRM, WEB)
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    ran_and_published(empty, write(tmp_path, CRM_LATER, WEB_LATER))
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    first = contents(bolt)
    publish_to(empty, write(tmp_path, CRM, WEB), anew=True)
    assert contents(bolt) == first


def test_a_plan_writes_nothing(empty, bolt, tmp_path):
    """It counts what would be sent and leaves store and database as they are."""
    project = write(tmp_path, CRM, WEB)
    run(project)
    store = Store.open(project.store)
    with connect(empty) as server, tables(store, store.generation()) as engine:
        said = plan(server, engine, store, store.generation(), project.graph)
    assert said.of("Customer").added == said.of("Customer").rows > 0
    assert ask(bolt, "MATCH (n) RETURN count(n)") == [[0]]
    assert not [path for path in (store.folder / "published").iterdir() if path.name != "spill"]


@pytest.mark.parametrize(("touchpoints", "expected"), [("none", 0), ("converting", 4)])
def test_journeys_as_far_as_wanted(empty, bolt, tmp_path, touchpoints, expected):
    """All touchpoints, those of customers who bought, or none; the map of channels is whole either way."""
    ran_and_published(empty, write(tmp_path, CRM, WEB, touchpoints))
    assert ask(bolt, "MATCH (t:Touchpoint) RETURN count(t)") == [[expected]]
    assert ask(bolt, "MATCH (c:Channel) RETURN sum(c.touches) > 0") == [[True]]


def test_other_data_is_left_alone(empty, bolt, tmp_path):
    """Nodes of others, of the same label even, and what they tied to ours, stay."""
    ask(bolt, "CREATE (:Customer {id: 'theirs'})-[:OWNS]->(:Boat {name: 'Ada'})")
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    ask(bolt, "MATCH (c:Customer {id: 'C000000001'}), (b:Boat) CREATE (b)-[:SOLD_TO]->(c)")
    ask(bolt, "MATCH (c:Customer {id: 'C000000001'}) SET c.theirs = 7")
    ran_and_published(empty, write(tmp_path, CRM_LATER, WEB_LATER))
    assert ask(
        bolt,
        "MATCH (c:Customer {id: 'theirs'})-[:OWNS]->(b:Boat)-[:SOLD_TO]->(d) RETURN d.first_name, d.theirs",
    ) == [["Anne", 7]]


def test_a_reader_sees_one_state_or_the_other(empty, bolt, tmp_path):
    """While the second state is written anew, every count a reader makes is that of the first or of the second."""
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    project = write(tmp_path, CRM_LATER, WEB_LATER)
    run(project)
    question = "MATCH (c:Customer) WITH count(c) AS customers MATCH (i:Identifier) RETURN customers, count(i)"
    seen, stop = [ask(bolt, question)[0]], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(ask(bolt, question)[0])

    reader = threading.Thread(target=read)
    reader.start()
    publish_to(empty, project, anew=True)
    stop.set()
    reader.join()
    allowed = [seen[0], ask(bolt, question)[0]]
    # A query that runs while the switch commits may count the parts of it on either side.
    assert {tuple(each) for each in seen} <= {(a, b) for a, _ in allowed for _, b in allowed}


def test_another_store_replaces_what_is_there(empty, bolt, tmp_path, world):
    """The database's state is unknown to a store that has not published it: all is written anew."""
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    with connect(empty) as server:
        done = publish(server, world, world.generation(), GraphPolicy(), lambda _: None)
    assert done.plan.is_fresh
    assert done.plan.replaces
    assert ask(bolt, "MATCH (c:Customer) RETURN count(c)") == [[4]]


def test_a_store_of_nothing_does_not_empty_what_another_published(empty, bolt, tmp_path):
    """It is refused, with what to do; with `anew` it is done."""
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    there = contents(bolt)
    (tmp_path / "other").mkdir()
    nobody = write(tmp_path / "other", [], [])
    run(nobody)
    with pytest.raises(PublishError, match="give --anew"):
        publish_to(empty, nobody)
    assert contents(bolt) == there
    assert publish_to(empty, nobody, anew=True).plan.replaces
    assert ask(bolt, "MATCH (c:Customer) RETURN count(c)") == [[0]]


def test_a_broken_off_replacement_leaves_no_trace(empty, bolt, tmp_path):
    """What it staged is swept by the next publish, and the database says that nothing is under way."""

    def broken(said):
        if said.startswith("LINKED"):
            raise KeyboardInterrupt

    project = write(tmp_path, CRM, WEB)
    ran_and_published(empty, project)
    there = contents(bolt)
    with pytest.raises(KeyboardInterrupt):
        publish_to(empty, project, broken, anew=True)
    assert ask(bolt, "MATCH (p:_ScvPublication) RETURN p.state") == [["staging"]]
    assert publish_to(empty, project).plan.written == 0
    assert contents(bolt) == there
    assert ask(bolt, "MATCH (p:_ScvPublication) RETURN p.state, p.next") == [["done", None]]


def test_what_was_tampered_with_is_found(empty, bolt, tmp_path):
    """Verification names the part whose count or properties differ, and says what to do."""
    project = write(tmp_path, CRM, WEB)
    ran_and_published(empty, project)
    ask(bolt, "MATCH (i:Identifier) SET i.value = 'x'")
    with pytest.raises(PublishError, match=r"Identifier: \d+ of \d+ sampled differ(?s:.)*--anew"):
        publish_to(empty, project)
    ask(bolt, "MATCH (:Customer)-[h:HAS]->() WITH h LIMIT 1 DELETE h")
    with pytest.raises(PublishError, match=r"HAS: \d+ where \d+ belong"):
        publish_to(empty, project)
    assert publish_to(empty, project, anew=True).verified
