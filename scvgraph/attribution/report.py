"""The report: models side by side, credit over time, cost, and what journeys look like, on one page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.attribution import charts
from scvgraph.attribution.attribute import (
    Attribution,
    Question,
    answer,
    stamp_of,
    tell,
    tell_store,
)
from scvgraph.attribution.models import asked
from scvgraph.attribution.page import columns, legend, page, section, table
from scvgraph.journeys.funnel import funnel
from scvgraph.journeys.lines import OVERLAP, UNATTRIBUTED
from scvgraph.journeys.measures import assisted, path_lengths, percentiles, time_to_convert, top_paths
from scvgraph.journeys.transitions import matrix, steps

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.journeys.journeys import Journeys

_SHOWN = 12  # cells in a chart; the table has all
_BARS = 24  # columns of a histogram


def report(
    engine: Engine,
    question: Question,
    policy: ChannelPolicy | None = None,
    stamp: Mapping[str, Any] | None = None,
    *,
    spend: pd.DataFrame | None = None,
    funnel_steps: Sequence[str] = (),
) -> str:
    """A self-contained HTML page. spend: as for cost. funnel_steps: kinds of events."""
    whole = replace(question, segment=None, period=None)
    models = tuple(map(asked, whole.models))
    events, told = tell_store(engine, whole, policy)
    found = answer(told, models, {**(stamp or {}), **stamp_of(whole, events)})
    monthly = answer(tell(events, replace(whole, period=question.period or "month")), models[-1:], {})
    parts = [
        _totals(found),
        _comparison(found, "conversions"),
        _comparison(found, "value"),
        _over_time(monthly),
    ]
    if spend is not None:
        parts.append(_cost(found, spend))
    parts += _journeys(told.journeys)
    if funnel_steps:
        parts.append(_funnel(engine, policy, funnel_steps))
    lead = (
        "Models share out the conversions there were, each by its own convention. None of them is causal: they do not"
        " say how many there would have been without a channel."
    )
    said = json.dumps(found.stamp["question"])
    foot = f"Generation {found.stamp.get('generation', '?')}, policy {found.stamp.get('policy', '?')}; asked: {said}."
    return page("Which touches earned the conversions", lead, parts, foot)


def _totals(found: Attribution) -> str:
    rows: list[list[str | float]] = [[name, round(value, 2)] for name, value in found.totals.items()]
    if found.stamp["currencies"]:
        rows.append(["currencies", " and ".join(found.stamp["currencies"])])
    return section(
        "What there was", "Every table of credit below adds up to these.", table(["", "total"], rows)
    )


def _comparison(found: Attribution, measure: str) -> str:
    frame = found.table(measure)
    names = [" / ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in frame.index]
    series = [str(model) for model in frame.columns]
    values = frame.to_numpy()
    order = sorted(
        range(len(names)), key=lambda n: (names[n] in (UNATTRIBUTED, OVERLAP), -values[n].max(), names[n])
    )
    last = series.index("last") if "last" in series else None
    rows: list[list[str | float]] = []
    for n in order:
        row: list[str | float] = [names[n], *(round(v, 2) for v in values[n].tolist())]
        if last is not None:
            base = values[n][last]
            row += [f"{v / base - 1:+.0%}" if base else "" for v in np.delete(values[n], last).tolist()]
        rows.append(row)
    rows.append(
        [
            "total",
            *(round(v, 2) for v in values.sum(axis=0).tolist()),
            *[""] * (len(rows[0]) - 1 - len(series)),
        ]
    )
    head = [", ".join(found.told.by), *series]
    head += [f"{name} to last" for name in series if last is not None and name != "last"]
    shown = [n for n in order if names[n] not in (UNATTRIBUTED, OVERLAP)][:_SHOWN]
    chart = charts.grouped_bars([(names[n], values[n].tolist()) for n in shown], series)
    text = f"{measure.capitalize()} by model, and the change against the last touch. Touches outside the look-back leave conversions unattributed."
    return section(
        f"Models compared: {measure}", text, legend(series) + chart + table(head, rows, total=True)
    )


def _over_time(monthly: Attribution) -> str:
    model = monthly.models[0].spec
    by = list(monthly.told.by)
    frame = monthly.credits[~monthly.credits[by[0]].isin([UNATTRIBUTED, OVERLAP])]
    cells = [" / ".join(map(str, cell)) for cell in frame[by].itertuples(index=False, name=None)]
    wide = frame.assign(cell=cells).pivot_table(
        index="period", columns="cell", values="conversions", aggfunc="sum"
    )
    wide = wide.fillna(0.0).sort_index()
    top = wide.sum().sort_values(ascending=False, kind="stable").index[: _SHOWN - 3]
    series = [str(name) for name in top]
    stacks = wide[list(top)]
    rest = wide.drop(columns=list(top)).sum(axis=1)
    if rest.abs().sum() > 0:
        series.append("others")
        stacks = stacks.assign(others=rest)
    names = [str(name) for name in stacks.index]
    chart = charts.stacked_columns(names, stacks.to_numpy().tolist(), series)
    return section(
        "Credit over time",
        f"Conversions credited by {model}, fitted to each period; what is unattributed is left out.",
        legend(series) + chart,
    )


def _cost(found: Attribution, spend: pd.DataFrame) -> str:
    frame = found.cost(spend)
    head = ["model", *found.told.by, "conversions", "value", "spend", "cpa", "roas", "note"]
    rows = [list(row) for row in frame[head].round(4).itertuples(index=False, name=None)]
    known = frame[frame["roas"].notna()]
    names = list(dict.fromkeys(known[found.told.by[0]].astype(str)))
    series = [model.spec for model in found.models]
    by = {
        (m, str(c)): r for m, c, r in zip(known["model"], known[found.told.by[0]], known["roas"], strict=True)
    }
    chart = charts.grouped_bars(
        [(n, [float(by.get((m, n), 0.0)) for m in series]) for n in names[:_SHOWN]], series
    )
    text = "Value credited per unit spent (ROAS), spend per conversion (CPA). Spend without credit and credit without spend are rows too."
    return section("Credit beside spend", text, legend(series) + chart + table(head, rows))


def _journeys(journeys: Journeys) -> list[str]:
    said = percentiles(journeys).set_index("percentile")
    marks = {
        column: "median {:.1f}, 90% within {:.1f}".format(*said[column].loc[[50, 90]].tolist())
        for column in ("days_to_convert", "touches")
    }
    days = time_to_convert(journeys)
    lengths = path_lengths(journeys)
    lengths = lengths[(lengths["touches"] > 0) & (lengths["conversions"] > 0)]
    flows = matrix(journeys, "share")
    flows = flows.loc[flows.sum(axis=1) > 0, flows.sum(axis=0) > 0]
    paths = top_paths(journeys, 15)
    tops = [list(row) for row in paths.round(4).itertuples(index=False, name=None)]
    helped = [list(row) for row in assisted(journeys).round(3).itertuples(index=False, name=None)]
    links = steps(journeys, 4, top=6)
    return [
        columns(
            section("Days to convert", "From the first touch in the look-back to the conversion.", charts.histogram(_binned(days["days"].tolist(), days["conversions"].tolist()), marks["days_to_convert"])),
            section("Touches to convert", "How many touches journeys had that converted.", charts.histogram(_binned(lengths["touches"].tolist(), lengths["conversions"].tolist()), marks["touches"])),
        ),
        section("Paths", "The most frequent paths with conversions, and how often each converts.", table([c.replace("_", " ") for c in paths.columns], tops)),
        section("Assisted and last", "Conversions a channel was in without being last, against those it was last in.", table([c.replace("_", " ") for c in assisted(journeys).columns], helped)),
        section("What follows what", "Of all times a row was touched, how often a column came next.", charts.heat_map(flows)),
        section("Step by step", "The first touches of all journeys, and where they ended.", charts.sankey(links)),
    ]  # fmt: skip


def _binned(places: list[int], counts: list[float]) -> list[tuple[str, float]]:
    """Columns of a histogram of even width, the last open."""
    if not places:
        return []
    width = max(1, -(-(max(places) + 1) // _BARS))
    sums = [0.0] * (max(places) // width + 1)
    for place, count in zip(places, counts, strict=True):
        sums[place // width] += count
    return [
        (str(n * width) if width == 1 else f"{n * width}-{n * width + width - 1}", s)
        for n, s in enumerate(sums)
    ]


def _funnel(engine: Engine, policy: ChannelPolicy | None, names: Sequence[str]) -> str:
    from scvgraph.journeys.build import paths_of
    from scvgraph.journeys.read import read_events

    frame = funnel(paths_of(read_events(engine, policy, others=["kind"]), "kind"), names, listed=True)
    chart = charts.grouped_bars(
        [(n, [float(p)]) for n, p in zip(frame["name"].tolist(), frame["paths"].tolist(), strict=True)],
        ["customers"],
    )
    rows = [list(row) for row in frame.round(4).itertuples(index=False, name=None)]
    head = [column.replace("_", " ") for column in frame.columns]
    return section(
        "Funnel",
        "Customers who take one step after the other, whatever lies between.",
        chart + table(head, rows),
    )
