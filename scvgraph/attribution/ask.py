"""Questions by name, as the command line and the Python face ask them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from scvgraph.attribution.attribute import DEFAULT_MODELS, Attribution, Question
from scvgraph.attribution.attribute import attribute as answered
from scvgraph.errors import UsageError
from scvgraph.journeys import funnel as funnels
from scvgraph.journeys import measures, sessions, transitions
from scvgraph.journeys.build import Options, check_period, journeys_of, paths_of, within
from scvgraph.journeys.read import read_events

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.journeys.journeys import Journeys
    from scvgraph.store import Generation

_OPTIONS = {field.name for field in fields(Options)}
_QUESTION = {field.name for field in fields(Question)} - {"models", "journeys"}

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


def attribute(
    engine: Engine, generation: Generation, models: Sequence[str], asked: Mapping[str, Any]
) -> Attribution:
    """Credit by models. asked: fields of Question and Options by name, and `channels`."""
    question, channels = question_of(models, asked)
    return answered(engine, question, channels, stamp_of(generation, channels))


def page(
    engine: Engine,
    generation: Generation,
    models: Sequence[str],
    asked: Mapping[str, Any],
    *,
    spend: pd.DataFrame | None = None,
    funnel_steps: Sequence[str] = (),
) -> str:
    """The report as HTML; asked as for `attribute`."""
    from scvgraph.attribution.report import report

    question, channels = question_of(models, asked)
    stamp = stamp_of(generation, channels)
    return report(engine, question, channels, stamp, spend=spend, funnel_steps=funnel_steps)


def question_of(models: Sequence[str], asked: Mapping[str, Any]) -> tuple[Question, ChannelPolicy | None]:
    """A question as its parts are named. Raises UsageError for what is no part of one."""
    options, rest = _split(asked)
    channels: ChannelPolicy | None = rest.pop("channels", None)
    _refuse(rest, _QUESTION, _OPTIONS)
    for name in ("by", "milestones"):
        if name in rest:
            rest[name] = (rest[name],) if isinstance(rest[name], str) else tuple(dict.fromkeys(rest[name]))
    once = tuple(dict.fromkeys(spec.strip() for spec in models))  # credit of one twice would add up to double
    question = Question(models=once or DEFAULT_MODELS, journeys=options, **rest)
    if question.segment in question.by:
        raise UsageError(
            f"'{question.segment}' is what credit goes to; segment by another column, or name others with by"
        )
    return question, channels


def journeys(engine: Engine, generation: Generation, what: str, asked: Mapping[str, Any]) -> pd.DataFrame:
    """A table about journeys. asked: fields of Options, `by`, `conversion`, `channels`, and what the table takes.

    `attrs` of the table hold what it rests on.
    """
    options, rest = _split(asked)
    if rest.get("count") is not None and rest["count"] < 1:
        raise UsageError("count must be at least 1")
    if what in TABLES:
        found = _table_of_events(engine, what, options, dict(rest))
    elif what in WHAT:
        _, function, takes = WHAT[what]
        own = {name: value for name, value in rest.items() if name in takes}
        others = {name: value for name, value in rest.items() if name not in takes}
        _refuse(others, {"by", "conversion", "channels"}, {*_OPTIONS, *takes})
        found = function(read_journeys(engine, options, **others), **own)
    else:
        raise UsageError(f"journeys have no table '{what}'; there are: {', '.join((*WHAT, *TABLES))}")
    return _stamped(found, generation, {**rest, "table": what, "journeys": asdict(options)})


def _table_of_events(engine: Engine, what: str, options: Options, rest: dict[str, Any]) -> pd.DataFrame:
    """Customers are named by their ids here, since the rows are theirs one by one."""
    count = rest.pop("count", None)
    _refuse(rest, {"by", "conversion", "channels"}, {*_OPTIONS, "count"})
    others = ["campaign", "kind", rest.get("by", "channel")]
    events = read_events(engine, rest.get("channels"), others=others, conversion=rest.get("conversion"))
    frame = TABLES[what][1](events, options)
    frame = frame if count is None else frame.head(count)
    return frame.assign(customer=[f"C{number:09d}" for number in frame["customer"].tolist()])


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
    _refuse(
        rest, {"channels", "per", "gap_minutes", "order", "window_days", "opened"}, {"of", "since", "until"}
    )
    check_period(since, until, zone)
    events = read_events(engine, rest.pop("channels", None), others=[of])
    events = events.choose(within(events.at, since, until, zone))
    per = {name: rest.pop(name) for name in ("per", "gap_minutes") if name in rest}
    paths = paths_of(events, of, **per)
    found = funnels.funnel(paths, steps, listed=of in ("kind", "channel"), **rest)
    return _stamped(found, generation, {**asked, "steps": list(steps)})


def _stamped(frame: pd.DataFrame, generation: Generation, asked: dict[str, Any]) -> pd.DataFrame:
    frame.attrs.update(stamp_of(generation, asked.pop("channels", None)))
    frame.attrs["asked"] = asked
    return frame


def stamp_of(generation: Generation, channels: ChannelPolicy | None) -> dict[str, Any]:
    """Which generation an answer is of, and under which policy."""
    import hashlib
    import json

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.version import __version__

    policy = json.dumps(generation.about["policy"], sort_keys=True)
    return {
        "generation": generation.number,
        "made_at": generation.about["made_at"],
        "version": __version__,
        "policy": hashlib.sha256(policy.encode()).hexdigest()[:16],
        "channels": asdict(channels or ChannelPolicy()),
    }


def _split(asked: Mapping[str, Any]) -> tuple[Options, dict[str, Any]]:
    options = Options(**{name: value for name, value in asked.items() if name in _OPTIONS})
    options.check()
    return options, {name: value for name, value in asked.items() if name not in _OPTIONS}


def _refuse(rest: Mapping[str, Any], known: set[str], also: set[str]) -> None:
    for name in rest:
        if name not in known:
            raise UsageError(
                f"there is nothing to ask by '{name}'; there are: {', '.join(sorted(known | also))}"
            )
