"""What the page of attribution shows, asked of a store: credit, over time and by segment, cost, checks and a funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scvgraph.attribution.ask import question_of
from scvgraph.attribution.attribute import answer, read_store, regrouped, stamp_of, tell
from scvgraph.attribution.checks import split_checks
from scvgraph.attribution.models import asked as model_asked
from scvgraph.journeys.answers import stamp_of as stamp_of_generation
from scvgraph.journeys.ask import funnel

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.attribution.attribute import Attribution
    from scvgraph.engine import Engine
    from scvgraph.store import Generation

_PERIOD = frozenset({"since", "until", "timezone", "channels"})  # what a funnel takes over from the question


@dataclass(frozen=True, slots=True)
class ShownCredit:
    """found: of all segments and periods together. over_time: of one model, by period. segmented: by segment, where one
    was asked for. tables: cost, cost_by_period, intervals, agreement and orders, those asked for. funnel: where steps
    were named.
    """

    found: Attribution
    over_time: Attribution
    segmented: Attribution | None
    tables: Mapping[str, pd.DataFrame]
    funnel: pd.DataFrame | None


def shown_credit(
    engine: Engine,
    generation: Generation,
    models: Sequence[str],
    asked: Mapping[str, Any],
    *,
    spend: pd.DataFrame | None = None,
    funnel_steps: Sequence[str] = (),
) -> ShownCredit:
    """asked: fields of Question, Options and Checks by name, and `channels`. spend: as for cost."""
    checks, rest = split_checks(asked)
    question, channels = question_of(models, rest)
    known = tuple(map(model_asked, question.models))
    events, segment = read_store(engine, question, channels)
    stamp = {**stamp_of_generation(generation, channels), **stamp_of(question, events)}
    whole = tell(events, replace(question, segment=None, period=None))
    found = answer(whole, known, stamp)
    by_period = replace(question, segment=None, period=question.period or "month")
    over_time = regrouped(whole, events, by_period)
    tables = checks.tables(found)
    if spend is not None:
        tables["cost"] = found.cost(spend)
        if question.period is not None and {"date", "period"} & set(spend.columns):
            tables["cost_by_period"] = answer(over_time, known, stamp).cost(spend)
    segmented = None
    if question.segment is not None:
        segmented = answer(regrouped(whole, events, replace(question, period=None), segment), known, stamp)
    steps = None
    if funnel_steps:
        of_funnel = {name: value for name, value in rest.items() if name in _PERIOD}
        steps = funnel(engine, generation, funnel_steps, of_funnel)
    time_stamp = {**stamp, "question": {**stamp["question"], "period": by_period.period}}
    return ShownCredit(found, answer(over_time, known[-1:], time_stamp), segmented, tables, steps)
