"""What a store holds: read from its small files and the footers of its tables, never from their rows."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import plain
from scvgraph.engine import Engine, scan
from scvgraph.store.generation import FILES, GRAPH_FILE, LATER

if TYPE_CHECKING:
    from scvgraph.store import Generation, Store


@dataclass(frozen=True, slots=True)
class Writer:
    """Who is writing the store now."""

    pid: int
    what: str
    since: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the run that made the generation."""

    stage: str
    seconds: float
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Pairs of people found by the rules of matching, and keys and pairs that the cap dropped. rules: that lost any."""

    pairs: int
    rules: int
    blocks: int
    dropped: int

    @property
    def large(self) -> bool:
        """Whether more pairs were dropped than found."""
        return self.dropped > self.pairs


@dataclass(frozen=True, slots=True)
class Status:
    """The store at a glance. generation: None before the first. tables: rows by name. bytes: on disk, by part.

    files, rejects: of files as they stand now; earlier versions of a file that changed are not counted.
    candidates: what matching looked at; None before the first generation.
    """

    store: str
    generation: int | None
    made_at: str | None
    tables: dict[str, int]
    stages: tuple[Stage, ...]
    files: int
    batches: int
    rejects: int
    graph: bool
    bytes: dict[str, int]
    writer: Writer | None
    candidates: Dropped | None = None

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]


def status(store: Store, generation: Generation | None = None) -> Status:
    """What a store holds and who writes it; a generation other than the current one on request."""
    if generation is None and store.current() is not None:
        generation = store.generation()
    ledger = generation.ledger if generation else store.ledger()
    about = generation.about if generation else {}
    rows = {segment.shape: 0 for segment in ledger.segments}
    for segment in ledger.segments:
        rows[segment.shape] += segment.rows
    with Engine() as engine:
        tables = {**rows, **(_counts(engine, generation.folder) if generation else {})}
        candidates = _candidates(engine, generation.folder) if generation else None
        rejects = _sum(engine, [ledger.path(path) for path in ledger.current_rejects()])
    return Status(
        store=str(store.folder),
        generation=generation.number if generation else None,
        made_at=about.get("made_at"),
        tables=tables,
        stages=tuple(
            Stage(each["stage"], each["seconds"], each["counts"]) for each in about.get("stages", ())
        ),
        files=len(ledger.current_files),
        batches=ledger.batch,
        rejects=rejects,
        graph=generation is not None and generation.graph_path.exists(),
        bytes=_sizes(store, generation),
        writer=_writer(store.folder / "lock"),
        candidates=candidates,
    )


def _counts(engine: Engine, folder: Path) -> dict[str, int]:
    hidden = ("cleaned", "rules", "owners")
    files = {table: folder / f"{table}.parquet" for table in FILES if table not in hidden}
    return {
        table: engine.one(f"SELECT count(*) FROM {scan([file])}")
        for table, file in files.items()
        if table not in LATER or file.exists()
    }


def _candidates(engine: Engine, folder: Path) -> Dropped:
    """Of a table of some forty rows."""
    if not (folder / "blocks.parquet").exists():
        return Dropped(0, 0, 0, 0)
    counts = engine.rows(
        "SELECT coalesce(sum(pairs), 0), count(*) FILTER (dropped_blocks > 0), coalesce(sum(dropped_blocks), 0),"
        f" coalesce(sum(dropped_pairs), 0) FROM {scan([folder / 'blocks.parquet'])}"
    )
    return Dropped(*(int(count) for count in counts[0]))


def _sum(engine: Engine, paths: list[Path]) -> int:
    return int(engine.one(f"SELECT count(*) FROM {scan(paths)}")) if paths else 0


def _sizes(store: Store, generation: Generation | None) -> dict[str, int]:
    sizes = {"ledger": _size(store.folder / "ledger"), "generations": _size(store.folder / "generations")}
    if generation is not None:
        sizes["this generation"] = _size(generation.folder)
        sizes["its graph"] = sum(file.stat().st_size for file in generation.folder.glob(f"{GRAPH_FILE}*"))
    return sizes


def _size(folder: Path) -> int:
    """Bytes of all files below; a file a writer takes away meanwhile counts nothing."""
    total = 0
    for place, _, files in os.walk(folder):
        for file in files:
            try:
                total += (Path(place) / file).stat().st_size
            except FileNotFoundError:
                continue
    return total


def _writer(lock: Path) -> Writer | None:
    """Who holds the write lock: asked of the kernel, since a killed run leaves its note behind."""
    if not lock.exists():
        return None
    handle = os.open(lock, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        note = json.loads(os.pread(handle, 4096, 0) or b"{}")
        return Writer(note.get("pid", 0), note.get("what", "?"), note.get("since", "?"))
    else:
        return None
    finally:
        os.close(handle)
