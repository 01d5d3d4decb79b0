"""Counts of sources, identifier columns and kinds, each from one pass over a table."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scvgraph.audit.evidence import BlockHealth, ColumnHealth, Declared, KindHealth, SourceHealth

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scvgraph.engine import Engine

ANCIENT = datetime(1990, 1, 1)  # noqa: DTZ001 - times are UTC without a zone
# Refusals that say there was no value, not that it was wrong.
NOTHING = ("empty", "null_word")

_TIMES = """
SELECT source, count(*), min(ts), max(ts), count(*) - count(ts),
       count(*) FILTER (ts > $soon), count(*) FILTER (ts < $ancient)
FROM {shape} GROUP BY source
"""
# Days with rows, and how far each lies behind the one before; days nobody believes are left out.
_GAPS = """
WITH days AS (SELECT DISTINCT source, CAST(ts AS DATE) AS seen FROM {shape} WHERE ts BETWEEN $ancient AND $soon),
gaps AS (SELECT source, seen, lag(seen) OVER (PARTITION BY source ORDER BY seen) AS before FROM days)
SELECT source, max(seen - before), arg_max(before, (seen - before, before))::TIMESTAMP,
       arg_max(seen, (seen - before, before))::TIMESTAMP, median(seen - before)
FROM gaps WHERE before IS NOT NULL GROUP BY source
"""
_FILES = "SELECT source, count(*), sum(rows_read)::BIGINT, sum(rows_refused)::BIGINT FROM files WHERE current GROUP BY source"
_PLACED = """
SELECT source, coalesce(basis, 'none'), count(*) FROM rows WHERE customer IS NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""

# 1. Every identifier a column shows, with how often: all that follows reads this, not the sightings.
_SEEN = """
SELECT s.source, s."column", i.kind, i.status, s.identifier, s.n, i.value LIKE '%_@_%._%' AS address
FROM (SELECT source, "column", identifier, count(*) AS n FROM sightings GROUP BY ALL) s
JOIN identifiers i ON s.identifier = i.no
"""
# 2. One row per column.
_COLUMNS = """
SELECT source, "column", kind, sum(n)::BIGINT, count(*), coalesce(max(n) FILTER (status <> 'placeholder'), 0),
       coalesce(sum(n) FILTER (status = 'placeholder'), 0)::BIGINT, coalesce(sum(n) FILTER (status = 'shared'), 0)::BIGINT,
       count(*) FILTER (status = 'shared'), coalesce(sum(n) FILTER (address), 0)::BIGINT,
       coalesce(max(n) FILTER (status = 'ok'), 0)
FROM audit_seen GROUP BY source, "column", kind
"""
_PLACEHOLDERS = """
SELECT s.source, s."column", s.kind, i.value, s.n FROM audit_seen s JOIN identifiers i ON s.identifier = i.no
WHERE s.status = 'placeholder'
QUALIFY row_number() OVER (PARTITION BY s.source, s."column", s.kind ORDER BY s.n DESC, i.value) = 1
"""
_REFUSED = """
SELECT source, "column", reason, sum(count)::BIGINT FROM rejects WHERE "column" IS NOT NULL AND current GROUP BY ALL
ORDER BY 4 DESC, 3
"""
_KINDS = """
SELECT kind, count(*), count(*) FILTER (status = 'placeholder'), count(*) FILTER (status = 'shared')
FROM identifiers GROUP BY kind ORDER BY kind
"""
_SPELLINGS = """
SELECT s.kind, count(*) FROM spellings s LEFT JOIN cleaned c ON s.no = c.spelling
WHERE c.spelling IS NULL OR c.identifier IS NOT NULL GROUP BY s.kind
"""


def sources(engine: Engine, declared: Collection[Declared], now: datetime) -> dict[str, SourceHealth]:
    """Every source with rows, files or declared columns."""
    files = {row[0]: row[1:] for row in engine.rows(_FILES)}
    placed: dict[str, dict[str, int]] = defaultdict(dict)
    for source, basis, count in engine.rows(_PLACED):
        placed[source][basis] = count
    found = {entry.source: SourceHealth(entry.source, entry.shape, 0) for entry in declared}
    bounds = {"soon": now + timedelta(days=1), "ancient": ANCIENT}
    for shape in ("records", "events"):
        gaps = {row[0]: row[1:] for row in engine.rows(_GAPS.format(shape=shape), bounds)}
        for source, rows, first, last, undated, future, ancient in engine.rows(
            _TIMES.format(shape=shape), bounds
        ):
            days, start, end, usual = gaps.get(source, (0, None, None, 0.0))
            count, read, refused = files.get(source, (0, rows, 0))
            found[source] = SourceHealth(
                source, shape, rows, count, read, refused, first, last, undated, future, ancient,
                int(days), start, end, float(usual), placed[source],
            )  # fmt: skip
    return dict(sorted(found.items()))


def identifier_columns(
    engine: Engine, declared: Collection[Declared], found: Mapping[str, SourceHealth]
) -> list[ColumnHealth]:
    """One entry per source, column and kind; also for declared columns that never showed anything.

    Leaves table `audit_seen` (source, column, kind, status, identifier, n, address) behind.
    """
    engine.make("audit_seen", _SEEN)
    refused: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for source, column, reason, count in engine.rows(_REFUSED):
        refused[source, column][reason] = count
    nobody = {(s, c, k): (value, n) for s, c, k, value, n in engine.rows(_PLACEHOLDERS)}
    counted = {row[:3]: row[3:] for row in engine.rows(_COLUMNS)}
    for entry in declared:
        if entry.kind is not None:
            counted.setdefault((entry.source, entry.column, entry.kind), (0,) * 8)
    columns = []
    for (source, column, kind), counts in sorted(counted.items()):
        accepted, distinct, top, placeholders, shared, shared_values, addresses, top_ok = counts
        wrong = {reason: n for reason, n in refused[source, column].items() if reason not in NOTHING}
        value, times = nobody.get((source, column, kind), (None, 0))
        rows = found[source].rows if source in found else 0
        columns.append(ColumnHealth(
            source, column, kind, rows, accepted + sum(wrong.values()), accepted, distinct, top,
            wrong, placeholders, value, times, shared, shared_values, addresses, top_ok,
        ))  # fmt: skip
    return columns


def kinds(engine: Engine) -> dict[str, KindHealth]:
    """Identifiers by kind; `spellings` are the distinct raw values that became them."""
    spelled = dict(engine.rows(_SPELLINGS))
    return {
        kind: KindHealth(kind, identifiers, placeholders, shared, max(spelled.get(kind, 0), identifiers))
        for kind, identifiers, placeholders, shared in engine.rows(_KINDS)
    }


def blocks(engine: Engine) -> tuple[BlockHealth, ...]:
    """Rules by which pairs were found, those that dropped most first."""
    rows = engine.records("SELECT * FROM blocks ORDER BY dropped_pairs DESC, pairs DESC, rule, traits")
    return tuple(BlockHealth(**row) for row in rows)


def strange(engine: Engine) -> tuple[tuple[str, str], ...]:
    """Traits that a fixed model and the data do not have in common, and which of the two lacks them."""
    found = engine.rows("SELECT trait, origin FROM comparisons WHERE origin LIKE 'not in%' ORDER BY ALL")
    return tuple((trait, origin) for trait, origin in found)
