"""Attribution as a page: whole, closed to the network, escaping what it shows, and saying all that was asked."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from scvgraph.api import View
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
        self.loads += [
            value
            for name, value in attrs
            if name in ("src", "href", "onload", "onclick") and not value.startswith("#")
        ]
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
    assert "default-src &#x27;none&#x27;" in text
    assert not re.search(r"https?://|<script|@import|url\(", text)
    for title in ("Models compared: conversions", "Models compared: value", "Credit over time", "Credit beside spend",
                  "How long it takes", "Paths", "Assisted and last", "What follows what", "Step by step", "Funnel",
                  "What it rests on"):  # fmt: skip
        assert f"<h2>{title}</h2>" in text, title
    places = set(re.findall(r'href="#([^"]+)"', text))
    assert places == set(re.findall(r'<section id="([^"]+)"', text))
    assert "spend without credit" in text
    assert "None of them is causal" in text
    assert "Generation 1" in text


def test_what_is_shown_is_escaped(view):
    """A channel that looks like markup is shown as text, everywhere."""
    text = view.attribution_report("last")
    assert "<b>radio" not in text
    assert "&lt;b&gt;radio&lt;/b&gt; &amp; co" in text


def test_an_empty_store_makes_a_page(make_project):
    """Without a conversion or an event the page says so in zeros."""
    project = make_project(TOML, e__csv="time,kind,channel,value,cookie\n")
    run(project)
    with View(Store.open(project.store)) as opened:
        assert "<dt>conversions</dt><dd>0" in opened.attribution_report()
        assert opened.attribute("last", "markov").totals["conversions"] == 0
        assert opened.journeys("steps").empty


def test_all_that_was_asked_is_on_it(view):
    """Segments, intervals, agreement, positions and orders stand on the page, with the options they came from; the funnel is of the
    time asked for.
    """
    plain = view.attribution_report("last", "markov")
    assert "Does it hold?" not in plain
    text = view.attribution_report(
        "last", "markov", segment="kind", intervals=True, draws=7, level=0.8, agreement=True, positions=True, orders=2, folds=3, seed=5,
        funnel=("page", "purchase"), since="2026-01-02", until="2026-03-01", lookback_days=12.5,
    )  # fmt: skip
    for said in ("By kind", "Does it hold?", "Intervals", "Agreement", "Positions", "Markov orders", "drawn anew 7 times, seed 5: 80%",
                 "3 folds of customers held out", "from 2026-01-02, before 2026-03-01", 'class="reach"'):  # fmt: skip
        assert said in text, said
    for name, value in (
        ("options.intervals.draws", "7"), ("options.orders.folds", "3"), ("options.funnel.steps", "page, purchase"),
        ("question.segment", "kind"), ("question.journeys.lookback_days", "12.5"), ("question.journeys.since", "2026-01-02"),
        ("generation", "1"), ("causal", "no"),
    ):  # fmt: skip
        assert f"<td>{name}</td><td>{value}</td>" in text, name
    (funnel,) = re.findall(r'<section id="funnel">.*?</section>', text)
    assert re.findall(r'<td class="number">([^<]*)', funnel)[0] == "1"  # c1 saw its page before


def test_totals_reconcile_on_it(view):
    """The last row of every table of credit is what there was, unattributed conversions and refunds among it; spend adds
    up to what was spent, and what is of another time is said.
    """
    spend = pd.DataFrame(
        {
            "channel": ["Email", "Billboard", "Email"],
            "date": ["2026-01-05", "2026-02-01", "2031-01-01"],
            "spend": [10, 3, 99],
        }
    )
    text = view.attribution_report(
        "last", "markov", spend=spend, period="month", until="2027-01-01", segment="kind"
    )
    feet = re.findall(r"<tfoot><tr>(.*?)</tr></tfoot>", text)
    cells = [re.findall(r"<td[^>]*>([^<]*)", foot) for foot in feet]
    assert cells[0] == ["total", "2", "2"]
    assert cells[1] == ["total", "20", "20"]
    assert [row[-1] for row in cells[2:4]] == ["2", "20"]  # over time
    assert all(row[-1] in ("2", "20") for row in cells[4:8])  # by segment, two models
    assert [row[1] for row in cells[8:10]] == ["13", "13"]
    assert cells[10][2:5] == ["2", "20", "13"]
    assert "Spend of 99 is not of the time asked for." in text


def test_cells_of_several_columns_and_many_models_are_drawn(view):
    """Credit by two columns and sixteen models makes a page; what is beyond the colours comes in stripes."""
    spend = pd.DataFrame({"channel": ["Email", "Email"], "kind": ["purchase", "page"], "spend": [10, 3]})
    models = ("first", "last", "last_non_direct", "linear", "linear_unique", "u", "j", "inverse_j", "w", "time_decay", "custom",
              "participation", "markov", "shapley", "shapley_ordered", "counterfactual")  # fmt: skip
    text = view.attribution_report(*models, by=("channel", "kind"), spend=spend, period="day")
    assert "Email / purchase" in text
    assert 'class="series k5 again"' in text
    assert "(overlap)" in text


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_in_a_browser(opened, view, tmp_path, width, scheme):
    """On a telephone and on a desk, in light and dark: charts have a size and colours, and the keyboard reaches what
    scrolls and what opens.
    """
    spend = pd.DataFrame({"channel": ["Email"], "spend": [10]})
    text = view.attribution_report("last", "markov", spend=spend, agreement=True, intervals=True, draws=5, segment="kind",
                                   funnel=("page", "purchase"))  # fmt: skip
    (tmp_path / "r.html").write_text(text, encoding="utf-8")
    page = opened((tmp_path / "r.html").as_uri(), width, scheme)
    for part in (
        ".groups",
        "#credit-over-time svg",
        "#how-long-it-takes svg",
        "svg.sankey",
        "table.heat",
        "#funnel .groups",
    ):
        assert page.locator(part).first.bounding_box()["height"] > 30, part
    bar = page.locator(".one .bar").first
    assert bar.bounding_box()["width"] > 20
    assert bar.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert (
        page.locator("#credit-over-time rect").first.evaluate("e => getComputedStyle(e).fill")
        != "rgb(0, 0, 0)"
    )
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"A.", "DIV.wide", "SUMMARY."} <= seen


def test_it_reads_well_on_paper(opened, view, tmp_path):
    """Printed from a dark screen it is dark on light, keeps the colours of its charts, and has no links to places."""
    (tmp_path / "r.html").write_text(view.attribution_report("last", "markov"), encoding="utf-8")
    page = opened((tmp_path / "r.html").as_uri(), 800, "dark")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert sum(int(n) for n in re.findall(r"\d+", ink)[:3]) < 200
    assert page.locator(".one .bar").first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
