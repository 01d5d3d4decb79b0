"""Human decisions: which identifiers are one person's, and which are not, whatever the evidence says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from scvgraph.engine import Engine, text
from scvgraph.errors import SourceError
from scvgraph.identifiers.cleaning import clean_one
from scvgraph.work import Work

if TYPE_CHECKING:
    import numpy.typing as npt

COLUMNS = ("decision", "a", "b", "at", "by", "reason")
KINDS = ("must_link", "cannot_link")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs of identifier numbers. `must` is in the order to follow: the earlier decision first.

    spoken: for every pair its decision's kind, author and reason. unmatched: decisions that name an identifier no source showed.
    """

    must: npt.NDArray[np.int32]
    cannot: npt.NDArray[np.int32]
    spoken: dict[tuple[int, int], dict[str, Any]]
    unmatched: int


def read_decisions(work: Work) -> Decisions:
    """The project's decision files. Of two decisions on one pair the later holds. Raises SourceError for a faulty file."""
    said = [row for pattern in work.project.decisions for row in _file(work, pattern)]
    said += _frame(work)
    said.sort(key=lambda row: tuple(str(row[column] or "") for column in ("at", *COLUMNS)))
    numbers = _numbers(work.engine, {_identifier(work, row, end) for row in said for end in ("a", "b")})
    latest: dict[tuple[int, int], dict[str, Any]] = {}
    unmatched = 0
    for row in said:
        ends = [numbers.get(_identifier(work, row, end)) for end in ("a", "b")]
        if ends[0] is None or ends[1] is None:
            unmatched += 1
            continue
        if ends[0] == ends[1]:
            raise SourceError(
                f"decisions: {row['a']} and {row['b']} are one identifier; a decision needs two"
            )
        pair = (min(ends), max(ends))  # type: ignore[type-var]
        latest.pop(pair, None)  # type: ignore[arg-type]
        latest[pair] = row  # type: ignore[index]
    pairs = {kind: [pair for pair, row in latest.items() if row["decision"] == kind] for kind in KINDS}
    return Decisions(_array(pairs["must_link"]), _array(pairs["cannot_link"]), latest, unmatched)


def _array(pairs: list[tuple[int, int]]) -> npt.NDArray[np.int32]:
    return np.array(pairs, np.int32).reshape(-1, 2)


def _frame(work: Work) -> list[dict[str, Any]]:
    frame = work.frames.get("decisions")
    if frame is None:
        return []
    work.engine.con.register("_decisions", frame)
    return _checked(work, "the decisions table", work.engine.records("SELECT * FROM _decisions"))


def _file(work: Work, pattern: str) -> list[dict[str, Any]]:
    path = work.project.folder / pattern
    if not path.exists():
        raise SourceError(
            f"decisions: no file {pattern} in {work.project.folder}; correct `decisions` in the project file"
        )
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    options = "" if path.suffix == ".parquet" else ", all_varchar = true, header = true"
    try:
        rows = work.engine.records(f"SELECT * FROM {reader}({text(str(path))}{options})")
    except duckdb.Error as error:
        raise SourceError(f"decisions: cannot read {pattern}: {str(error).splitlines()[0]}") from None
    return _checked(work, pattern, rows)


def _checked(work: Work, place: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a decisions table with all its columns as text. Raises SourceError for the first faulty one."""
    for line, row in enumerate(rows, 2):
        missing = [column for column in ("decision", "a", "b") if not row.get(column)]
        if missing:
            raise SourceError(
                f"{place}, line {line}: {', '.join(missing)} is missing; columns are {', '.join(COLUMNS)}"
            )
        if row["decision"] not in KINDS:
            raise SourceError(
                f"{place}, line {line}, decision: '{row['decision']}' is neither must_link nor cannot_link"
            )
        for end in ("a", "b"):
            kind = str(row[end]).partition(":")[0]
            if kind not in work.project.kinds or ":" not in str(row[end]):
                known = ", ".join(work.project.kinds)
                raise SourceError(
                    f"{place}, line {line}, {end}: write kind:value, the kind being one of {known}"
                )
        row["at"] = _moment(row.get("at"), f"{place}, line {line}, at")
    return [
        {column: None if row.get(column) is None else str(row[column]) for column in COLUMNS} for row in rows
    ]


def _moment(said: Any, place: str) -> str | None:
    """A time as written in a decision, in UTC and sortable as text; without a zone it is UTC."""
    if said is None or not str(said).strip():
        return None
    try:
        time = datetime.fromisoformat(str(said).strip())
    except ValueError:
        raise SourceError(f"{place}: '{said}' is not a time; write it as 2026-03-01T12:00:00Z") from None
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f")


def _identifier(work: Work, row: dict[str, Any], end: str) -> tuple[str, str]:
    kind, _, raw = str(row[end]).partition(":")
    options = work.project.kinds[kind].options
    return kind, clean_one(kind, raw, options).value or raw


def _numbers(engine: Engine, identifiers: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Numbers of identifiers by kind and cleaned value."""
    if not identifiers:
        return {}
    import pyarrow as pa

    ordered = sorted(identifiers)
    engine.put(
        "_named", pa.table({"kind": [kind for kind, _ in ordered], "value": [value for _, value in ordered]})
    )
    found = engine.rows(
        "SELECT n.kind, n.value, s.no FROM _named n JOIN spellings s ON n.kind = s.kind AND n.value = s.raw"
        " SEMI JOIN counted c ON s.no = c.no"
    )
    engine.drop("_named")
    return {(kind, value): number for kind, value, number in found}
