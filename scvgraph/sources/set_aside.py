"""Stage set_aside: raw values refused by cleaning are put into rejects, with the line they first stand on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, scan, text
from scvgraph.sources.declared import mapping_of
from scvgraph.sources.faulty import first_lines
from scvgraph.sources.files import SourceFile, changed_since
from scvgraph.sources.frames import frame_feed, frame_file, frame_label
from scvgraph.sources.ingest import NOT_LOCATED
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
    engine.make(
        "refused_values", f"SELECT * FROM ({_refused_sql(work, _segments(work, entry))}) ORDER BY ALL"
    )
    if not engine.one("SELECT count(*) FROM refused_values"):
        return 0
    lines = _lines(work, engine, entry)
    known = f"JOIN ({lines})" if lines else f"LEFT JOIN ({_NO_LINES})"
    found = engine.write(
        f"SELECT {text(entry.source)} AS source, {text(entry.file)} AS file, l.line, v.column, v.fault AS reason,"
        f" left(v.raw, 2000) AS text, coalesce(l.count, v.count) AS count FROM refused_values v"
        f" {known} l ON v.column = l.column AND v.raw = l.raw ORDER BY l.line NULLS LAST, v.column, v.raw",
        path,
    )
    if not found:
        path.unlink()
    return found


def _segments(work: Work, entry: FileEntry) -> list[Segment]:
    """Where a file's refused values may stand: in what it added, and, if it is the newest version of its name, in what
    earlier versions added, whose rows it repeats.
    """
    ledger = work.ledger
    versions = {entry.number}
    if entry.number in ledger.current_files:
        versions |= {
            e.number
            for e in ledger.files
            if (e.source, e.file, e.mapping) == (entry.source, entry.file, entry.mapping) and not e.retired
        }
    return [segment for segment in ledger.segments if segment.file in versions]


def _refused_sql(work: Work, segments: list[Segment]) -> str:
    """SQL (column, raw, fault, count) of the refused values in some segments."""
    ledger = work.ledger
    parts = [
        f'SELECT {text(column)} AS "column", i{n} AS spelling FROM {scan([ledger.path(s.path) for s in alike])}'
        for layout, alike in _alike(segments).items()
        for n, (_, column) in enumerate(layout)
    ]
    if not parts:
        return "SELECT '' AS \"column\", '' AS raw, '' AS fault, 0 AS count WHERE false"
    return (
        f'SELECT v."column", r.raw, f.fault, v.count FROM (SELECT "column", spelling, count(*) AS count'
        f" FROM ({' UNION ALL '.join(parts)}) SEMI JOIN faulty USING (spelling) GROUP BY ALL) v"
        f" JOIN faulty f USING (spelling) JOIN {scan([ledger.path(p) for p in ledger.spellings])} r ON v.spelling = r.no"
    )


def _alike(segments: list[Segment]) -> dict[tuple[tuple[str, str], ...], list[Segment]]:
    """Segments by the identifiers their columns hold."""
    found: dict[tuple[tuple[str, str], ...], list[Segment]] = {}
    for segment in segments:
        found.setdefault(segment.identifiers, []).append(segment)
    return found


_NO_LINES = "SELECT CAST(NULL AS BIGINT) AS line, '' AS \"column\", '' AS raw, CAST(NULL AS BIGINT) AS count WHERE false"


def _lines(work: Work, engine: Engine, entry: FileEntry) -> str:
    """Where the values stand, if the file is still there as it was; empty if not."""
    source = work.project.sources.get(entry.source)
    if source is None or mapping_of(work.project, source) != entry.mapping:
        return ""
    path = work.project.folder / entry.file
    file = SourceFile(path, entry.file, source.reading.format or _format_of(path), entry.sha256)
    columns = [row[0] for row in engine.rows('SELECT DISTINCT "column" FROM refused_values ORDER BY 1')]
    frame = work.frames.get(source.name)
    if entry.file == frame_label(source):
        if frame is None or frame_file(source, frame).sha256 != entry.sha256:
            return ""
        return _found(engine, frame_feed(engine, source, file, frame), columns, entry.rows_read)
    if changed_since(file):
        return ""
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
