"""Charts place what they show where it belongs."""

from __future__ import annotations

import re
from math import nan

from scvgraph.report.charts import Group, Scale, bar, curve, grouped_bars, heat_map, legend, waterfall


def test_a_scale_holds_zero_and_all_values() -> None:
    """Also where all values are on one side, or there is none."""
    scale = Scale.over([2.0, 5.0])
    assert 0 < scale.place(0) < scale.place(2) < scale.place(5) < 100
    assert Scale.over([]).place(0) == 50


def test_bars_rise_and_fall() -> None:
    """A bar below zero speaks against and ends where the one above begins."""
    scale = Scale(-10, 10)
    assert 'class="bar against" style="left:25.0%;width:25.0%"' in bar(scale, 0, -5)
    assert 'class="bar for" style="left:50.0%;width:25.0%"' in bar(scale, 0, 5)
    assert 'class="reach" style="left:60.0%;width:20.0%"' in bar(scale, 0, 5, reach=(2, 6))


def test_a_waterfall_adds_up() -> None:
    """Every step begins where the one before ended; the last row is the sum."""
    made = waterfall([("start", -4.0), ("a", 6.0), ("b", -1.0)], "score", "bits")
    places = [(float(left), float(left) + float(width)) for left, width in re.findall(r"bar \w+\" style=\"left:([\d.]+)%;width:([\d.]+)%", made)]  # fmt: skip
    (start, zero), (begin, top), (end, same_top), total = places
    assert begin == start
    assert abs(same_top - top) < 0.1
    assert abs(total[0] - zero) < 0.1
    assert abs(total[1] - end) < 0.1
    assert "+1.0" in made


def test_a_curve_is_drawn_inside_its_plane() -> None:
    """Points, ticks and the mark lie inside the view box, and names are escaped."""
    made = curve([(-1, 0.0), (0, 0.5), (1, 1.0)], (-1, 0, 1), ("x <", "y"), (0, 0.5, "here & now"))
    (points,) = re.findall(r'points="([^"]+)"', made)
    for pair in points.split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= 520
        assert 0 <= y <= 280
    assert "x &lt;" in made
    assert "here &amp; now" in made


def test_groups_of_bars_share_a_scale() -> None:
    """Bars of equal size are equally long on both sides of zero; what is missing has no bar; reaches lie in the scale."""
    made = grouped_bars(
        [Group("a", [5.0, -5.0], [(4.0, 9.0), (-5.0, -5.0)]), Group("b", [nan, 2.5])], ["x", "y"]
    )
    widths = [
        float(width) for width in re.findall(r'class="bar [^"]*" style="left:[\d.]+%;width:([\d.]+)%', made)
    ]
    assert len(widths) == 3
    assert abs(widths[0] - widths[1]) < 0.02
    assert abs(widths[0] - 2 * widths[2]) < 0.02
    assert 'title="a, x: 5 (4 to 9)"' in made
    assert grouped_bars([], []) == '<div class="groups"></div>'
    assert "<script" not in grouped_bars([Group("<script>", [1.0])], ["<script>"]) + legend(["<script>"])


def test_a_heat_map_is_a_table() -> None:
    """Shares are cells that say themselves; none and almost none are empty, so are those that are not known."""
    made = heat_map("from", [("<b>", [0.5, 0.001]), ("c", [nan, 1.0])], ["x", "y"])
    assert re.findall(r">(\d+%)<", made) == ["50%", "100%"]
    assert made.count('<td class="heat"></td>') == 2
    assert "<b>" not in made
    assert 'scope="row"' in made
