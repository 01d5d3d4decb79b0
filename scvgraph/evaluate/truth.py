"""The file that knows who is who, read as one table `truth` (source, key, entity).

Columns are found by name; a key column of another name is the one whose values are keys of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, text
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

ENTITY, KEY, SOURCE = "entity", "key", "source"
_TEXT_FILES = (".csv", ".tsv", ".txt", ".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the truth file says what; `source` is None where the file has no such column."""

    entity: str
    key: str
    source: str | None


def read_truth(engine: Engine, path: Path, key: str | None = None, entity: str | None = None) -> Columns:
    """Make table `truth` (source, key, entity: texts, none null) of a truth file.

    Raises UsageError, with the cure, where a column is missing, keys repeat or nothing matches the ledger.
    Needs a table `rows`.
    """
    _read(engine, path)
    columns = _columns(engine, path, key, entity)
    where = name(columns.source) if columns.source else "CAST(NULL AS VARCHAR)"
    engine.make(
        "truth",
        f"SELECT trim({where}) AS source, {name(columns.key)} AS key, {name(columns.entity)} AS entity, line"
        f" FROM truth_file WHERE {name(columns.key)} IS NOT NULL AND {name(columns.entity)} IS NOT NULL",
    )
    engine.drop("truth_file")
    _check_keys(engine, path, columns)
    _check_sources(engine, path, columns)
    return columns


def _read(engine: Engine, path: Path) -> None:
    import duckdb

    if not path.is_file():
        raise UsageError(
            f"no truth file at {path}; give a CSV or Parquet file with a key and an entity column"
        )
    if path.suffix.lower() == ".parquet":
        table = f"read_parquet({text(str(path))})"
    elif path.suffix.lower() in _TEXT_FILES:
        table = f"read_csv({text(str(path))}, header = true, all_varchar = true)"
    else:
        raise UsageError(f"{path} is neither CSV nor Parquet by its name; save the truth as .csv or .parquet")
    try:
        engine.make(
            "truth_file", f"SELECT CAST(COLUMNS(*) AS VARCHAR), row_number() OVER () AS line FROM {table}"
        )
    except duckdb.Error as error:
        kind = type(error).__name__
        raise UsageError(
            f"cannot read {path} ({kind}); save the truth as CSV in UTF-8 or as Parquet"
        ) from None


def _columns(engine: Engine, path: Path, key: str | None, entity: str | None) -> Columns:
    there: dict[str, str] = {c[0].lower(): c[0] for c in engine.rows("DESCRIBE truth_file") if c[0] != "line"}

    def named(wanted: str, option: str) -> str:
        if wanted.lower() not in there:
            raise UsageError(
                f"{path} has no column '{wanted}'; its columns: {', '.join(there.values())}; name one with {option}"
            )
        return there[wanted.lower()]

    entity_column = named(entity or ENTITY, "--entity")
    source_column = there.get(SOURCE)
    if key or KEY in there:
        return Columns(entity_column, named(key or KEY, "--key"), source_column)
    others = [column for column in there.values() if column not in (entity_column, source_column)]
    return Columns(entity_column, _key_among(engine, path, others), source_column)


def _key_among(engine: Engine, path: Path, candidates: list[str]) -> str:
    """The only column whose values are keys of the ledger."""
    hits = [c for c in candidates if _matches(engine, c)]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise UsageError(
            f"several columns of {path} hold keys of the ledger: {', '.join(hits)}; choose with --key"
        )
    tried = ", ".join(candidates) or "none beside the entity"
    raise UsageError(
        f"no column of {path} holds keys of the ledger (tried: {tried}); a row's key is what `key` names in the project file"
    )


def _matches(engine: Engine, column: str) -> bool:
    sql = f"SELECT EXISTS (SELECT 1 FROM truth_file t SEMI JOIN rows r ON t.{name(column)} = r.key)"
    return bool(engine.one(sql))


def _check_keys(engine: Engine, path: Path, columns: Columns) -> None:
    repeated = engine.rows(
        """SELECT count(*), min(again) FROM
           (SELECT list_sort(list(line))[2] AS again FROM truth GROUP BY source, key HAVING count(*) > 1)"""
    )[0]
    if repeated[0]:
        raise UsageError(
            f"{path}: {repeated[0]:,} keys of column '{columns.key}' stand in more than one row (the first again in data row"
            f" {repeated[1]:,}); keep one row a key, or add a column 'source' if the keys belong to several sources"
        )


def _check_sources(engine: Engine, path: Path, columns: Columns) -> None:
    """Without a source column a key must name one source's row."""
    if columns.source is not None:
        return
    clash = engine.rows(
        """SELECT count(*), min(sources) FROM
           (SELECT key, string_agg(DISTINCT source, ', ' ORDER BY source) AS sources FROM rows
            SEMI JOIN truth USING (key) GROUP BY key HAVING count(DISTINCT source) > 1)"""
    )[0]
    if clash[0]:
        raise UsageError(
            f"{path}: {clash[0]:,} keys of column '{columns.key}' stand in several sources ({clash[1]}); add a column 'source'"
        )
