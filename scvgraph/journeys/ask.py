"""Questions about journeys by name, as the command line and the Python face ask them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scvgraph.errors import UsageError
from scvgraph.journeys import funnel as funnels
from scvgraph.journeys import measures, sessions, transitions
from scvgraph.journeys.answers import OPTIONS, refuse, split, stamped
from scvgraph.journeys.build import Options, check_period, journeys_of, paths_of, within
from scvgraph.journeys.read import public_ids, read_events

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.journeys.journeys import Journeys
    from scvgraph.store import Generation

WHAT: Mapping[str, tuple[str, Callable[..., pd.DataFrame], tuple[str, ...]]] = {
    "paths": ("the most frequent paths, with conversion rate and value", measures.top_paths, ("count",)),
    "assisted": ("by channel: first, assisted and last, and their ratio", measures.assisted, ()),
    "percentiles": ("of days to convert, and of touches", measures.percentiles, ()),
    "times": ("days from first touch to conversion", measures.time_to_convert, ()),
    "lengths": ("touches of a journey, and how often it converts", measures.path_lengths, ()),
    "transitions": ("what follows what, how often and how fast", transitions.transitions, ("medians",)),
    "matrix": ("the same as a matrix", transitions.matrix, ("measure",)),
    "steps": (
        "paths unrolled step by step, for a Sankey diagram",
        transitions.steps,
        ("count", "top", "backward"),
    ),
}

TABLES: Mapping[str, tuple[str, Callable[..., pd.DataFrame]]] = {
    "events": (
        "every event with its session, touch, gap to the next, conversion and value",
        sessions.events_table,
    ),
    "sessions": ("every session with its channel, events, conversions and value", sessions.sessions_table),
}


def journeys(engine: Engine, generation: Generation, what: str, asked: Mapping[str, Any]) -> pd.DataFrame:
    """A table about journeys. asked: fields of Options, `by`, `conversion`, `channels`, and what the table takes.

    `attrs` of the table hold what it rests on.
    """
    options, rest = split(asked)
    if rest.get("count") is not None and rest["count"] < 1:
        raise UsageError("count must be at least 1")
    if what in TABLES:
        found = _table_of_events(engine, what, options, dict(rest))
    elif what in WHAT:
        _, function, takes = WHAT[what]
        own = {name: value for name, value in rest.items() if name in takes}
        others = {name: value for name, value in rest.items() if name not in takes}
        refuse(others, {"by", "conversion", "channels"}, {*OPTIONS, *takes})
        found = function(read_journeys(engine, options, **others), **own)
    else:
        raise UsageError(f"journeys have no table '{what}'; there are: {', '.join((*WHAT, *TABLES))}")
    return stamped(found, generation, {**rest, "table": what, "journeys": asdict(options)})


def _table_of_events(engine: Engine, what: str, options: Options, rest: dict[str, Any]) -> pd.DataFrame:
    """Customers are named by their ids here, since the rows are theirs one by one."""
    count = rest.pop("count", None)
    refuse(rest, {"by", "conversion", "channels"}, {*OPTIONS, "count"})
    others = ["campaign", "kind", rest.get("by", "channel")]
    events = read_events(engine, rest.get("channels"), others=others, conversion=rest.get("conversion"))
    frame = TABLES[what][1](events, options)
    frame = frame if count is None else frame.head(count)
    return frame.assign(customer=public_ids(engine, frame["customer"].to_numpy()))


def read_journeys(
    engine: Engine,
    options: Options,
    *,
    by: str = "channel",
    conversion: str | None = None,
    channels: ChannelPolicy | None = None,
) -> Journeys:
    """Journeys of a store, made of the values of one column."""
    events = read_events(engine, channels, others=["campaign", by], conversion=conversion)
    return journeys_of(events, options, (by,))


def funnel(
    engine: Engine, generation: Generation, steps: Sequence[str], asked: Mapping[str, Any]
) -> pd.DataFrame:
    """A funnel. asked: `of` (a column of events, `kind` by default), `per`, `order`, `window_days`, `opened`, `since`,
    `until`, `gap_minutes`, `timezone`, `channels`. `attrs` of the table hold what it rests on.
    """
    rest = dict(asked)
    of, zone = rest.pop("of", "kind"), rest.pop("timezone", "UTC")
    since, until = rest.pop("since", None), rest.pop("until", None)
    refuse(
        rest, {"channels", "per", "gap_minutes", "order", "window_days", "opened"}, {"of", "since", "until"}
    )
    check_period(since, until, zone)
    events = read_events(engine, rest.pop("channels", None), others=[of])
    events = events.choose(within(events.at, since, until, zone))
    per = {name: rest.pop(name) for name in ("per", "gap_minutes") if name in rest}
    paths = paths_of(events, of, **per)
    found = funnels.funnel(paths, steps, listed=of in ("kind", "channel"), **rest)
    return stamped(found, generation, {**asked, "steps": list(steps)})
