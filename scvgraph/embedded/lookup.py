"""The card behind a value: who is this, and what is known. Imports no more than it needs, so that it starts at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import (
    Card,
    Change,
    Held,
    Lookup,
    Loose,
    Relation,
    Touched,
    Touchpoint,
    as_id,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.embedded.finder import Finder, Found

IDENTIFIERS_SHOWN = 100
TOUCHPOINTS_SHOWN = 10
CUSTOMERS_SHOWN = 10
RELATED_SHOWN = 5
_OWN = frozenset({"no", "id", "first_seen", "last_seen", "identifiers", "rows", "household"})

# Sorting in the engine costs more than the rest of a look-up together, so it is left to it only where there is much.
MANY = 500
_HELD = """
MATCH (c:Customer {no: $no})-[h:HAS]->(i:Identifier)
RETURN i.kind, i.value, i.status, i.why, i.count, i.first_seen, i.last_seen,
       h.confidence, h.basis, h.valid_from, h.valid_to"""
_HELD_COUNT = "MATCH (c:Customer {no: $no})-[h:HAS]->(:Identifier) RETURN count(h)"
_HELD_FIRST = f" ORDER BY i.kind, i.value, h.valid_from LIMIT {IDENTIFIERS_SHOWN}"
_TOUCHPOINTS = """
MATCH (c:Customer {no: $no})-[:MADE]->(t:Touchpoint)
RETURN t.seq, t.ts, t.channel, t.type, t.campaign, t.value, t.converted"""
_TOUCHPOINTS_LAST = f" ORDER BY t.seq DESC LIMIT {TOUCHPOINTS_SHOWN}"
_RELATED = """
MATCH (c:Customer {no: $no})-[r:RELATED]-(o:Customer)
RETURN o.id, r.strength, r.why, r.things, o"""
_HELD_BY = f"""
MATCH (c:Customer)-[h:HAS]->(i:Identifier {{no: $no}})
RETURN c.id, h.valid_from, h.valid_to ORDER BY h.valid_from, c.id LIMIT {CUSTOMERS_SHOWN + 1}"""
# A hub may have a hundred thousand neighbours: the first ones do.
_NEIGHBOURS = """
MATCH (i:Identifier {no: $no})-[l:LINKED]-(j:Identifier)
WITH j, l LIMIT 1000
MATCH (c:Customer)-[:HAS]->(j)
RETURN c.id, j.kind, j.value, l.followed, l.reason, l.weight"""


def look_up(finder: Finder, generation: int, asked: str, kind: str | None = None) -> Lookup:
    """Everything known of a value or a customer id; `found` is False where nothing is."""
    asked = asked.strip()
    changes: list[Change] = []
    cards: dict[str, Card] = {}
    if kind is None:
        current, changes = finder.follow(asked)
        customer = finder.customer(current)
        if customer is not None:
            changes = changes or finder.changes(asked)
            cards[current] = card(finder, customer)
    tried = [] if cards or changes else finder.readings(asked, kind)
    matched = finder.identifiers(tried)
    loose = []
    for found in matched:
        if found.identifier.status != "ok" or len(found.owners) != 1:
            loose.append(_loose(finder, found))
        elif found.owners[0]["id"] not in cards:
            cards[found.owners[0]["id"]] = card(finder, found.owners[0])
    other = as_id(asked)
    if other != asked and kind is None and not (matched or cards or changes):
        return replace(look_up(finder, generation, other), asked=asked)
    return Lookup(
        asked=asked,
        generation=generation,
        found=bool(cards or loose),
        matched=tuple(found.identifier for found in matched),
        customers=tuple(cards.values()),
        loose=tuple(loose),
        changes=tuple(changes),
        tried=tuple(tried),
    )


def card(finder: Finder, record: dict[str, Any]) -> Card:
    """record: the customer's node, as the graph gives it."""
    graph, no = finder.graph, record["no"]
    # The customer's own number leaves records out, which are listed.
    count = graph.rows(_HELD_COUNT, no=no)[0][0] if record["identifiers"] > MANY else None
    held = graph.rows(_HELD + (_HELD_FIRST if count is not None else ""), no=no)
    held.sort(key=lambda row: (row[0], row[1], str(row[9] or "")))
    made = graph.rows(_TOUCHPOINTS + (_TOUCHPOINTS_LAST if record["rows"] > MANY else ""), no=no)
    made.sort(key=lambda row: row[0], reverse=True)
    related = graph.rows(_RELATED, no=no)
    related.sort(key=lambda row: (-row[1], row[0]))
    return Card(
        id=record["id"],
        traits=_traits(record),
        first_seen=record["first_seen"],
        last_seen=record["last_seen"],
        rows=record["rows"],
        identifier_count=len(held) if count is None else count,
        identifiers=tuple(Held(*row) for row in held[:IDENTIFIERS_SHOWN]),
        touchpoint_count=made[0][0] if made else 0,
        touchpoints=tuple(Touchpoint(*row) for row in made[:TOUCHPOINTS_SHOWN]),
        household=record["household"],
        related_count=len(related),
        related=tuple(_relation(record, row, finder.declared) for row in related[:RELATED_SHOWN]),
    )


def _traits(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in _OWN and not key.startswith("_")}


def _relation(record: dict[str, Any], row: list[Any], declared: Mapping[str, str]) -> Relation:
    customer, strength, why, things, other = row
    together = record["household"] is not None and record["household"] == other["household"]
    return Relation(customer, name_of(_traits(other), declared), why, strength, things, together)


def _loose(finder: Finder, found: Found) -> Loose:
    """The customers around an identifier that is nobody's alone: its holders over time first, then its neighbours'."""
    touched = {}
    for customer, valid_from, valid_to in finder.graph.rows(_HELD_BY, no=found.no):
        touched[customer, valid_from] = Touched(customer, found.identifier.id, "holds", valid_from, valid_to)
    neighbours = finder.graph.rows(_NEIGHBOURS, no=found.no)
    holders = {customer for customer, _ in touched}
    for customer, kind, value, followed, reason, _ in sorted(neighbours, key=_surest_first):
        if customer not in holders:
            holders.add(customer)
            touched[customer, None] = Touched(
                customer, f"{kind}:{value}", "linked" if followed else reason or "refused"
            )
    listed = tuple(touched.values())
    return Loose(found.identifier, listed[:CUSTOMERS_SHOWN], more=len(listed) > CUSTOMERS_SHOWN)


def _surest_first(row: list[Any]) -> tuple[Any, ...]:
    customer, kind, value, _, _, weight = row
    return (-(weight or 0.0), kind, value, customer)
