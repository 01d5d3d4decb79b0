"""The report as a page: whole, closed to the network, and escaping what it shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from scvgraph.api import View
from scvgraph.attribution.charts import grouped_bars, heat_map, histogram, sankey, stacked_columns
from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.transitions import steps
from scvgraph.pipeline import run
from scvgraph.store import Store

TOML = """
[graph]
build = false
[sources.web]
shape = "events"
files = "e.csv"
time = "time"
kind = "kind"
channel = "channel"
value = "value"
conversion = "kind = 'purchase'"
[sources.web.identifiers]
cookie_id = "cookie"
"""
EVENTS = """time,kind,channel,value,cookie
2026-01-01 10:00,page,<b>radio</b> & co,,c1
2026-01-03 12:00,purchase,email,60,c1
2026-02-02 12:00,purchase,,-40,c2
2026-02-02 12:00,page,,,c3
"""


class Checked(HTMLParser):
    """Follows elements, so that one left open or closed twice is noticed."""

    def __init__(self):
        super().__init__()
        self.open, self.loads = [], []

    def handle_starttag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name in ("src", "href", "onload", "onclick")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def view(make_project):
    project = make_project(TOML, e__csv=EVENTS)
    run(project)
    with View(Store.open(project.store), channels=project.channels) as opened:
        yield opened


def test_page_is_whole_and_loads_nothing(view):
    """Elements are closed, nothing is fetched or run, every part is there, and totals stand on it."""
    spend = pd.DataFrame({"channel": ["Email", "Billboard"], "spend": [10, 3]})
    text = view.attribution_report("last", "markov", spend=spend, funnel=("page", "purchase"))
    checked = Checked()
    checked.feed(text)
    assert (checked.open, checked.loads) == ([], [])
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|<script|@import|url\(", text)
    for title in ("What there was", "Models compared: conversions", "Models compared: value", "Credit over time",
                  "Credit beside spend", "Days to convert", "Touches to convert", "Paths", "Assisted and last",
                  "What follows what", "Step by step", "Funnel"):  # fmt: skip
        assert f"<h2>{title}</h2>" in text, title
    assert "spend without credit" in text
    assert "None of them is causal" in text
    assert "Generation 1" in text


def test_what_is_shown_is_escaped(view):
    """A channel that looks like markup is shown as text, everywhere."""
    text = view.attribution_report("last")
    assert "<b>radio" not in text
    assert "&lt;b&gt;radio&lt;/b&gt; &amp; co" in text


def test_charts_of_nothing_and_of_refunds():
    """Charts without data are empty, not errors; negative values have their own side."""
    assert grouped_bars([], []).startswith("<svg")
    assert stacked_columns([], [], []).startswith("<svg")
    assert histogram([], "").startswith("<svg")
    assert "<table>" in heat_map(pd.DataFrame())
    assert sankey(steps(from_paths([], []))) == ""
    widths = [
        float(w)
        for w in re.findall(r'width="([\d.-]+)" height', grouped_bars([("a", [5.0, -5.0])], ["x", "y"]))
    ]
    assert widths[0] == widths[1] > 0
    assert "-" not in "".join(
        re.findall(r'height="(-[\d.]+)"', stacked_columns(["m"], [[3.0, -1.0]], ["x", "y"]))
    )


def test_flows_keep_their_size():
    """The flows out of a node of the diagram are as thick as it is tall."""
    drawn = sankey(steps(from_paths([["a", "b"], ["a", "c"]], [30, 10], [0, 20]), 2))
    thick = [float(t) for t in re.findall(r'stroke-width="([\d.]+)"', drawn)]
    tall = [float(t) for t in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert thick[0] + thick[1] == pytest.approx(tall[0], abs=0.2)


def test_an_empty_store_makes_a_page(make_project):
    """Without a conversion or an event the page says so in zeros."""
    project = make_project(TOML, e__csv="time,kind,channel,value,cookie\n")
    run(project)
    with View(Store.open(project.store)) as opened:
        assert "What there was" in opened.attribution_report()
        assert opened.attribute("last", "markov").totals["conversions"] == 0
        assert opened.journeys("steps").empty
