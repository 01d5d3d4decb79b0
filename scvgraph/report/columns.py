"""Upright columns: stacked over time, and histograms."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from scvgraph.report.charts import shade
from scvgraph.report.markup import Markup, element
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT, TOP, FOOT = 62, 10, 26  # room around the plane, in the drawing's own units
LETTER = 7.2  # width of a letter of the names below
FULL = 0.86  # of its place that a column takes


@dataclass(frozen=True, slots=True)
class Plane:
    """Where columns stand: their number, the values from least to most, and the size of the drawing."""

    count: int
    least: float
    most: float
    width: int
    height: int

    @property
    def each(self) -> float:
        return (self.width - LEFT) / max(self.count, 1)

    def y(self, value: float) -> float:
        room = self.height - TOP - FOOT
        return TOP + room * (self.most - value) / ((self.most - self.least) or 1)


def stacked(
    names: Sequence[str], stacks: Sequence[Sequence[float]], series: Sequence[str], shades: Sequence[str]
) -> Markup:
    """A column for each name, of parts stacked in the order of the series; parts below 0 hang from the line. shades:
    classes of the series.
    """
    most = max((sum(max(v, 0.0) for v in stack) for stack in stacks), default=0.0)
    least = min((sum(min(v, 0.0) for v in stack) for stack in stacks), default=0.0)
    plane = Plane(len(names), least, most or (1.0 if not least else 0.0), 900, 280)
    parts = _frame(plane, names)
    for at, (name, stack) in enumerate(zip(names, stacks, strict=True)):
        up = down = 0.0
        for n, value in enumerate(stack):
            if not value:
                continue
            begin = up if value > 0 else down
            up, down = (up + value, down) if value > 0 else (up, down + value)
            parts.append(
                _column(plane, at, begin, begin + value, shades[n], f"{name}, {series[n]}: {amount(value)}")
            )
    return _drawn(plane, parts, f"{', '.join(series)} by period")


def histogram(bars: Sequence[tuple[str, float]], about: str) -> Markup:
    """A column for each name. about: what is shown, for those who hear the page."""
    most = max((value for _, value in bars), default=0.0)
    plane = Plane(len(bars), 0.0, most or 1.0, 520, 240)
    parts = _frame(plane, [name for name, _ in bars])
    for at, (name, value) in enumerate(bars):
        parts.append(_column(plane, at, 0.0, value, shade(0), f"{name}: {amount(value)}"))
    return _drawn(plane, parts, about)


def binned(places: Sequence[int], counts: Sequence[float], most: int = 24) -> list[tuple[str, float]]:
    """Counts at whole places as columns of even width, at most so many, from the least place's column on.

    >>> binned([1, 2, 5], [4.0, 1.0, 2.0], 3)
    [('0-1', 4.0), ('2-3', 1.0), ('4-5', 2.0)]
    """
    if not places:
        return []
    width = max(1, -(-(max(places) + 1) // most))
    first = min(places) // width
    sums = [0.0] * (max(places) // width + 1 - first)
    for place, count in zip(places, counts, strict=True):
        sums[place // width - first] += count
    begins = [(first + n) * width for n in range(len(sums))]
    return [(str(b) if width == 1 else f"{b}-{b + width - 1}", s) for b, s in zip(begins, sums, strict=True)]


def ticks(least: float, most: float, about: int = 5) -> list[float]:
    """Round values from least to most.

    >>> ticks(0, 43), ticks(-3, 9), ticks(0, 0)
    ([0.0, 10.0, 20.0, 30.0, 40.0], [-2.0, 0.0, 2.0, 4.0, 6.0, 8.0], [0.0])
    """
    span = most - least
    if span <= 0:
        return [0.0]
    power = 10.0 ** floor(log10(span / about))
    step = next(m * power for m in (1, 2, 5, 10) if span / (m * power) <= about + 1)
    return [round(n * step, 10) + 0.0 for n in range(ceil(least / step), floor(most / step) + 1)]


def _frame(plane: Plane, names: Sequence[str]) -> list[Markup]:
    """Lines at round values, and names below."""
    parts = []
    for value in ticks(plane.least, plane.most):
        y = round(plane.y(value), 1)
        kind = "axis zero" if value == 0 else "axis"
        parts.append(element("line", x1=LEFT, y1=y, x2=plane.width, y2=y, class_=kind))
        parts.append(element("text", amount(value), x=LEFT - 8, y=y + 4, text_anchor="end"))
    room = max((len(name) for name in names), default=0) * LETTER + 16
    every = max(1, ceil(room / plane.each))
    for at, name in enumerate(names):
        if at % every == 0:
            x = round(LEFT + (at + 0.5) * plane.each, 1)
            parts.append(element("text", name, x=x, y=plane.height - 6, text_anchor="middle"))
    return parts


def _column(plane: Plane, at: int, begin: float, end: float, kind: str, tip: str) -> Markup:
    high, low = plane.y(max(begin, end)), plane.y(min(begin, end))
    return element(
        "rect",
        element("title", tip),
        x=round(LEFT + (at + (1 - FULL) / 2) * plane.each, 1),
        y=round(high, 1),
        width=round(plane.each * FULL, 1),
        height=round(low - high, 1),
        class_=kind,
    )


def _drawn(plane: Plane, parts: Sequence[Markup], about: str) -> Markup:
    svg = element("svg", *parts, viewBox=f"0 0 {plane.width} {plane.height}", role="img", aria_label=about)
    return element("div", svg, class_="drawing wide" if plane.width > 600 else "drawing", tabindex="0" if plane.width > 600 else None)  # fmt: skip
