"""JSON lines: nested objects are columns with dots in their names, as ingest reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scvgraph.profile.sample import LONGEST_CELL, TEXT_ROWS, Cells, Sample
from scvgraph.profile.text_file import encoding_of, further, head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEEPEST = 4


def read(path: Path, *, format_needed: bool) -> Sample:
    encoding = encoding_of(path)
    text, whole = head(path, encoding)
    lines = [line for line in text.split("\n") if line.strip()]
    complete = whole and len(lines) <= TEXT_ROWS
    lines = lines[:TEXT_ROWS]
    if not complete:
        lines += [line for piece in further(path, encoding) for line in piece.split("\n") if line.strip()]
    objects = [found for line in lines if (found := _object(line)) is not None]
    flat = [dict(_flat(found, "", 1)) for found in objects]
    names = dict.fromkeys(name for row in flat for name in row)
    dotted = {name for found in objects for name in found if "." in name}
    columns: dict[str, Cells] = {
        name: [_text(row.get(name)) for row in flat] for name in names if name not in dotted
    }
    nested = {name for row in flat for name, value in row.items() if isinstance(value, list | dict)}
    nested |= names.keys() & {parent for name in names for parent in _parents(name)}
    return Sample(
        path=path,
        format="jsonl",
        columns=columns,
        rows=len(flat),
        whole=complete,
        types=dict.fromkeys(nested, "nested"),
        doubled=tuple(sorted(dotted)),
        odd=len(lines) - len(flat),
        format_needed=format_needed,
    )


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(found: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict) and value and depth < _DEEPEST:
            yield from _flat(value, f"{prefix}{name}.", depth + 1)
        elif name.strip():
            yield prefix + name, value


def _parents(name: str) -> Iterator[str]:
    """Names of the objects a field stands in: where one of them is a column too, some rows hold the object there."""
    while (name := name.rpartition(".")[0]) != "":
        yield name


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text.strip()[:LONGEST_CELL] or None
