"""Which rows of a new segment are known already, and which rows a later version of their key replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, scan
from scvgraph.store.views import content_key, stored_rows

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.store import Ledger, Segment


def known_copies(engine: Engine, ledger: Ledger, segment: Segment) -> int:
    """Drop from a segment just written the rows that its source holds already; returns how many.

    A row's content is compared by two 64-bit hashes of all its columns. The n-th copy of a row in the new file is
    known if the source holds at least n copies, whichever files brought them.
    """
    layout = replace(segment, path="", batch=0, first_row=0, rows=0)
    before = [s for s in ledger.segments if replace(s, path="", batch=0, first_row=0, rows=0) == layout]
    if not before:
        return 0
    path = ledger.path(segment.path)
    columns = [row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM {scan([path])}") if row[0] != "file"]
    content = ", ".join(name(column) for column in columns)
    hashes = f"hash({content}) AS h1, hash(1, {content}) AS h2"
    timed = engine.one(f"SELECT count(ts) FROM {scan([path])}")
    held = replace(ledger, superseded=()) if timed else ledger  # without times a row that comes back is news
    engine.make(
        "held",
        f"SELECT h1, h2, count(*) AS n FROM (SELECT {hashes} FROM ({stored_rows(held, before)})) GROUP BY h1, h2",
    )
    engine.make(
        "copies",
        f"SELECT spot FROM (SELECT spot, h1, h2, row_number() OVER (PARTITION BY h1, h2 ORDER BY spot) AS nth FROM"
        f" (SELECT file_row_number AS spot, {hashes} FROM {scan([path], 'file_row_number = true')}))"
        f" JOIN held USING (h1, h2) WHERE nth <= n",
    )
    known = int(engine.one("SELECT count(*) FROM copies"))
    if known:
        trimmed = path.with_name("trimmed.parquet")
        engine.write(
            f"SELECT * EXCLUDE (file_row_number) FROM {scan([path], 'file_row_number = true')}"
            " WHERE file_row_number NOT IN (SELECT spot FROM copies)",
            trimmed,
        )
        trimmed.replace(path)
    engine.drop("held", "copies")
    return known


def superseded_rows(engine: Engine, ledger: Ledger, source: str, path: Path) -> int:
    """Write the rows of a source whose key has a later version: by time, then batch, then content; returns how many."""
    segments = [segment for segment in ledger.segments if segment.source == source and segment.keyed]
    if not any(segment.batch == ledger.batch for segment in segments):
        return 0
    layouts: dict[object, list[Segment]] = {}
    for segment in segments:
        layouts.setdefault((segment.identifiers, segment.traits, segment.shape), []).append(segment)
    plain = " UNION ALL ".join(f"SELECT row, key FROM ({stored_rows(ledger, group)})" for group in layouts.values())
    engine.make("twice", f"SELECT key FROM ({plain}) GROUP BY key HAVING count(*) > 1")
    if not engine.one("SELECT count(*) FROM twice"):
        return 0
    batches = " ".join(f"WHEN row >= {s.first_row} THEN {s.batch}" for s in sorted(segments, key=lambda s: -s.first_row))
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
