"""What journeys look like, on the page of attribution: times, lengths, paths, who assists, what follows what, funnel."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from scvgraph.journeys.lines import CONVERSION, NULL, OTHERS
from scvgraph.journeys.measures import assisted, path_lengths, percentiles, time_to_convert, top_paths
from scvgraph.journeys.transitions import matrix, steps
from scvgraph.report.charts import Group, grouped_bars, heat_map
from scvgraph.report.columns import binned, histogram
from scvgraph.report.markup import Markup, element, table
from scvgraph.report.page import card, section
from scvgraph.report.sankey import Link, sankey
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from scvgraph.journeys.journeys import Journeys

PATHS = 15
STATES = 20  # rows and columns of the heat map
STEPS, NODES = 4, 6  # of the diagram of flows


def paths_sections(journeys: Journeys, shades: Mapping[str, str]) -> list[Markup]:
    """All but the funnel, of journeys as the question makes them. shades: classes of what touches are told apart by."""
    return [
        _times(journeys), _paths(journeys), _assisted(journeys), _follows(journeys), _steps(journeys, shades)
    ]  # fmt: skip


def funnel_section(frame: pd.DataFrame) -> Markup:
    """A funnel's steps as bars and as a table."""
    bars = [
        Group(name, [float(paths)]) for name, paths in zip(frame["name"].tolist(), frame["paths"].tolist(), strict=True)
    ]  # fmt: skip
    asked = frame.attrs["asked"]
    said = [
        f"{word} {asked[name]}" for name, word in (("since", "from"), ("until", "before")) if asked.get(name)
    ]
    rows = [
        (str(step), name, amount(paths), *(f"{share:.1%}" for share in shares), amount(dropped), span(median), span(mean))
        for step, name, paths, *shares, dropped, median, mean in frame.itertuples(index=False, name=None)
    ]  # fmt: skip
    head = ("step", "name", "customers", "of all", "of entered", "of previous", "dropped", "median", "mean")
    about = "Customers who take one step after the other, whatever lies between"
    return section(
        "Funnel",
        ", ".join((about, *said)) + ".",
        card(None, None, grouped_bars(bars, ["customers"]), table(head, rows, tuple(range(2, len(head))))),
    )


def span(seconds: float) -> str:
    """A time for people.

    >>> span(42), span(600), span(9000), span(400000), span(float("nan"))
    ('42 s', '10 min', '2.5 h', '4.6 days', '')
    """
    if isnan(seconds):
        return ""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size * (1.5 if size > 3_600 else 1):
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def _times(journeys: Journeys) -> Markup:
    said = percentiles(journeys).set_index("percentile")
    days = time_to_convert(journeys)
    lengths = path_lengths(journeys)
    lengths = lengths[(lengths["touches"] > 0) & (lengths["conversions"] > 0)]

    def mark(column: str, unit: str) -> str | None:
        median, most = said[column].loc[[50, 90]].tolist()
        return None if isnan(median) else f"median {median:.1f}, 90% within {most:.1f} {unit}"

    parts = (
        card("Days to convert", mark("days_to_convert", "days"), histogram(binned(days["days"].tolist(), days["conversions"].tolist()), "conversions by days from the first touch"), element("p", "From the first touch in the look-back to the conversion.", class_="note")),
        card("Touches to convert", mark("touches", "touches"), histogram(binned(lengths["touches"].tolist(), lengths["conversions"].tolist()), "conversions by touches"), element("p", "How many touches journeys had that converted.", class_="note")),
    )  # fmt: skip
    return section("How long it takes", None, element("div", *parts, class_="columns"))


def _paths(journeys: Journeys) -> Markup:
    frame = top_paths(journeys, PATHS)
    rows = [
        (path, amount(all_), amount(made), amount(nulls), f"{rate:.1%}", amount(value))
        for path, all_, made, nulls, rate, value in frame.itertuples(index=False, name=None)
    ]
    head = ("path", "journeys", "conversions", "without", "rate", "value")
    about = "The most frequent paths with conversions, and how often each converts."
    return section("Paths", about, card(None, None, table(head, rows, (1, 2, 3, 4, 5), "paths")))


def _assisted(journeys: Journeys) -> Markup:
    frame = assisted(journeys)
    rows = [(name, *map(amount, row)) for name, *row in frame.itertuples(index=False, name=None)]
    head = ("", "first", "assisted", "last", "assisted to last", "value touched")
    about = "Conversions each was in without being last, against those it was last in."
    return section("Assisted and last", about, card(None, None, table(head, rows, (1, 2, 3, 4, 5))))


def _follows(journeys: Journeys) -> Markup:
    counts = matrix(journeys, "count")
    size = counts.sum(axis=1)
    top = list(size[size > 0].sort_values(ascending=False, kind="stable").index[:STATES])
    shares = matrix(journeys, "share").loc[top]
    columns = [
        name for name in (*[c for c in shares.columns if c in top], CONVERSION, NULL) if shares[name].any()
    ]
    rows = list(zip(map(str, top), shares[columns].to_numpy().tolist(), strict=True))
    more = f"The {STATES} most frequent are shown." if (size > 0).sum() > STATES else None
    about = "Of all times a row was touched, how often a column came next."
    return section(
        "What follows what", about, card(None, more, heat_map("from, to", rows, [str(c) for c in columns]))
    )


def _steps(journeys: Journeys, shades: Mapping[str, str]) -> Markup:
    frame = steps(journeys, STEPS, top=NODES)
    links = [
        Link(*row)
        for row in frame[["step", "source", "target", "journeys"]].itertuples(index=False, name=None)
    ]
    drawn = sankey(links, shades, (OTHERS, CONVERSION, NULL))
    about = "The first touches of all journeys, and where they ended."
    return section(
        "Step by step",
        about,
        card(None, None, drawn or element("p", "No journey has a touch.", class_="note")),
    )
