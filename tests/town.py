"""A small project on which customers are new, change, merge, split and vanish from one night to the next."""

from __future__ import annotations

from scvgraph.config import load
from scvgraph.pipeline import run
from scvgraph.publish.connection import connect
from scvgraph.publish.publish import publish
from scvgraph.store import Store

TOML = """
[identifiers.loyalty_id]
unique = true
[graph]
build = false
touchpoints = "{touchpoints}"
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
updated = "updated"
[sources.crm.identifiers]
email = "email"
loyalty_id = "card"
[sources.crm.traits]
first_name = "name"
[sources.web]
shape = "events"
files = "web.csv"
time = "at"
kind = "kind"
channel = "channel"
value = "value"
conversion = "value > 0"
[sources.web.identifiers]
email = "email"
cookie_id = "cookie"
"""
CRM = [
    ("k1", "2026-01-01", "ann@x.com", "L1", "Ann"),
    ("k2", "2026-01-02", "bob@x.com", "L2", "Bob"),
    ("k3", "2026-01-03", "cy@x.com", "L3", "Cy"),
    ("k4", "2026-01-04", "di@x.com", "L4", "O'Hara\"}) DETACH DELETE n //"),
]
WEB = [
    ("2026-02-01T10:00", "page", "search", "", "", "c1"),
    ("2026-02-01T10:05", "login", "email", "", "ann@x.com", "c1"),
    ("2026-02-01T10:09", "order", "", "20", "ann@x.com", "c1"),
    ("2026-02-02T11:00", "page", "Zoë's <b>shop</b>", "", "bob@x.com", "c2"),
    ("2026-02-03T11:00", "page", "search", "", "", "c3"),
    ("2026-02-04T11:00", "login", "display", "", "cy@x.com", "c4"),
    ("2026-02-04T11:30", "login", "display", "5", "di@x.com", "c4"),
]
# Bob is gone, Ann has another name, c3 turns out to be Cy's, Di and Cy are told apart no more by c4, Eve is new.
CRM_LATER = [
    ("k1", "2026-03-01", "ann@x.com", "L1", "Anne"),
    ("k3", "2026-01-03", "cy@x.com", "L3", "Cy"),
    ("k4", "2026-01-04", "di@x.com", "L4", "Di"),
    ("k5", "2026-03-02", "eve@x.com", "L5", "Eve"),
]
WEB_LATER = [
    *WEB[:3],
    *WEB[4:6],
    ("2026-03-01T09:00", "login", "search", "", "cy@x.com", "c3"),
    ("2026-03-02T09:00", "order", "partner", "7", "eve@x.com", "c5"),
]


def write(folder, crm, web, touchpoints="all"):
    """The project's files; returns the loaded project."""

    def lines(head, rows):
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        return "\n".join([head, *quoted, ""])

    (folder / "scvgraph.toml").write_text(TOML.format(touchpoints=touchpoints))
    (folder / "crm.csv").write_text(lines("id,updated,email,card,name", crm), encoding="utf-8")
    (folder / "web.csv").write_text(lines("at,kind,channel,value,email,cookie", web), encoding="utf-8")
    return load(folder)


def publish_to(target, project, tell=lambda _: None, **options):
    store = Store.open(project.store)
    with connect(target) as server:
        return publish(server, store, store.generation(), project.graph, tell, **options)


def ran_and_published(target, project):
    run(project)
    return publish_to(target, project)


def contents(bolt, database="neo4j"):
    """All nodes and relationships but the publication's own, without the numbers only the publisher uses."""

    def read(cypher):
        return bolt.execute_query(cypher, database_=database).records

    def told(labels, properties):
        return (
            tuple(sorted(labels)),
            tuple(sorted((k, str(v)) for k, v in properties.items() if k != "_key")),
        )

    nodes = {
        row["id"]: told(row["labels"], row["p"])
        for row in read(
            "MATCH (n) WHERE NOT n:_ScvPublication RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS p"
        )
    }
    links = read(
        "MATCH (a)-[r]->(b) RETURN elementId(a) AS a, elementId(b) AS b, type(r) AS type, properties(r) AS p"
    )
    ties = sorted((nodes[x["a"]], x["type"], told([], x["p"]), nodes[x["b"]]) for x in links)
    return sorted(nodes.values()), ties
