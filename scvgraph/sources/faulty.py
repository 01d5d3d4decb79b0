"""Rows that a file holds and the ledger refuses: which line, which column, why, and the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.engine import Engine, text
from scvgraph.sources.cells import Fault, as_text
from scvgraph.sources.lines import Lines, lines_of
from scvgraph.sources.reading import Feed, notes_rejects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from scvgraph.config.project import Source

    Int64 = npt.NDArray[np.int64]

_PARSER_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote is not closed or not escaped",
    "INVALID ENCODING": 'not UTF-8; set `encoding` of the source, such as "cp1252"',
    "LINE SIZE OVER MAXIMUM": "line too long",
    "INVALID STATE": "quotes and delimiters do not fit together",
}
_LONGEST_TEXT = 2000


def refused_rows(
    engine: Engine, source: Source, feed: Feed, faults: list[Fault], path: Path, read: int, added: int
) -> int:
    """Write the refused rows of a feed to a Parquet file of table `rejects`; returns how many there are.

    read, added: rows of the feed, and those of them that are fit.
    """
    engine.make("unread", _unread_sql(engine, feed))
    engine.make("unfit", _unfit_sql(source, feed, faults) if read > added else f"{_NO_ROWS} WHERE false")
    count = int(engine.one("SELECT (SELECT count(*) FROM unread) + (SELECT count(*) FROM unfit)"))
    if count:
        lines = lines_of(engine, feed, added + count)
        _locate(engine, "unread", lines.of_rows)
        _locate(engine, "unfit", lines.of_feed)
        engine.write(
            f'SELECT {text(source.name)} AS source, {text(feed.file.label)} AS file, line, "column", reason, text,'
            " CAST(1 AS BIGINT) AS count FROM (SELECT * FROM unread JOIN unread_lines USING (nth)"
            ' UNION ALL SELECT * FROM unfit JOIN unfit_lines USING (nth)) ORDER BY line, "column"',
            path,
        )
    engine.drop("unread", "unfit", "unread_lines", "unfit_lines")
    return count


_NO_ROWS = "SELECT CAST(0 AS BIGINT) AS nth, CAST(NULL AS VARCHAR) AS \"column\", '' AS reason, '' AS text"


def _locate(engine: Engine, table: str, lines: Callable[[Int64], Int64]) -> None:
    """Table `<table>_lines` (nth, line)."""
    import pyarrow as pa

    nth: Int64 = engine.arrow(f"SELECT DISTINCT nth FROM {table}").column("nth").to_numpy()
    engine.put(f"{table}_lines", pa.table({"nth": nth, "line": lines(nth)}))


def _unread_sql(engine: Engine, feed: Feed) -> str:
    """Lines the reader could not make a row of. An open quote may swallow all that follows: that is said."""
    if not (feed.lenient and notes_rejects(engine)):
        return f"{_NO_ROWS} WHERE false"
    reasons = " ".join(f"WHEN {text(kind)} THEN {text(reason)}" for kind, reason in _PARSER_REASONS.items())
    swallowed = "length(csv_line) - length(replace(csv_line, chr(10), ''))"
    return (
        f"SELECT nth, CAST(NULL AS VARCHAR) AS \"column\", reason || CASE WHEN type = 'UNQUOTED VALUE' AND breaks > 1"
        f" THEN ': ' || (breaks + 1) || ' lines were taken for one' ELSE '' END AS reason, text FROM"
        f" (SELECT CAST(line AS BIGINT) AS nth, first(CAST(error_type AS VARCHAR)) AS type,"
        f" first(CASE CAST(error_type AS VARCHAR) {reasons} ELSE lower(CAST(error_type AS VARCHAR)) END) AS reason,"
        f" first({swallowed}) AS breaks, left(first(ltrim(csv_line, chr(10))), {_LONGEST_TEXT}) AS text FROM reject_errors GROUP BY line)"
    )


def _unfit_sql(source: Source, feed: Feed, faults: list[Fault]) -> str:
    """Rows that were read and break a rule, with their number in the feed."""
    cells = [as_text(feed, column) for column in source.columns]
    shown = "_line_text" if feed.broken is not None else f"concat_ws(', ', {', '.join(cells)})"
    column = " ".join(f"WHEN {f.condition} THEN {text(f.column) if f.column else 'NULL'}" for f in faults)
    reason = " ".join(f"WHEN {f.condition} THEN {text(f.reason)}" for f in faults)
    any_fault = " OR ".join(f"coalesce({f.condition}, false)" for f in faults)
    return (
        f'SELECT _nth AS nth, CAST(CASE {column} END AS VARCHAR) AS "column", CASE {reason} END AS reason,'
        f" left({shown}, {_LONGEST_TEXT}) AS text FROM ({feed.numbered}) WHERE {any_fault}"
    )


def first_lines(engine: Engine, feed: Feed, column: str, table: str, rows: int) -> str:
    """SQL (raw, line, count): for values of a column, in a table with `raw`, the line they first stand on and how often.

    rows: how many the file has.
    """
    cell = as_text(feed, column)
    engine.make(
        f"{table}_found",
        f"SELECT raw, min(_nth) AS nth, count(*) AS count FROM (SELECT {cell} AS raw, _nth FROM ({feed.numbered}))"
        f" SEMI JOIN {table} USING (raw) GROUP BY raw",
    )
    lines: Lines = lines_of(engine, feed, rows)
    _locate(engine, f"{table}_found", lines.of_feed)
    return f"SELECT f.raw, l.line, f.count FROM {table}_found f JOIN {table}_found_lines l USING (nth)"
