"""The model as a page, looked at in a browser."""

from __future__ import annotations

import re

import pytest

from scvgraph.matching.comparisons import Comparison
from scvgraph.report.model import Level, ShownModel, Trait
from scvgraph.report.model_page import model_page

EVIL = "<img src=x onerror=alert(1)>"
MODEL = ShownModel(
    generation=3,
    prior=0.001,
    prior_bits=-9.966,
    bar=0.9,
    bar_bits=3.17,
    model=None,
    traits=(
        Trait("given name", "given_name", (Level("different", 0.05, 0.97, -4.28), Level("same", 0.9, 0.01, 6.49, 2.1, 11.0))),
        Trait(EVIL, "postcode", (Level("different", 0.3, 0.99, -1.72), Level("same", 0.7, 0.001, 9.45, 8.0, 10.0))),
        Trait("middle name", "middle_name", (Level("same", 0.9, 0.5, 0.85),), counts=False),
    ),
    comparisons=(Comparison("shoe_size", "off", "declared"),),
)  # fmt: skip


def test_it_is_complete_and_escaped() -> None:
    """Nothing is loaded from anywhere, nothing runs, and names of traits are text."""
    made = model_page(MODEL, EVIL)
    assert not re.search(r"https?://|<script|<img|url\(|@import", made)
    assert made.count("&lt;img src=x") >= 3
    assert "default-src &#x27;none&#x27;" in made
    assert "hardly anybody tells it" in made
    assert "shoe size" in made


@pytest.fixture
def place(tmp_path):
    file = tmp_path / "model.html"
    file.write_text(model_page(MODEL, EVIL), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_in_a_browser(opened, place, width, scheme) -> None:
    """On a telephone and on a desk, in light and dark, and bars have a size."""
    page = opened(place, width, scheme)
    sizes = page.eval_on_selector_all(".bar", "bars => bars.map(b => b.getBoundingClientRect().width)")
    assert len(sizes) >= 8
    assert min(sizes) >= 2
    assert page.locator("svg polyline").bounding_box()["height"] > 80


def test_zero_stands_in_one_line(opened, place) -> None:
    """All traits share one scale: the lines of zero lie below each other."""
    page = opened(place)
    lefts = page.eval_on_selector_all(".levels .zero", "all => all.map(z => z.getBoundingClientRect().left)")
    assert max(lefts) - min(lefts) < 1
