"""What a person needs to see of both ends of a case, read from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.engine import name, text
from scvgraph.review.case import End, Seen
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.engine import Engine

BESIDE, VALUES = 6, 3  # identifiers seen with an end, and values of each trait, that are shown

_ABOUT = """
SELECT i.no, i.kind || ':' || i.value AS id, i.count, i.first_seen, i.last_seen, m.customer, c.id AS customer_id
FROM identifiers i SEMI JOIN asked a ON i.no = a.no
LEFT JOIN memberships m ON m.identifier = i.no LEFT JOIN customers c ON c.customer = m.customer
"""
_SEEN_WITH = """
SELECT e.no, i.kind || ':' || i.value AS id, e.count, e.weight FROM (
    SELECT l.a AS no, l.b AS other, l.count, l.weight FROM links l SEMI JOIN asked a ON l.a = a.no WHERE l.rule NOT IN ('match', 'household', 'must_link')
    UNION ALL SELECT l.b, l.a, l.count, l.weight FROM links l SEMI JOIN asked a ON l.b = a.no WHERE l.rule NOT IN ('match', 'household', 'must_link')) e
JOIN identifiers i ON i.no = e.other WHERE i.kind <> 'record'
QUALIFY row_number() OVER (PARTITION BY e.no ORDER BY e.weight DESC, id) <= $most ORDER BY e.no, e.weight DESC, id
"""
_ROWS = "SELECT DISTINCT s.identifier AS no, s.row FROM sightings s SEMI JOIN asked a ON s.identifier = a.no"


def ends_of(engine: Engine, numbers: list[int]) -> dict[int, End]:
    """The ends with these identifier numbers."""
    import pyarrow as pa

    engine.put("asked", pa.table({"no": pa.array(numbers, pa.int32())}))
    engine.make("asked_rows", _ROWS)
    about = engine.records(_ABOUT)
    golden = _golden(engine)
    tells: dict[int, dict[str, tuple[str, ...]]] = {}
    for shape in ("records", "events"):
        for no, trait, values in _tells(engine, shape):
            before = tells.setdefault(no, {}).get(trait, ())
            tells[no][trait] = tuple(dict.fromkeys((*before, *values)))[:VALUES]
    beside: dict[int, list[Seen]] = {}
    for no, id_, count, weight in engine.rows(_SEEN_WITH, {"most": BESIDE}):
        beside.setdefault(no, []).append(Seen(id_, count, weight))
    engine.drop("asked", "asked_rows")
    return {
        row["no"]: End(
            row["id"],
            row["customer_id"],
            golden.get(row["customer"], {}),
            tells.get(row["no"], {}),
            tuple(beside.get(row["no"], ())),
            row["count"],
            row["first_seen"],
            row["last_seen"],
        )
        for row in about
    }


def _golden(engine: Engine) -> dict[int, dict[str, str]]:
    """The golden record of each customer that holds an end."""
    own = {column.name for column in TABLES["customers"].columns}
    return {
        row["customer"]: {
            trait: value for trait, value in row.items() if trait not in own and value is not None
        }
        for row in engine.records(
            "SELECT * FROM customers SEMI JOIN (SELECT m.customer FROM memberships m JOIN asked a ON m.identifier = a.no) USING (customer)"
        )
    }


def _tells(engine: Engine, shape: str) -> Iterator[tuple[Any, ...]]:
    """(end, trait, values by falling frequency) of the rows of one shape that show the ends."""
    own = {column.name for column in TABLES[shape].columns}
    for column in engine.rows(f"DESCRIBE {shape}"):
        trait = column[0]
        if trait not in own:
            yield from engine.rows(
                f"SELECT no, {text(trait)}, list(value ORDER BY n DESC, value) FROM (SELECT a.no, r.{name(trait)} AS value, count(*) AS n"
                f" FROM {shape} r JOIN asked_rows a USING (row) WHERE r.{name(trait)} IS NOT NULL GROUP BY ALL) GROUP BY no"
            )
