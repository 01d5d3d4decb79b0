"""From what a person types to identifiers and customers, read from the tables: it needs no graph file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.embedded.answers import as_id
from scvgraph.embedded.finder import readings
from scvgraph.errors import ScvgraphError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options


@dataclass(frozen=True, slots=True)
class Meant:
    """identifiers: their numbers. customer: the one customer meant or found; None where several are, or none."""

    identifiers: tuple[int, ...]
    customer: str | None


_CURRENT = "SELECT customer FROM customers WHERE id = $id"
_HEIR = """
SELECT other FROM lineage WHERE id = $id AND change = 'merged' AND other IS NOT NULL ORDER BY generation DESC LIMIT 1"""
_OWN = "SELECT DISTINCT identifier FROM memberships WHERE customer = $no ORDER BY 1"
_NAMED = """
WITH asked AS (SELECT unnest($kinds) AS kind, unnest($values) AS value)
SELECT i.no, i.status = 'ok', list(DISTINCT c.id ORDER BY c.id) FILTER (c.id IS NOT NULL)
FROM identifiers i SEMI JOIN asked q ON i.kind = q.kind AND i.value = q.value
LEFT JOIN memberships m ON m.identifier = i.no LEFT JOIN customers c ON c.customer = m.customer GROUP BY ALL ORDER BY 1"""


def meant(
    engine: Engine, kinds: Mapping[str, Options], generation: int, value: str, kind: str | None
) -> Meant:
    """Raises ScvgraphError where nobody is known by the value. An old customer id leads to the customer it went into."""
    asked = value.strip()
    customer = _customer(engine, asked) if kind is None else None
    if customer is not None:
        own = engine.rows(_OWN, {"no": customer[1]})
        return Meant(tuple(no for (no,) in own), customer[0])
    tried = [each for each in readings(kinds, asked, kind) if each.value is not None]
    named = {"kinds": [each.kind for each in tried], "values": [each.value for each in tried]}
    found = engine.rows(_NAMED, named) if tried else []
    if not found:
        raise ScvgraphError(
            f"nobody is known by '{asked}' in generation {generation}; see `scvgraph lookup` for what it was read as"
        )
    owners = {owner for _, alone, held in found if alone for owner in held or ()}
    single = owners.pop() if len(owners) == 1 else None
    return Meant(tuple(no for no, _, _ in found), single)


def _customer(engine: Engine, asked: str) -> tuple[str, int] | None:
    """The id and number of the customer under an id, or of the one that it went into."""
    current, seen = as_id(asked), set[str]()
    while current not in seen:
        seen.add(current)
        found = engine.rows(_CURRENT, {"id": current})
        if found:
            return current, found[0][0]
        heir = engine.rows(_HEIR, {"id": current})
        if not heir:
            return None
        current = heir[0][0]
    return None
