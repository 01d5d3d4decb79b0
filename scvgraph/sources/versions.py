"""Which rows of a new segment are known already, and which rows a later version of their key replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, scan
from scvgraph.store.views import content_key, stored_rows

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.store import Ledger, Segment


def known_copies(engine: Engine, ledger: Ledger, source: str) -> dict[int, int]:
    """Drop from a source's segments of the present batch the rows it holds already; returns how many, by file number.

    A row's content is compared by a 64-bit hash of all its columns. The n-th copy of a row in a file is known if
    the source holds at least n copies, whichever earlier files brought them; files of one batch count in their order.
    All files of the batch are compared in one pass, so many small files cost what one large file does.
    """
    fresh = [s for s in ledger.segments if s.source == source and s.batch == ledger.batch]
    if not fresh:
        return {}
    before = [s for s in ledger.segments if s.batch < ledger.batch and _layout(s) == _layout(fresh[0])]
    if len(fresh) == 1 and not before:
        return {}
    paths = [ledger.path(segment.path) for segment in fresh]
    columns = [row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM {scan(paths)}") if row[0] != "file"]
    content = f"hash({', '.join(name(column) for column in columns)}) AS h"
    timed = engine.one(f"SELECT count(ts) FROM {scan(paths)}")
    held = replace(ledger, superseded=()) if timed else ledger  # without times a row that comes back is news
    engine.make(
        "arrived",
        f"SELECT file, file_row_number AS spot, {content} FROM {scan(paths, 'file_row_number = true')}",
    )
    past = (
        f"SELECT {content} FROM ({stored_rows(held, before)})"
        if before
        else "SELECT h FROM arrived WHERE false"
    )
    engine.make("held", f"SELECT h, count(*) AS n FROM ({past}) SEMI JOIN arrived USING (h) GROUP BY h")
    engine.make("copies", _COPIES)
    known = dict(engine.rows("SELECT file, count(*) FROM copies GROUP BY file"))
    for path in paths:
        _trim(engine, path, known)
    engine.drop("arrived", "held", "copies")
    return known


# Rows whose like is held already or stands in several files: of file after file those beyond the most copies so far.
_COPIES = """
WITH contested AS (SELECT h FROM held UNION SELECT h FROM arrived GROUP BY h HAVING min(file) < max(file)),
counted AS (SELECT h, file, count(*) AS n FROM arrived SEMI JOIN contested USING (h) GROUP BY h, file),
sofar AS (SELECT h, file, greatest(coalesce(max(c.n) OVER (PARTITION BY h ORDER BY file ROWS BETWEEN UNBOUNDED PRECEDING
          AND 1 PRECEDING), 0), coalesce(held.n, 0)) AS n FROM counted c LEFT JOIN held USING (h))
SELECT file, spot FROM (SELECT file, spot, h, row_number() OVER (PARTITION BY h, file ORDER BY spot) AS nth
                        FROM arrived SEMI JOIN contested USING (h)) JOIN sofar USING (h, file) WHERE nth <= n"""


def _layout(segment: Segment) -> Segment:
    return replace(segment, path="", batch=0, first_row=0, rows=0, file=0)


def _trim(engine: Engine, path: Path, known: dict[int, int]) -> None:
    """Write a segment anew without the rows that are known."""
    file = engine.rows(f"SELECT file FROM {scan([path])} LIMIT 1")[0][0]
    if file not in known:
        return
    trimmed = path.with_name("trimmed.parquet")
    engine.write(
        f"SELECT * EXCLUDE (file_row_number) FROM {scan([path], 'file_row_number = true')}"
        f" WHERE file_row_number NOT IN (SELECT spot FROM copies WHERE file = {int(file)})",
        trimmed,
    )
    trimmed.replace(path)


def superseded_rows(engine: Engine, ledger: Ledger, source: str, path: Path) -> int:
    """Write the rows of a source whose key has a later version: by time, then batch, then content; returns how many."""
    segments = [segment for segment in ledger.segments if segment.source == source and segment.keyed]
    if not any(segment.batch == ledger.batch for segment in segments):
        return 0
    layouts: dict[object, list[Segment]] = {}
    for segment in segments:
        layouts.setdefault((segment.identifiers, segment.traits, segment.shape), []).append(segment)
    plain = " UNION ALL ".join(
        f"SELECT row, key FROM ({stored_rows(ledger, group)})" for group in layouts.values()
    )
    engine.make("twice", f"SELECT key FROM ({plain}) GROUP BY key HAVING count(*) > 1")
    if not engine.one("SELECT count(*) FROM twice"):
        return 0
    batches = " ".join(
        f"WHEN row >= {s.first_row} THEN {s.batch}" for s in sorted(segments, key=lambda s: -s.first_row)
    )
    engine.view("spellings", "SELECT * FROM known_spellings")
    versions = " UNION ALL ".join(
        f"SELECT row, key, ts, {content_key(group[0])} AS content FROM ({stored_rows(ledger, group)}) r"
        f" WHERE key IN (SELECT key FROM twice)"
        for group in layouts.values()
    )
    return engine.write(
        f"SELECT row FROM (SELECT row, row_number() OVER (PARTITION BY key ORDER BY ts DESC NULLS LAST,"
        f" CASE {batches} END DESC, content DESC) AS version FROM ({versions})) WHERE version > 1 ORDER BY row",
        path,
    )
