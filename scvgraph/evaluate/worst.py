"""The costliest errors and what led to them: what joined strangers, and what stood between a person's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from scvgraph.sightings import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scvgraph.engine import Engine
    from scvgraph.evaluate.score import Merged, Split

REASONS = 3  # shown for each error

# 1. Whose an identifier is by the labelled rows that show it: the person with most of them.
_WHOSE = """
SELECT identifier, first(entity ORDER BY n DESC, entity) AS entity, max(n)::BIGINT AS n,
       coalesce(list_sort(list(n), 'DESC')[2], 0)::BIGINT AS others
FROM (SELECT s.identifier, t.entity, count(DISTINCT r.row) AS n
      FROM members m JOIN sightings s USING (identifier) JOIN rows r USING (row)
      JOIN truth t ON r.key = t.key AND (t.source IS NULL OR r.source = t.source) GROUP BY ALL) GROUP BY identifier
"""
_MEMBERS = """
SELECT c.id, m.identifier, i.kind || ':' || i.value AS name FROM memberships m JOIN customers c USING (customer)
JOIN asked a ON a.id = c.id JOIN identifiers i ON i.no = m.identifier
"""

# 2. Links of a customer between identifiers of two persons, the surest first; and identifiers both persons showed.
_JOINED = """
SELECT x.id, x.name, y.name, l.rule, l.count, l.weight, m.because
FROM links l JOIN members x ON l.a = x.identifier JOIN members y ON l.b = y.identifier AND x.id = y.id
JOIN whose p ON p.identifier = l.a JOIN whose q ON q.identifier = l.b
LEFT JOIN matches m ON m.a = l.a AND m.b = l.b ANTI JOIN refused_links r ON r.a = l.a AND r.b = l.b
WHERE p.entity <> q.entity
QUALIFY row_number() OVER (PARTITION BY x.id ORDER BY l.weight DESC, x.name, y.name) <= ?
ORDER BY x.id, l.weight DESC, x.name, y.name
"""
_MIXED = """
SELECT x.id, x.name, w.n, w.others FROM members x JOIN whose w USING (identifier) WHERE w.others > 0
QUALIFY row_number() OVER (PARTITION BY x.id ORDER BY w.others DESC, x.name) <= ? ORDER BY x.id, w.others DESC, x.name
"""

# 3. Of a person in several customers the two with most of the rows, and what is known between these two.
_APART = """
SELECT entity, list(customer ORDER BY n DESC, customer)[1:2] AS held
FROM cells WHERE entity IN (SELECT id FROM asked) GROUP BY entity
"""
_SIDES = """
SELECT a.entity, a.side, m.identifier, m.name FROM (
    SELECT entity, 1 AS side, held[1] AS id FROM apart UNION ALL SELECT entity, 2, held[2] FROM apart) a
JOIN members m ON m.id = a.id
"""
_BOTH_WAYS = '(SELECT a, b, reason, "constraint" AS words, weight FROM refused_links UNION ALL SELECT b, a, reason, "constraint", weight FROM refused_links)'
_REFUSED = f"""
SELECT x.entity, x.name, y.name, r.words, r.weight FROM sides x JOIN {_BOTH_WAYS} r ON r.a = x.identifier
JOIN sides y ON y.identifier = r.b AND y.entity = x.entity AND y.side = 2 WHERE x.side = 1
QUALIFY row_number() OVER (PARTITION BY x.entity ORDER BY r.weight DESC, x.name, y.name) <= ?
ORDER BY x.entity, r.weight DESC, x.name, y.name
"""
_SHARED = f"""
SELECT x.entity, i.kind || ':' || i.value, min(i.why) FROM sides x
JOIN {_BOTH_WAYS} r ON r.a = x.identifier AND r.reason = 'shared'
JOIN {_BOTH_WAYS} q ON q.b = r.b AND q.reason = 'shared'
JOIN sides y ON y.identifier = q.a AND y.entity = x.entity AND y.side = 2
JOIN identifiers i ON i.no = r.b AND i.status = 'shared' WHERE x.side = 1 GROUP BY x.entity, i.kind, i.value
QUALIFY row_number() OVER (PARTITION BY x.entity ORDER BY i.kind, i.value) <= ? ORDER BY 1, 2
"""
_NEAR = """
SELECT x.entity, x.name, y.name, m.because, m.weight FROM sides x
JOIN (SELECT a, b, because, weight FROM near_matches UNION ALL SELECT b, a, because, weight FROM near_matches) m
ON m.a = x.identifier JOIN sides y ON y.identifier = m.b AND y.entity = x.entity AND y.side = 2 WHERE x.side = 1
QUALIFY row_number() OVER (PARTITION BY x.entity ORDER BY m.weight DESC, x.name, y.name) <= ?
ORDER BY x.entity, m.weight DESC, x.name, y.name
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error and why it came about, in sentences, the weightiest first. what: a customer's id, or the person."""

    what: str
    pairs: int
    reasons: tuple[str, ...]


def wrongly_merged(engine: Engine, merged: Sequence[Merged]) -> tuple[Wrong, ...]:
    """For each customer that holds several persons, what joined them. Needs the tables that `score` makes."""
    _ask(engine, (bad.customer for bad in merged))
    why: dict[str, list[str]] = {bad.customer: [] for bad in merged}
    for customer, a, b, rule, count, weight, because in engine.rows(_JOINED, [REASONS]):
        why[customer].append(_joined(a, b, rule, count, weight, because))
    for customer, name, most, others in engine.rows(_MIXED, [REASONS]):
        why[customer].append(
            f"{name} is shown by rows of several persons: {most:,} of one, {others:,} of the next"
        )
    nothing = "no link inside it ties two persons' identifiers: its rows lie nearest to one of several who show all of it"
    engine.drop("asked", "members", "whose")
    return tuple(
        Wrong(bad.customer, bad.wrong_pairs, tuple(why[bad.customer][:REASONS]) or (nothing,))
        for bad in merged
    )


def wrongly_split(engine: Engine, split: Sequence[Split]) -> tuple[Wrong, ...]:
    """For each person in several customers, what stands between the two largest. Needs the tables that `score` makes."""
    _put(engine, (apart.entity for apart in split))
    engine.make("apart", _APART)
    two = dict(engine.rows("SELECT entity, held FROM apart"))
    _ask(engine, sorted({customer for held in two.values() for customer in held}))
    engine.make("sides", _SIDES)
    why: dict[str, list[str]] = {apart.entity: [] for apart in split}
    for entity, a, b, words, weight in engine.rows(_REFUSED, [REASONS]):
        why[entity].append(f"refused: {a} and {b}, weight {weight:.4g}: {words}")
    for entity, name, words in engine.rows(_SHARED, [REASONS]):
        why[entity].append(f"both were seen with {name}, which is shared: {words}")
    for entity, a, b, because, weight in engine.rows(_NEAR, [REASONS]):
        why[entity].append(f"compared and not joined: {a} and {b}, probability {weight:.4g}: {because}")
    engine.drop("asked", "members", "whose", "apart", "sides")
    return tuple(
        Wrong(
            apart.entity,
            apart.missed_pairs,
            tuple(why[apart.entity][:REASONS]) or (_nothing(two.get(apart.entity, [])),),
        )
        for apart in split
    )


def _nothing(held: list[str]) -> str:
    if len(held) < 2:
        return "rows without a customer: they show shared identifiers, placeholders or nothing of the person's own"
    return f"between {held[0]} and {held[1]}: nothing in common, and never a candidate or far below the bar"


def _joined(a: str, b: str, rule: str, count: int, weight: float, because: str | None) -> str:
    if rule == "must_link":
        return f"joined by a person's decision: {a} and {b}"
    if because is not None:
        how = "match" if rule == "match" else "elimination"
        return f"joined by {how}: {a} and {b}, weight {weight:.4g}: {because}"
    sentence = RULES[rule].sentence if rule in RULES else f"linked by rule {rule}"
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"joined by {rows}: {a} and {b}, weight {weight:.4g}: {sentence}"


def _ask(engine: Engine, ids: Iterable[str]) -> None:
    _put(engine, ids)
    engine.make("members", _MEMBERS)
    engine.make("whose", _WHOSE)


def _put(engine: Engine, ids: Iterable[str]) -> None:
    engine.put("asked", pa.table({"id": pa.array(list(ids), pa.string())}))
