"""Stage set_aside: raw values refused by cleaning are put into rejects, with the line they first stand on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, scan, text
from scvgraph.sources.faulty import first_lines
from scvgraph.sources.files import SourceFile, changed_since
from scvgraph.sources.frames import frame_feed, frame_file, frame_label
from scvgraph.sources.ingest import NOT_LOCATED, mapping_of
from scvgraph.sources.reading import Feed, first_use, forget_rejects, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.store import FileEntry, Segment
    from scvgraph.work import Counts, Work


def set_aside(work: Work) -> Counts:
    """For every file taken in since: which of its values were refused, where and why."""
    ledger, engine = work.ledger, work.engine
    current = {(kind.name, kind.options.fingerprint()) for kind in work.project.kinds.values()}
    options = " ".join(":".join(pair) for pair in sorted(current))
    changed = ledger.aside not in ("", options)  # under other options other values are refused, in every file
    pending = [e for e in ledger.files if e.values_refused == NOT_LOCATED or (changed and not e.retired)]
    if not pending:
        return {"values": 0}
    folder = ledger.new_batch_folder()
    ledger = replace(ledger, batch=ledger.batch + 1, aside=options)
    if changed:
        ledger = replace(ledger, rejects=tuple(part for part in ledger.rejects if "/values-" not in part))
    files = [ledger.path(part.path) for part in ledger.cleaned if (part.kind, part.options) in current]
    empty = "SELECT CAST(0 AS INTEGER) AS spelling, '' AS fault WHERE false"
    engine.make(
        "faulty",
        f"SELECT DISTINCT spelling, fault FROM {scan(files)} WHERE fault IS NOT NULL" if files else empty,
    )
    anything = bool(engine.one("SELECT count(*) FROM faulty"))
    total = 0
    entries = {entry.number: entry for entry in ledger.files}
    for entry in pending:
        path = folder / f"values-{entry.number}.parquet"
        found = _set_aside_file(work, entry, path) if anything else 0
        entries[entry.number] = replace(entry, values_refused=found)
        total += found
        if found:
            ledger = replace(ledger, rejects=(*ledger.rejects, f"{folder.name}/{path.name}"))
    engine.drop("faulty")
    ledger = replace(ledger, files=tuple(entries[number] for number in sorted(entries)))
    ledger.commit(folder)
    work.ledger = ledger
    return {"values": total}


def _set_aside_file(work: Work, entry: FileEntry, path: Path) -> int:
    engine = work.engine
    segments = [s for s in work.ledger.segments if s.file == entry.number]
    engine.make("refused_values", f"SELECT * FROM ({_refused_sql(work, entry, segments)}) ORDER BY ALL")
    count = int(engine.one("SELECT count(*) FROM refused_values"))
    if not count:
        return 0
    lines = _lines(work, engine, entry)
    engine.write(
        f"SELECT {text(entry.source)} AS source, {text(entry.file)} AS file, l.line, v.column, v.fault AS reason,"
        f" left(v.raw, 2000) AS text, coalesce(l.count, v.count) AS count FROM refused_values v"
        f" LEFT JOIN ({lines}) l ON v.column = l.column AND v.raw = l.raw ORDER BY l.line NULLS LAST, v.column, v.raw",
        path,
    )
    return count


def _refused_sql(work: Work, entry: FileEntry, segments: list[Segment]) -> str:
    ledger = work.ledger
    parts = [
        f'SELECT {text(column)} AS "column", r.raw, f.fault, count(*) AS count FROM {scan([ledger.path(segment.path)])} s'
        f" JOIN faulty f ON s.i{n} = f.spelling JOIN {scan([ledger.path(p) for p in ledger.spellings])} r ON s.i{n} = r.no"
        f" WHERE s.file = {entry.number} GROUP BY ALL"
        for segment in segments
        for n, (_, column) in enumerate(segment.identifiers)
    ]
    empty = "SELECT '' AS \"column\", '' AS raw, '' AS fault, 0 AS count WHERE false"
    return " UNION ALL ".join(parts) or empty


def _lines(work: Work, engine: Engine, entry: FileEntry) -> str:
    """Where the values stand, if the file is still there as it was."""
    empty = "SELECT CAST(NULL AS BIGINT) AS line, '' AS \"column\", '' AS raw, CAST(NULL AS BIGINT) AS count WHERE false"
    source = work.project.sources.get(entry.source)
    if source is None or mapping_of(work.project, source) != entry.mapping:
        return empty
    path = work.project.folder / entry.file
    file = SourceFile(path, entry.file, source.reading.format or _format_of(path), entry.sha256)
    columns = [row[0] for row in engine.rows('SELECT DISTINCT "column" FROM refused_values ORDER BY 1')]
    frame = work.frames.get(source.name)
    if entry.file == frame_label(source):
        if frame is None or frame_file(source, frame).sha256 != entry.sha256:
            return empty
        return _found(engine, frame_feed(engine, source, file, frame), columns, entry.rows_read)
    if changed_since(file):
        return empty
    with unreadable(file):
        return first_use(engine, source, file, lambda feed: _found(engine, feed, columns, entry.rows_read))[1]


def _found(engine: Engine, feed: Feed, columns: list[str], rows: int) -> str:
    parts = []
    for n, column in enumerate(columns):
        engine.make(
            f"wanted{n}", 'SELECT raw FROM refused_values WHERE "column" = $column', {"column": column}
        )
        forget_rejects(engine, feed)
        parts.append(
            f'SELECT *, {text(column)} AS "column" FROM ({first_lines(engine, feed, column, f"wanted{n}", rows)})'
        )
    return " UNION ALL BY NAME ".join(parts)


def _format_of(path: Path) -> str:
    lower = path.name.lower()
    if ".parquet" in lower or lower.endswith(".pq"):
        return "parquet"
    return "jsonl" if ".json" in lower or ".ndjson" in lower else "csv"
