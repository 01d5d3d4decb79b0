"""The question a marketer asks, answered: which touches earned the conversions, under several models at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.attribution.credit import Credit, Groups, credits_of, one_group
from scvgraph.attribution.models import Asked, asked
from scvgraph.errors import UsageError
from scvgraph.journeys.answers import plain_rows
from scvgraph.journeys.build import Options, journeys_in_cells, local_time
from scvgraph.journeys.cells import crossed
from scvgraph.journeys.events import Coded, Events
from scvgraph.journeys.lines import NOT_KNOWN, OVERLAP, UNATTRIBUTED
from scvgraph.journeys.read import read_events, trait_of_customers

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.journeys.journeys import Journeys

    Int32 = npt.NDArray[np.int32]

DEFAULT_MODELS = ("first", "last", "last_non_direct", "linear", "u", "time_decay", "markov", "shapley")
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. models: names, with a setting after a colon. by: columns of events that credit goes to.

    segment: a trait of customers, or a column of events (as of the conversion). period: day, week, month, quarter or
    year of the conversion. conversion: a condition over events in place of what sources call one. milestones: kinds
    of events, for model w. journeys: how these are made.
    """

    models: tuple[str, ...] = DEFAULT_MODELS
    by: tuple[str, ...] = ("channel",)
    segment: str | None = None
    period: str | None = None
    conversion: str | None = None
    milestones: tuple[str, ...] = ()
    journeys: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Told:
    """Journeys with what touches are told apart by, and the groups they fall into.

    cells: by state of the journeys, its values in the columns of `by`. names: of the groups, in the columns of
    `within`.
    """

    journeys: Journeys
    by: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    groups: Groups
    within: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Credit by model, segment, period and cell, a row each, in `credits`; it adds up to `totals`.

    credits: conversions and value, and the share of what the group had; rows `(unattributed)` for conversions without
    touches and `(overlap)` for what a model counts more than once. stamp: what the answer rests on.
    """

    credits: pd.DataFrame
    totals: Mapping[str, float]
    told: Told
    models: tuple[Asked, ...]
    stamp: Mapping[str, Any]

    def table(self, measure: str = "conversions") -> pd.DataFrame:
        """Models side by side: a row for each cell and the total, a column for each model."""
        if measure not in ("conversions", "value"):
            raise UsageError(f"measure '{measure}' is none of conversions, value")
        rows = [*self.told.within, *self.told.by]
        frame = self.credits.pivot_table(
            index=rows, columns="model", values=measure, aggfunc="sum", sort=False
        )
        return frame[[model.spec for model in self.models]].fillna(0.0)

    def cost(self, spend: pd.DataFrame) -> pd.DataFrame:
        """Credit beside spend, see `scvgraph.attribution.cost`."""
        from scvgraph.attribution.cost import cost

        return cost(self, spend)

    def intervals(self, *, draws: int = 200, level: float = 0.95, seed: int = 1) -> pd.DataFrame:
        """Bootstrap intervals over customers, of all groups together."""
        from scvgraph.attribution.intervals import intervals

        frame = intervals(self.told.journeys, self.models, draws=draws, level=level, seed=seed)
        return self._by_cell(frame) if len(frame) else frame

    def agreement(self) -> pd.DataFrame:
        """How alike the models are, of all groups together."""
        from scvgraph.attribution.agreement import agreement

        return agreement(self.told.journeys, self.models)

    def order_check(
        self, orders: Sequence[int] = (1, 2, 3, 4), *, folds: int = 5, seed: int = 1
    ) -> pd.DataFrame:
        """Which order of Markov chain foretells journeys held out best."""
        from scvgraph.attribution.foretelling import order_check

        return order_check(self.told.journeys, orders, folds=folds, seed=seed)

    def to_dict(self) -> dict[str, Any]:
        return {**self.stamp, "totals": dict(self.totals), "credits": plain_rows(self.credits)}

    def _by_cell(self, frame: pd.DataFrame) -> pd.DataFrame:
        for at, column in enumerate(self.told.by):
            values = [cell[at] for cell in self.told.cells] * len(self.models)
            frame.insert(1 + at, column, values)
        return frame.drop(columns="state")


def attribute(
    engine: Engine,
    question: Question,
    policy: ChannelPolicy | None = None,
    stamp: Mapping[str, Any] | None = None,
) -> Attribution:
    """Credit of all conversions of a generation, whose tables the engine names."""
    models = tuple(map(asked, question.models))
    events, told = tell_store(engine, question, policy)
    return answer(told, models, {**(stamp or {}), **stamp_of(question, events)})


def tell_store(
    engine: Engine, question: Question, policy: ChannelPolicy | None = None
) -> tuple[Events, Told]:
    """Events and journeys of a store, as a question asks for them."""
    segment = None
    others = ["campaign", *question.by]
    if question.segment is not None:
        segment = trait_of_customers(engine, question.segment)
        others += [] if segment else [question.segment]
    with_currency = _has_currency(engine)
    events = read_events(
        engine,
        policy,
        others=[*others, "currency"] if with_currency else others,
        conversion=question.conversion,
        milestones=question.milestones,
    )
    return events, tell(events, question, segment)


def tell(
    events: Events, question: Question, segment: tuple[npt.NDArray[np.int64], Coded] | None = None
) -> Told:
    """Journeys of events, as a question asks for them. segment: customers, ascending, and what each is."""
    if not question.by:
        raise UsageError("credit goes to one column at least, such as channel")
    journeys, cells = journeys_in_cells(events, question.journeys, question.by)
    columns: dict[str, Coded] = {}
    if question.segment is not None:
        columns[question.segment] = _segments(events, journeys, question.segment, segment)
    if question.period is not None:
        columns["period"] = periods(journeys.end, question.period, question.journeys.timezone)
    if not columns:
        return Told(journeys, question.by, cells, one_group(journeys), (), ((),))
    of, names = crossed(tuple(columns.values()), journeys.conversions.size)
    return Told(journeys, question.by, cells, Groups(of, len(names)), tuple(columns), names)


def answer(told: Told, models: Sequence[Asked], stamp: Mapping[str, Any]) -> Attribution:
    found = credits_of(told.journeys, models, told.groups)
    total = found[0].total.sum(axis=0) if found else np.zeros(2)
    totals = {
        "journeys": float(told.journeys.conversions.size),
        "touches": float(told.journeys.state.size),
        "conversions": float(total[0]),
        "value": float(total[1]),
    }
    return Attribution(_frame(told, models, found), totals, told, tuple(models), dict(stamp))


def stamp_of(question: Question, events: Events) -> dict[str, Any]:
    """What an answer rests on: the question, the time events span, and the currencies values are in."""
    asked_ = asdict(question)
    currency = events.columns.get("currency")
    return {
        "question": {
            **asked_,
            "models": list(question.models),
            "by": list(question.by),
            "milestones": list(question.milestones),
        },
        "currencies": [] if currency is None else list(currency.names),
        "causal": False,
    }


def periods(at: npt.NDArray[np.int64], period: str, timezone: str) -> Coded:
    """The day, week (from Monday), month, quarter or year of moments, on the clocks of a zone."""
    if period not in PERIODS:
        raise UsageError(f"period '{period}' is none of {', '.join(PERIODS)}")
    local = local_time(at, timezone).view("datetime64[us]")
    if period == "week":
        day = local.astype("datetime64[D]").astype(np.int64)
        unit = (day - (day + 3) % 7).astype("datetime64[D]")  # 1970-01-01 was a Thursday
    elif period == "quarter":
        unit = (local.astype("datetime64[M]").astype(np.int64) // 3 * 3).astype("datetime64[M]")
    else:
        unit = local.astype(f"datetime64[{PERIODS[period]}]")
    times, code = np.unique(unit, return_inverse=True)
    names = np.datetime_as_string(times).tolist()
    if period == "quarter":
        names = [f"{name[:4]}-Q{(int(name[5:7]) + 2) // 3}" for name in names]
    return Coded(code.astype(np.int32), tuple(names))


def _has_currency(engine: Engine) -> bool:
    return "currency" in [row[0] for row in engine.rows("DESCRIBE events")]


def _segments(
    events: Events, journeys: Journeys, name: str, segment: tuple[npt.NDArray[np.int64], Coded] | None
) -> Coded:
    if segment is None:
        column = events.coded(name)
        return Coded(column.code[journeys.event], column.names)
    customers, said = segment
    if not customers.size:
        return Coded(np.zeros(journeys.customer.size, np.int32), (NOT_KNOWN,))
    place = np.minimum(np.searchsorted(customers, journeys.customer), customers.size - 1)
    known = customers[place] == journeys.customer
    return Coded(np.where(known, said.code[place], np.int32(len(said.names))), (*said.names, NOT_KNOWN))


def _frame(told: Told, models: Sequence[Asked], found: Sequence[Credit]) -> pd.DataFrame:
    import pandas as pd

    parts = []
    for model, credit in zip(models, found, strict=True):
        for group, name in enumerate(told.names):
            earned = np.vstack([credit.credit[group], credit.unattributed[group], credit.overlap[group]])
            rows = [
                *told.cells,
                *(((line,) + ("",) * (len(told.by) - 1)) for line in (UNATTRIBUTED, OVERLAP)),
            ]
            shown = np.ones(len(rows), np.bool_)
            shown[-1] = credit.overlap[group].any()
            if len(told.names) > 1:  # cells of other groups are no rows of this one
                shown[:-2] = earned[:-2].any(axis=1)
            total = credit.total[group]
            share = np.divide(earned, total, out=np.zeros_like(earned), where=np.abs(total) > 0)
            frame = pd.DataFrame(rows, columns=list(told.by))
            for at, (column, value) in enumerate(zip(told.within, name, strict=True)):
                frame.insert(at, column, value)
            frame.insert(0, "model", model.spec)
            frame["conversions"], frame["value"] = earned[:, 0], earned[:, 1]
            frame["conversions_share"], frame["value_share"] = share[:, 0], share[:, 1]
            parts.append(frame[shown])
    measures = ("conversions", "value", "conversions_share", "value_share")
    empty = pd.DataFrame(columns=["model", *told.within, *told.by, *measures])
    return pd.concat(parts, ignore_index=True) if parts else empty
