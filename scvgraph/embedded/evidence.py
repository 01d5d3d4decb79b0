"""Source rows behind a link, read from the ledger: the rows that show both of its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.embedded.explanation import SourceRow

if TYPE_CHECKING:
    from scvgraph.engine import Engine

ROWS_SHOWN = 3

_BOTH = """
WITH asked AS (SELECT unnest($a) AS a, unnest($b) AS b),
pairs AS (SELECT q.a, q.b, ia.no AS ia, ib.no AS ib FROM asked q
          JOIN identifiers ia ON ia.kind || ':' || ia.value = q.a JOIN identifiers ib ON ib.kind || ':' || ib.value = q.b),
ends AS (SELECT ia AS no FROM pairs UNION SELECT ib FROM pairs),
seen AS (SELECT s.row, s.identifier, s.source, s.ts FROM sightings s SEMI JOIN ends e ON s.identifier = e.no)
SELECT p.a, p.b, x.row, min(x.source) AS source, min(x.ts) AS ts
FROM pairs p JOIN seen x ON x.identifier = p.ia JOIN seen y ON y.identifier = p.ib AND y.row = x.row
GROUP BY p.a, p.b, x.row
QUALIFY row_number() OVER (PARTITION BY p.a, p.b ORDER BY min(x.ts), min(x.source), x.row) <= $shown
ORDER BY p.a, p.b, ts, source, x.row"""

_KEYS = """
SELECT row, key FROM records WHERE list_contains($rows, row)
UNION ALL SELECT row, key FROM events WHERE list_contains($rows, row)"""


_BECAUSE = """
WITH asked AS (SELECT unnest($a) AS a, unnest($b) AS b)
SELECT q.a, q.b, min(m.because) FROM asked q
JOIN identifiers ia ON ia.kind || ':' || ia.value = q.a JOIN identifiers ib ON ib.kind || ':' || ib.value = q.b
JOIN matches m ON (m.a = ia.no AND m.b = ib.no) OR (m.a = ib.no AND m.b = ia.no) GROUP BY ALL"""


def reasons_of(engine: Engine, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What agreed between both ends of matches, for each pair of identifiers (as kind:value) that is one."""
    found = engine.rows(_BECAUSE, {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]})
    return {(a, b): because for a, b, because in found}


def rows_of(engine: Engine, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[SourceRow, ...]]:
    """The earliest rows that show both ends, for each pair of identifiers (as kind:value)."""
    found = engine.rows(_BOTH, {"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "shown": ROWS_SHOWN})
    numbers = sorted({row for _, _, row, _, _ in found})
    keys = dict(engine.rows(_KEYS, {"rows": numbers})) if numbers else {}
    rows: dict[tuple[str, str], list[SourceRow]] = {}
    for a, b, row, source, ts in found:
        rows.setdefault((a, b), []).append(SourceRow(source, keys.get(row, ""), ts))
    return {pair: tuple(each) for pair, each in rows.items()}
