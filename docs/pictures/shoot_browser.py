"""Photographs Neo4j Browser with the guide, for the documents. Needs playwright and chromium.

    scvgraph browser --project examples/retail       # prints the address, after a publish
    NEO4J_PASSWORD=... python docs/pictures/shoot_browser.py ADDRESS

It is not part of docs/refresh.py: another browser draws other pixels.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests"))

from neo4j_server.browser import opened  # noqa: E402

SHOTS = {
    1: "browser-customer",
    2: "browser-journey",
    3: "browser-shared",
    4: "browser-refused",
    5: "browser-map",
}


def shoot(address: str, password: str) -> None:
    with opened(address, password) as desk:
        desk.guide.locator("h3").wait_for()
        desk.run(desk.commands().first)
        for slide in range(1, max(SHOTS) + 1):
            desk.next_slide()
            frame = desk.run(desk.commands().first)
            frame.locator("svg g.node").first.wait_for()
            overview = frame.locator(
                "[data-testid=vizInspector] button, [aria-label='Collapse the node properties display']"
            )
            if overview.count():
                overview.first.click()
            desk.page.wait_for_timeout(4000)  # until the nodes lie still
            desk.page.screenshot(path=HERE / f"{SHOTS[slide]}.png")


if __name__ == "__main__":
    shoot(sys.argv[1], os.environ["NEO4J_PASSWORD"])
