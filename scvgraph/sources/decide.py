"""Stage decide: human decisions from files and tables in memory are taken into the ledger.

Invariant: rulings are only added. One that the ledger holds, whichever file it stood in, adds nothing; one that
its file no longer holds stays, until a later ruling on the same pair ends it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from scvgraph.errors import SourceError
from scvgraph.sources.files import SourceFile, read_errors
from scvgraph.sources.frames import arrow_of
from scvgraph.store.ruling_file import checked_rulings, read_rulings
from scvgraph.store.rulings import WITHDRAWN, WRITTEN, Ruling, held_rulings, standing
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from scvgraph.identifiers.options import Options

TABLE = "<decisions table>"  # stands for a file's name


def decide(work: Work) -> Counts:
    """Take in the rulings the ledger does not hold. unlisted: rulings that stand though their file is without them.
    missing: files that are not there, of which the ledger holds rulings.
    """
    held = held_rulings(work.engine, work.ledger)
    known = {ruling.file for ruling in held}
    missing = [file for file in work.project.decisions if file in known and not _path(work, file).exists()]
    there = [file for file in work.project.decisions if file not in missing]
    listed = [ruling for file in there for ruling in _file(work, file)] + _frame(work)
    fresh = _news(work, listed, held)
    if fresh:
        ledger = work.ledger
        folder = ledger.new_batch_folder()
        path = folder / "decisions.parquet"
        work.engine.put("_rulings", _as_table(fresh))
        work.engine.write("SELECT * FROM _rulings ORDER BY ALL", path)
        work.engine.drop("_rulings")
        ledger = replace(
            ledger, batch=ledger.batch + 1, decisions=(*ledger.decisions, f"{folder.name}/{path.name}")
        )
        ledger.commit(folder)
        work.ledger = ledger
    still = {ruling.content for ruling in listed}
    stand = standing([*held, *fresh], work.project.kinds).values()
    unlisted = [r for r in stand if r.decision != WITHDRAWN and r.file != TABLE and r.content not in still]
    return {"rulings": len(fresh), "unlisted": len(unlisted), "missing": len(missing)}


def _news(work: Work, listed: list[Ruling], held: list[Ruling]) -> list[Ruling]:
    """Rulings to add: those not held. One comes back if the one that ended it, which has the same time or none
    either, is gone from the file both stood in: whoever takes the later line out means the earlier one.
    """
    known = {ruling.content for ruling in held}
    still = {(ruling.file, ruling.content) for ruling in listed}
    last = standing(held, work.project.kinds)
    fresh: dict[tuple[object, ...], Ruling] = {}
    for ruling in listed:
        if ruling.content in known:
            pair = ruling.pair(work.project.kinds)
            later = last.get(pair) if pair else None
            if later is None or (later.at, later.file) != (ruling.at, ruling.file):
                continue
            if later.content == ruling.content or (later.file, later.content) in still:
                continue
        fresh.setdefault(ruling.content, ruling)
    return list(fresh.values())


def _as_table(rulings: Iterable[Ruling]) -> pa.Table:
    import pyarrow as pa

    types = {"batch": pa.int32(), "line": pa.int64(), "at": pa.timestamp("us")}
    names = ("batch", "file", "line", *WRITTEN)
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist([asdict(ruling) for ruling in rulings], schema=schema)


def _frame(work: Work) -> list[Ruling]:
    frame = work.frames.get("decisions")
    if frame is None:
        return []
    work.engine.con.register("_decisions", arrow_of("the decisions table", frame))
    rows = work.engine.records("SELECT * FROM _decisions")
    work.engine.con.unregister("_decisions")
    return checked_rulings(rows, TABLE, "the decisions table", work.ledger.batch + 1, _options(work))


def _path(work: Work, file: str) -> Path:
    return work.project.folder / file


def _file(work: Work, file: str) -> list[Ruling]:
    path = _path(work, file)
    if not path.exists():
        raise SourceError(
            f"decisions: no file {file} in {work.project.folder}; correct `decisions` in the project file"
        )
    with read_errors(SourceFile(path, file, "")):
        path.open("rb").close()
    return read_rulings(work.engine, path, file, work.ledger.batch + 1, _options(work))


def _options(work: Work) -> dict[str, Options]:
    return {name: kind.options for name, kind in work.project.kinds.items()}
