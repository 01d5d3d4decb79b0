"""Rows that a file holds and the ledger refuses: which line, which column, why, and the text itself."""

from __future__ import annotations

from pathlib import Path

from scvgraph.config.project import Source
from scvgraph.engine import Engine, name, text
from scvgraph.sources.cells import Fault, as_text
from scvgraph.sources.reading import Feed

_PARSER_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote is not closed or not escaped",
    "INVALID ENCODING": "not UTF-8; set `encoding` of the source, such as \"cp1252\"",
    "LINE SIZE OVER MAXIMUM": "line too long",
    "INVALID STATE": "quotes and delimiters do not fit together",
}
_LONGEST_TEXT = 2000


def refused_rows(engine: Engine, source: Source, feed: Feed, faults: list[Fault], path: Path, bad: int) -> int:
    """Write the refused rows of a feed to a Parquet file of table `rejects`; returns how many there are."""
    engine.make("unread", _unread_sql(engine, source, feed))
    engine.make("unfit", _unfit_sql(source, feed, faults) if bad else f"{_unread_empty(source, feed)}")
    count = int(engine.one("SELECT (SELECT count(*) FROM unread) + (SELECT count(*) FROM unfit)"))
    if count:
        # A line the parser skipped is not counted by row numbers: every unfit row after it moves down by one.
        engine.write(
            "SELECT source, file, line, \"column\", reason, text, CAST(1 AS BIGINT) AS count FROM ("
            " SELECT * FROM unread UNION ALL"
            " SELECT u.source, u.file, u.line + (SELECT count(*) FROM (SELECT line - row_number() OVER (ORDER BY line) AS before"
            " FROM unread) WHERE before < u.line), u.column, u.reason, u.text FROM unfit u"
            ") ORDER BY line, \"column\"",
            path,
        )
    engine.drop("unread", "unfit")
    return count


def _unread_empty(source: Source, feed: Feed) -> str:
    return (
        f"SELECT {text(source.name)} AS source, {text(feed.file.label)} AS file, CAST(0 AS BIGINT) AS line,"
        " CAST(NULL AS VARCHAR) AS \"column\", '' AS reason, '' AS text WHERE false"
    )


def _unread_sql(engine: Engine, source: Source, feed: Feed) -> str:
    """Lines the CSV reader could not make a row of."""
    noted = feed.lenient and engine.one("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'")
    if not noted:
        return _unread_empty(source, feed)
    reasons = " ".join(f"WHEN {text(kind)} THEN {text(reason)}" for kind, reason in _PARSER_REASONS.items())
    return (
        f"SELECT {text(source.name)} AS source, {text(feed.file.label)} AS file, CAST(line AS BIGINT) AS line,"
        f" CAST(NULL AS VARCHAR) AS \"column\", first(CASE CAST(error_type AS VARCHAR) {reasons} ELSE lower(CAST(error_type AS VARCHAR)) END) AS reason,"
        f" left(first(csv_line), {_LONGEST_TEXT}) AS text FROM reject_errors GROUP BY line"
    )


def _unfit_sql(source: Source, feed: Feed, faults: list[Fault]) -> str:
    """Rows that were read and break a rule, with the number of the line they stand on.

    Cells with line breaks make a row of several lines, so lines are summed up, not counted.
    """
    cells = [as_text(feed, column) for column in source.columns]
    breaks = " + ".join(f"coalesce(length({c}) - length(replace({c}, chr(10), '')), 0)" for c in cells)
    shown = "_line_text" if feed.broken is not None else f"concat_ws(', ', {', '.join(cells)})"
    column = " ".join(f"WHEN {f.condition} THEN {text(f.column) if f.column else 'NULL'}" for f in faults)
    reason = " ".join(f"WHEN {f.condition} THEN {text(f.reason)}" for f in faults)
    any_fault = " OR ".join(f"coalesce({f.condition}, false)" for f in faults)
    own_lines = f"CAST(sum({breaks}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT)" if feed.lenient else "0"
    return (
        f"SELECT {text(source.name)} AS source, {text(feed.file.label)} AS file, line, {_case(column)} AS \"column\","
        f" {_case(reason)} AS reason, left({shown}, {_LONGEST_TEXT}) AS text FROM"
        f" (SELECT *, {feed.first_line} + row_number() OVER () - 1 + coalesce({own_lines}, 0) AS line FROM ({feed.sql}))"
        f" WHERE {any_fault}"
    )


def _case(whens: str) -> str:
    return f"CASE {whens} END"


def lines_of_values(feed: Feed, column: str, values: str) -> str:
    """SQL: for each of some values (a relation with column `raw`) the first line it stands on in a column, and how often."""
    return (
        f"SELECT raw, min(line) AS line, count(*) AS count FROM (SELECT {name(column)}::VARCHAR AS raw,"
        f" {feed.first_line} + row_number() OVER () - 1 AS line FROM ({feed.sql})) SEMI JOIN ({values}) USING (raw) GROUP BY raw"
    )
