"""A sample of a file: enough of its rows to tell what the columns are, whatever the format.

Up to 30,000 rows from the start of a text file and a few thousand from all over the rest; 100,000 of a Parquet
file. Cells are texts, null where empty; a cell is cut at 4,096 characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scvgraph.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST_CELL = 4096
TEXT_ROWS = 30_000
PARQUET_ROWS = 100_000
_SUFFIXES = {
    "csv": ("csv", "tsv", "txt", "psv"),
    "jsonl": ("jsonl", "ndjson", "json"),
    "parquet": ("parquet", "pq"),
}
_NOT_TEXT = {b"PK\x03\x04": "an archive or Excel workbook", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF", b"SQLite": "an SQLite database"}  # fmt: skip

Cells = list[str | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """Some rows of a file, column by column.

    columns: name -> cells, all of one length. types: name -> 'time', 'number' or 'nested', for columns whose
    format says so. doubled: header names that stand more than once, left out. odd: rows that do not fit.
    whole: whether these are all rows. Reading options are None where the file tells by itself.
    """

    path: Path
    format: str
    columns: Mapping[str, Cells]
    rows: int
    whole: bool
    types: Mapping[str, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()
    odd: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    header: bool = True
    format_needed: bool = False


def take_sample(path: Path) -> Sample:
    """Raises UsageError where there is no such file, SourceError (naming it) where it cannot be read."""
    if not path.is_file():
        raise UsageError(f"no file at {path}")
    import zlib

    import pyarrow as pa

    try:
        return _read(path)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SourceError(f"cannot read {path}: {reason}; leave it out or export it again") from None


def _read(path: Path) -> Sample:
    from scvgraph.profile import csv_sample, json_sample, parquet_sample
    from scvgraph.profile.text_file import open_bytes

    with open_bytes(path) as file:
        start = file.read(4096)
    for magic, what in _NOT_TEXT.items():
        if start.startswith(magic):
            raise SourceError(f"{path} is {what}; export it as CSV, JSON lines or Parquet")
    named = _format_by_name(path)
    if start.startswith(b"PAR1"):
        return parquet_sample.read(path, format_needed=named != "parquet")
    if named == "parquet":
        raise SourceError(f"{path} is not a Parquet file, whatever its name says; export it again")
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{path} is not a text file; export it as CSV, JSON lines or Parquet")
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"[") and named == "jsonl":
        raise SourceError(f"{path} is one JSON array; write one object a line (JSON lines)")
    if bare.startswith(b"{"):
        return json_sample.read(path, format_needed=named != "jsonl")
    return csv_sample.read(path, format_needed=named != "csv")


def _format_by_name(path: Path) -> str | None:
    """The format that ingest would take the file for by its name."""
    bare = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    suffix = bare.rpartition(".")[2]
    return next((name for name, suffixes in _SUFFIXES.items() if suffix in suffixes), None)
