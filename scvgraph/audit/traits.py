"""Counts of traits and event columns, and traits that other sources hold under another name.

One column at a time, so that memory holds the distinct values of one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scvgraph.audit.evidence import ColumnHealth, SourceHealth
from scvgraph.engine import name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.engine import Engine

_OWN = {"row", "source", "key", "ts", "value", "converted"}
_EVENT_COLUMNS = ("kind", "channel", "campaign")
_SHOWABLE = frozenset({"1900-01-01", "1970-01-01", "1900-01-01 00:00:00", "01/01/1900", "01/01/1970", "unknown", "n/a", "na", "none", "null", "-", "test"})  # fmt: skip
_COMPARED = 200  # most frequent values of a trait that are looked for elsewhere
_ENOUGH = 20  # values in common below which nothing is concluded

_COUNTS = "SELECT source, sum(n)::BIGINT, count(*), max(n) FROM audit_one GROUP BY source"
_TOP = """
SELECT source, value, n FROM audit_one
QUALIFY row_number() OVER (PARTITION BY source ORDER BY n DESC, value) <= {few} ORDER BY n DESC, value
"""

Values = dict[tuple[str, str], dict[str, int]]


def trait_columns(engine: Engine, found: Mapping[str, SourceHealth]) -> tuple[list[ColumnHealth], Values]:
    """Health of every trait and event column that holds something, and the frequent values of traits."""
    columns, values = [], Values()
    for shape in ("records", "events"):
        for column in _traits_of(engine, shape):
            engine.make(
                "audit_one",
                f"SELECT source, CAST({name(column)} AS VARCHAR) AS value, count(*) AS n FROM {shape}"
                f" WHERE {name(column)} IS NOT NULL GROUP BY ALL",
            )
            top: dict[str, dict[str, int]] = defaultdict(dict)
            for source, value, n in engine.rows(_TOP.format(few=_COMPARED)):
                top[source][value] = n
            for source, filled, distinct, most in sorted(engine.rows(_COUNTS)):
                best, *others = top[source]
                nobody = best if best.lower() in _SHOWABLE else None
                columns.append(ColumnHealth(
                    source, column, None, found[source].rows, filled, filled, distinct, most,
                    placeholder=nobody, placeholder_rows=most if nobody else 0, placeholders=most if nobody else 0,
                    second=top[source][others[0]] if others else 0,
                ))  # fmt: skip
                if column not in _EVENT_COLUMNS:
                    values[source, column] = {value.lower(): n for value, n in top[source].items()}
    engine.drop("audit_one")
    return columns, values


def _traits_of(engine: Engine, shape: str) -> list[str]:
    there = [row[0] for row in engine.rows(f"DESCRIBE {shape}")]
    hidden = _OWN if shape == "events" else {*_OWN, "kind"}
    return [column for column in there if column not in hidden]


def exchanged(values: Values) -> tuple[tuple[str, str, str], ...]:
    """(source, trait, other): traits of a source whose values the other sources hold under each other's name.

    Two traits are exchanged when the frequent values of each are found more often, in other sources, under the
    other's name than under its own. With two sources nobody knows which is wrong: both are named.
    """
    result = []
    for source in sorted({source for source, _ in values}):
        traits = sorted(trait for s, trait in values if s == source)
        best = {trait: _home(values, source, trait) for trait in traits}
        result += [(source, a, b) for a in traits for b in traits if a < b and best[a] == b and best[b] == a]
    return tuple(result)


def _home(values: Values, source: str, trait: str) -> str | None:
    """The trait under which other sources hold most of these values, if it is a clear one."""
    own = values[source, trait]
    hits: dict[str, int] = defaultdict(int)
    for (other, name_there), theirs in values.items():
        if other != source:
            hits[name_there] += len(own.keys() & theirs.keys())
    best = max(hits, key=lambda t: (hits[t], t), default=None)
    if best is None or hits[best] < _ENOUGH or (best != trait and hits[best] < 2 * hits.get(trait, 0)):
        return trait
    return best
