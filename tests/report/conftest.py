"""Pages looked at in a browser: Chromium as the system has it."""

from __future__ import annotations

import re
import shutil

import pytest


@pytest.fixture(scope="module")
def browser():
    """A Chromium without a window; tests that need one are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium here; Debian's package is called chromium")
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser):
    """Opens an address and asserts what holds of every page: nothing sticks out, nothing but itself is requested, no
    error is logged, no value runs and none is an image, and text stands out from a ground of the scheme.
    """
    pages = []

    def open_page(place: str, width: int = 1200, scheme: str = "light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append("a value ran"), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(place)
        assert (said, asked) == ([], [place])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("img").count() == 0
        ink, ground = (
            [int(n) for n in re.findall(r"\d+", page.evaluate(f"getComputedStyle(document.body).{key}"))[:3]]
            for key in ("color", "backgroundColor")
        )
        assert abs(sum(ink) - sum(ground)) > 400
        assert (sum(ground) > 600) == (scheme == "light")
        return page

    yield open_page
    for page in pages:
        page.close()
