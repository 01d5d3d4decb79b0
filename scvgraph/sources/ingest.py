"""Stage ingest: rows of files that are new or changed become segments of the ledger.

Invariant: what a file adds depends on its content only. A file whose bytes are known adds nothing; of any other
file those rows are added that the source does not hold yet (a row that stands n times in a file is held n times,
however many files repeat it). The ledger changes by one commit at the end, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from scvgraph.config.project import Source
from scvgraph.engine import Engine, scan
from scvgraph.errors import SourceError
from scvgraph.sources import cells
from scvgraph.sources.declared import declaration_of, earlier_versions, mapping_of, repeated_rows, source_of
from scvgraph.sources.faulty import refused_rows
from scvgraph.sources.files import SourceFile, changed_since, find, fingerprint
from scvgraph.sources.frames import frame_feed, frame_file
from scvgraph.sources.reading import Feed, first_use, forget_rejects, unreadable
from scvgraph.sources.spelled import Overfull, Spellings
from scvgraph.sources.take_joined import number_values, take_joined
from scvgraph.sources.take_streamed import take_streamed
from scvgraph.sources.versions import known_copies, superseded_rows
from scvgraph.store import FileEntry, Ledger, Segment
from scvgraph.work import Counts, Work

# While rows stream by the engine itself needs little. So beside it may be held, in parts of its memory:
SPELLINGS = 2  # one part in so many for spellings, given back at the end of the stage
SHOWN = 4  # one for what rows show
NOT_LOCATED = -1  # values_refused of a file whose refused values have not been looked for yet


T = TypeVar("T")


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
    work.taken.room = work.engine.memory // SHOWN
    folder = ledger.new_batch_folder()
    batch = _Batch(ledger.batch + 1, folder, folder.name)
    ledger = replace(ledger, batch=batch.number)
    for source, file in pending:
        ledger = _drop_repeated(work, batch, ledger, source, file)
    spellings = _recalled(work.engine, ledger, [source for source, _ in pending])
    for source, file in pending:
        work.tell(f"reading {source.name}: {file.label}")
        ledger, spellings = _take(work, batch, (ledger, spellings), source, file)
    ledger = _flushed(batch, ledger, spellings)
    for source in {source.name: source for source, _ in pending}.values():
        ledger = _forget_known(work.engine, ledger, source)
        ledger = _supersede(work.engine, batch, ledger, source)
    for entry in ledger.files:
        if entry.batch == batch.number:
            counts["rows"] += entry.rows_added
            counts["refused"] += entry.rows_refused
            counts["known"] += entry.rows_known
    ledger.commit(folder)
    work.ledger = ledger
    return counts


def _unknown(work: Work, source: Source) -> list[SourceFile]:
    if source.name in work.frames:
        files = [frame_file(source, work.frames[source.name])]
    else:
        files = find(source, work.project.folder)
        if len(files) == 1 and not any(entry.source == source.name for entry in work.ledger.files):
            return files  # nothing it could be a copy of: its fingerprint is taken while it is read
        files = [replace(file, sha256=fingerprint(file)) for file in files]
    mapping = mapping_of(work.project, source)
    known = {(entry.source, entry.sha256, entry.mapping) for entry in work.ledger.files if not entry.retired}
    fresh: dict[str, SourceFile] = {}
    for file in files:
        if (source.name, file.sha256, mapping) not in known:
            fresh.setdefault(file.sha256, file)
    return list(fresh.values())


def _retire(work: Work, pending: list[tuple[Source, SourceFile]]) -> Ledger:
    """A file read before under another declaration of its source is read again; its old rows count no more.

    Known by content only: of what stood under the same name before it changed, see `_drop_repeated`.
    """
    again = {(source.name, file.sha256) for source, file in pending}
    entries = tuple(
        replace(entry, retired=work.ledger.batch + 1)
        if (entry.source, entry.sha256) in again and not entry.retired
        else entry
        for entry in work.ledger.files
    )
    return replace(work.ledger, files=entries)


def _drop_repeated(work: Work, batch: _Batch, ledger: Ledger, source: Source, file: SourceFile) -> Ledger:
    """The ledger in which rows of a file's earlier versions, read under another declaration, count no more if the
    file holds them still: they are read again with it.
    """
    for mapping, versions in earlier_versions(work.project, ledger, source, file.label).items():
        path, relative = batch.place(f"repeated-{source.name}-{len(ledger.repeated)}.parquet")
        try:
            rows = _repeated_in(work, ledger, (mapping, versions), file, path)
        except SourceError:
            continue  # the file can no longer be read as it was declared: what it held then is not found in it
        if rows:
            ledger = replace(ledger, repeated=(*ledger.repeated, relative))
    return ledger


def _repeated_in(
    work: Work, ledger: Ledger, versions: tuple[str, set[int]], file: SourceFile, path: Path
) -> int:
    then, timezone = source_of(ledger.declarations[versions[0]])
    _attach_known(work.engine, ledger)

    def use(feed: Feed) -> int:
        feed = cells.parsed(then, feed, timezone)
        return repeated_rows(work.engine, ledger, then, feed, versions[1], path)

    return _used(work, then, file, use)


def _attach_known(engine: Engine, ledger: Ledger) -> None:
    files = [ledger.path(part) for part in ledger.spellings]
    empty = "SELECT CAST(0 AS INTEGER) AS no, '' AS kind, '' AS raw WHERE false"
    engine.view("known_spellings", f"SELECT no, kind, raw FROM {scan(files)}" if files else empty)


def _recalled(engine: Engine, ledger: Ledger, sources: list[Source]) -> Spellings | None:
    """All known spellings of the kinds some sources have; None if they are too many to be held in memory."""
    import pyarrow as pa

    spellings = Spellings(ledger.next_spelling, engine.memory // SPELLINGS)
    _attach_known(engine, ledger)
    kinds = sorted({kind for source in sources for kind, _ in source.identifiers})
    try:
        for kind in kinds if ledger.spellings else []:
            for part in engine.con.sql(
                "SELECT no, raw FROM known_spellings WHERE kind = $kind", params={"kind": kind}
            ).to_arrow_reader():
                spellings.recall(kind, part.column("no").to_numpy(), part.column("raw").cast(pa.string()))
    except Overfull:
        return None
    return spellings


def _flushed(batch: _Batch, ledger: Ledger, spellings: Spellings | None) -> Ledger:
    """The ledger with all spellings held in memory in its files."""
    if spellings is None:
        return ledger
    paths = spellings.write(batch.folder)
    added = tuple(f"{batch.relative}/{path.name}" for path in paths)
    return replace(ledger, spellings=(*ledger.spellings, *added), next_spelling=spellings.next)


def _take(
    work: Work, batch: _Batch, sofar: tuple[Ledger, Spellings | None], source: Source, file: SourceFile
) -> tuple[Ledger, Spellings | None]:
    """One file into one segment."""
    engine, (ledger, spellings) = work.engine, sofar
    number = len(ledger.files)
    path, relative = batch.place(f"{source.shape}-{source.name}-{number}.parquet")
    with unreadable(file), ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(_fingerprint, file)
        read = None
        if spellings is not None:
            try:
                feed, read, added = _streamed(work, spellings, source, file, (number, path))
            except Overfull:
                work.taken.drop(str(path))
                ledger, spellings = _flushed(batch, ledger, spellings), None
        if read is None:
            ledger, feed, read, added = _joined(work, batch, ledger, source, file, (number, path))
    file, faults = replace(file, sha256=sha256.result()), cells.faults(source, feed)
    segment = Segment(
        path=relative, batch=batch.number, source=source.name, shape=source.shape, keyed=source.key is not None,
        first_row=ledger.next_row, rows=added, identifiers=source.identifiers, traits=tuple(t for t, _ in source.traits), file=number,
    )  # fmt: skip
    refused, reject_path = 0, batch.place(f"rejects-{number}.parquet")
    if read > added or feed.lenient:
        with unreadable(file):
            refused = refused_rows(engine, source, feed, faults, reject_path[0], read, added)
    if source.name not in work.frames and changed_since(file):
        raise SourceError(f"{file.label} changed while it was being read; run again when it is whole")
    if refused:
        ledger = replace(ledger, rejects=(*ledger.rejects, reject_path[1]))
    entry = FileEntry(
        number=number, batch=batch.number, source=source.name, file=file.label, sha256=file.sha256,
        mapping=mapping_of(work.project, source), rows_read=added + refused, rows_added=added, rows_refused=refused,
        rows_known=0, values_refused=NOT_LOCATED,
    )  # fmt: skip
    segments = (*ledger.segments, segment) if added else ledger.segments
    declarations = {**ledger.declarations, entry.mapping: declaration_of(work.project, source)}
    return replace(
        ledger,
        next_row=ledger.next_row + added,
        files=(*ledger.files, entry),
        segments=segments,
        declarations=declarations,
    ), spellings


def _fingerprint(file: SourceFile) -> str:
    return file.sha256 or fingerprint(file)


def _streamed(
    work: Work, spellings: Spellings, source: Source, file: SourceFile, target: tuple[int, Path]
) -> tuple[Feed, int, int]:
    """The feed, rows read and rows written, the file being read once. Raises Overfull."""

    def use(feed: Feed) -> tuple[Feed, int, int]:
        feed = cells.parsed(source, feed, work.project.timezone)
        forget_rejects(work.engine, feed)
        return feed, *take_streamed(work, spellings, source, feed, cells.faults(source, feed), target)

    return _used(work, source, file, use)


def _joined(
    work: Work, batch: _Batch, ledger: Ledger, source: Source, file: SourceFile, target: tuple[int, Path]
) -> tuple[Ledger, Feed, int, int]:
    """As `_streamed`, for more distinct values than memory holds; the ledger has the new ones then."""
    engine = work.engine
    _attach_known(engine, ledger)
    path, relative = batch.place(f"spellings-{target[0]}.parquet")

    def use(feed: Feed) -> tuple[Feed, int, int, int]:
        feed = cells.parsed(source, feed, work.project.timezone)
        read, fresh = number_values(engine, source, feed, ledger.next_spelling, path)
        return feed, fresh, read, take_joined(engine, source, feed, cells.faults(source, feed), target)

    feed, fresh, read, added = _used(work, source, file, use)
    if fresh:
        ledger = replace(
            ledger, spellings=(*ledger.spellings, relative), next_spelling=ledger.next_spelling + fresh
        )
    return ledger, feed, read, added


def _used(work: Work, source: Source, file: SourceFile, use: Callable[[Feed], T]) -> T:
    if source.name in work.frames:
        return use(frame_feed(work.engine, source, file, work.frames[source.name]))
    return first_use(work.engine, source, file, use)[1]


def _forget_known(engine: Engine, ledger: Ledger, source: Source) -> Ledger:
    """The ledger without the rows of this batch that the source holds already."""
    known = known_copies(engine, ledger, source.name)
    if not known:
        return ledger
    files = tuple(
        replace(
            entry,
            rows_added=entry.rows_added - known.get(entry.number, 0),
            rows_known=known.get(entry.number, 0),
        )
        if entry.batch == ledger.batch
        else entry
        for entry in ledger.files
    )
    added = {entry.number: entry.rows_added for entry in files}
    segments = tuple(
        replace(part, rows=added[part.file]) if part.batch == ledger.batch else part
        for part in ledger.segments
    )
    return replace(ledger, files=files, segments=tuple(part for part in segments if part.rows))


def _supersede(engine: Engine, batch: _Batch, ledger: Ledger, source: Source) -> Ledger:
    """Of rows with one key the latest version counts; the others are named in a file of the batch."""
    if source.key is None:
        return ledger
    _attach_known(engine, ledger)
    path, relative = batch.place(f"superseded-{source.name}.parquet")
    if not superseded_rows(engine, ledger, source.name, path):
        return ledger
    return replace(ledger, superseded=(*ledger.superseded, relative))
