"""Photographs the page of one customer of the retail example, for the documents. Needs playwright and chromium.

    python docs/pictures/shoot.py examples/retail

It is not part of docs/refresh.py: another browser draws other pixels.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from scvgraph.api import open_view  # noqa: E402

ASKED, SIZE = "madcook67@yahoo.co.uk", {"width": 1180, "height": 1130}


def shoot(project: Path) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, open_view(project) as view, sync_playwright() as play:
        page = Path(folder) / "page.html"
        view.show(ASKED, page)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport=SIZE, color_scheme="light")
        tab.goto(page.as_uri())
        tab.screenshot(path=HERE / "show.png")
        browser.close()


if __name__ == "__main__":
    shoot(Path(sys.argv[1]))
