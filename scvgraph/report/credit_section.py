"""Credit on the page of attribution: models side by side, over time, and by segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.journeys.lines import CONVERSION, NULL, OTHERS, OVERLAP, UNATTRIBUTED
from scvgraph.report.charts import Group, grouped_bars, legend, shade
from scvgraph.report.columns import stacked
from scvgraph.report.markup import Markup, element, joined, table
from scvgraph.report.page import card, section
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from scvgraph.attribution.attribute import Attribution

SHOWN = 12  # cells in a chart; its table has all
SERIES = 9  # cells that are told apart over time
SEGMENTS = 40  # rows of a table by segment
LINES = (OVERLAP, UNATTRIBUTED)


def comparison(found: Attribution, measure: str, intervals: pd.DataFrame | None = None) -> Markup:
    """Models side by side. intervals: drawn across the bars."""
    frame = found.table(measure)
    names = _names(frame.index.to_frame(index=False), found.told.by)
    models = [str(model) for model in frame.columns]
    values = frame.to_numpy()
    order = sorted(range(len(names)), key=lambda n: (names[n] in LINES, -abs(values[n]).max(), names[n]))
    reach = {} if intervals is None else _reaches(intervals, found, measure)
    drawn = [n for n in order if names[n] not in LINES][:SHOWN]
    groups = [
        Group(names[n], values[n].tolist(), [reach[m, names[n]] for m in models] if reach else None) for n in drawn
    ]  # fmt: skip
    base = models.index("last") if "last" in models else None
    rows = [(names[n], *_compared(values[n].tolist(), base)) for n in order]
    head = (", ".join(found.told.by), *models)
    foot = ("total", *map(amount, values.sum(axis=0).tolist()))
    about = f"{measure.capitalize()} by model"
    about += ", and the change against the last touch." if base is not None and len(models) > 1 else "."
    about += " The thin line is the interval." if reach else ""
    cut = len(drawn) < sum(name not in LINES for name in names)
    more = (
        element("p", f"The {len(drawn)} largest are drawn; the table has all.", class_="note")
        if cut
        else None
    )
    return section(
        f"Models compared: {measure}",
        about,
        card(None, None, legend(models), grouped_bars(groups, models), more) if groups else None,
        card(None, None, table(head, rows, tuple(range(1, len(head))), foot=foot)),
    )


def _compared(values: Sequence[float], base: int | None) -> list[Markup]:
    """Credit under each model, and by how much it is more or less than under one of them."""
    changes = [
        f" {round(value / values[base] - 1, 2) + 0.0:+.0%}"
        if base is not None and n != base and values[base]
        else None
        for n, value in enumerate(values)
    ]
    return [
        joined(amount(value), element("small", change) if change else None)
        for value, change in zip(values, changes, strict=True)
    ]


def shades_of(found: Attribution) -> dict[str, str]:
    """Classes of cells: the same colour wherever one is shown, those of most credit first."""
    frame = found.credits.assign(cell=_names(found.credits, found.told.by))
    sums = frame[~frame["cell"].isin(LINES)].groupby("cell", sort=True)["conversions"].sum()
    order = sums.sort_values(ascending=False, kind="stable").index
    known = {str(name): shade(n) for n, name in enumerate(order)}
    return {**known, OTHERS: "rest", UNATTRIBUTED: "loose", OVERLAP: "loose", CONVERSION: "won", NULL: "rest"}


def over_time(found: Attribution, shades: Mapping[str, str]) -> Markup:
    """Credit of one model by period, with what is unattributed, so that columns are all there was."""
    model, period = found.models[0].spec, found.stamp["question"]["period"]
    frame = found.credits.assign(cell=_names(found.credits, found.told.by))
    parts = []
    for measure in ("conversions", "value"):
        wide = folded(
            frame.pivot_table(index="period", columns="cell", values=measure, aggfunc="sum"), SERIES
        )
        series = [str(name) for name in wide.columns]
        kinds = [shades[name] for name in series]
        columns = stacked([str(name) for name in wide.index], wide.to_numpy().tolist(), series, kinds)
        listed = element("details", element("summary", "as a table"), _wide_table(wide, period))
        parts.append(card(measure, None, legend(series, kinds), columns, listed))
    about = f"What {model} credits, by {period} of the conversion; it is fitted to each. Columns are all there was."
    return section("Credit over time", about, *parts)


def by_segment(found: Attribution) -> Markup:
    """Credit of every model in each segment, the last model open."""
    (name,) = found.told.within
    frame = found.credits.assign(cell=_names(found.credits, found.told.by))
    parts: list[Markup] = []
    for model in reversed(found.models):
        own = frame[frame["model"] == model.spec]
        tables = []
        for measure in ("conversions", "value"):
            wide = folded(own.pivot_table(index=name, columns="cell", values=measure, aggfunc="sum"), SHOWN)
            tables += [element("p", measure, class_="note"), _wide_table(_largest(wide), name)]
        opened = {"open": "open"} if not parts else {}
        parts.append(element("details", element("summary", model.spec), *tables, **opened))
    about = "Each model is fitted to each segment; the last one asked for is open."
    return section(f"By {name}", about, card(None, None, *parts))


def folded(wide: pd.DataFrame, most: int) -> pd.DataFrame:
    """The columns of most credit, then all others as one, then the lines; nothing is lost."""
    wide = wide.fillna(0.0)
    lines = [name for name in (UNATTRIBUTED, OVERLAP) if name in wide and wide[name].any()]
    cells = wide.drop(columns=[name for name in (UNATTRIBUTED, OVERLAP) if name in wide])
    order = list(cells.abs().sum().sort_values(ascending=False, kind="stable").index)
    top = order if len(order) <= most else order[: most - 1]
    rest = cells.drop(columns=top)
    kept = cells[top].assign(**{OTHERS: rest.sum(axis=1)}) if len(rest.columns) else cells[top]
    return kept.join(wide[lines])


def _largest(wide: pd.DataFrame) -> pd.DataFrame:
    """Rows of most credit first, all others as one."""
    order = list(wide.abs().sum(axis=1).sort_values(ascending=False, kind="stable").index)
    if len(order) <= SEGMENTS:
        return wide.loc[order]
    wide = wide.copy()
    rest = wide.loc[order[SEGMENTS - 1 :]].sum()
    wide = wide.loc[order[: SEGMENTS - 1]]
    wide.loc[f"({len(order) - SEGMENTS + 1:,} others)"] = rest
    return wide


def _wide_table(wide: pd.DataFrame, corner: str) -> Markup:
    values = wide.to_numpy()
    rows = [
        (str(name), *map(amount, row), amount(row.sum()))
        for name, row in zip(wide.index, values, strict=True)
    ]
    foot = ("total", *map(amount, values.sum(axis=0)), amount(values.sum()))
    head = (corner, *map(str, wide.columns), "total")
    return table(head, rows, tuple(range(1, len(head))), foot=foot)


def _names(frame: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """What each row is about, as one text; of a line just its name."""
    cells = frame[list(by)].itertuples(index=False, name=None)
    return [cell[0] if cell[0] in LINES else " / ".join(map(str, cell)) for cell in cells]


def _reaches(
    intervals: pd.DataFrame, found: Attribution, measure: str
) -> dict[tuple[str, str], tuple[float, float]]:
    ends = intervals[[f"{measure}_low", f"{measure}_high"]].itertuples(index=False, name=None)
    return dict(
        zip(zip(intervals["model"], _names(intervals, found.told.by), strict=True), ends, strict=True)
    )
