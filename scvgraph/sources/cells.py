"""What a source's raw columns mean, as SQL: the time, the value, the identifiers, and what makes a row unfit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scvgraph.config.project import Source
from scvgraph.engine import name, text
from scvgraph.sources.reading import Feed

_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1000, "epoch_us": 1}


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to refuse a row: the condition over the feed, the column at fault, and the words."""

    condition: str
    column: str
    reason: str


def as_text(feed: Feed, column: str) -> str:
    """A cell as text, null if empty."""
    cell = name(column)
    return cell if feed.types[column] == "VARCHAR" else f"CAST({cell} AS VARCHAR)"


def _time(source: Source, feed: Feed, timezone: str) -> str:
    """The time of a row in UTC, null where absent or unreadable. Times without an offset are in `timezone`."""
    if source.time is None:
        return "CAST(NULL AS TIMESTAMP)"
    cell, kind = name(source.time), feed.types[source.time]
    if kind.startswith("TIMESTAMP WITH"):
        return f"CAST({cell} AS TIMESTAMP)"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return _from_local(f"CAST({cell} AS TIMESTAMP)", timezone)
    form = source.reading.time_format
    if form in _EPOCHS:
        number = f"TRY_CAST({cell} AS DOUBLE)" if kind == "VARCHAR" else f"CAST({cell} AS DOUBLE)"
        return f"make_timestamp(TRY_CAST(round({number} * {_EPOCHS[form]}) AS BIGINT))"
    if form is not None:
        zoned = "%z" in form or "%Z" in form
        parsed = f"try_strptime(trim({as_text(feed, source.time)}), {text(form)})"
        return f"CAST({parsed} AS TIMESTAMP)" if zoned else _from_local(f"CAST({parsed} AS TIMESTAMP)", timezone)
    cell = as_text(feed, source.time)
    offset = rf"regexp_matches({cell}, '[+-]\d\d(:?\d\d)?\s*$') AND contains({cell}, ':')"
    return (
        f"CASE WHEN ends_with({cell}, 'Z') THEN TRY_CAST({cell} AS TIMESTAMP)"
        f" WHEN {offset} THEN CAST(TRY_CAST({cell} AS TIMESTAMPTZ) AS TIMESTAMP)"
        f" ELSE {_from_local(f'TRY_CAST({cell} AS TIMESTAMP)', timezone)} END"
    )


def _from_local(timestamp: str, timezone: str) -> str:
    return timestamp if timezone == "UTC" else f"CAST(timezone({text(timezone)}, {timestamp}) AS TIMESTAMP)"


def _value(source: Source, feed: Feed) -> str:
    """The value of an event as a number, null where absent or unreadable."""
    if source.value is None:
        return "CAST(NULL AS DOUBLE)"
    if feed.types[source.value] != "VARCHAR":
        return f"TRY_CAST({name(source.value)} AS DOUBLE)"
    cell = f"trim({name(source.value)})"
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
    sql = f"SELECT *, {_time(source, feed, timezone)} AS _ts, {_value(source, feed)} AS _value FROM ({feed.sql})"
    return replace(feed, sql=sql)


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
            found.append(Fault(f"_ts IS NULL AND {blank}", source.time, "no time"))
        found.append(Fault(f"_ts IS NULL AND NOT ({blank})", source.time, "not a time"))
    if source.value is not None:
        number = f"(_value IS NULL OR NOT isfinite(_value)) AND NOT ({_blank(feed, source.value)})"
        found.append(Fault(number, source.value, "not a number"))
    return found


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
