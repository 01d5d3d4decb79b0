"""The journey of a customer as a section of its page: the whole, period by period, and the last touchpoints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.report.markup import Markup, element, joined, table
from scvgraph.report.page import card, section
from scvgraph.report.timeline import Journey, conversions, timeline
from scvgraph.report.words import counted, moment, month, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scvgraph.embedded.answers import Touchpoint

LAST = 200  # touchpoints listed
CROWDED = 40  # touchpoints from which periods are drawn by themselves
MONTHS = 36  # with touchpoints; beyond, periods are years


def journey_section(touchpoints: Sequence[Touchpoint], count: int) -> Markup:
    """touchpoints: oldest first, all of them or the last ones of `count`."""
    if not touchpoints:
        return joined()
    journey = Journey.of(touchpoints)
    parts = []
    if len(journey.at):
        hint = "A larger mark stands for several touchpoints; click or touch it to see which."
        parts.append(
            element(
                "div",
                element("div", timeline(journey), class_="field", tabindex="0"),
                element("div", hint, class_="panel note", aria_live="polite"),
                class_="card explore",
            )
        )
    periods = list(_periods(journey))
    if periods:
        parts.append(card("Closer", "period by period", *periods))
    parts.append(card(None, None, _last(touchpoints)))
    return section("Journey", _summary(journey, touchpoints, count), *parts)


def _summary(journey: Journey, touchpoints: Sequence[Touchpoint], count: int) -> str:
    told = f"{counted(count, 'touchpoint')} in {counted(len({touch.channel for touch in touchpoints}), 'channel')}"
    if len(journey.at):
        first, last = journey.touchpoints[0], journey.touchpoints[-1]
        told += f", {span(first.ts, last.ts)}"
    told += (
        f", {conversions(int(journey.converted.sum()), float(journey.value.sum()))}"
        if journey.converted.any()
        else ", no conversion"
    )
    if len(touchpoints) < count:
        told += f"; shown are the last {len(touchpoints):,}"
    undated = len(touchpoints) - len(journey.at)
    return f"{told}." if not undated else f"{told}; {undated:,} have no date."


def _periods(journey: Journey) -> Iterator[Markup]:
    """Months, or years where there are many, each with a drawing of its own; none for a short journey."""
    if len(journey.at) < CROWDED:
        return
    seconds = journey.at.astype("datetime64[s]")
    unit = "M" if len(np.unique(seconds.astype("datetime64[M]"))) <= MONTHS else "Y"
    places = seconds.astype(f"datetime64[{unit}]")
    found = np.unique(places)
    if len(found) < 2:
        return
    for place in found:
        part = journey.part(places == place)
        begin = datetime.fromtimestamp(int(place.astype("datetime64[s]").astype(np.int64)), UTC)
        name = month(begin) if unit == "M" else str(begin.year)
        said = f"{name}: {counted(len(part.at), 'touchpoint')}"
        if part.converted.any():
            said += f", {conversions(int(part.converted.sum()), float(part.value.sum()))}"
        panel = element(
            "div", "Click or touch a mark to see what it is.", class_="panel note", aria_live="polite"
        )
        yield element(
            "details", element("summary", said), element("div", timeline(part), class_="field", tabindex="0"), panel,
            class_="explore",
        )  # fmt: skip


def _last(touchpoints: Sequence[Touchpoint]) -> Markup:
    rows = [
        (f"{t.seq:,}", moment(t.ts), t.channel, t.type, t.campaign, "" if t.value is None else f"{t.value:,.2f}", "yes" if t.converted else "")
        for t in reversed(touchpoints[-LAST:])
    ]  # fmt: skip
    said = f"The last {len(rows):,} touchpoints" if len(rows) < len(touchpoints) else "All touchpoints"
    head = ("", "when (UTC)", "channel", "what", "campaign", "value", "converted")
    return element("details", element("summary", f"{said}, latest first"), table(head, rows, (0, 5)))
