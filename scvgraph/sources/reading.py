"""How to read a file: what it is made of is found out from its first bytes and the columns the project names.

The result is a `Feed`: SQL that yields the wanted columns as text (or as their own type, for Parquet), the same
for every format, and SQL that yields the same rows counted, for those that must be pointed at.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, TypeVar

import duckdb

from scvgraph.engine import Engine, name, text
from scvgraph.errors import ColumnMissing, SourceError
from scvgraph.sources.files import SourceFile, read_errors
from scvgraph.store.failures import lacks_room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scvgraph.config.project import Source

DELIMITERS = (",", ";", "\t", "|")
HEAD_BYTES = 1 << 20
# A field of 10 MB is odd, not an error. Left to itself the reader would take buffers of 16 such lines, several a thread.
LONGEST_LINE = 32 << 20
_LINE = "_line_text"
_NATIVE = {"utf-8": "utf-8", "iso8859-1": "latin-1"}  # what DuckDB reads itself, by Python's names
_MIXED_LINE_ENDS = "state machine reached an invalid state"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines of a delimited text file are made of, for those who must find a line again.

    head: lines up to and with the header, as the reader counts them.
    """

    path: Path
    encoding: str
    delimiter: str
    quote: str
    head: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A file ready to be queried.

    sql: a relation with every wanted column, under the SQL names in `cells`: a file's own names may clash with
    anything. types: the column's own DuckDB type (VARCHAR for text files).
    numbered: the same rows with `_nth`, their number from 1; JSON lines are numbered before blank ones are left out.
    broken: condition over `sql` for rows that are no row at all (a JSON line that does not parse), or None.
    lenient: the reader skips rows it cannot parse and notes them in DuckDB's reject tables.
    layout: of a delimited text file, where rows and lines are not the same thing.
    """

    file: SourceFile
    sql: str
    numbered: str
    types: dict[str, str]
    cells: dict[str, str] = field(default_factory=dict)
    broken: str | None = None
    lenient: bool = False
    layout: Layout | None = None


def open_feed(engine: Engine, source: Source, file: SourceFile, *, mended: bool = False) -> Feed:
    """A feed of the columns a source uses. Raises SourceError, naming file, column and cure.

    mended: read a copy in which every line ends alike.
    """
    with unreadable(file), read_errors(file):
        if file.format == "parquet":
            return _parquet(engine, source, file)
        if file.format == "jsonl":
            return _jsonl(engine, source, file)
        return _csv(engine, source, file, mended=mended)


class MixedLineEnds(SourceError):  # noqa: N818 - reads as what happened
    """Lines of a file end in different ways, which the reader does not take; a copy in which they do not helps."""


def first_use(engine: Engine, source: Source, file: SourceFile, use: Callable[[Feed], T]) -> tuple[Feed, T]:
    """A feed and what a first use of it gives; a file whose lines do not all end alike is mended first."""
    feed = open_feed(engine, source, file)
    try:
        with unreadable(file):
            return feed, use(feed)
    except MixedLineEnds:
        feed = open_feed(engine, source, file, mended=True)
        with unreadable(file):
            return feed, use(feed)


def forget_rejects(engine: Engine, feed: Feed) -> None:
    """Forget what an earlier scan noted about lines it could not parse."""
    if feed.lenient:
        engine.drop("reject_errors", "reject_scans")


def notes_rejects(engine: Engine) -> bool:
    """Whether scans since then noted any."""
    return bool(engine.one("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"))


@contextmanager
def unreadable(file: SourceFile) -> Iterator[None]:
    """Turn what the engine says about a file into a SourceError that names it; lack of room is another matter."""
    import pyarrow as pa

    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if lacks_room(error):
            raise
        said = str(error).strip().split("\n")[0]
        kind = MixedLineEnds if _MIXED_LINE_ENDS in said else SourceError
        raise kind(
            f"cannot read {file.label}: {said}; correct the file or its source in the project file"
        ) from error


def require(source: Source, file: SourceFile, present: list[str]) -> None:
    """Every column the project names must stand in the file exactly once."""
    for column in source.columns:
        if present.count(column) > 1:
            raise SourceError(
                f"{file.label}: column '{column}' stands {present.count(column)} times in the header; rename one of them"
            )
    missing = [repr(column) for column in source.columns if column not in present]
    if missing:
        listed = ", ".join(repr(c) for c in present[:40]) or "none"
        many = f"columns {', '.join(missing)} are" if len(missing) > 1 else f"column {missing[0]} is"
        raise ColumnMissing(
            f"{file.label}: {many} not there (columns: {listed}); correct [sources.{source.name}] or the export"
        )


def typed_feed(engine: Engine, source: Source, file: SourceFile, relation: str) -> Feed:
    """A feed of a relation that has names and types of its own: Parquet, or a table in memory."""
    described = engine.rows(f"DESCRIBE SELECT * FROM {relation}")
    require(source, file, [row[0] for row in described])
    types = {row[0]: row[1] for row in described if row[0] in source.columns}
    cells = cell_names(source)
    listed = ", ".join(f"{name(column)} AS {cell}" for column, cell in cells.items())
    sql = f"SELECT {listed} FROM {relation}"
    return Feed(file, sql, _numbered(sql), types, cells)


def cell_names(source: Source) -> dict[str, str]:
    return {column: f"x{n}" for n, column in enumerate(source.columns)}


def _numbered(sql: str) -> str:
    return f"SELECT *, row_number() OVER () AS _nth FROM ({sql})"


def _parquet(engine: Engine, source: Source, file: SourceFile) -> Feed:
    return typed_feed(engine, source, file, f"read_parquet({text(str(file.path))}, binary_as_string = true)")


def _jsonl(engine: Engine, source: Source, file: SourceFile) -> Feed:
    """Each line is parsed once; a column may be a path into nested objects, written with dots."""
    encoding, head = _encoding(source, file)
    if head.lstrip().startswith("["):
        raise SourceError(
            f"{file.label}: is one JSON array; write one object a line, such as with `jq -c '.[]'`"
        )
    path = file.path if encoding in _NATIVE else _copy(engine, file, encoding)
    lines = (
        f"read_csv({text(str(path))}, columns = {{'{_LINE}': 'VARCHAR'}}, auto_detect = false, delim = '\x01',"
        f" quote = '', escape = '', header = false, max_line_size = {LONGEST_LINE}, buffer_size = {LONGEST_LINE}, encoding = {text(_NATIVE.get(encoding, 'utf-8'))},"
        f" {_compression(path)}, ignore_errors = true, store_rejects = true, rejects_limit = 0)"
    )
    names = cell_names(source)
    paths = [(column, pointer) for column in source.columns for pointer in _pointers(column)]
    listed = []
    for column in source.columns:
        found = [f"_cells[{n}]" for n, (owner, _) in enumerate(paths, 1) if owner == column]
        listed.append(f"coalesce({', '.join(found)}, NULL) AS {names[column]}")
    pointers = ", ".join(text(pointer) for _, pointer in paths)

    def parsed(rows: str, also: str) -> str:
        return (
            f"SELECT {', '.join(listed)}, _cells IS NULL AS _broken, {_LINE}{also} FROM (SELECT {_LINE}{also}, CASE WHEN json_valid({_LINE})"
            f" AND ltrim({_LINE}) LIKE '{{%' THEN json_extract_string({_LINE}, [{pointers}]) END AS _cells"
            f" FROM ({rows}) WHERE trim({_LINE}) <> '')"
        )

    plain = f"SELECT {_LINE} FROM {lines}"
    types = dict.fromkeys(source.columns, "VARCHAR")
    return Feed(
        file,
        parsed(plain, ""),
        parsed(_numbered(plain), ", _nth"),
        types,
        names,
        broken="_broken",
        lenient=True,
    )


def _pointers(column: str) -> list[str]:
    """JSON pointers of a column: a path of nested keys, and, where there are dots, a key that has them in it."""

    def pointer(parts: list[str]) -> str:
        return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)

    return [pointer(column.split(".")), pointer([column])] if "." in column else [pointer([column])]


def _csv(engine: Engine, source: Source, file: SourceFile, *, mended: bool) -> Feed:
    reading = source.reading
    encoding, head = _encoding(source, file)
    if not head:
        raise SourceError(
            f"{file.label}: is empty, without even a header; export it again, or take it out of [sources.{source.name}]"
        )
    path = _copy(engine, file, encoding) if mended or encoding not in _NATIVE else file.path
    shown = "utf-8" if path != file.path else _NATIVE[encoding]
    quote = '"' if reading.quote is None else reading.quote
    delimiter = reading.delimiter or _delimiter(head, source)
    skipped, columns = _header(head, delimiter, quote)
    headed = reading.header is not False
    if not headed:
        skipped, columns = 0, [f"column{n}" for n in range(len(columns))]
    require(source, file, columns)
    declared = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(columns)))
    options = (
        f"columns = {{{declared}}}, auto_detect = false, delim = {text(delimiter)}, quote = {text(quote)}, escape = {text(quote)},"
        f" header = {str(headed).lower()}, skip = {skipped}, nullstr = '', max_line_size = {LONGEST_LINE}, buffer_size = {LONGEST_LINE},"
        f" encoding = {text(shown)}, {_compression(path)}, ignore_errors = true, store_rejects = true, rejects_limit = 0"
    )
    cells = cell_names(source)
    listed = ", ".join(f"c{columns.index(column)} AS {cell}" for column, cell in cells.items())
    sql = f"SELECT {listed} FROM read_csv({text(str(path))}, {options})"
    layout = Layout(path, shown, delimiter, quote, skipped + headed)
    return Feed(
        file,
        sql,
        _numbered(sql),
        dict.fromkeys(source.columns, "VARCHAR"),
        cells,
        lenient=True,
        layout=layout,
    )


def _header(head: str, delimiter: str, quote: str) -> tuple[int, list[str]]:
    """Blank lines before the header, and the names in it."""
    for skipped, row in enumerate(_rows(head, delimiter, quote)):
        if any(row):
            return skipped, row
    return 0, []


def _rows(head: str, delimiter: str, quote: str) -> Iterator[list[str]]:
    lines = io.StringIO(head, newline="")
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote)


def _delimiter(head: str, source: Source) -> str:
    """The delimiter under which most of the wanted columns stand in the header."""
    quote = '"' if source.reading.quote is None else source.reading.quote
    first = next((line for line in head.splitlines() if line.strip()), "")

    def found(delimiter: str) -> int:
        _, cells = _header(head, delimiter, quote)
        return sum(column in cells for column in source.columns)

    return max(DELIMITERS, key=lambda d: (found(d), first.count(d)))


def _encoding(source: Source, file: SourceFile) -> tuple[str, str]:
    """The encoding of a text file, by Python's name, and the beginning of its text."""
    with open_bytes(file.path) as handle:
        head = handle.read(HEAD_BYTES)
    declared = source.reading.encoding or "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        declared = "utf-16"
    try:
        encoding = codecs.lookup(declared).name
    except LookupError:
        raise SourceError(
            f'{file.label}: \'{declared}\' is no encoding known here; try "utf-8", "cp1252" or "latin-1"'
        ) from None
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return encoding, decoder.decode(head).removeprefix("\ufeff")


def open_bytes(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path)  # type: ignore[return-value]
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")  # type: ignore[no-any-return]
    return path.open("rb")


def _compression(path: Path) -> str:
    return "compression = " + {".gz": "'gzip'", ".zst": "'zstd'"}.get(path.suffix.lower(), "'none'")


def _copy(engine: Engine, file: SourceFile, encoding: str) -> Path:
    """A UTF-8 copy with plain line ends, for what DuckDB does not read; bytes that do not decode become U+FFFD."""
    assert engine.scratch is not None
    copy = engine.scratch / f"utf8-{file.sha256 or 'sample'}.csv"
    reader = codecs.getreader(encoding)
    with reader(open_bytes(file.path), "replace") as old, copy.open("w", encoding="utf-8", newline="") as new:
        carried = ""
        while part := old.read(1 << 20):
            whole = carried + part
            carried = "\r" if whole.endswith("\r") else ""
            whole = whole[:-1] if carried else whole
            new.write(whole.replace("\r\n", "\n").replace("\r", "\n" if "\n" not in whole else " "))
    return copy
