"""What lies around an identifier or a customer: identifiers within some links, and every link among them.

Read from the generation's tables, so it needs no graph file. Refused links are followed like any other: what was kept
apart is what people want to see. A shared identifier or placeholder is shown, not walked through, unless it was asked
for: half the store may lie behind it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import Identifier, plain
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import networkx as nx

    from scvgraph.engine import Engine


@dataclass(frozen=True, slots=True)
class Near(Identifier):
    """An identifier of a neighbourhood. hops: links from what was asked for. customers: ids of those that hold it;
    several where it was shared over time.
    """

    hops: int
    customers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two identifiers (kind:value). Not followed: `reason` (unique, shared, apart ...), in words
    `constraint`. rule is None where no row shows both and only a refusal is on record.
    """

    a: str
    b: str
    weight: float | None
    rule: str | None
    count: int
    first_seen: datetime | None
    last_seen: datetime | None
    followed: bool
    reason: str | None
    constraint: str | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """asked: the identifiers it starts from. left_out: identifiers within reach that the limit dropped, the least
    linked of those asked for, then those reached by the weakest links.
    """

    asked: tuple[str, ...]
    hops: int
    identifiers: tuple[Near, ...]
    links: tuple[Edge, ...]
    left_out: int

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]

    def graph(self) -> nx.Graph[str]:
        """Nodes are identifiers by `kind:value` and carry `type` (identifier, shared, placeholder), kind, value, why,
        count, first_seen, last_seen, hops and customer (ids, commas between); edges `type` (LINKED, REFUSED) and the
        properties of an `Edge`.
        """
        import networkx as nx

        network: nx.Graph[str] = nx.Graph(hops=self.hops, left_out=self.left_out)
        for near in self.identifiers:
            told = asdict(near)
            status, customers = told.pop("status"), told.pop("customers")
            told["type"] = "identifier" if status == "ok" else status
            network.add_node(near.id, **told, customer=", ".join(customers) or None)
        for link in self.links:
            told = asdict(link)
            a, b, followed = told.pop("a"), told.pop("b"), told.pop("followed")
            network.add_edge(a, b, type="LINKED" if followed else "REFUSED", **told)
        return network


# The best linked of what was asked for come first, so that a cut keeps what holds the rest together.
_ASKED = """
WITH asked AS (SELECT unnest($asked) AS no),
ends AS (SELECT a AS no FROM links SEMI JOIN asked ON a = no UNION ALL SELECT b FROM links SEMI JOIN asked ON b = no),
degrees AS (SELECT no, count(*) AS degree FROM ends GROUP BY no)
SELECT i.no FROM identifiers i SEMI JOIN asked USING (no) LEFT JOIN degrees d USING (no)
ORDER BY coalesce(d.degree, 0) DESC, i.kind, i.value"""
_NEXT = """
WITH opened AS (SELECT unnest($opened) AS no), seen AS (SELECT unnest($seen) AS no),
reached AS (SELECT b AS no, weight FROM links SEMI JOIN opened ON a = no
            UNION ALL SELECT a, weight FROM links SEMI JOIN opened ON b = no
            UNION ALL SELECT b, weight FROM refused_links SEMI JOIN opened ON a = no
            UNION ALL SELECT a, weight FROM refused_links SEMI JOIN opened ON b = no),
fresh AS (SELECT no, max(weight) AS weight FROM reached ANTI JOIN seen USING (no) GROUP BY no)
SELECT f.no, i.status = 'ok', count(*) OVER () FROM fresh f JOIN identifiers i USING (no)
ORDER BY f.weight DESC NULLS LAST, i.kind, i.value LIMIT $room"""
_IDENTIFIERS = """
WITH shown AS (SELECT unnest($all) AS no),
held AS (SELECT m.identifier AS no, list(DISTINCT c.id ORDER BY c.id) AS customers
         FROM memberships m SEMI JOIN shown s ON s.no = m.identifier JOIN customers c USING (customer) GROUP BY 1)
SELECT i.no, i.kind, i.value, i.status, i.why, i.count, i.first_seen, i.last_seen, coalesce(h.customers, [])
FROM identifiers i SEMI JOIN shown USING (no) LEFT JOIN held h USING (no) ORDER BY i.kind, i.value"""
# A link is followed if nothing refused it, both ends may merge people, and both are in one customer.
_EDGES = """
WITH shown AS (SELECT unnest($all) AS no),
near AS (SELECT * FROM links SEMI JOIN shown x ON x.no = a SEMI JOIN shown y ON y.no = b),
refused AS (SELECT a, b, min(reason) AS reason, min_by("constraint", reason) AS told, max(weight) AS weight
            FROM refused_links SEMI JOIN shown x ON x.no = a SEMI JOIN shown y ON y.no = b GROUP BY a, b),
plain AS (SELECT identifier AS no, min(customer) AS customer FROM memberships SEMI JOIN shown ON no = identifier
          WHERE valid_from IS NULL AND valid_to IS NULL GROUP BY 1),
every AS (SELECT coalesce(l.a, r.a) AS a, coalesce(l.b, r.b) AS b, coalesce(l.weight, r.weight) AS weight, l.rule,
                 coalesce(l.count, 0)::BIGINT AS count, l.first_seen, l.last_seen, r.reason, r.told
          FROM near l FULL JOIN refused r ON l.a = r.a AND l.b = r.b),
judged AS (SELECT e.*, ia.kind || ':' || ia.value AS one, ib.kind || ':' || ib.value AS other,
                  coalesce(e.reason, nullif(ia.status, 'ok'), nullif(ib.status, 'ok'),
                           CASE WHEN ma.customer IS DISTINCT FROM mb.customer THEN 'apart' END) AS verdict
           FROM every e JOIN identifiers ia ON ia.no = e.a JOIN identifiers ib ON ib.no = e.b
           LEFT JOIN plain ma ON ma.no = e.a LEFT JOIN plain mb ON mb.no = e.b)
SELECT least(one, other), greatest(one, other), weight, rule, count, first_seen, last_seen,
       verdict IS NULL, verdict, told FROM judged ORDER BY 1, 2"""


def neighbourhood(engine: Engine, asked: Sequence[int], hops: int, limit: int) -> Neighbourhood:
    """asked: numbers of identifiers. limit: identifiers at most. O(hops) passes over the links of the store."""
    if hops < 0 or limit < 1:
        raise UsageError("a neighbourhood has 0 or more hops and at least one identifier")
    order = [no for (no,) in engine.rows(_ASKED, {"asked": list(asked)})]
    reached = dict.fromkeys(order[:limit], 0)
    left_out = len(order) - len(reached)
    opened = list(reached)
    for hop in range(1, hops + 1):
        room = limit - len(reached)
        asking = {"opened": opened, "seen": order + list(reached), "room": max(room, 1)}
        found = engine.rows(_NEXT, asking) if opened else []
        taken = found[:room]
        left_out += (found[0][2] if found else 0) - len(taken)
        reached.update((no, hop) for no, _, _ in taken)
        opened = [no for no, merges, _ in taken if merges]
    return _told(engine, reached, hops, left_out)


def _told(engine: Engine, reached: dict[int, int], hops: int, left_out: int) -> Neighbourhood:
    rows = engine.rows(_IDENTIFIERS, {"all": list(reached)})
    identifiers = tuple(Near(*(*rest, reached[no], tuple(customers))) for no, *rest, customers in rows)
    return Neighbourhood(
        asked=tuple(near.id for near in identifiers if near.hops == 0),
        hops=hops,
        identifiers=identifiers,
        links=tuple(Edge(*row) for row in engine.rows(_EDGES, {"all": list(reached)})),
        left_out=left_out,
    )
