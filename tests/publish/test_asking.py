"""Every portable query gives the same rows in the same order on the embedded graph and on a real Neo4j."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import datetime

import pytest
from click.testing import CliRunner

from graph_world import JANE, QUOTES, world
from scvgraph.api import View, open_view
from scvgraph.cli import main
from scvgraph.config import load
from scvgraph.config.project import GraphPolicy
from scvgraph.embedded.statements import find_statement, statements
from scvgraph.errors import PublishError, QueryError
from scvgraph.pipeline import run
from scvgraph.publish.asking import ask, ask_server
from scvgraph.publish.connection import connect
from scvgraph.publish.publish import publish
from scvgraph.store import Store
from town import CRM, WEB, write

__all__ = ["world"]


def hurtful(folder):
    """Quotes, markup, other scripts, empty channels, equal times, and a customer with 10,000 touchpoints."""
    names = [
        "O'Hara\"}) DETACH DELETE n //",
        "<script>alert(1)</script>",
        "node { color: red }",
        "日本 ß 😀",
        "",
    ]
    crm = [*CRM, *((f"h{n}", "2026-01-05", f"h{n}@x.com", f"H{n}", name) for n, name in enumerate(names))]
    crm += [("h9", "", "", "'; MATCH (n) DETACH DELETE n", "x")]
    channels = ["search", "", 'e"mail', "<b>shop</b>", "Ünïcode", "$channel"]
    busy = [
        (
            f"2026-03-{1 + n // 1000:02}T10:{n // 60 % 60:02}",
            "page",
            channels[n % 6],
            "9.99" if n % 50 == 0 else "",
            "busy@x.com",
            "",
        )
        for n in range(10_000)
    ]
    tied = [
        ("2026-04-01T10:00", "order", channel, "0.1", f"t{n}@x.com", f"c{n}")
        for n in range(9)
        for channel in channels[:3]
    ]
    return write(folder, crm, [*WEB, *busy, *tied])


def nothing(folder):
    return write(folder, [], [])


@pytest.fixture(params=["hurtful", "nothing", "example"])
def both(request, empty, tmp_path):
    """A store with its embedded graph opened, and the same generation published."""
    if request.param == "example":
        project = load(request.getfixturevalue("retail"))
    else:
        project = {"hurtful": hurtful, "nothing": nothing}[request.param](tmp_path)
        run(replace(project, graph=replace(project.graph, build=True)))
    store = Store.open(project.store)
    with connect(empty) as server:
        publish(server, store, store.generation(), project.graph, lambda _: None)
    with View(store) as view:
        yield view, empty


def samples(view):
    """Values to ask with: of the best-known identifiers and the largest customers, and some that are nobody's."""

    def column(cypher):
        return [row[0] for row in view.ask(cypher).rows]

    identifiers = column(
        "MATCH (:Customer)-[:HAS]->(i:Identifier) RETURN i.id ORDER BY i.count DESC, i.id LIMIT 3"
    )
    customers = column("MATCH (c:Customer) RETURN c.id ORDER BY c.rows DESC, c.id LIMIT 3")
    pairs = view.ask(
        "MATCH (a:Identifier)-[l:LINKED]->(b:Identifier) RETURN a.id, b.id ORDER BY a.id, b.id LIMIT 3"
    ).rows
    households = column(
        "MATCH (c:Customer) WHERE c.household IS NOT NULL RETURN DISTINCT c.household ORDER BY c.household LIMIT 3"
    )
    channels = column("MATCH (c:Channel) RETURN c.name ORDER BY c.name LIMIT 3")
    for n in range(3):
        a, b = pairs[n] if n < len(pairs) else ("email:o'hara", '"}) RETURN 1 //')
        yield {
            "identifier": identifiers[n] if n < len(identifiers) else "email:\\'",
            "customer": customers[n] if n < len(customers) else "C000000000",
            "household": households[n] if n < len(households) else "H000000000",
            "a": a,
            "b": b,
            "channel": channels[n] if n < len(channels) else "`",
            "channels": [channel for channel in channels if channel != "(none)"][: n + 1],
            "since": datetime(2026, 3, 1 + n),  # noqa: DTZ001
            "kind": ["loyalty_id", "email", "cookie_id"][n],
            "n": n,
            "minimum": 1 + n,
        }


def test_rows_are_equal(both):
    """All portable queries, each asked with several values: equal columns, rows and order."""
    view, target = both
    different = {}
    with connect(target) as server:
        for given in samples(view):
            for name, statement in statements().items():
                values = statement.values(
                    {p.name: given[p.name] for p in statement.parameters if p.name in given}
                )
                here = view.ask(
                    name, {p.name: given[p.name] for p in statement.parameters if p.name in given}
                )
                there = ask_server(server, statement.cypher, values)
                if here != there:
                    different[name] = (here.rows[:3], there.rows[:3], len(here.rows), len(there.rows))
    assert different == {}


def test_the_command_line_asks_neo4j(empty, world, tmp_path):
    """`--on neo4j` gives the rows of the embedded graph, those queries too that only Neo4j has; it only reads."""
    with connect(empty) as server:
        publish(server, world, world.generation(), GraphPolicy(), lambda _: None)
    place = {"NEO4J_URI": empty.uri, "NEO4J_PASSWORD": empty.password, "NEO4J_USERNAME": empty.user}

    def said(*words):
        with contextlib.chdir(tmp_path):
            return CliRunner().invoke(main, ["query", *words], env=place, catch_exceptions=False)

    words = ("journey", "-p", f"customer={JANE}", "--json")
    assert said(*words, "--on", "neo4j").stdout == said(*words, "--store", str(world.folder)).stdout
    path = json.loads(
        said(
            "shortest_path",
            "-p",
            "a=cookie_id:ck-jane",
            "-p",
            "b=phone:+447400123456",
            "--on",
            "neo4j",
            "--json",
        ).stdout
    )
    assert [step["identifier"] for step in path] == [
        "cookie_id:ck-jane",
        "loyalty_id:L-77",
        "phone:+447400123456",
    ]
    assert "needs Neo4j" in said("shortest_path", "-p", "a=x", "-p", "b=y").stderr
    assert "shortest_path" in said("--list", "--on", "neo4j").stdout
    wrong = said("MATCH (n) SET n.x = 1", "--on", "neo4j")
    assert (wrong.exit_code, "rit" in wrong.stderr) == (1, True)
    assert json.loads(
        said(
            "MATCH (i:Identifier {value: $v}) RETURN i.kind", "-p", f"v={QUOTES}", "--on", "neo4j", "--json"
        ).stdout
    ) == [{"i.kind": "loyalty_id"}]


def test_nodes_are_as_the_embedded_graph_gives_them(empty, world):
    """A node is its label and properties, without what only the publisher uses; a path is nodes and relationships."""
    with connect(empty) as server:
        publish(server, world, world.generation(), GraphPolicy(), lambda _: None)
    cypher = "MATCH p = (:Customer {id: $id})-[:HAS]->(:Identifier {kind: 'phone'}) RETURN p"
    there = ask(empty, cypher, {"id": JANE}).rows[0][0]
    with open_view(world.folder) as view:
        here = view.ask(cypher, {"id": JANE}).rows[0][0]

    def plain(entity):
        return {key: value for key, value in entity.items() if key != "no" and value is not None}

    for side in ("nodes", "relationships"):
        assert list(map(plain, there[side])) == list(map(plain, here[side]))


def test_faults_of_a_statement(empty):
    """The server's own words for Cypher it cannot read."""
    with pytest.raises(QueryError, match="m"):
        ask(empty, "MATCH (n) RETURN m", {})
    with pytest.raises(PublishError, match="queries only read"):
        ask(empty, "CREATE (n:X) RETURN n", {})
    with pytest.raises(PublishError, match="Graph Data Science"):
        ask(empty, "CALL gds.nothing.of.the.kind()", {})
    assert find_statement("shortest_path", neo4j=True).columns == ("step", "identifier", "rule", "weight")
