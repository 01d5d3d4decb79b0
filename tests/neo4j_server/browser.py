"""The real Neo4j Browser, driven through headless Chromium: connect, read the guide, run what it offers."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = {"width": 1500, "height": 900}
ERRORS = "[data-testid=frame] :text-matches('ERROR|Neo\\\\.ClientError|not allowed|Could not parse', '')"


def chromium():
    """Where Debian's Chromium is, None where it is not."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def opened(address, password):
    """Browser at an address that connects, logged in; yields a `Desk`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.set_default_timeout(30_000)
        desk = Desk(page)
        page.goto(address)
        page.fill("input[type=password]", password)
        page.click("[data-testid=connect]")
        page.get_by_text("You are connected as user").first.wait_for()
        yield desk
        browser.close()


class Desk:
    """A page with Browser. dialogs: what scripts asked the person, which is nothing if all is well."""

    def __init__(self, page):
        self.page = page
        self.dialogs = []
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    @property
    def guide(self):
        return self.page.locator("[data-testid=guidesDrawer]")

    def next_slide(self):
        """Goes on in the guide; False at its end."""
        button = self.page.locator("[data-testid=guideNextSlide]")
        if button.count() == 0 or button.is_disabled():
            return False
        button.click()
        return True

    def commands(self):
        """What the slide offers to run."""
        return self.guide.locator("pre.runnable")

    def run(self, command):
        """Clicks the arrow of a command in the guide; returns its frame when it has its result."""
        self._mark()
        command.locator("i.fa-play-circle-o").click()
        return self._result()

    def type(self, text):
        """Types into the editor and runs it."""
        self._mark()
        self.page.click("#monaco-main-editor")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        return self._result()

    def _mark(self):
        """The frames that are there: their number says nothing, for Browser keeps fifteen and drops the oldest."""
        self.page.evaluate(
            "document.querySelectorAll('[data-testid=frame]').forEach(frame => frame.dataset.old = 'yes')"
        )

    def _result(self):
        frame = self.page.locator("[data-testid=frame]:not([data-old])").first
        frame.wait_for()
        frame.locator("[data-testid=frame-loaded-contents], [data-testid=frameContents]").first.wait_for()
        frame.locator("[data-testid=spinner]").first.wait_for(state="detached")
        return frame
