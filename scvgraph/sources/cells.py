"""What a source's raw columns mean, as SQL: the time, the value, the identifiers, and what makes a row unfit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scvgraph.engine import text

if TYPE_CHECKING:
    from scvgraph.config.project import Source
    from scvgraph.sources.reading import Feed

_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1000, "epoch_us": 1}
_LATEST = 253_402_300_800_000_000  # the year 10,000, in microseconds


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to refuse a row: the condition over the feed, the column at fault, and the words."""

    condition: str
    column: str
    reason: str


def as_text(feed: Feed, column: str) -> str:
    """A cell as text, null if empty. A whole number in a column of fractions is written as one: pandas makes such
    columns of ids with gaps.
    """
    cell, kind = feed.cells[column], feed.types[column]
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < 1e15"
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
        )
    return cell if kind == "VARCHAR" else f"CAST({cell} AS VARCHAR)"


def _time(source: Source, feed: Feed, timezone: str) -> str:
    """The time of a row in UTC, null where absent or unreadable. Times without an offset are in `timezone`."""
    if source.time is None:
        return "CAST(NULL AS TIMESTAMP)"
    cell, kind = feed.cells[source.time], feed.types[source.time]
    if kind.startswith(("TIMESTAMP WITH", "TIMESTAMPTZ")):
        return f"CAST(CAST({cell} AS TIMESTAMPTZ) AS TIMESTAMP)"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return _from_local(f"CAST({cell} AS TIMESTAMP)", timezone)
    form = source.reading.time_format
    if form in _EPOCHS:
        number = f"TRY_CAST({cell} AS DOUBLE)" if kind == "VARCHAR" else f"CAST({cell} AS DOUBLE)"
        micros = f"TRY_CAST(round({number} * {_EPOCHS[form]}) AS BIGINT)"
        return f"CASE WHEN abs({micros}) < {_LATEST} THEN make_timestamp({micros}) END"
    if form is not None:
        zoned = "%z" in form or "%Z" in form
        parsed = f"try_strptime(trim({as_text(feed, source.time)}), {text(form)})"
        return (
            f"CAST({parsed} AS TIMESTAMP)" if zoned else _from_local(f"CAST({parsed} AS TIMESTAMP)", timezone)
        )
    return _timestamp(as_text(feed, source.time), timezone)


def _plain_time(source: Source, feed: Feed, timezone: str) -> str:
    """The time of a row whose column has no declared format, if it is spelled in one of the two commonest ways (Z right
    behind the digits; to the second and no zone), which are told by cheap signs; null for any other.
    """
    if source.time is None or feed.types[source.time] != "VARCHAR" or source.reading.time_format is not None:
        return "CAST(NULL AS TIMESTAMP)"
    cell = feed.cells[source.time]
    return (
        f"CASE WHEN {cell} LIKE '%Z' THEN CASE WHEN NOT contains({cell}, ' ') THEN TRY_CAST({cell} AS TIMESTAMP) END"
        f" WHEN {cell} LIKE '____-__-_____:__:__' THEN {_from_local(f'TRY_CAST({cell} AS TIMESTAMP)', timezone)} END"
    )


def _timestamp(cell: str, timezone: str) -> str:
    """A time in no declared format. What it says of its zone is looked for by pattern, which is dear: see `_plain_time`."""
    trimmed = f"trim({cell})"
    return (
        f"CASE WHEN _plain IS NOT NULL THEN _plain"
        f" WHEN ends_with({trimmed}, 'Z') AND right({trimmed}, 2) < ':' THEN TRY_CAST({trimmed} AS TIMESTAMP)"
        f" WHEN regexp_matches({trimmed}, {_ZONED}) THEN CAST(TRY_CAST({_joined(trimmed)} AS TIMESTAMPTZ) AS TIMESTAMP)"
        f" ELSE {_from_local(f'TRY_CAST({trimmed} AS TIMESTAMP)', timezone)} END"
    )


# A time of day and behind it an offset, a zone's name, or something that is neither and must not be overlooked.
_ZONED = r"':\d\d(\.\d+)?\s*([+-]\d\d(:?\d\d)?|[A-Za-z][A-Za-z0-9_/+-]*)$'"


def _joined(cell: str) -> str:
    """The engine wants an offset right behind the time, and Z in capitals."""
    return f"regexp_replace(regexp_replace({cell}, '\\s+([+-][0-9:]+)$', '\\1'), 'z$', 'Z')"


def _from_local(timestamp: str, timezone: str) -> str:
    return timestamp if timezone == "UTC" else f"CAST(timezone({text(timezone)}, {timestamp}) AS TIMESTAMP)"


def _value(source: Source, feed: Feed) -> str:
    """The value of an event as a number, null where absent or unreadable."""
    if source.value is None:
        return "CAST(NULL AS DOUBLE)"
    if feed.types[source.value] != "VARCHAR":
        return f"TRY_CAST({feed.cells[source.value]} AS DOUBLE)"
    cell = f"trim({feed.cells[source.value]})"
    if source.reading.decimal == ",":
        cell = f"replace(replace({cell}, '.', ''), ',', '.')"
    return f"TRY_CAST({cell} AS DOUBLE)"


def constant_or(source: Source, feed: Feed, what: str) -> str:
    """A column of an event as text, or the constant the project gives for it."""
    column = getattr(source, what)
    if column is not None:
        return as_text(feed, column)
    return f"CAST({text(source.fixed[what])} AS VARCHAR)" if what in source.fixed else "CAST(NULL AS VARCHAR)"


def parsed(source: Source, feed: Feed, timezone: str) -> Feed:
    """The feed with the time and the value read once, as columns _ts and _value, for all that asks for them."""
    timezone = source.reading.timezone or timezone
    # In two steps: of what coalesce is given it works out more than it gives back, at three times the price.
    plain = f"SELECT *, {_plain_time(source, feed, timezone)} AS _plain FROM"
    read = f"SELECT *, {_time(source, feed, timezone)} AS _ts, {_value(source, feed)} AS _value FROM"
    return replace(feed, sql=f"{read} ({plain} ({feed.sql}))", numbered=f"{read} ({plain} ({feed.numbered}))")


def faults(source: Source, feed: Feed) -> list[Fault]:
    """Every reason for which a row of a parsed feed is refused, the first that holds being the one reported."""
    found = []
    if feed.broken is not None:
        found.append(Fault(feed.broken, "", "not a JSON object"))
    if source.key is not None:
        found.append(Fault(_blank(feed, source.key), source.key, "no key"))
    if source.time is not None:
        blank = _blank(feed, source.time)
        if source.shape == "events":
            found.append(Fault(_unless("_ts IS NOT NULL", blank), source.time, "no time"))
        found.append(Fault(_unless("isfinite(_ts)", f"NOT ({blank})"), source.time, "not a time"))
    if source.value is not None:
        blank = _blank(feed, source.value)
        found.append(Fault(_unless("isfinite(_value)", f"NOT ({blank})"), source.value, "not a number"))
    return found


def _unless(fine: str, fault: str) -> str:
    """Only rows that are not fine are looked at for the fault: AND would look at every row for both."""
    return f"CASE WHEN {fine} THEN false ELSE {fault} END"


def _blank(feed: Feed, column: str) -> str:
    return f"coalesce(trim({as_text(feed, column)}), '') = ''"


def row(source: Source, feed: Feed) -> list[tuple[str, str]]:
    """(column, SQL) of a ledger row over a parsed feed, identifiers apart."""
    cells = [
        ("key", f"trim({as_text(feed, source.key)})" if source.key is not None else "CAST(NULL AS VARCHAR)"),
        ("ts", "_ts"),
    ]
    if source.shape == "events":
        cells += [(what, constant_or(source, feed, what)) for what in ("kind", "channel", "campaign")]
        cells += [("value", "_value")]
    else:
        cells += [("kind", f"CAST({text(source.fixed.get('kind', 'record'))} AS VARCHAR)")]
    cells += [(trait, f"nullif(trim({as_text(feed, column)}), '')") for trait, column in source.traits]
    return cells
