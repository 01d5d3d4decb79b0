"""The question a marketer asks, answered: which touches earned the conversions, under several models at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.attribution.credit import Groups, credits_of, one_group
from scvgraph.attribution.models import Asked, asked
from scvgraph.attribution.periods import every_period, periods
from scvgraph.attribution.table import credit_table
from scvgraph.errors import UnknownName, UsageError
from scvgraph.journeys.answers import plain_rows
from scvgraph.journeys.build import Options, journeys_in_cells
from scvgraph.journeys.cells import crossed
from scvgraph.journeys.events import Coded, Events
from scvgraph.journeys.lines import NOT_KNOWN
from scvgraph.journeys.read import columns_of_events, read_events, trait_of_customers, traits_of_customers

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.journeys.journeys import Journeys

    Int32 = npt.NDArray[np.int32]
    Cells = tuple[tuple[str, ...], ...]
    Segment = tuple[npt.NDArray[np.int64], Coded]

DEFAULT_MODELS = ("first", "last", "last_non_direct", "linear", "u", "time_decay", "markov", "shapley")
MOST_GROUPS = 4000  # segments times periods: up to so many, those without journeys are groups too


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
        """Models side by side: a row for each cell, a column for each model."""
        if measure not in ("conversions", "value"):
            raise UsageError(f"measure '{measure}' is none of conversions, value")
        rows = [*self.told.within, *self.told.by]
        frame = self.credits.pivot_table(
            index=rows, columns="model", values=measure, aggfunc="sum", sort=False
        )
        table = frame[[model.spec for model in self.models]].fillna(0.0)
        table.attrs.update(self.stamp)
        return table

    def cost(self, spend: pd.DataFrame) -> pd.DataFrame:
        """Credit beside spend, see `scvgraph.attribution.cost`."""
        from scvgraph.attribution.cost import cost

        return cost(self, spend)

    def intervals(self, *, draws: int = 200, level: float = 0.95, seed: int = 1) -> pd.DataFrame:
        """Bootstrap intervals over customers, of all groups together."""
        from scvgraph.attribution.intervals import intervals

        frame = intervals(self.told.journeys, self.models, draws=draws, level=level, seed=seed)
        frame = self._by_cell(frame) if len(frame) else frame
        return self._stamped(frame, draws=draws, level=level, seed=seed)

    def agreement(self) -> pd.DataFrame:
        """How alike the models are, of all groups together."""
        from scvgraph.attribution.agreement import agreement

        return self._stamped(agreement(self.told.journeys, self.models))

    def positions(self) -> pd.DataFrame:
        """Credit by the place of a touch in its journey, under the models that weigh touches."""
        from scvgraph.attribution.positions import positions

        return self._stamped(positions(self.told, self.models))

    def order_check(
        self, orders: Sequence[int] = (1, 2, 3, 4), *, folds: int = 5, seed: int = 1
    ) -> pd.DataFrame:
        """Which order of Markov chain foretells journeys held out best."""
        from scvgraph.attribution.foretelling import MOST_CUSTOMERS, order_check

        frame = order_check(self.told.journeys, orders, folds=folds, most=MOST_CUSTOMERS, seed=seed)
        return self._stamped(frame, orders=list(orders), folds=folds, customers=MOST_CUSTOMERS, seed=seed)

    def to_dict(self, tables: Mapping[str, pd.DataFrame] | None = None) -> dict[str, Any]:
        """Plain values. tables: further ones by name, each with the options it was made with under `options`."""
        tables = tables or {}
        return {
            **self.stamp,
            "options": {name: frame.attrs.get("options", {}) for name, frame in tables.items()},
            "totals": dict(self.totals),
            "credits": plain_rows(self.credits),
            **{name: plain_rows(frame) for name, frame in tables.items()},
        }

    def _stamped(self, frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
        """The same table; its `attrs` say what it rests on."""
        frame.attrs.update({**self.stamp, "options": options})
        return frame

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
    events, segment = read_store(engine, question, policy)
    return answer(tell(events, question, segment), models, {**(stamp or {}), **stamp_of(question, events)})


def read_store(
    engine: Engine, question: Question, policy: ChannelPolicy | None = None
) -> tuple[Events, Segment | None]:
    """Events of a store with what a question asks of them, and the trait of customers it is segmented by."""
    segment = None
    others = ["campaign", *question.by]
    if question.segment is not None:
        segment = trait_of_customers(engine, question.segment)
        if segment is None and question.segment not in columns_of_events(engine):
            raise UnknownName(
                f"neither customers nor events have '{question.segment}'; customers have: "
                f"{', '.join(traits_of_customers(engine)) or 'no traits'}; events: {', '.join(columns_of_events(engine))}"
            )
        others += [] if segment else [question.segment]
    with_currency = _has_currency(engine)
    events = read_events(
        engine,
        policy,
        others=[*others, "currency"] if with_currency else others,
        conversion=question.conversion,
        milestones=question.milestones,
    )
    return events, segment


def tell(events: Events, question: Question, segment: Segment | None = None) -> Told:
    """Journeys of events, as a question asks for them. segment: customers, ascending, and what each is."""
    if not question.by:
        raise UsageError("credit goes to one column at least, such as channel")
    journeys, cells = journeys_in_cells(events, question.journeys, question.by)
    return regrouped(
        Told(journeys, question.by, cells, one_group(journeys), (), ((),)), events, question, segment
    )


def regrouped(told: Told, events: Events, question: Question, segment: Segment | None = None) -> Told:
    """The same journeys in the groups that the segment and the period of a question make."""
    journeys = told.journeys
    columns: dict[str, Coded] = {}
    if question.segment is not None:
        columns[question.segment] = _segments(events, journeys, question.segment, segment)
    if question.period is not None:
        columns["period"] = periods(journeys.end, question.period, question.journeys.timezone)
    if not columns:
        return replace(told, groups=one_group(journeys), within=(), names=((),))
    of, names = crossed(tuple(columns.values()), journeys.conversions.size)
    if question.period is not None:
        of, names = _with_quiet(
            of,
            names,
            every_period(events.at, question.period, question.journeys),
            segmented=question.segment is not None,
        )
    return replace(told, groups=Groups(of, len(names)), within=tuple(columns), names=names)


def _with_quiet(of: Int32, names: Cells, periods_: Sequence[str], *, segmented: bool) -> tuple[Int32, Cells]:
    """Groups, with those of periods in which a segment had no journeys. names: of groups, the period last."""
    segments = dict.fromkeys(name[:-1] for name in names) or ({} if segmented else {(): None})
    if len(segments) * len(periods_) > MOST_GROUPS:
        return of, names
    every = tuple((*segment, period) for segment in segments for period in periods_)
    place = {name: number for number, name in enumerate(every)}
    return np.array([place[name] for name in names], np.int32)[of], every


def answer(told: Told, models: Sequence[Asked], stamp: Mapping[str, Any]) -> Attribution:
    found = credits_of(told.journeys, models, told.groups) if told.names else []
    total = found[0].total.sum(axis=0) if found else np.zeros(2)
    totals = {
        "journeys": float(told.journeys.conversions.size),
        "touches": float(told.journeys.state.size),
        "conversions": float(total[0]),
        "value": float(total[1]),
    }
    credits_ = credit_table(told, models if found else (), found)
    credits_.attrs.update(stamp)
    return Attribution(credits_, totals, told, tuple(models), dict(stamp))


def stamp_of(question: Question, events: Events) -> dict[str, Any]:
    """What an answer rests on: the question with all of its options, and the currencies values are in."""
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


def _has_currency(engine: Engine) -> bool:
    return "currency" in [row[0] for row in engine.rows("DESCRIBE events")]


def _segments(events: Events, journeys: Journeys, name: str, segment: Segment | None) -> Coded:
    if segment is None:
        column = events.coded(name)
        return Coded(column.code[journeys.event], column.names)
    customers, said = segment
    if not customers.size:
        return Coded(np.zeros(journeys.customer.size, np.int32), (NOT_KNOWN,))
    place = np.minimum(np.searchsorted(customers, journeys.customer), customers.size - 1)
    known = customers[place] == journeys.customer
    return Coded(np.where(known, said.code[place], np.int32(len(said.names))), (*said.names, NOT_KNOWN))
