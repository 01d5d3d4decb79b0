"""CSV and its relatives: the delimiter, whether there is a header, and the rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from scvgraph.profile.sample import LONGEST_CELL, TEXT_ROWS, Cells, Sample
from scvgraph.profile.text_file import encoding_of, further, head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOUND_BY_INGEST = (",", ";", "\t", "|")  # delimiters that ingest tells apart by the header
_DELIMITERS = (*FOUND_BY_INGEST, "^", "~", "\x01", ":")
_PROBED, _PROBED_LETTERS = 200, 1 << 18
_DATUM = re.compile(
    r"[^@\s]+@[^@\s]+\.[a-z]{2,}"  # e-mail address
    r"|[-+]?[\d.,]*\d[\d.,]*"  # number
    r"|\+?[\d ()./-]{7,}"  # date, phone number
    r"|\d{4}-\d\d-\d\d[T ].*"  # time
    r"|[0-9a-f]{8}-[0-9a-f-]{27}",  # UUID
    re.IGNORECASE,
)


def read(path: Path, *, format_needed: bool) -> Sample:
    encoding = encoding_of(path)
    text, whole = head(path, encoding)
    delimiter = _delimiter(text)
    rows = list(islice(_rows(text, delimiter), TEXT_ROWS + 1))
    complete = whole and len(rows) <= TEXT_ROWS
    first = rows[0] if rows else []
    header = not any(_DATUM.fullmatch(cell.strip()) for cell in first if cell.strip())
    names = first if header else [f"column{n}" for n in range(len(first))]
    if not complete:
        rows += [
            row
            for piece in further(path, encoding)
            for row in _rows(piece, delimiter)
            if len(row) == len(first)
        ]
    body = rows[1:] if header else rows
    fitting = [row for row in body if len(row) == len(first)]
    counts = Counter(names)
    return Sample(
        path=path,
        format="csv",
        columns={
            name: _cells(fitting, n) for n, name in enumerate(names) if name.strip() and counts[name] == 1
        },
        rows=len(fitting),
        whole=complete,
        doubled=tuple(name for name, count in counts.items() if count > 1 or not name.strip()),
        odd=len(body) - len(fitting),
        encoding=encoding if encoding in ("cp1252", "latin-1") else None,
        delimiter=delimiter if delimiter not in FOUND_BY_INGEST or not header else None,
        header=header,
        format_needed=format_needed,
    )


def _cells(rows: Iterable[list[str]], position: int) -> Cells:
    return [cell[:LONGEST_CELL] if (cell := row[position].strip()) else None for row in rows]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows with anything in them. A field may be as long as the text."""
    before = csv.field_size_limit(max(len(text), 131_072))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                yield row
    except csv.Error:
        return
    finally:
        csv.field_size_limit(before)


def _delimiter(text: str) -> str:
    """The delimiter under which the first lines have most cells of an even number; a comma if there is one column."""
    start = text[:_PROBED_LETTERS]
    start = start[: start.rfind("\n") + 1] or start

    def even(delimiter: str) -> tuple[float, int]:
        rows = list(islice(_rows(start, delimiter), _PROBED))
        width = len(rows[0]) if rows else 1
        if width < 2:
            return (0.0, 0)
        return (round(sum(len(row) == width for row in rows) / len(rows), 1), width)

    best = max(_DELIMITERS, key=lambda delimiter: (even(delimiter), -_DELIMITERS.index(delimiter)))
    return best if even(best)[1] else ","
