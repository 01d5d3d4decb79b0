"""The column that names a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.profile import name_hints as hints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.profile.column import Column
    from scvgraph.profile.recognise import Role


def key_of(columns: Mapping[str, Column], roles: Mapping[str, Role]) -> tuple[str, str] | None:
    """The column that names a row: unique and never empty; by its name also where 2% come again.

    An id by name goes before one by content, a person's own e-mail or phone only where there is nothing else.
    """
    best: tuple[tuple[int, ...], str, str] | None = None
    for position, (name, column) in enumerate(columns.items()):
        role = roles[name]
        named = bool(hints.KEY.fullmatch(column.words))
        if role.role in ("time", "value", "channel", "campaign", "kind") or (role.role == "trait"):
            continue
        full = column.filled == column.rows
        if column.rows < 2 and not named:
            continue
        if column.rows and (not full or column.unique < (0.98 if named else 1.0)):
            continue
        spaced = any(" " in value for value in column.some)
        person = role.name in ("email", "phone", "ip")
        rank = (not person, named, column.unique == 1.0, not spaced, -position)
        if best is None or tuple(map(int, rank)) > best[0]:
            best = (tuple(map(int, rank)), name, _key_why(column))
    return (best[1], best[2]) if best else None


def _key_why(column: Column) -> str:
    if column.rows == 0:
        return "by its name only: no rows"
    if column.unique == 1.0:
        return f"different in all {column.rows:,} rows looked at"
    return f"its name says so; {1 - column.unique:.1%} come again, and the later row counts"


def not_key(column: Column) -> str:
    again = f"{column.filled - column.distinct:,} of its values come again"
    empty = f"{column.rows - column.filled:,} rows are without one"
    return f"it would name the rows, but {again if column.filled > column.distinct else empty}"
