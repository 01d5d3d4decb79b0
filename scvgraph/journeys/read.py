"""Events of a generation as journeys are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import ChannelPolicy
from scvgraph.engine import name, text
from scvgraph.errors import UnknownName, UsageError
from scvgraph.journeys.channels import channel_sql, lowered_columns, matched_sql, origin_columns
from scvgraph.journeys.events import DIRECT, Coded, Events, coded
from scvgraph.store.generation import public_id

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.engine import Engine

MOST_MILESTONES = 60
_PLACES = "SELECT customer, seq, row, epoch_us(ts) AS at_us FROM touchpoints"
_STORED = ("row", "source", "key", "ts", "kind", "channel", "campaign", "value", "converted")
_STORED_OF_CUSTOMERS = ("customer", "id", "identifiers", "rows", "first_seen", "last_seen")


def traits_of_events(engine: Engine) -> list[str]:
    """Names of the columns that sources added to events."""
    columns = [str(row[0]) for row in engine.rows("DESCRIBE events")]
    return [column for column in columns if column not in _STORED]


def columns_of_events(engine: Engine) -> list[str]:
    """What credit may be asked by: the columns of events."""
    return [
        "channel",
        "campaign",
        "kind",
        "system",
        "source",
        "medium",
        "referrer",
        *traits_of_events(engine),
    ]


def told_sql(engine: Engine, policy: ChannelPolicy, others: Sequence[str] = ()) -> str:
    """SQL of all events with what rules of channels read of each, and further columns x0, x1 ..."""
    traits = traits_of_events(engine)
    origin = origin_columns(policy, traits)
    plain = {"campaign": "e.campaign", "kind": "e.kind", "system": "e.source", "currency": None, **origin}
    extra = []
    for number, column in enumerate(others):
        if plain.get(column) is None and column not in traits:
            raise UnknownName(
                f"events have no column '{column}'; there are: {', '.join(columns_of_events(engine))}"
            )
        extra.append(f"{plain.get(column) or 'e.' + name(column)} AS x{number}")
    origins = ", ".join(f"{sql} AS {column}" for column, sql in origin.items())
    return (
        "SELECT e.row, e.kind, e.channel, e.campaign, e.value, e.converted, e.source AS system,"
        f" {origins}{''.join(', ' + column for column in extra)} FROM events e"
    )


def read_events(
    engine: Engine,
    policy: ChannelPolicy | None = None,
    *,
    others: Sequence[str] = (),
    conversion: str | None = None,
    milestones: Sequence[str] = (),
) -> Events:
    """The touchpoints of a generation in their order, with their channels by rule.

    others: further columns (campaign, kind, system, source, medium, referrer, or a trait of events). conversion: a
    condition like a source's, in place of what sources call a conversion. milestones: kinds of events.
    """
    policy = policy or ChannelPolicy()
    milestones = tuple(dict.fromkeys(milestones))
    _check(conversion, milestones)
    others = [column for column in dict.fromkeys(others) if column != "channel"]
    told = told_sql(engine, policy, others)
    marked = " + ".join(
        f"CASE WHEN kind = {text(m)} THEN {1 << n} ELSE 0 END" for n, m in enumerate(milestones)
    )
    said = engine.arrow(
        f"SELECT row, {channel_sql(policy)} AS said,"
        f" coalesce(({conversion or 'converted'}), false) AS converted, coalesce(value, 0) AS value,"
        f" coalesce(({policy.touch or 'true'}), false) AS touch, ({marked or '0'})::BIGINT AS milestone"
        f"{''.join(f', x{n}' for n in range(len(others)))}"
        f" FROM (SELECT *, {lowered_columns()} FROM ({told}))"
    )
    return _in_columns(engine.arrow(_PLACES), said, others, milestones=len(milestones))


def unmatched(engine: Engine, policy: ChannelPolicy) -> list[dict[str, object]]:
    """What no rule of channels holds for: by system, what is said and how many touchpoints say it; most first."""
    told = told_sql(engine, policy)
    return engine.records(
        f"SELECT system, channel, medium, source, count(*) AS events"
        f" FROM (SELECT *, {lowered_columns()} FROM ({told}) SEMI JOIN touchpoints USING (row))"
        f" WHERE {matched_sql(policy)} IS NULL AND coalesce(channel, source, medium, referrer, campaign) IS NOT NULL"
        " GROUP BY ALL ORDER BY events DESC, system, channel, medium, source"
    )


def traits_of_customers(engine: Engine) -> list[str]:
    """Names of the traits that golden records have."""
    return [str(row[0]) for row in engine.rows("DESCRIBE customers") if row[0] not in _STORED_OF_CUSTOMERS]


def trait_of_customers(engine: Engine, trait: str) -> tuple[npt.NDArray[np.int64], Coded] | None:
    """Customers, ascending, and what golden records say in a trait; None if they have no such trait."""
    if trait not in [row[0] for row in engine.rows("DESCRIBE customers")]:
        return None
    found = engine.arrow(
        f"SELECT customer, CAST({name(trait)} AS VARCHAR) AS said FROM customers ORDER BY customer"
    )
    return found["customer"].to_numpy().astype(np.int64), coded(found["said"])


def public_ids(engine: Engine, customers: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """[n] public ids of customers by number."""
    import pyarrow as pa

    used, place = np.unique(customers, return_inverse=True)
    engine.show("asked_customers", pa.table({"customer": used}))
    found = engine.arrow(f"SELECT {public_id('customer')} AS id FROM asked_customers ORDER BY customer")
    engine.con.unregister("asked_customers")
    ids: npt.NDArray[np.object_] = found["id"].to_numpy()[place]
    return ids


def _check(conversion: str | None, milestones: Sequence[str]) -> None:
    if len(milestones) > MOST_MILESTONES:
        raise UsageError(f"there may be {MOST_MILESTONES} milestones")
    if conversion is not None:
        from scvgraph.config.predicate import EVENT, fault_of

        fault = fault_of(conversion, {**EVENT, "converted": "BOOLEAN"})
        if fault is not None:
            raise UsageError(f"the conversion {fault}")


def _in_columns(places: pa.Table, said: pa.Table, others: Sequence[str], *, milestones: int) -> Events:
    """Events in the order of touchpoints. Rows are found by number: a join of all that events say takes twice as long."""
    customer, seq, row, at = (places[column].to_numpy() for column in ("customer", "seq", "row", "at_us"))
    place = customer.astype(np.int64) << 32 | seq
    if place.size and not (place[1:] > place[:-1]).all():
        order = np.argsort(place)
        customer, row, at = customer[order], row[order], at[order]
    known = said["row"].to_numpy()
    found = np.zeros(int(known.max(initial=0)) + 1, np.int64)
    found[known] = np.arange(known.size)
    event = found[row]

    def told(column: str) -> Coded:
        every = coded(said[column])
        return Coded(every.code[event], every.names)

    value = said["value"].to_numpy()
    columns = {"channel": told("said"), **{column: told(f"x{n}") for n, column in enumerate(others)}}
    channel = columns["channel"]
    return Events(
        customer=customer.astype(np.int64),
        at=at,
        direct=np.array([each == DIRECT for each in channel.names], np.bool_)[channel.code],
        touch=said["touch"].to_numpy()[event],
        converted=said["converted"].to_numpy()[event],
        value=np.where(np.isnan(value), 0.0, value)[event],
        columns=columns,
        milestone=said["milestone"].to_numpy()[event] if milestones else np.empty(0, np.int64),
        milestones=milestones,
    )
