"""Columns and histograms place what they show where it belongs."""

from __future__ import annotations

import re
from itertools import pairwise

from scvgraph.report.columns import binned, histogram, stacked, ticks


def heights(made: str) -> list[float]:
    return [float(h) for h in re.findall(r'<rect [^>]*height="(-?[\d.]+)"', made)]


def test_nothing_is_drawn_as_nothing() -> None:
    """Without data there is an empty drawing, not an error."""
    for made in (stacked([], [], [], []), stacked(["m"], [[0.0]], ["a"], ["k0"]), histogram([], "x")):
        assert made.count("<svg") == 1
        assert heights(made) == []
    assert binned([], []) == []


def test_parts_stand_on_each_other_and_refunds_hang() -> None:
    """Heights are in proportion, never below zero, and a negative part begins at the line."""
    made = stacked(["m"], [[3.0, 1.0, -1.0]], ["a", "b", "c"], ["k0", "k1", "loose"])
    first, second, third = heights(made)
    assert abs(first - 3 * second) < 0.2
    assert abs(second - third) < 0.2
    tops = [float(y) for y in re.findall(r'<rect x="[\d.]+" y="([\d.]+)"', made)]
    assert tops[1] < tops[0] < tops[2]
    assert abs(tops[1] + second - tops[0]) < 0.2
    assert 'class="loose"' in made
    assert heights(stacked(["m"], [[-2.0]], ["a"], ["k0"]))[0] > 0


def test_names_below_do_not_lie_on_each_other() -> None:
    """Of many columns only so many are named as there is room for."""
    made = stacked([f"2026-01-{n:02d}" for n in range(1, 32)], [[1.0]] * 31, ["a"], ["k0"])
    places = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="274"', made)]
    assert 2 < len(places) < 12
    assert min(b - a for a, b in pairwise(places)) > 70


def test_values_that_look_like_markup_are_text() -> None:
    """Names, series and tips are escaped."""
    evil = "<script>x</script>"
    assert "<script" not in stacked([evil], [[1.0]], [evil], ["k0"]) + histogram([(evil, 2.0)], evil)


def test_bins_are_even_and_hold_all() -> None:
    """However wide the places lie, the sum is kept and no bin is left out."""
    bars = binned([0, 3, 89], [5, 1, 2], 24)
    assert len(bars) <= 24
    assert sum(size for _, size in bars) == 8
    assert bars[0] == ("0-3", 6)
    assert ticks(0, 0.05) == [0.0, 0.01, 0.02, 0.03, 0.04, 0.05]
