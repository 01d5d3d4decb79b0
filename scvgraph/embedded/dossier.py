"""Everything of one customer, read from the generation's tables: it needs no graph file and leaves nothing out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import Change, Held, Relation, Touchpoint, plain
from scvgraph.embedded.related import related
from scvgraph.errors import ScvgraphError
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import networkx as nx

    from scvgraph.embedded.structure import Structure
    from scvgraph.engine import Engine


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of the golden record comes from. rivals: other values that did not survive."""

    value: str | None
    source: str
    key: str
    ts: datetime | None
    rule: str
    rivals: int


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence between two identifiers (kind:value). At the border `b` is another's and `reason` says why."""

    a: str
    b: str
    rule: str | None
    count: int
    weight: float
    first_seen: datetime | None
    last_seen: datetime | None
    reason: str | None = None
    constraint: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer whole. touchpoints: the last ones asked for, oldest first; touchpoint_count: all there are.

    household: its id, None if there is none. related: customers who share something, the strongest first.
    """

    id: str
    traits: Mapping[str, str | None]
    provenance: Mapping[str, Origin]
    first_seen: datetime | None
    last_seen: datetime | None
    rows: int
    identifiers: tuple[Held, ...]
    links: tuple[Link, ...]
    refused: tuple[Link, ...]
    touchpoint_count: int
    touchpoints: tuple[Touchpoint, ...]
    lineage: tuple[Change, ...]
    household: str | None
    related: tuple[Relation, ...]

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]

    def structure(self) -> Structure:
        """What holds its identifiers together: bridges, and groups that hang together more closely."""
        from scvgraph.embedded.structure import structure

        return structure([held.id for held in self.identifiers], self.links)

    def graph(self) -> nx.Graph[str]:
        """The customer, its identifiers, the links among them and those refused at its border.

        Nodes carry `type` (customer, identifier, outside), edges `type` (HAS, LINKED, REFUSED) and their properties.
        """
        import networkx as nx

        network: nx.Graph[str] = nx.Graph(customer=self.id)
        network.add_node(self.id, **{**self.traits, "type": "customer"})  # a trait may be called anything
        for held in self.identifiers:
            network.add_node(held.id, type="identifier", kind=held.kind, value=held.value, status=held.status)
            network.add_edge(self.id, held.id, type="HAS", confidence=held.confidence, basis=held.basis)
        for type_, links in (("LINKED", self.links), ("REFUSED", self.refused)):
            for link in links:
                for end in (link.a, link.b):
                    if end not in network:
                        kind, _, value = end.partition(":")
                        network.add_node(end, type="outside", kind=kind, value=value)
                network.add_edge(
                    link.a,
                    link.b,
                    type=type_,
                    weight=link.weight,
                    rule=link.rule,
                    count=link.count,
                    reason=link.reason,
                )
        return network


_HELD = """
SELECT i.kind, i.value, i.status, i.why, i.count, i.first_seen, i.last_seen,
       m.confidence, m.basis, m.valid_from, m.valid_to
FROM memberships m JOIN identifiers i ON i.no = m.identifier WHERE m.customer = $no
ORDER BY i.kind, i.value, m.valid_from"""
_LINKS = """
WITH own AS (SELECT DISTINCT identifier AS no FROM memberships WHERE customer = $no)
SELECT ia.kind || ':' || ia.value, ib.kind || ':' || ib.value, l.rule, l.count, l.weight, l.first_seen, l.last_seen
FROM links l SEMI JOIN own x ON x.no = l.a SEMI JOIN own y ON y.no = l.b
ANTI JOIN refused_links r ON r.a = l.a AND r.b = l.b
JOIN identifiers ia ON ia.no = l.a JOIN identifiers ib ON ib.no = l.b
WHERE ia.status = 'ok' AND ib.status = 'ok' ORDER BY 1, 2"""
_REFUSED = """
WITH own AS (SELECT DISTINCT identifier AS no FROM memberships WHERE customer = $no),
touching AS (SELECT r.a AS mine, r.b AS other, * FROM refused_links r SEMI JOIN own x ON x.no = r.a
             UNION ALL SELECT r.b, r.a, * FROM refused_links r SEMI JOIN own x ON x.no = r.b ANTI JOIN own y ON y.no = r.a)
SELECT im.kind || ':' || im.value, io.kind || ':' || io.value, l.rule, coalesce(l.count, 0), coalesce(t.weight, 0),
       l.first_seen, l.last_seen, t.reason, t."constraint"
FROM touching t JOIN identifiers im ON im.no = t.mine JOIN identifiers io ON io.no = t.other
LEFT JOIN links l ON l.a = t.a AND l.b = t.b ORDER BY coalesce(t.weight, 0) DESC, 1, 2"""
_TOUCHPOINTS = """
SELECT t.seq, t.ts, e.channel, e.kind, e.campaign, e.value, coalesce(e.converted, false)
FROM touchpoints t JOIN events e ON e.row = t.row
WHERE t.customer = $no AND t.seq > $after ORDER BY t.seq"""
_LINEAGE = """
SELECT id, change, other, generation, why, identifier FROM lineage WHERE id = $id OR other = $id ORDER BY generation, id, change, other, identifier"""
_HOUSEHOLD = "SELECT max(household) FROM households WHERE customer = $no"
_GONE = """
SELECT id, change, other, generation, why, identifier FROM lineage
WHERE id = $id AND change IN ('merged', 'retired') ORDER BY generation DESC LIMIT 1"""


def dossier(
    engine: Engine, generation: int, customer_id: str, last: int | None, declared: Mapping[str, str]
) -> Customer:
    """The customer under an id; an old id says what became of it. last: touchpoints, None for all. declared: roles of
    traits, as the project says.

    Raises ScvgraphError where no current customer has the id.
    """
    found = engine.records("SELECT * FROM customers WHERE id = $id", {"id": customer_id})
    if not found:
        raise ScvgraphError(_unknown(engine, generation, customer_id))
    record = found[0]
    number = {"no": record["customer"]}
    own = {column.name for column in TABLES["customers"].columns}
    origins = engine.rows(
        "SELECT trait, value, source, key, ts, rule, rivals FROM provenance WHERE customer = $no ORDER BY trait",
        number,
    )
    count = int(engine.one("SELECT count(*) FROM touchpoints WHERE customer = $no", number))
    after = 0 if last is None else max(0, count - last)
    return Customer(
        id=customer_id,
        traits={key: value for key, value in record.items() if key not in own},
        provenance={trait: Origin(*rest) for trait, *rest in origins},
        first_seen=record["first_seen"],
        last_seen=record["last_seen"],
        rows=record["rows"],
        identifiers=tuple(Held(*row) for row in engine.rows(_HELD, number)),
        links=tuple(Link(*row) for row in engine.rows(_LINKS, number)),
        refused=tuple(Link(*row) for row in engine.rows(_REFUSED, number)),
        touchpoint_count=count,
        touchpoints=tuple(Touchpoint(*row) for row in engine.rows(_TOUCHPOINTS, {**number, "after": after})),
        lineage=tuple(Change(*row) for row in engine.rows(_LINEAGE, {"id": customer_id})),
        household=engine.one(_HOUSEHOLD, number),
        related=related(engine, record["customer"], declared),
    )


def _unknown(engine: Engine, generation: int, customer_id: str) -> str:
    gone = engine.rows(_GONE, {"id": customer_id})
    if not gone:
        return f"no customer {customer_id} in generation {generation}; find one with `scvgraph lookup VALUE`"
    change = Change(*gone[0])
    return f"{change.sentence}" + (
        f"; see `scvgraph customer {change.other}`" if change.other else "; it holds nothing now"
    )
