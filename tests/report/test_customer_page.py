"""A customer as a page, looked at in a browser."""

from __future__ import annotations

import re

import pytest

from customers import EVIL, ME, picture
from scvgraph.report.picture import Picture

SIZES = {"one": (1, 1, 0), "usual": (8, 20, 3), "large": (300, 10_000, 90)}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A page of each size."""
    folder = tmp_path_factory.mktemp("pages")
    for name, size in SIZES.items():
        (folder / f"{name}.html").write_text(picture(*size).page(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", SIZES)
def test_it_is_complete_and_escaped(size) -> None:
    """Nothing is loaded from anywhere, values are text, and the one script is the page's own."""
    made = picture(*SIZES[size]).page()
    assert not re.search(r"https?://|<img|url\(|@import|javascript:", made)
    assert made.count("<script") == made.count("</script") == 1
    assert "&lt;/script&gt;&lt;img src=x" in made
    assert re.search(r"default-src &#x27;none&#x27;.*script-src &#x27;sha256-", made)
    assert "personal data" in made


def test_the_same_customer_is_the_same_page() -> None:
    """No date, order of sets or random number gets into it."""
    assert picture().page() == picture().page()


def test_large_customers_are_cut_and_it_says_so() -> None:
    """Of 300 identifiers and 90 around them the best linked are drawn; the graph has all."""
    large = picture(300, 1, 90)
    told = large.to_dict()
    assert (told["identifiers"], told["drawn"], told["left_out"]) == (390, 160, 230)
    assert "230 are left out" in large.page()
    assert len(large.graph()) == 390


def test_what_holds_it_together_is_said() -> None:
    """Groups, weak spots and the reasons of refusals stand in words."""
    made = picture(12, 5, 3).page()
    assert re.search(r"Weak spot: cutting .* splits the customer into \d+ and \d+ identifiers", made)
    assert "one end is a placeholder" in made
    assert "the ends belong to different customers" in made
    assert "1 customer" not in re.findall(r"household</dt><dd>([^<]*)", made)[0]


def test_an_identifier_of_nobody() -> None:
    """What is shared has a page without a customer, that names those it touches."""
    known = picture()
    made = Picture(EVIL, known.neighbourhood, None).page()
    assert "Customers it touches" in made
    assert f"belongs to {ME}" in made
    assert ME in made
    assert "<img" not in made


def test_in_a_notebook_it_is_a_frame() -> None:
    """The drawing in a sandbox of its own: no style leaks, nothing runs."""
    made = picture()._repr_html_()
    assert made.startswith("<iframe srcdoc=")
    assert 'sandbox=""' in made
    assert "<svg" not in made
    assert "&lt;svg" in made


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_in_a_browser(opened, places, size, width, scheme) -> None:
    """On a telephone and on a desk, in light and dark, small and large, and what is drawn has a size."""
    page = opened((places / f"{size}.html").as_uri(), width, scheme)
    for part in (".network", ".timeline"):
        assert page.locator(part).first.bounding_box()["height"] > 50


def test_touching_tells(opened, places) -> None:
    """A touched identifier says what is known of it and dims what is not near it, by keyboard too; Escape ends it. A
    touched mark of the journey says what it holds.
    """
    page = opened((places / "usual.html").as_uri())
    figure, panel = page.locator(".explore").first, page.locator(".panel").first
    figure.locator(".node.shared").click()
    assert "shared" in panel.inner_text()
    assert EVIL in panel.inner_text()
    assert figure.locator(".node.near").count() == 2
    assert figure.locator("svg.asked").count() == 1
    figure.locator(".node").first.press("Escape")
    assert figure.locator("svg.asked").count() == 0
    figure.locator(".node").first.press("Enter")
    assert "kind" in panel.inner_text()
    page.locator(".timeline .touch").first.click()
    assert "2025" in page.locator(".panel").nth(1).inner_text()


def test_zooming_and_printing(opened, places) -> None:
    """Buttons make the drawing larger and fit it again; on paper there are no buttons, and all of it is there."""
    page = opened((places / "large.html").as_uri())
    drawing = page.locator(".network").first
    usual = drawing.bounding_box()["width"]
    page.get_by_role("button", name="larger").click()
    assert drawing.bounding_box()["width"] > usual * 1.2
    page.get_by_role("button", name="fit into the page").click()
    assert abs(drawing.bounding_box()["width"] - usual) < 2
    page.emulate_media(media="print")
    assert not page.locator(".tools").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
