"""The ledger's tables as SQL over its segments.

A segment stores what is particular to its source; these views give every source the same columns. Segments of
one layout (source, identifier columns, traits) are read together.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, scan, text
from scvgraph.roles import tells
from scvgraph.store.ledger import file_of
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.store.ledger import Ledger, Segment


ROW = "(row)"  # what stands for a column where the row itself is what was seen


def layouts(ledger: Ledger) -> Iterator[tuple[Segment, list[Segment]]]:
    """Segments by layout: one to stand for all, and all of them."""

    def layout(segment: Segment) -> tuple[object, ...]:
        return (segment.source, segment.shape, segment.keyed, segment.identifiers, segment.traits)

    for _, group in groupby(sorted(ledger.segments, key=layout), key=layout):
        members = list(group)
        yield members[0], members


def stored_rows(ledger: Ledger, segments: list[Segment]) -> str:
    """SQL of the rows that count in some segments of one layout: the stored columns, and `row`."""
    firsts = ", ".join(f"({text(str(ledger.path(s.path)))}, {s.first_row}::BIGINT)" for s in segments)
    source = scan([ledger.path(s.path) for s in segments], "filename = true, file_row_number = true")
    if len(segments) == 1:
        sql = f"SELECT {segments[0].first_row}::BIGINT + file_row_number AS row, * EXCLUDE (filename, file_row_number) FROM {source}"
    else:
        sql = (
            f"SELECT f.first + r.file_row_number AS row, r.* EXCLUDE (filename, file_row_number) FROM {source} r"
            f" JOIN (VALUES {firsts}) f (path, first) ON r.filename = f.path"
        )
    conditions = []
    retired = ledger.retired_files
    if retired:
        conditions.append(f"file NOT IN ({', '.join(map(str, retired))})")
    if ledger.superseded and segments[0].keyed:
        conditions.append(f"row NOT IN (SELECT row FROM {scan([ledger.path(p) for p in ledger.superseded])})")
    if ledger.repeated and not segments[0].keyed:
        conditions.append(f"row NOT IN (SELECT row FROM {scan([ledger.path(p) for p in ledger.repeated])})")
    return f"SELECT * FROM ({sql})" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")


def attach_ledger(engine: Engine, ledger: Ledger) -> None:
    """Name the ledger's tables in an engine: records, events, spellings, files, rejects, decisions."""
    engine.view("files", _files_sql(ledger))
    engine.view("rejects", _rejects_sql(ledger))
    engine.view(
        "decisions",
        _or_empty(
            "decisions",
            [f"SELECT * FROM {scan([ledger.path(p) for p in ledger.decisions])}"] if ledger.decisions else [],
        ),
    )
    spellings = [ledger.path(p) for p in ledger.spellings]
    empty = "SELECT CAST(NULL AS INTEGER) AS no, CAST(NULL AS VARCHAR) AS kind, CAST(NULL AS VARCHAR) AS raw WHERE false"
    engine.view("spellings", f"SELECT no, kind, raw FROM {scan(spellings)}" if spellings else empty)
    for shape in ("records", "events"):
        engine.view(shape, _shape_sql(ledger, shape))


def sightings_sql(ledger: Ledger) -> str:
    """SQL of table `sightings`; needs views `cleaned` (spelling -> identifier) and `rules` (event kind -> rule)."""
    parts = []
    for first, segments in layouts(ledger):
        for position, (kind, column) in enumerate(first.identifiers):
            del kind
            parts.append(
                f'SELECT s.row, {text(first.source)} AS source, {text(column)} AS "column",'
                f" CASE WHEN c.spelling IS NULL THEN s.i{position} ELSE c.identifier END AS identifier, s.ts,"
                f" coalesce(u.rule, {text('record' if first.shape == 'records' else 'event')}) AS rule"
                f" FROM ({stored_rows(ledger, segments)}) s LEFT JOIN cleaned c ON s.i{position} = c.spelling"
                f" LEFT JOIN rules u ON s.kind = u.kind"
                f" WHERE s.i{position} IS NOT NULL AND (c.spelling IS NULL OR c.identifier IS NOT NULL)"
            )
        if has_profiles(ledger, first):
            parts.append(
                f'SELECT s.row, {text(first.source)} AS source, {text(ROW)} AS "column", p.no AS identifier, s.ts,'
                f" 'record' AS rule FROM ({stored_rows(ledger, segments)}) s JOIN ({profiles_sql(ledger)}) p USING (row)"
            )
    return _or_empty("sightings", parts)


def has_profiles(ledger: Ledger, segment: Segment) -> bool:
    """Whether rows of a layout may stand in `profiles_sql`: they can tell of a person, and any row does."""
    return bool(ledger.profiles and tells(segment.shape, segment.traits))


def profiles_sql(ledger: Ledger) -> str:
    """SQL (row, no) of the rows that tell of a person, and the spelling that stands for each."""
    if not ledger.profiles:
        return "SELECT CAST(NULL AS BIGINT) AS row, CAST(NULL AS INTEGER) AS no WHERE false"
    return f"SELECT row, no FROM {scan([ledger.path(part) for part in ledger.profiles])}"


def _shape_sql(ledger: Ledger, shape: str) -> str:
    parts, traits = [], []
    found = [(first, segments) for first, segments in layouts(ledger) if first.shape == shape]
    for first, _ in found:
        traits += [trait for trait in first.traits if trait not in traits]
    own = [column.name for column in TABLES[shape].columns if column.name not in ("source", "key")]
    for first, segments in found:
        listed = [name(c) for c in own]
        listed += [name(t) if t in first.traits else f"CAST(NULL AS VARCHAR) AS {name(t)}" for t in traits]
        key = "key" if first.keyed else content_key(first)
        parts.append(
            f"SELECT row, {text(first.source)} AS source, {key} AS key, {', '.join(listed[1:])}"
            f" FROM ({stored_rows(ledger, segments)}) r"
        )
    return _or_empty(shape, parts)


def content_key(segment: Segment) -> str:
    """A row without a declared key is named by its content: 16 hex digits, the same in every store."""
    plain = ["ts", "kind", "channel", "campaign", "value"] if segment.shape == "events" else ["ts", "kind"]
    cells = [f"CAST({name(c)} AS VARCHAR)" for c in (*plain, *segment.traits)]
    # A number says its kind; said again it spares the files of all others.
    cells += [
        f"(SELECT raw FROM spellings WHERE kind = {text(kind)} AND no = r.i{n})"
        for n, (kind, _) in enumerate(segment.identifiers)
    ]
    return f"left(md5(concat_ws(chr(31), {', '.join(f'coalesce({c}, chr(30))' for c in cells)})), 16)"


def _files_sql(ledger: Ledger) -> str:
    columns, current = [column.name for column in TABLES["files"].columns], ledger.current_files
    parts = []
    for entry in ledger.files:
        if not entry.retired:
            said = {**asdict(entry), "current": entry.number in current}
            literals = [text(cell) if isinstance(cell := said[c], str) else str(cell) for c in columns]
            parts.append(
                "SELECT "
                + ", ".join(f"{cell} AS {name(c)}" for cell, c in zip(literals, columns, strict=True))
            )
    return _or_empty("files", parts)


def _rejects_sql(ledger: Ledger) -> str:
    """Refusals of every version of a file that was read; those of the present ones are marked."""
    batch, current = {entry.number: entry.batch for entry in ledger.files}, ledger.current_files
    known = [part for part in ledger.rejects if file_of(part) in batch]
    if not known:
        return _or_empty("rejects", [])
    about = ", ".join(
        f"({text(str(ledger.path(part)))}, {batch[file_of(part)]}, {file_of(part) in current})"
        for part in known
    )
    plain = 'r.source, r.file, f.batch, r.line, r."column", r.reason, r.text, r.count, f.current'
    return (
        f"SELECT {plain} FROM {scan([ledger.path(part) for part in known], 'filename = true')} r"
        f" JOIN (VALUES {about}) f (path, batch, current) ON r.filename = f.path"
    )


def _or_empty(table: str, parts: list[str]) -> str:
    return " UNION ALL ".join(parts) if parts else no_rows(table)


def no_rows(table: str) -> str:
    """SQL of a table without rows."""
    columns = ", ".join(
        f"CAST(NULL AS {column.type}) AS {name(column.name)}" for column in TABLES[table].columns
    )
    return f"SELECT {columns} WHERE false"
