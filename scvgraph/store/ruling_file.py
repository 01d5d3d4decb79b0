"""Reads decisions as people write them, a ruling a row, and says what is amiss.

A run and `review` read by the same rules: what the one takes, the other takes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from scvgraph.engine import text
from scvgraph.errors import SourceError
from scvgraph.identifiers.cleaning import clean_named
from scvgraph.store.rulings import VERDICTS, WITHDRAWN, WRITTEN, Ruling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options

NEEDED = ("decision", "a", "b")  # columns that a decisions file cannot do without
_DELIMITERS = ",;\t|"


def read_rulings(
    engine: Engine, path: Path, file: str, batch: int, kinds: Mapping[str, Options]
) -> list[Ruling]:
    """The rulings of a CSV or Parquet file that is there, as if they came with a batch. file: its name in the project;
    kinds: how values of each kind are cleaned. Raises SourceError for what cannot be read or is faulty.
    """
    try:
        with path.open("rb") as opened:
            header = opened.readline().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            rows = engine.records(f"SELECT * FROM read_parquet({text(str(path))})")
        else:  # a line that is too short is told of by its number, so it must not make another file of it
            options = f"all_varchar = true, header = true, delim = {text(delimiter_of(header))}, null_padding = true"
            rows = engine.records(f"SELECT * FROM read_csv({text(str(path))}, {options})")
    except OSError as error:
        raise SourceError(
            f"decisions: cannot read {file}: {error.strerror}; correct it, or take it out of the project file"
        ) from None
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise SourceError(
            f"decisions: cannot read {file}: {said}; save it as UTF-8 with the columns {', '.join(WRITTEN)}"
        ) from None
    return checked_rulings(rows, file, file, batch, kinds)


def delimiter_of(header: str) -> str:
    """What parts the cells of a CSV file with this first line."""
    return max(_DELIMITERS, key=header.split("\n", 1)[0].count)


def check_columns(columns: Sequence[str], called: str) -> None:
    """Raises SourceError if a decisions table has not the columns it needs; names count in any case."""
    known = [column.strip().lower() for column in columns]
    absent = [column for column in NEEDED if column not in known]
    if absent:
        raise SourceError(
            f"{called}: column {', '.join(absent)} is not there (columns: {', '.join(map(repr, columns))});"
            f" it needs {', '.join(WRITTEN)}, of which the last three may be left out"
        )


def checked_rulings(
    rows: list[dict[str, Any]], file: str, called: str, batch: int, kinds: Mapping[str, Options]
) -> list[Ruling]:
    """The rows of a decisions table. Raises SourceError for the first faulty one: a ruling once taken in stays."""
    if rows:
        check_columns(list(rows[0]), called)
    rulings = []
    for line, written in enumerate(rows, 2):
        row = {column.strip().lower(): cell for column, cell in written.items()}
        said = {column: _cell(row.get(column)) for column in WRITTEN}
        place = f"{called}, line {line}"
        missing = [column for column in NEEDED if not said[column]]
        if missing:
            raise SourceError(f"{place}: {', '.join(missing)} is missing; columns are {', '.join(WRITTEN)}")
        if said["decision"] not in VERDICTS:
            raise SourceError(f"{place}, decision: '{said['decision']}' is none of {', '.join(VERDICTS)}")
        at = _moment(said["at"], f"{place}, at")
        if said["decision"] == WITHDRAWN and at is None:
            raise SourceError(
                f"{place}, at: a withdrawal needs a time, such as 2026-03-01T12:00:00Z: it ends what was said before"
            )
        a, b = said["a"] or "", said["b"] or ""
        ruling = Ruling(batch, file, line, said["decision"], a, b, at, said["by"], said["reason"])
        _check_ends(ruling, place, kinds)
        rulings.append(ruling)
    return rulings


def _check_ends(ruling: Ruling, place: str, kinds: Mapping[str, Options]) -> None:
    for end in ("a", "b"):
        kind, colon, _ = getattr(ruling, end).partition(":")
        if kind not in kinds or not colon:
            raise SourceError(f"{place}, {end}: write kind:value, the kind being one of {', '.join(kinds)}")
    if clean_named(ruling.a, kinds) == clean_named(ruling.b, kinds):
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
