"""Stage ingest: rows of files that are new or changed become segments of the ledger.

Invariant: what a file adds depends on its content only. A file whose bytes are known adds nothing; of any other
file those rows are added that the source does not hold yet (a row that stands n times in a file is held n times,
however many files repeat it). The ledger changes by one commit at the end, or not at all.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from scvgraph.config.project import Project, Source
from scvgraph.engine import Engine, name, scan, text
from scvgraph.sources import cells
from scvgraph.sources.faulty import refused_rows
from scvgraph.sources.files import SourceFile, find, fingerprint
from scvgraph.sources.frames import frame_feed, frame_file
from scvgraph.sources.reading import Feed, open_feed
from scvgraph.sources.versions import known_copies, superseded_rows
from scvgraph.store import FileEntry, Ledger, Segment
from scvgraph.work import Counts, Work

NOT_LOCATED = -1  # values_refused of a file whose refused values have not been looked for yet


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch being taken in: where its files go and the number it has."""

    number: int
    folder: Path
    relative: str

    def place(self, file: str) -> tuple[Path, str]:
        return self.folder / file, f"{self.relative}/{file}"


def ingest(work: Work) -> Counts:
    """Take in every file of every source that the ledger does not know by content."""
    pending = [(source, file) for source in work.project.sources.values() for file in _unknown(work, source)]
    ledger = _retire(work, pending)
    counts = {"files": len(pending), "rows": 0, "refused": 0, "known": 0}
    if not pending:
        return counts
    folder = ledger.new_batch_folder()
    batch = _Batch(ledger.batch + 1, folder, folder.name)
    ledger = replace(ledger, batch=batch.number)
    work.engine.make("fresh_spellings", "SELECT CAST(0 AS INTEGER) AS no, '' AS kind, '' AS raw WHERE false")
    _attach_known(work.engine, ledger)
    for source, file in pending:
        work.tell(f"reading {source.name}: {file.label}")
        ledger = _take(work, batch, ledger, source, file)
        entry = ledger.files[-1]
        counts["rows"] += entry.rows_added
        counts["refused"] += entry.rows_refused
        counts["known"] += entry.rows_known
    for source in {source.name: source for source, _ in pending}.values():
        ledger = _supersede(work.engine, batch, ledger, source)
    path, relative = batch.place("spellings.parquet")
    if work.engine.write("SELECT no, kind, raw FROM fresh_spellings", path, ordered=False):
        ledger = replace(ledger, spellings=(*ledger.spellings, relative))
    work.engine.drop("fresh_spellings", "local_spellings", "distincts")
    ledger.commit(folder)
    work.ledger = ledger
    return counts


def mapping_of(project: Project, source: Source) -> str:
    """Fingerprint of everything in the project that decides what a source's rows become in the ledger."""
    said = asdict(source)
    del said["files"]
    said["timezone"] = project.timezone
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _unknown(work: Work, source: Source) -> list[SourceFile]:
    if source.name in work.frames:
        files = [frame_file(source, work.frames[source.name])]
    else:
        files = find(source, work.project.folder)
        files = [replace(file, sha256=fingerprint(file)) for file in files]
    mapping = mapping_of(work.project, source)
    known = {(entry.source, entry.sha256, entry.mapping) for entry in work.ledger.files if not entry.retired}
    fresh = {}
    for file in files:
        if (source.name, file.sha256, mapping) not in known:
            fresh.setdefault(file.sha256, file)
    return list(fresh.values())


def _retire(work: Work, pending: list[tuple[Source, SourceFile]]) -> Ledger:
    """A file read before under another declaration of its source is read again; its old rows count no more."""
    again = {(source.name, file.sha256) for source, file in pending}
    entries = tuple(
        replace(entry, retired=True) if (entry.source, entry.sha256) in again else entry for entry in work.ledger.files
    )
    return replace(work.ledger, files=entries)


def _attach_known(engine: Engine, ledger: Ledger) -> None:
    files = [ledger.path(part) for part in ledger.spellings]
    empty = "SELECT CAST(0 AS INTEGER) AS no, '' AS kind, '' AS raw WHERE false"
    engine.view("known_spellings", f"SELECT no, kind, raw FROM {scan(files)}" if files else empty)


def _take(work: Work, batch: _Batch, ledger: Ledger, source: Source, file: SourceFile) -> Ledger:
    """One file into one segment."""
    engine, number = work.engine, len(ledger.files)
    feed = frame_feed(engine, source, file, work.frames[source.name]) if source.name in work.frames else open_feed(engine, source, file)
    feed = cells.parsed(source, feed, work.project.timezone)
    faults = cells.faults(source, feed)
    read = _count_and_spell(engine, ledger, source, feed)
    ledger = replace(ledger, next_spelling=ledger.next_spelling + _new_spellings(engine, ledger))
    path, relative = batch.place(f"{source.shape}-{source.name}-{number}.parquet")
    _quietly(engine, feed)
    added = engine.write(_segment_sql(source, feed, faults, number), path, ordered=False, as_written=True)
    segment = Segment(
        path=relative, batch=batch.number, source=source.name, shape=source.shape, keyed=source.key is not None,
        first_row=ledger.next_row, rows=added, identifiers=source.identifiers, traits=tuple(t for t, _ in source.traits),
    )  # fmt: skip
    known = known_copies(engine, ledger, segment)
    refused, reject_path = 0, batch.place(f"rejects-{number}.parquet")
    if read > added or feed.lenient:
        refused = refused_rows(engine, source, feed, faults, reject_path[0], read - added)
    if refused:
        ledger = replace(ledger, rejects=(*ledger.rejects, reject_path[1]))
    entry = FileEntry(
        number=number, batch=batch.number, source=source.name, file=file.label, sha256=file.sha256,
        mapping=mapping_of(work.project, source), rows_read=added + refused, rows_added=added - known, rows_refused=refused,
        rows_known=known, values_refused=NOT_LOCATED,
    )  # fmt: skip
    segments = (*ledger.segments, replace(segment, rows=added - known)) if added > known else ledger.segments
    return replace(ledger, next_row=ledger.next_row + added, files=(*ledger.files, entry), segments=segments)


def _count_and_spell(engine: Engine, ledger: Ledger, source: Source, feed: Feed) -> int:
    """Rows in the feed; leaves `local_spellings`: the distinct raw values and their numbers, if any.

    One scan of the file does the counting and all the distinct values, by grouping sets.
    """
    columns = list(dict.fromkeys(column for _, column in source.identifiers))
    listed = [f"{cells.as_text(feed, column)} AS c{n}" for n, column in enumerate(columns)]
    names = [f"c{n}" for n in range(len(columns))]
    _quietly(engine, feed)
    engine.run("SET preserve_insertion_order = false")
    engine.make(
        "distincts",
        f"SELECT {', '.join(names)}, grouping({', '.join(names)}) AS side, count(*) AS rows"
        f" FROM (SELECT {', '.join(listed)} FROM ({feed.sql}))"
        f" GROUP BY GROUPING SETS ({', '.join(f'({c})' for c in names)}, ())",
    )
    full = 2 ** len(columns) - 1
    parts = []
    for kind, column in source.identifiers:
        n = columns.index(column)
        side = full - 2 ** (len(columns) - 1 - n)
        parts.append(f"SELECT {text(kind)} AS kind, c{n} AS raw FROM distincts WHERE side = {side} AND c{n} <> ''")
    kinds = [kind for kind, _ in source.identifiers]
    values = " UNION ALL ".join(parts)
    if len(set(kinds)) < len(kinds):
        values = f"SELECT DISTINCT kind, raw FROM ({values})"
    known = ["fresh_spellings"] + (["known_spellings"] if ledger.spellings else [])
    joins = " ".join(f"LEFT JOIN {table} k{n} ON v.kind = k{n}.kind AND v.raw = k{n}.raw" for n, table in enumerate(known))
    number = "coalesce(" + ", ".join(f"k{n}.no" for n in range(len(known))) + ", NULL)"
    engine.make("local_spellings", f"SELECT v.kind, v.raw, {number} AS no FROM ({values}) v {joins}")
    engine.run("SET preserve_insertion_order = true")
    return int(engine.one(f"SELECT rows FROM distincts WHERE side = {full}"))


def _new_spellings(engine: Engine, ledger: Ledger) -> int:
    """Number the raw values never seen before; returns how many."""
    fresh = int(engine.one("SELECT count(*) FROM local_spellings WHERE no IS NULL"))
    if not fresh:
        return 0
    first = ledger.next_spelling
    engine.make(
        "local_spellings",
        f"SELECT kind, raw, CAST({first} + row_number() OVER () - 1 AS INTEGER) AS no FROM local_spellings WHERE no IS NULL"
        " UNION ALL SELECT kind, raw, no FROM local_spellings WHERE no IS NOT NULL",
    )
    engine.run("INSERT INTO fresh_spellings SELECT no, kind, raw FROM local_spellings WHERE no >= ?", [first])
    return fresh


def _segment_sql(source: Source, feed: Feed, faults: list[cells.Fault], number: int) -> str:
    plain = cells.row(source, feed)
    wanted = ", ".join(f"{sql} AS {name(column)}" for column, sql in plain)
    joined = ", ".join(f"l{n}.no AS i{n}" for n in range(len(source.identifiers)))
    joins = " ".join(
        f"LEFT JOIN (SELECT raw, no FROM local_spellings WHERE kind = {text(kind)}) l{n} ON {cells.as_text(feed, column)} = l{n}.raw"
        for n, (kind, column) in enumerate(source.identifiers)
    )
    fit = " AND ".join(f"NOT coalesce({fault.condition}, false)" for fault in faults) or "true"
    sql = f"SELECT {number} AS file, {wanted}, {joined} FROM ({feed.sql}) s {joins} WHERE {fit}"
    if source.shape == "records":
        return sql
    predicate = source.conversion or "false"
    return f"SELECT *, coalesce(CAST(({predicate}) AS BOOLEAN), false) AS converted FROM ({sql})"


def _supersede(engine: Engine, batch: _Batch, ledger: Ledger, source: Source) -> Ledger:
    """Of rows with one key the latest version counts; the others are named in a file of the batch."""
    if source.key is None:
        return ledger
    path, relative = batch.place(f"superseded-{source.name}.parquet")
    if not superseded_rows(engine, ledger, source.name, path):
        return ledger
    return replace(ledger, superseded=(*ledger.superseded, relative))


def _quietly(engine: Engine, feed: Feed) -> None:
    """Forget what an earlier scan noted about lines it could not parse."""
    if feed.lenient:
        engine.run("DROP TABLE IF EXISTS reject_errors")
        engine.run("DROP TABLE IF EXISTS reject_scans")
