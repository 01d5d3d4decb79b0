"""How to read a file: what it is made of is found out from its first bytes and the columns the project names.

The result is a `Feed`: SQL that yields the wanted columns as text (or as their own type, for Parquet), the same
for every format, and SQL that yields the same rows with their line numbers, for those that must be pointed at.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from scvgraph.config.project import Source
from scvgraph.engine import Engine, name, text
from scvgraph.errors import SourceError
from scvgraph.sources.files import SourceFile

DELIMITERS = (",", ";", "\t", "|")
HEAD_BYTES = 1 << 20
LONGEST_LINE = 32 << 20  # a field of 10 MB is odd, not an error; buffers grow with this, and threads need several
_LINE = "_line_text"


@dataclass(frozen=True, slots=True)
class Feed:
    """A file ready to be queried.

    sql: a relation with every wanted column; types: the column's own DuckDB type (VARCHAR for text files).
    broken: condition over `sql` for rows that are no row at all (a JSON line that does not parse), or None.
    lenient: the reader skips rows it cannot parse and notes them in DuckDB's reject tables.
    """

    file: SourceFile
    sql: str
    types: dict[str, str]
    broken: str | None = None
    lenient: bool = False
    first_line: int = 1


def open_feed(engine: Engine, source: Source, file: SourceFile) -> Feed:
    """A feed of the columns a source uses. Raises SourceError, naming file, column and cure."""
    try:
        if file.format == "parquet":
            return _parquet(engine, source, file)
        if file.format == "jsonl":
            return _jsonl(source, file)
        return _csv(engine, source, file)
    except (OSError, EOFError) as error:
        raise SourceError(f"cannot read {file.label}: {getattr(error, 'strerror', None) or error}") from None
    except duckdb.Error as error:
        raise SourceError(f"cannot read {file.label}: {str(error).splitlines()[0]}") from None


def require(source: Source, file: SourceFile, present: list[str]) -> None:
    """Every column the project names must stand in the file exactly once."""
    for column in source.columns:
        if column not in present:
            listed = ", ".join(repr(c) for c in present[:40]) or "none"
            raise SourceError(
                f"{file.label}: column '{column}' is not there (columns: {listed});"
                f" correct [sources.{source.name}] or the export"
            )
        if present.count(column) > 1:
            raise SourceError(f"{file.label}: column '{column}' stands {present.count(column)} times in the header; rename one of them")


def _parquet(engine: Engine, source: Source, file: SourceFile) -> Feed:
    relation = f"read_parquet({text(str(file.path))})"
    described = engine.rows(f"DESCRIBE SELECT * FROM {relation}")
    require(source, file, [row[0] for row in described])
    types = {row[0]: row[1] for row in described if row[0] in source.columns}
    return Feed(file, f"SELECT {_list(source)} FROM {relation}", types)


def _jsonl(source: Source, file: SourceFile) -> Feed:
    """Each line is parsed once; a column may be a path into nested objects, written with dots."""
    _head(file)
    lines = (
        f"read_csv({text(str(file.path))}, columns = {{'{_LINE}': 'VARCHAR'}}, auto_detect = false, delim = chr(1),"
        f" quote = '', escape = '', header = false, max_line_size = {LONGEST_LINE})"
    ).replace("chr(1)", "'\x01'")
    paths = ", ".join(text(_pointer(column)) for column in source.columns)
    cells = ", ".join(f"_cells[{n}] AS {name(column)}" for n, column in enumerate(source.columns, 1))
    sql = (
        f"SELECT {cells}, _cells IS NULL AS _broken, {_LINE} FROM (SELECT {_LINE}, CASE WHEN json_valid({_LINE})"
        f" AND ltrim({_LINE}) LIKE '{{%' THEN json_extract_string({_LINE}, [{paths}]) END AS _cells"
        f" FROM {lines} WHERE trim({_LINE}) <> '')"
    )
    return Feed(file, sql, dict.fromkeys(source.columns, "VARCHAR"), broken="_broken")


def _pointer(column: str) -> str:
    parts = column.split(".")
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def _csv(engine: Engine, source: Source, file: SourceFile) -> Feed:
    reading = source.reading
    encoding = (reading.encoding or "utf-8").lower().replace("_", "-")
    head = _head(file)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    native = {"utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "latin-1": "latin-1", "iso-8859-1": "latin-1", "utf-16": "utf-16"}
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    except LookupError:
        raise SourceError(f"{file.label}: '{encoding}' is no encoding known here; try \"utf-8\", \"cp1252\" or \"latin-1\"") from None
    path = file.path if encoding in native else _transcode(engine, file, encoding)
    header = next(iter(io.StringIO(decoder.decode(head).removeprefix("\ufeff"), newline=None)), "").rstrip("\r\n")
    delimiter = reading.delimiter or _delimiter(header, source)
    quote = reading.quote or '"'
    columns = next(csv.reader([header], delimiter=delimiter, quotechar=quote), [])
    if reading.header is False:
        columns = [f"column{n}" for n in range(len(columns))]
    require(source, file, columns)
    unique = _unique(columns)
    declared = ", ".join(f"{text(column)}: 'VARCHAR'" for column in unique)
    options = (
        f"columns = {{{declared}}}, auto_detect = false, delim = {text(delimiter)}, quote = {text(quote)}, escape = {text(quote)},"
        f" header = {str(reading.header is not False).lower()}, nullstr = '', max_line_size = {LONGEST_LINE},"
        f" encoding = {text(native.get(encoding, 'utf-8'))}, ignore_errors = true, store_rejects = true, rejects_limit = 0"
    )
    sql = f"SELECT {_list(source)} FROM read_csv({text(str(path))}, {options})"
    return Feed(
        file, sql, dict.fromkeys(source.columns, "VARCHAR"), lenient=True, first_line=1 if reading.header is False else 2
    )


def _list(source: Source) -> str:
    return ", ".join(name(column) for column in source.columns)


def _unique(columns: list[str]) -> list[str]:
    """Header names made distinct; those that stand twice are not used by the source (see `require`)."""
    seen: dict[str, int] = {}
    result = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        result.append(column if seen[column] == 1 and column else f"{column}~{seen[column]}")
    return result


def _delimiter(header: str, source: Source) -> str:
    """The delimiter under which most of the wanted columns stand in the header."""

    def found(delimiter: str) -> int:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(column in cells for column in source.columns)

    return max(DELIMITERS, key=lambda d: (found(d), header.count(d)))


def _head(file: SourceFile) -> bytes:
    with _bytes(file.path) as handle:
        return handle.read(HEAD_BYTES)


def _bytes(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path)  # type: ignore[return-value]
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")  # type: ignore[no-any-return]
    return path.open("rb")


def _transcode(engine: Engine, file: SourceFile, encoding: str) -> Path:
    """A UTF-8 copy of a file in an encoding that DuckDB does not read; bytes that do not decode become U+FFFD."""
    assert engine.scratch is not None
    copy = engine.scratch / f"utf8-{file.sha256 or 'sample'}.csv"
    with io.TextIOWrapper(_bytes(file.path), encoding=encoding, errors="replace", newline="") as old:  # type: ignore[type-var]
        with copy.open("w", encoding="utf-8", newline="") as new:
            while part := old.read(1 << 22):
                new.write(part)
    return copy
