"""Journeys on a time line, from one touchpoint to ten thousand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from customers import journey
from scvgraph.embedded.answers import Touchpoint
from scvgraph.report.journey_section import journey_section
from scvgraph.report.timeline import Journey, ticks, timeline


@pytest.mark.parametrize("count", [1, 2, 500, 10_000])
def test_every_touchpoint_is_in_a_mark(count) -> None:
    """Marks stand inside the drawing, are few enough to draw, and what they say adds up."""
    made = timeline(Journey.of(journey(count)))
    touches = re.findall(r'<g class="touch[^"]*" data-about=""|<title>', made)
    assert len(touches) < 6000
    told = re.findall(r"<title>([^<]*)</title><(?:circle|rect)", made)
    assert (
        sum(
            int(said.split()[0].replace(",", "")) if "touchpoints" in said.split()[1:2] else 1
            for said in told
        )
        == count
    )
    for x in re.findall(r'c?x="([\d.]+)"', re.sub(r"<(text|line)[^>]*>", "", made)):
        assert 150 <= float(x) <= 940


def test_small_channels_share_a_lane() -> None:
    """Ten lanes at most, the largest first."""
    lanes = Journey.of(journey(500)).lanes
    assert len(lanes) == 10
    assert lanes[-1] == "(others)"
    assert lanes[0] == "(no channel)"


def test_conversions_have_their_own_row() -> None:
    """A diamond above, with what it is worth."""
    when = datetime(2026, 3, 5, 10)  # noqa: DTZ001
    made = timeline(Journey.of([Touchpoint(1, when, "store", "purchase", None, 12.5, True)]))
    assert made.count("<polygon") == 1
    assert "5 Mar 2026 10:00: store, purchase, 1 conversion worth 12.50" in made


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(hours=5), "10:00"),
        (timedelta(days=3), "6 Mar"),
        (timedelta(days=40), "12 Mar"),
        (timedelta(days=300), "Jul 2026"),
        (timedelta(days=4000), "2030"),
    ],
)
def test_ticks_are_round(span, said) -> None:
    """Hours, days, months or years, about eight of them."""
    begin = datetime(2026, 3, 5, 9, 30)  # noqa: DTZ001
    found = ticks(begin, begin + span)
    assert 2 <= len(found) <= 10
    assert said in [name for _, name in found]
    assert all(begin <= at <= begin + span for at, _ in found)


def test_a_long_journey_is_drawn_period_by_period() -> None:
    """Months as far as they are few, with their counts; years beyond; nothing of the kind for a short one."""
    assert "Mar 2025: " in journey_section(journey(500), 500)
    assert "2026: " in journey_section(journey(10_000), 10_000)
    assert "<summary>Mar" not in journey_section(journey(20), 20)


def test_what_is_left_out_is_said() -> None:
    """Touchpoints without a date, earlier ones not asked for, and no journey at all."""
    undated = Touchpoint(1, None, "web", "page", None, None, False)
    assert "1 have no date" in journey_section((undated, *journey(3)), 4)
    assert "have no date" in journey_section((undated,), 1)
    assert "shown are the last 3" in journey_section(journey(3), 9)
    assert journey_section((), 0) == ""
