"""How read commands print: aligned columns, quiet colour on a terminal only, JSON of a stable shape."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WIDEST = 60


class Fixed(float):
    """A number of a column whose numbers all show two digits."""

    __slots__ = ()


def cell(value: Any) -> str:
    """A value for people: nothing for null, times to the second, numbers without noise.

    >>> cell(None), cell(0.97), cell(12.0), cell(True), cell(1234567)
    ('', '0.97', '12', 'yes', '1,234,567')
    """
    for type_, write in _WRITERS:
        if isinstance(value, type_):
            return write(value)
    # Control characters of a value must not reach the terminal.
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value))


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (  # bool before int, which it is
    (type(None), lambda _: ""),
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: f"{value:%Y-%m-%d %H:%M:%S}"),
    (int, lambda value: f"{value:,}"),
    (Fixed, lambda value: f"{value:,.2f}"),
    (float, lambda value: f"{value:,.4f}".rstrip("0").rstrip(".")),
    (dict, lambda value: ", ".join(f"{key} {cell(item)}" for key, item in value.items() if item is not None)),
    (list, lambda value: ", ".join(map(cell, value))),
)


def heading(text: str, note: str = "") -> None:
    click.echo(click.style(text, bold=True) + (click.style(f"  {note}", dim=True) if note else ""))


def fields(pairs: Iterable[tuple[str, Any]], indent: int = 2) -> None:
    """Names and values, one a line; those without a value are left out."""
    shown = [(name, cell(value)) for name, value in pairs]
    shown = [(name, value) for name, value in shown if value]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(" " * indent + click.style(name.ljust(width), dim=True) + "  " + value)


def grid(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    indent: int = 2,
    *,
    as_named: bool = False,
    repeated: int | None = None,
) -> None:
    """Rows under their columns; numbers to the right, long cells cut, columns without any value left out.

    as_named: names of columns as they are, without blanks for underscores. repeated: what is wider than the terminal is
    shown in parts, below each other, each with so many of the first columns before it.
    """
    rows = [list(row) for row in rows]
    kept = [n for n in range(len(columns)) if not rows or any(row[n] is not None for row in rows)]
    right = {n for n in kept if any(_is_number(row[n]) for row in rows)}
    texts = [[_cut(cell(row[n])) for n in kept] for row in rows]
    names = [columns[n] if as_named else columns[n].replace("_", " ") for n in kept]
    widths = [max([len(name), *(len(text[at]) for text in texts)]) for at, name in enumerate(names)]

    def line(words: Sequence[str], shown: Sequence[int]) -> str:
        aligned = [
            words[at].rjust(widths[at]) if kept[at] in right else words[at].ljust(widths[at]) for at in shown
        ]
        return " " * indent + "  ".join(aligned).rstrip()

    for number, shown in enumerate(_parts(widths, indent, repeated)):
        if number:
            click.echo()
        click.echo(click.style(line(names, shown), dim=True))
        for text in texts:
            click.echo(line(text, shown))


def _parts(widths: Sequence[int], indent: int, repeated: int | None) -> list[list[int]]:
    """Columns by the part of a table they stand in; each part has at least one that the others have not."""
    every = list(range(len(widths)))
    if repeated is None:
        return [every]
    room = shutil.get_terminal_size().columns - indent
    first, rest = every[:repeated], every[repeated:]
    parts = [[*first]]
    for column in rest:
        wide = sum(widths[at] + 2 for at in (*parts[-1], column)) - 2
        if wide > room and len(parts[-1]) > repeated:
            parts.append([*first])
        parts[-1].append(column)
    return parts


def counted(number: int, what: str) -> str:
    """A number and what it counts, in the plural but for one.

    >>> counted(1, "row"), counted(2_000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def span(first: datetime | None, last: datetime | None) -> str:
    """The days from one time to another.

    >>> span(datetime(2026, 1, 2), datetime(2026, 3, 4)), span(None, None)
    ('2026-01-02 to 2026-03-04', 'no times')
    """
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else "no times"


def as_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
