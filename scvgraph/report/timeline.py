"""A journey on a time line: a lane for each channel, conversions above, time across.

What falls together on paper becomes one larger mark that says what it holds, so ten thousand touchpoints read like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.report.markup import Markup, element
from scvgraph.report.words import counted, day, day_of_year, moment, month, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scvgraph.embedded.answers import Touchpoint

WIDTH, LEFT, RIGHT, LANE, TOP, FOOT = 960, 150, 24, 34, 40, 30  # of the drawing, in its own units
MARKS = 170  # places across: what falls into one is drawn as one
LANES = 10
NO_CHANNEL, OTHERS = "(no channel)", "(others)"
TICKS = 8
CROWD = 300  # touchpoints from which lanes have bars in place of circles
GUIDES = 40  # conversions at most that get a line of their own through all lanes


@dataclass(frozen=True, slots=True)
class Journey:
    """Dated touchpoints, oldest first, as arrays. at: seconds since 1970. lane: place of the channel in `lanes`."""

    touchpoints: tuple[Touchpoint, ...]
    at: NDArray[np.int64]
    lane: NDArray[np.int64]
    converted: NDArray[np.bool_]
    value: NDArray[np.float64]
    lanes: tuple[str, ...]

    @staticmethod
    def of(touchpoints: Sequence[Touchpoint]) -> Journey:
        """Channels in the order of their size; beyond LANES the small ones share one."""
        dated = tuple(t for t in touchpoints if t.ts is not None)
        names = np.array([t.channel or NO_CHANNEL for t in dated], dtype=object)
        found, counts = np.unique(names.astype(str), return_counts=True)
        order = sorted(range(len(found)), key=lambda n: (-counts[n], found[n]))
        kept = [str(found[n]) for n in order]
        lanes = kept if len(kept) <= LANES else [*kept[: LANES - 1], OTHERS]
        place = {name: min(n, len(lanes) - 1) for n, name in enumerate(kept)}
        return Journey(
            dated,
            np.array([_seconds(t.ts) for t in dated if t.ts is not None], dtype=np.int64),
            np.array([place[str(name)] for name in names], dtype=np.int64),
            np.array([t.converted for t in dated], dtype=np.bool_),
            np.array([(t.value or 0.0) if t.converted else 0.0 for t in dated], dtype=np.float64),
            tuple(lanes),
        )

    def part(self, chosen: NDArray[np.bool_]) -> Journey:
        """Some of it, with the same lanes."""
        kept = tuple(self.touchpoints[n] for n in np.flatnonzero(chosen))
        return Journey(kept, self.at[chosen], self.lane[chosen], self.converted[chosen], self.value[chosen], self.lanes)  # fmt: skip


def _seconds(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp())


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def conversions(count: int, value: float) -> str:
    """Conversions in words, with what they are worth where that is known.

    >>> conversions(2, 1234.5), conversions(1, 0)
    ('2 conversions worth 1,234.50', '1 conversion')
    """
    return counted(count, "conversion") + (f" worth {value:,.2f}" if value else "")


def timeline(journey: Journey) -> Markup:
    """The drawing. journey: at least one dated touchpoint."""
    begin, end = int(journey.at.min()), int(journey.at.max())
    spare = max((end - begin) // 60, 1 if end > begin else 43_200)
    begin, end = begin - spare, end + spare
    height = TOP + LANE * len(journey.lanes) + FOOT
    parts = [*_frame(journey, begin, end, height), *_conversions(journey, begin, end, height)]
    parts += _marks(journey, begin, end)
    return element(
        "svg", *parts, class_="timeline", viewBox=f"0 0 {WIDTH} {height}", role="img",
        aria_label=f"{counted(len(journey.at), 'touchpoint')}, {day(_at(begin + spare))} to {day(_at(end - spare))}",
    )  # fmt: skip


def _x(seconds: float, begin: int, end: int) -> float:
    return round(LEFT + (seconds - begin) / (end - begin) * (WIDTH - LEFT - RIGHT), 1)


def _y(lane: int) -> float:
    return TOP + LANE * (lane + 0.5)


def _frame(journey: Journey, begin: int, end: int, height: int) -> Iterator[Markup]:
    """Lanes with their names and sizes, and the days below."""
    sizes = np.bincount(journey.lane, minlength=len(journey.lanes))
    for lane, name in enumerate(journey.lanes):
        y = _y(lane)
        yield element("line", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, class_="axis")
        yield element("text", shortened(name, 12), x=0, y=y + 5, class_="lane")
        yield element("text", f"{sizes[lane]:,}", x=LEFT - 16, y=y + 5, text_anchor="end")
    for at, said in ticks(_at(begin), _at(end)):
        x = _x(_seconds(at), begin, end)
        yield element("line", x1=x, y1=TOP - 6, x2=x, y2=height - FOOT, class_="tick")
        yield element("text", said, x=x, y=height - 8, text_anchor="middle")


def _conversions(journey: Journey, begin: int, end: int, height: int) -> Iterator[Markup]:
    """A diamond above for each place in which somebody converted."""
    if not journey.converted.any():
        return
    yield element("text", "conversions", x=0, y=TOP - 15, class_="lane")
    yield element("text", f"{int(journey.converted.sum()):,}", x=LEFT - 16, y=TOP - 15, text_anchor="end")
    for rows, x in _places(journey.part(journey.converted), begin, end, by_lane=False):
        if journey.converted.sum() <= GUIDES:
            yield element("line", x1=x, y1=TOP - 12, x2=x, y2=height - FOOT, class_="guide")
        r = round(min(5 + 1.6 * np.log2(len(rows.at)), 10), 1) if len(journey.at) <= CROWD else 3.0
        y = TOP - 20
        points = f"{x},{y - r} {x + r},{y} {x},{y + r} {x - r},{y}"
        yield element(
            "g",
            element("title", told(rows)),
            element("polygon", points=points),
            class_="conversion",
            data_about="",
        )


def _marks(journey: Journey, begin: int, end: int) -> Iterator[Markup]:
    """A circle for each place in a lane; bars as high as places are full where circles would lie on each other."""
    found = list(_places(journey, begin, end, by_lane=True))
    most = max(len(rows.at) for rows, _ in found)
    for rows, x in found:
        style = "touch converted" if rows.converted.any() else "touch"
        y = _y(int(rows.lane[0]))
        shapes = _bar(rows, x, y, most) if len(journey.at) > CROWD else (_circle(rows, x, y),)
        yield element("g", element("title", told(rows)), *shapes, class_=style, data_about="")


def _circle(rows: Journey, x: float, y: float) -> Markup:
    return element("circle", cx=x, cy=y, r=round(min(4 + 1.2 * np.log2(len(rows.at)), 10), 1))


def _bar(rows: Journey, x: float, y: float, most: int) -> tuple[Markup, ...]:
    """On the lane's foot, the conversions of it below and in their colour."""
    width = round((WIDTH - LEFT - RIGHT) / MARKS - 0.6, 1)
    foot, full = y + LANE / 2 - 3, (LANE - 6) / most

    def part(count: int, style: str) -> Markup:
        high = round(max(count * full, 1.5), 1)
        return element(
            "rect", x=round(x - width / 2, 1), y=round(foot - high, 1), width=width, height=high, class_=style
        )

    sold = int(rows.converted.sum())
    bars = (part(len(rows.at), "all"), part(sold, "sold") if sold else None)
    return tuple(each for each in bars if each is not None)


def _places(journey: Journey, begin: int, end: int, *, by_lane: bool) -> Iterator[tuple[Journey, float]]:
    """What falls together, each with where it stands: at the mean of its times, bars at the middle of their place."""
    place = (journey.at - begin) * MARKS // max(end - begin, 1)
    key = place + (journey.lane * (MARKS + 1) if by_lane else 0)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order])) + 1
    for rows in np.split(order, starts) if len(order) else []:
        part = Journey(
            tuple(journey.touchpoints[n] for n in rows), journey.at[rows], journey.lane[rows], journey.converted[rows],
            journey.value[rows], journey.lanes,
        )  # fmt: skip
        middle = begin + (int(place[rows[0]]) + 0.5) * (end - begin) / MARKS
        crowded = by_lane and len(journey.at) > CROWD
        yield part, _x(middle if crowded else float(part.at.mean()), begin, end)


def told(rows: Journey) -> str:
    """What a mark says when it is touched."""
    first, last = rows.touchpoints[0], rows.touchpoints[-1]
    if len(rows.touchpoints) == 1:
        words = [first.channel, first.type, first.campaign and f"campaign {first.campaign}"]
        if first.converted:
            words.append(conversions(1, first.value or 0.0))
        return f"{moment(first.ts)}: {', '.join(word for word in words if word)}"
    sold = (
        f", {conversions(int(rows.converted.sum()), float(rows.value.sum()))}" if rows.converted.any() else ""
    )
    when = (
        f"{moment(first.ts)} to {moment(last.ts)}"
        if moment(first.ts) != moment(last.ts)
        else moment(first.ts)
    )
    channels = {rows.lanes[lane] for lane in rows.lane}
    where = f" in {channels.pop()}" if len(channels) == 1 else ""
    return f"{counted(len(rows.touchpoints), 'touchpoint')}{where}, {when}{sold}"


def ticks(begin: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Round moments of a span with their names: hours, days, months or years, about TICKS of them."""
    span = end - begin
    for hours in (1, 3, 6, 12):
        if span <= TICKS * timedelta(hours=hours):
            return [(at, f"{at:%H:%M}" if at.hour else day_of_year(at)) for at in _hours(begin, end, hours)]
    for days in (1, 2, 4, 7):
        if span <= TICKS * timedelta(days=days):
            return [(at, day_of_year(at)) for at in _hours(begin, end, 24 * days)]
    for months in (1, 2, 3, 6):
        if span <= TICKS * timedelta(days=31 * months):
            return [(at, month(at)) for at in _months(begin, end, months)]
    years = -(-span.days // (365 * TICKS))
    return [(at, str(at.year)) for at in _months(begin, end, 12 * years)]


def _hours(begin: datetime, end: datetime, step: int) -> list[datetime]:
    """Every so many hours, counted from the midnight before."""
    at = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [at + timedelta(hours=step) * n for n in range((end - at) // timedelta(hours=step) + 1)]
    return [each for each in moments if begin <= each <= end]


def _months(begin: datetime, end: datetime, step: int) -> list[datetime]:
    first, last = begin.year * 12 // step * step, end.year * 12 + end.month
    moments = [datetime(n // 12, n % 12 + 1, 1) for n in range(first, last, step)]  # noqa: DTZ001 - as stored
    return [each for each in moments if begin <= each <= end]
