"""From what a person types to identifiers and customers of the graph, in a few microseconds a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import Change, Identifier, Tried
from scvgraph.errors import UnknownName
from scvgraph.identifiers.cleaning import clean_one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.embedded.graph import Graph
    from scvgraph.embedded.values import ValueIndex
    from scvgraph.identifiers.options import Options

_COLUMNS = "i.kind, i.value, i.status, i.why, i.count, i.first_seen, i.last_seen"
_IDENTIFIER = f"MATCH (i:Identifier {{no: $no}}) RETURN {_COLUMNS}"
_WIDTH = 7
_OWNED = f"MATCH (c:Customer)-[:HAS]->(i:Identifier {{no: $no}}) RETURN {_COLUMNS}, c"
_CUSTOMER = "MATCH (c:Customer {no: $no}) RETURN c"
_CHANGE = "MATCH (l:Lineage {no: $no}) RETURN l.id, l.change, l.other, l.generation, l.why, l.identifier"


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier of the graph with its number there.

    owners: the customers that hold it, with their columns, by id; several only for one shared over time.
    """

    no: int
    identifier: Identifier
    owners: tuple[dict[str, Any], ...]


def readings(kinds: Mapping[str, Options], asked: str, kind: str | None = None) -> list[Tried]:
    """What a value may be: of the kind given or written before a colon, else of every kind there is.

    Raises UnknownName for a kind that the store does not have.
    """
    if kind is not None:
        meant = _kind(kinds, kind)
        if meant is None:
            raise UnknownName(f"no identifier kind '{kind}'; this store has: {', '.join(kinds)}")
        return [_read(kinds, meant, asked)]
    head, colon, tail = asked.partition(":")
    meant = _kind(kinds, head) if colon else None
    return [_read(kinds, meant, tail)] if meant else [_read(kinds, each, asked) for each in kinds]


def _kind(kinds: Mapping[str, Options], written: str) -> str | None:
    """The kind of a name, in capitals or not; one written exactly so comes first."""
    if written in kinds:
        return written
    return next((kind for kind in kinds if kind.lower() == written.lower()), None)


def _read(kinds: Mapping[str, Options], kind: str, raw: str) -> Tried:
    verdict = clean_one(kind, raw, kinds[kind])
    return Tried(kind, verdict.value, verdict.fault)


class Finder:
    """Looks values up. kinds: the kinds of the generation, each with the options its values were cleaned with.
    declared: roles of traits, as the project says.
    """

    def __init__(
        self, graph: Graph, index: ValueIndex, kinds: Mapping[str, Options], declared: Mapping[str, str]
    ) -> None:
        self.graph, self.declared = graph, declared
        self._index = index
        self._kinds = kinds

    def readings(self, asked: str, kind: str | None = None) -> list[Tried]:
        """What a value may be: of the kind given or written before a colon, else of every kind there is."""
        return readings(self._kinds, asked, kind)

    def identifiers(self, readings: list[Tried]) -> list[Found]:
        return [
            found
            for tried in readings
            if tried.value is not None
            for found in self.stored(tried.kind, tried.value)
        ]

    def stored(self, kind: str, value: str) -> list[Found]:
        """The identifier of a kind and a cleaned value: one or none."""
        found = []
        for no in self._index.find("identifiers", kind, value):
            # Nearly all are somebody's: one statement then says what else two or three would.
            rows = self.graph.rows(_OWNED, no=no) or self.graph.rows(_IDENTIFIER, no=no)
            if rows and rows[0][:2] == [kind, value]:
                owners = {row[-1]["id"]: row[-1] for row in rows if len(row) > _WIDTH}
                identifier = Identifier(*rows[0][:_WIDTH])
                found.append(Found(no, identifier, tuple(owners[customer] for customer in sorted(owners))))
        return found

    def customer(self, customer_id: str) -> dict[str, Any] | None:
        """A current customer with its columns."""
        for no in self._index.find("customers", "", customer_id):
            rows = self.graph.rows(_CUSTOMER, no=no)
            if rows and rows[0][0]["id"] == customer_id:
                record: dict[str, Any] = rows[0][0]
                return record
        return None

    def changes(self, customer_id: str) -> list[Change]:
        """What has happened to a customer id, oldest first; the changes of others that name it included."""
        rows = [self.graph.rows(_CHANGE, no=no) for no in self._index.find("lineage", "", customer_id)]
        changes = [Change(*row[0]) for row in rows if row and customer_id in (row[0][0], row[0][2])]
        return sorted(changes, key=lambda change: (change.generation, change.id))

    def follow(self, customer_id: str) -> tuple[str, list[Change]]:
        """The id under which a customer goes on, and the changes on the way there."""
        way: list[Change] = []
        seen = {customer_id}
        while True:
            gone = [
                c
                for c in self.changes(customer_id)
                if c.id == customer_id and c.change in ("merged", "retired")
            ]
            if not gone or self.customer(customer_id) is not None:
                return customer_id, way
            way.append(gone[-1])
            if gone[-1].other is None or gone[-1].other in seen:
                return customer_id, way
            customer_id = gone[-1].other
            seen.add(customer_id)
