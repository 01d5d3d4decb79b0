"""Take a file in by joins, which spill: for when the distinct values do not fit in memory.

The file is read twice: for its distinct values, to be numbered, and for its rows, joined to those numbers.
"""

from __future__ import annotations

from pathlib import Path

from scvgraph.config.project import Source
from scvgraph.engine import Engine, name, text
from scvgraph.sources import cells
from scvgraph.sources.reading import Feed, forget_rejects


def number_values(engine: Engine, source: Source, feed: Feed, first: int, path: Path) -> tuple[int, int]:
    """Leave table `local_spellings` (kind, raw, no), the feed's distinct values; write those that view `known_spellings`
    has not to `path`. Returns the rows in the feed and how many values are new.
    """
    rows = _distinct(engine, source, feed)
    fresh = int(engine.one("SELECT count(*) FROM local_spellings WHERE no IS NULL"))
    if fresh:
        engine.make(
            "local_spellings",
            f"SELECT kind, raw, CAST({first} + row_number() OVER () - 1 AS INTEGER) AS no FROM local_spellings WHERE no IS NULL"
            " UNION ALL SELECT kind, raw, no FROM local_spellings WHERE no IS NOT NULL",
        )
        engine.write(f"SELECT no, kind, raw FROM local_spellings WHERE no >= {first}", path, ordered=False)
    return rows, fresh


def _distinct(engine: Engine, source: Source, feed: Feed) -> int:
    """One scan of the file does the counting and all the distinct values, by grouping sets."""
    columns = list(dict.fromkeys(column for _, column in source.identifiers))
    listed = [f"{cells.as_text(feed, column)} AS c{n}" for n, column in enumerate(columns)]
    names = [f"c{n}" for n in range(len(columns))]
    forget_rejects(engine, feed)
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
        parts.append(
            f"SELECT {text(kind)} AS kind, c{n} AS raw FROM distincts WHERE side = {side} AND c{n} <> ''"
        )
    kinds = [kind for kind, _ in source.identifiers]
    values = " UNION ALL ".join(parts)
    if len(set(kinds)) < len(kinds):
        values = f"SELECT DISTINCT kind, raw FROM ({values})"
    engine.make(
        "local_spellings",
        f"SELECT v.kind, v.raw, k.no FROM ({values}) v LEFT JOIN known_spellings k ON v.kind = k.kind AND v.raw = k.raw",
    )
    engine.run("SET preserve_insertion_order = true")
    rows = int(engine.one(f"SELECT rows FROM distincts WHERE side = {full}"))
    engine.drop("distincts")
    return rows


def take_joined(
    engine: Engine, source: Source, feed: Feed, faults: list[cells.Fault], target: tuple[int, Path]
) -> int:
    """Write a feed's fit rows to a segment, numbers from `local_spellings`; returns rows written."""
    number, path = target
    forget_rejects(engine, feed)
    added = engine.write(_segment_sql(source, feed, faults, number), path, ordered=False, as_written=True)
    engine.drop("local_spellings")
    return added


def _segment_sql(source: Source, feed: Feed, faults: list[cells.Fault], number: int) -> str:
    plain = cells.row(source, feed)
    wanted = ", ".join(f"{sql} AS {name(column)}" for column, sql in plain)
    joined = "".join(f", l{n}.no AS i{n}" for n in range(len(source.identifiers)))
    joins = " ".join(
        f"LEFT JOIN (SELECT raw, no FROM local_spellings WHERE kind = {text(kind)}) l{n} ON {cells.as_text(feed, column)} = l{n}.raw"
        for n, (kind, column) in enumerate(source.identifiers)
    )
    fit = " AND ".join(f"NOT coalesce({fault.condition}, false)" for fault in faults) or "true"
    sql = f"SELECT {number} AS file, {wanted}{joined} FROM ({feed.sql}) s {joins} WHERE {fit}"
    if source.shape == "records":
        return sql
    predicate = source.conversion or "false"
    return f"SELECT *, coalesce(CAST(({predicate}) AS BOOLEAN), false) AS converted FROM ({sql})"
