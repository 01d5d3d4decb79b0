"""Stage set_aside: raw values refused by cleaning are put into rejects, with the line they first stand on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scvgraph.engine import Engine, name, scan, text
from scvgraph.errors import SourceError
from scvgraph.sources.faulty import lines_of_values
from scvgraph.sources.files import SourceFile
from scvgraph.sources.frames import frame_feed
from scvgraph.sources.ingest import NOT_LOCATED
from scvgraph.sources.reading import open_feed
from scvgraph.store import FileEntry, Segment
from scvgraph.work import Counts, Work


def set_aside(work: Work) -> Counts:
    """For every file taken in since: which of its values were refused, where and why."""
    ledger, engine = work.ledger, work.engine
    pending = [entry for entry in ledger.files if entry.values_refused == NOT_LOCATED]
    if not pending:
        return {"values": 0}
    folder = ledger.new_batch_folder()
    ledger = replace(ledger, batch=ledger.batch + 1)
    files = [ledger.path(part.path) for part in ledger.cleaned]
    empty = "SELECT CAST(0 AS INTEGER) AS spelling, '' AS fault WHERE false"
    engine.make("faulty", f"SELECT DISTINCT spelling, fault FROM {scan(files)} WHERE fault IS NOT NULL" if files else empty)
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
    segments = [s for s in work.ledger.segments if s.source == entry.source and s.batch == entry.batch]
    engine.make("refused_values", f"SELECT * FROM ({_refused_sql(work, entry, segments)}) ORDER BY ALL")
    count = int(engine.one("SELECT count(*) FROM refused_values"))
    if not count:
        return 0
    lines = _lines(work, engine, entry)
    engine.write(
        f"SELECT {text(entry.source)} AS source, {text(entry.file)} AS file, l.line, v.column, v.fault AS reason,"
        f" left(v.raw, 2000) AS text, coalesce(l.count, v.count) AS count FROM refused_values v"
        f" LEFT JOIN ({lines}) l ON v.column = l.column AND v.raw = l.raw ORDER BY l.line, v.column, v.raw",
        path,
    )
    return count


def _refused_sql(work: Work, entry: FileEntry, segments: list[Segment]) -> str:
    ledger = work.ledger
    parts = [
        f"SELECT {text(column)} AS \"column\", r.raw, f.fault, count(*) AS count FROM {scan([ledger.path(segment.path)])} s"
        f" JOIN faulty f ON s.i{n} = f.spelling JOIN {scan([ledger.path(p) for p in ledger.spellings])} r ON s.i{n} = r.no"
        f" WHERE s.file = {entry.number} GROUP BY ALL"
        for segment in segments
        for n, (_, column) in enumerate(segment.identifiers)
    ]
    empty = "SELECT '' AS \"column\", '' AS raw, '' AS fault, 0 AS count WHERE false"
    return " UNION ALL ".join(parts) or empty


def _lines(work: Work, engine: Engine, entry: FileEntry) -> str:
    """Where the values stand, if the file is still there to be looked at."""
    source = work.project.sources.get(entry.source)
    empty = "SELECT CAST(NULL AS BIGINT) AS line, '' AS \"column\", '' AS raw, CAST(NULL AS BIGINT) AS count WHERE false"
    path = work.project.folder / entry.file
    if source is None or not (path.exists() or source.name in work.frames):
        return empty
    columns = [row[0] for row in engine.rows("SELECT DISTINCT \"column\" FROM refused_values ORDER BY 1")]
    file = SourceFile(path, entry.file, source.reading.format or _format_of(path), entry.sha256)
    try:
        frame = work.frames.get(source.name)
        feed = open_feed(engine, source, file) if frame is None else frame_feed(engine, source, file, frame)
    except SourceError:
        return empty  # changed or gone since: the values stand in rejects without their line
    for n, column in enumerate(columns):
        wanted = f"SELECT raw FROM refused_values WHERE \"column\" = {text(column)}"
        engine.make(f"lines{n}", f"SELECT {text(column)} AS \"column\", * FROM ({lines_of_values(feed, column, wanted)})")
    return " UNION ALL ".join(f"SELECT line, \"column\", raw, count FROM {name(f'lines{n}')}" for n in range(len(columns)))


def _format_of(path: Path) -> str:
    lower = path.name.lower()
    if ".parquet" in lower or lower.endswith(".pq"):
        return "parquet"
    return "jsonl" if ".json" in lower or ".ndjson" in lower else "csv"
