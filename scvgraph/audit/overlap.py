"""What sources have in common: identifiers of each kind, and customers.

No source is joined with another: each identifier is reduced to the list of sources that show it, the lists are
counted, and pairs are read off the few lists there are.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from scvgraph.audit.evidence import ColumnHealth, PairHealth

if TYPE_CHECKING:
    from collections.abc import Collection

    from scvgraph.engine import Engine

_IDENTIFIERS = """
SELECT kind, sources, count(*) FROM (
    SELECT kind, identifier, list(source ORDER BY source) AS sources
    FROM (SELECT DISTINCT kind, identifier, source FROM audit_seen WHERE status = 'ok') GROUP BY kind, identifier)
GROUP BY kind, sources
"""
_CUSTOMERS = """
SELECT '', sources, count(*) FROM (
    SELECT customer, list(source ORDER BY source) AS sources
    FROM (SELECT DISTINCT customer, source FROM rows WHERE customer IS NOT NULL) GROUP BY customer)
GROUP BY sources
"""
# One value under two kinds: the two will never meet.
_CLASHES = """
SELECT a.kind, b.kind, count(*) FROM identifiers a JOIN identifiers b ON a.value = b.value AND a.kind < b.kind
WHERE a.status = 'ok' AND b.status = 'ok' GROUP BY 1, 2
"""
_REFUSED_TEXTS = """
SELECT DISTINCT text FROM rejects WHERE source = ? AND "column" = ? AND text IS NOT NULL AND current ORDER BY text LIMIT 200
"""
_TELLING_KINDS = ("email", "ip", "phone")  # kinds whose values cannot be taken for another's


def pairs(engine: Engine, sources: Collection[str]) -> tuple[PairHealth, ...]:
    """Every pair of sources. Needs table `audit_seen`."""
    single, both = _counted(engine, _IDENTIFIERS)
    people, shared = _counted(engine, _CUSTOMERS)
    kinds = sorted({kind for kind, _ in single})
    return tuple(
        PairHealth(
            a,
            b,
            {kind: both[kind, a, b] for kind in kinds if single[kind, a] and single[kind, b]},
            {kind: single[kind, a] for kind in kinds if single[kind, a]},
            {kind: single[kind, b] for kind in kinds if single[kind, b]},
            shared["", a, b],
            people["", a],
            people["", b],
        )
        for a, b in combinations(sorted(sources), 2)
    )


def _counted(engine: Engine, sql: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str, str]]]:
    """How many things each source shows, and each pair of sources, by kind."""
    single: Counter[tuple[str, str]] = Counter()
    both: Counter[tuple[str, str, str]] = Counter()
    for kind, sources, count in engine.rows(sql):
        for source in sources:
            single[kind, source] += count
        for a, b in combinations(sources, 2):
            both[kind, a, b] += count
    return single, both


def clashes(engine: Engine) -> dict[tuple[str, str], int]:
    return {(a, b): count for a, b, count in engine.rows(_CLASHES)}


def mistaken(engine: Engine, columns: Collection[ColumnHealth]) -> dict[tuple[str, str], str]:
    """(source, column) -> the kind that most of its refused values would be, where a third and more are refused."""
    from scvgraph.identifiers.cleaning import Options, clean_one

    found = {}
    for column in columns:
        if column.kind is None or column.validity > 2 / 3:
            continue
        texts = [row[0] for row in engine.rows(_REFUSED_TEXTS, [column.source, column.column])]
        for kind in _TELLING_KINDS:
            fits = sum(clean_one(kind, text, Options()).value is not None for text in texts)
            if kind != column.kind and texts and fits > len(texts) / 2:
                found[column.source, column.column] = kind
                break
    return found
