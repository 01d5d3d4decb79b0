"""Calibration against an enumeration of all draws, and the page that shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from scvgraph.errors import UsageError
from scvgraph.evaluate import calibration
from scvgraph.evaluate.calibration import measured
from scvgraph.evaluate.intervals import wilson
from scvgraph.evaluate.truth import read_truth
from scvgraph.pipeline import run
from scvgraph.report.reliability_page import diagram, reliability_page

TOML = """
[project]
region = "GB"
[graph]
build = false
[resolve]
match = false
[sources.web]
shape = "events"
files = "web.csv"
key = "no"
time = "time"
kind = "kind"
[sources.web.identifiers]
email = "mail"
cookie_id = "cookie"
"""
WEB = """no,time,kind,mail,cookie
1,2026-01-01,login,ann@x.com,c1
2,2026-01-02,page,,c1
3,2026-01-03,page,ann@x.com,c2
4,2026-01-04,page,,c2
5,2026-01-05,page,,c2
6,2026-01-06,login,bob@x.com,c3
"""
PERSON = {"1": "A", "2": "A", "3": "A", "4": "B", "5": "A", "6": "B"}
SHOWN = {"ann@x.com": "13", "c1": "12", "c2": "345"}


@pytest.fixture
def found(make_project, tmp_path):
    truth = tmp_path / "truth.csv"
    truth.write_text(
        "key,entity\n" + "".join(f"{key},{who}\n" for key, who in PERSON.items()), encoding="utf-8"
    )
    with run(make_project(TOML, web__csv=WEB)).generation.engine() as engine:
        read_truth(engine, truth)
        said = dict(
            engine.rows(
                "SELECT i.value, m.confidence FROM memberships m JOIN identifiers i ON i.no = m.identifier"
            )
        )
        yield calibration(engine), said


def test_outcomes_are_those_of_every_draw(found) -> None:
    """Brier score and observed share are those of an enumeration; Bob's two identifiers have no rest to compare with."""
    result, said = found
    shares, briers = [], []
    for name, own in SHOWN.items():
        draws = [PERSON[x] == PERSON[y] for x in own for y in "12345" if y not in own]
        shares.append(sum(draws) / len(draws))
        briers.append(sum((said[name] - same) ** 2 for same in draws) / len(draws))
    assert (result.memberships, result.untested) == (3, 2)
    assert result.observed == pytest.approx(sum(shares) / 3)
    assert result.brier == pytest.approx(sum(briers) / 3)
    assert sum(each.count for each in result.bins) == 3


def test_nothing_to_test_is_said(make_project, tmp_path) -> None:
    """Where no customer has labelled rows on both sides, an error says what is needed."""
    truth = tmp_path / "truth.csv"
    truth.write_text("key,entity\n6,B\n", encoding="utf-8")
    with run(make_project(TOML, web__csv=WEB)).generation.engine() as engine:
        read_truth(engine, truth)
        with pytest.raises(UsageError, match="calibration needs"):
            calibration(engine)


def test_interval_knows_that_customers_are_right_or_wrong_together() -> None:
    """A thousand memberships of ten customers say less than a thousand of a thousand."""
    said, share = np.full(1000, 0.92), np.repeat([1.0, 0.0], [900, 100])
    alone = measured(said, share, np.arange(1000), 1000).bins[0]
    crowd = measured(said, share, np.arange(1000) // 100, 1000).bins[0]
    assert alone.observed == crowd.observed == 0.9
    width = [each.interval[1] - each.interval[0] for each in (alone, crowd)]
    assert width[1] > 5 * width[0]


def test_one_customer_is_one_observation() -> None:
    """A bin of one customer knows one thing, however many memberships; of few customers less than their number seems."""
    share = np.repeat([1.0, 0.0], [40, 10])
    one = measured(np.full(50, 0.92), share, np.zeros(50, np.int64), 50).bins[0]
    assert one.interval == wilson(0.8, 1)
    two = measured(np.full(50, 0.92), share, np.arange(50) // 40, 50).bins[0]
    assert two.interval == pytest.approx(wilson(0.8, 0.16 / (2 * (8**2 + 8**2) / 50**2)))


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    """Bins cover 0 to 1, both included."""
    bins = measured(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.arange(2), 2).bins
    assert [(each.low, each.high) for each in bins] == [(0.0, 0.5), (0.999, 1.0)]


class _Tags(HTMLParser):
    VOID = ("meta",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.outside += [value for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_page_is_whole_and_needs_nothing_else(found) -> None:
    """Every tag is closed, nothing is fetched, a title is escaped, each bin has a point."""
    result, _ = found
    page = reliability_page(result, "<script>alert(1)</script> & more")
    tags = _Tags()
    tags.feed(page)
    assert (tags.open, tags.outside) == ([], [])
    assert "script" not in tags.seen
    assert tags.seen.count("circle") == len(result.bins)
    assert diagram(result.bins) in page
    assert "default-src 'none'" in unescape(page)


def test_page_is_drawn_by_a_browser(found, tmp_path) -> None:
    """Headless Chromium finds a drawing of the diagram's size on the page."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium on the path")
    file = tmp_path / "page.html"
    probe = (
        "<script>document.title = document.querySelectorAll('svg circle').length + ' '"
        " + Math.round(document.querySelector('svg').getBoundingClientRect().width)</script></body>"
    )
    file.write_text(
        reliability_page(found[0], "t")
        .replace("</body>", probe)
        .replace("default-src", "script-src 'unsafe-inline'; default-src"),
        encoding="utf-8",
    )
    call = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        file.as_uri(),
    ]
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"Chromium does not start here: {done.stderr.strip()[-200:]}")
    points, width = re.search(r"<title>(\d+) (\d+)</title>", done.stdout).groups()
    assert int(points) == len(found[0].bins)
    assert int(width) > 300
