"""Charts without a library: bars about zero, groups of bars, waterfalls, curves, heat maps. Plain elements and SVG,
coloured by the page's style.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from math import isnan
from typing import TYPE_CHECKING

from scvgraph.report.markup import Markup, element, table
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from least to most, in the values' own unit; zero stands on it."""

    least: float
    most: float

    @staticmethod
    def over(values: Sequence[float]) -> Scale:
        """The axis that holds all values and zero, with a little room at both ends."""
        low, high = min([0.0, *values]), max([0.0, *values])
        room = 0.03 * ((high - low) or 1)
        return Scale(low - room, high + room)

    def place(self, value: float) -> float:
        """Where a value stands, in hundredths of the axis' length."""
        return round(100 * (value - self.least) / (self.most - self.least), 2)


def bar(
    scale: Scale,
    begin: float,
    end: float,
    kind: str = "",
    reach: tuple[float, float] | None = None,
    tip: str | None = None,
) -> Markup:
    """A bar from one value to another; `for` where it rises and `against` where it falls, unless a kind is given.
    reach: least and most, drawn as a line across it. tip: what is said where one points at it.
    """
    low, high = sorted((scale.place(begin), scale.place(end)))
    kind = kind or ("for" if end >= begin else "against")
    return element(
        "div",
        element("span", class_="zero", style=f"left:{scale.place(0)}%"),
        element("span", class_=f"bar {kind}", style=f"left:{low}%;width:{round(high - low, 2)}%"),
        _reach(scale, *reach) if reach is not None else None,
        class_="track",
        title=tip,
    )  # fmt: skip


def _reach(scale: Scale, least: float, most: float) -> Markup:
    low, high = scale.place(least), scale.place(most)
    return element("span", class_="reach", style=f"left:{low}%;width:{round(high - low, 2)}%")


def waterfall(steps: Sequence[tuple[str, float]], total: str, unit: str) -> Markup:
    """Steps that add up, each beginning where the one before ended, and their sum."""
    ends = [sum(value for _, value in steps[: n + 1]) for n in range(len(steps))]
    scale = Scale.over(ends)
    rows: list[tuple[Markup | str, ...]] = [
        (name, bar(scale, end - value, end), f"{value:+.1f}")
        for (name, value), end in zip(steps, ends, strict=True)
    ]
    rows.append((element("strong", total), bar(scale, 0, ends[-1], "sum"), element("strong", f"{ends[-1]:+.1f}")))  # fmt: skip
    return table(("", "", unit), rows, (2,), "steps")


SHADES = 10  # colours of the style


def shade(number: int) -> str:
    """The class of the n-th of several series; from the eleventh on colours come again, in stripes.

    >>> shade(3), shade(13)
    ('k3', 'k3 again')
    """
    return f"k{number % SHADES}" + (" again" if number >= SHADES else "")


def legend(names: Sequence[str], shades: Sequence[str] | None = None) -> Markup:
    """Which colour is whose. shades: classes of the names, if they are not those of their places."""
    kinds = [shade(n) for n in range(len(names))] if shades is None else shades
    entries = (
        element("li", element("i", class_=f"series {kind}"), name) for name, kind in zip(names, kinds, strict=True)
    )  # fmt: skip
    return element("ul", *entries, class_="legend")


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together: a value for each series, NaN for none, and how far each reaches, if that is known."""

    name: str
    values: Sequence[float]
    reach: Sequence[tuple[float, float]] | None = None


def grouped_bars(groups: Sequence[Group], series: Sequence[str]) -> Markup:
    """For each group a bar of every series, about one zero."""
    reaches = chain.from_iterable(chain.from_iterable(group.reach or ()) for group in groups)
    values = chain.from_iterable(group.values for group in groups)
    scale = Scale.over([value for value in chain(values, reaches) if not isnan(value)])
    return element("div", *(_group(group, series, scale) for group in groups), class_="groups")


def _group(group: Group, series: Sequence[str], scale: Scale) -> Markup:
    rows = []
    for n, (name, value) in enumerate(zip(series, group.values, strict=True)):
        if isnan(value):
            continue
        reach = None if group.reach is None else group.reach[n]
        far = f" ({amount(reach[0])} to {amount(reach[1])})" if reach is not None else ""
        tip = f"{group.name}, {name}: {amount(value)}{far}"
        rows.append(element("div", bar(scale, 0, value, shade(n), reach, tip), element("span", amount(value), class_="number"), class_="one"))  # fmt: skip
    return element(
        "div", element("div", group.name, class_="name"), element("div", *rows), class_="group"
    )  # fmt: skip


def heat_map(
    corner: str, rows: Sequence[tuple[str, Sequence[float]]], columns: Sequence[str], *, zeros: bool = False
) -> Markup:
    """Shares from 0 to 1 as a table whose cells are the darker the larger they are; NaN is empty. zeros: whether
    what rounds to nothing says so.
    """

    def cell(share: float) -> Markup:
        said = "" if isnan(share) else f"{share:.0%}"
        if not said or (said == "0%" and not zeros):
            return element("td", class_="heat")
        return element("td", said, class_="heat", style=f"--share:{min(share, 1):.3f}")

    head = element("tr", element("th", corner), *(element("th", name, scope="col") for name in columns))
    body = (
        element("tr", element("th", name, scope="row"), *(cell(share) for share in shares)) for name, shares in rows
    )  # fmt: skip
    made = element("table", element("thead", head), element("tbody", *body), class_="heat")
    return element("div", made, class_="wide", tabindex="0")


WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 520, 280, 64, 48, 10  # of the plane of a curve, in its own units


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of a curve: x on a scale, y from 0 to 1."""

    x: Scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point stands in the drawing."""
        across = LEFT + self.x.place(x) / 100 * (WIDTH - LEFT - 10)
        return round(across, 1), round(HEIGHT - BOTTOM - y * (HEIGHT - BOTTOM - TOP), 1)


def curve(
    points: Sequence[tuple[float, float]],
    ticks: Sequence[float],
    names: tuple[str, str],
    mark: tuple[float, float, str] | None = None,
) -> Markup:
    """A line through points whose y is a share. ticks: of the x axis. names: of both axes. mark: a point and its name."""
    plane = Plane(Scale(points[0][0], points[-1][0]))
    path = " ".join(f"{x},{y}" for x, y in (plane.at(*point) for point in points))
    return element(
        "svg",
        *axes(plane, [(tick, f"{tick:+g}" if tick else "0") for tick in ticks]),
        element("polyline", points=path, class_="drawn"),
        *(_mark(plane, *mark) if mark is not None else ()),
        element("text", names[0], x=(LEFT + WIDTH) / 2, y=HEIGHT - 4, text_anchor="middle"),
        element("text", names[1], x=-(HEIGHT - BOTTOM) / 2, y=12, transform="rotate(-90)", text_anchor="middle"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=f"{names[1]} by {names[0]}",
    )  # fmt: skip


def axes(plane: Plane, ticks: Sequence[tuple[float, str]]) -> list[Markup]:
    """Lines at shares of y, and ticks of x with what is written at them."""
    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        (left, y), (right, _) = plane.at(plane.x.least, share), plane.at(plane.x.most, share)
        parts.append(element("line", x1=left, y1=y, x2=right, y2=y, class_="axis"))
        parts.append(element("text", f"{share:.0%}", x=left - 6, y=y + 4, text_anchor="end"))
    for tick, written in ticks:
        x, y = plane.at(tick, 0)
        parts.append(element("text", written, x=x, y=y + 17, text_anchor="middle"))
    return parts


def _mark(plane: Plane, x: float, y: float, name: str) -> list[Markup]:
    (across, height), (_, foot) = plane.at(x, y), plane.at(x, 0)
    right = across > WIDTH * 0.6
    return [
        element("line", x1=across, y1=foot, x2=across, y2=height, class_="guide"),
        element("circle", cx=across, cy=height, r=5, class_="point"),
        element("text", name, x=across - 10 if right else across + 10, y=height + 4, text_anchor="end" if right else "start"),
    ]  # fmt: skip
