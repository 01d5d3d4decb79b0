"""Stage decide: human decisions from files and tables in memory are taken into the ledger.

Invariant: rulings are only added. One that the ledger holds, whichever file it stood in, adds nothing; one that
its file no longer holds stays, until a later ruling on the same pair ends it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from scvgraph.engine import text
from scvgraph.errors import SourceError
from scvgraph.sources.files import SourceFile, read_errors
from scvgraph.sources.frames import arrow_of
from scvgraph.store.rulings import VERDICTS, WITHDRAWN, WRITTEN, Ruling, held_rulings, standing
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

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
    return _checked(work, TABLE, "the decisions table", rows)


def _path(work: Work, file: str) -> Path:
    return work.project.folder / file


def _file(work: Work, file: str) -> list[Ruling]:
    path = _path(work, file)
    if not path.exists():
        raise SourceError(
            f"decisions: no file {file} in {work.project.folder}; correct `decisions` in the project file"
        )
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    options = "" if path.suffix == ".parquet" else ", all_varchar = true, header = true"
    with read_errors(SourceFile(path, file, "")):
        path.open("rb").close()
    try:
        rows = work.engine.records(f"SELECT * FROM {reader}({text(str(path))}{options})")
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise SourceError(
            f"decisions: cannot read {file}: {said}; save it as UTF-8 with the columns {', '.join(WRITTEN)}"
        ) from None
    return _checked(work, file, file, rows)


def _checked(work: Work, file: str, called: str, rows: list[dict[str, Any]]) -> list[Ruling]:
    """The rows of a decisions table. Raises SourceError for the first faulty one: a ruling once taken in stays."""
    absent = [column for column in ("decision", "a", "b") if rows and column not in rows[0]]
    if absent:
        raise SourceError(
            f"{called}: column {', '.join(absent)} is not there (columns: {', '.join(map(repr, rows[0]))});"
            f" it needs {', '.join(WRITTEN)}, of which the last three may be left out"
        )
    rulings = []
    for line, row in enumerate(rows, 2):
        said = {column: _cell(row.get(column)) for column in WRITTEN}
        place = f"{called}, line {line}"
        missing = [column for column in ("decision", "a", "b") if not said[column]]
        if missing:
            raise SourceError(f"{place}: {', '.join(missing)} is missing; columns are {', '.join(WRITTEN)}")
        if said["decision"] not in VERDICTS:
            raise SourceError(f"{place}, decision: '{said['decision']}' is none of {', '.join(VERDICTS)}")
        at = _moment(said["at"], f"{place}, at")
        if said["decision"] == WITHDRAWN and at is None:
            raise SourceError(
                f"{place}, at: a withdrawal needs a time, such as 2026-03-01T12:00:00Z: it ends what was said before"
            )
        ruling = Ruling(
            work.ledger.batch + 1, file, line, said["decision"], said["a"] or "", said["b"] or "", at, said["by"], said["reason"],
        )  # fmt: skip
        _check_ends(work, ruling, place)
        rulings.append(ruling)
    return rulings


def _check_ends(work: Work, ruling: Ruling, place: str) -> None:
    for end in ("a", "b"):
        kind, colon, _ = getattr(ruling, end).partition(":")
        if kind not in work.project.kinds or not colon:
            known = ", ".join(work.project.kinds)
            raise SourceError(f"{place}, {end}: write kind:value, the kind being one of {known}")
    pair = ruling.pair(work.project.kinds)
    if pair and pair[0] == pair[1]:
        raise SourceError(f"{place}: {ruling.a} and {ruling.b} are one identifier; a decision needs two")


def _cell(value: Any) -> str | None:
    """A cell as text without blanks around it; None if there is nothing in it."""
    return None if value is None else str(value).strip() or None


def _moment(said: str | None, place: str) -> datetime | None:
    """A time as written in a decision, in UTC; without a zone it is UTC."""
    if said is None:
        return None
    try:
        time = datetime.fromisoformat(said)
    except ValueError:
        raise SourceError(f"{place}: '{said}' is not a time; write it as 2026-03-01T12:00:00Z") from None
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
