"""The real Neo4j Browser on a published graph: it connects, opens the guide, loads the style and runs every query."""

from __future__ import annotations

import os
import threading

import pytest

from neo4j_server.browser import ERRORS, chromium, opened
from scvgraph.browser.address import Place
from scvgraph.browser.files import files
from scvgraph.browser.serve import FileServer
from town import CRM, WEB, ran_and_published, write

NAMES = (
    "<img src=x onerror=alert(1)>",
    "'}) DETACH DELETE n //",
    "node { color: red }",
    "</pre><script>alert(2)</script>",
    "{id}",
)


@pytest.fixture
def desk(own_server, empty, tmp_path):
    """Browser on a town whose names, cards and channels look like HTML, Cypher and GraSS; settings of Neo4j's own."""
    if chromium() is None:
        if os.environ.get("SCVGRAPH_NEO4J") == "required":
            pytest.fail("no chromium here; Debian's package is called chromium")
        pytest.skip("no chromium here; Debian's package is called chromium")
    if os.environ.get("SCVGRAPH_NEO4J") != "required":
        pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    crm = [(f"h{n}", "2026-01-05", f"h{n}@x.com", name, name) for n, name in enumerate(NAMES)]
    web = [
        (f"2026-02-1{day}T10:0{n}", "page", name, "5" if day == 2 else "", f"h{n}@x.com", name)
        for n, name in enumerate(NAMES)
        for day in range(3)
    ]
    ran_and_published(empty, write(tmp_path, [*CRM, *crm], [*WEB, *web]))
    place = Place(empty.uri, empty.user, empty.database, own_server.browser)
    with FileServer(0, place.origin) as server:
        server.files = files(server.base)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with opened(place.address(server.base), empty.password) as found:
            yield found
        server.shutdown()
        thread.join()


def test_the_guide_from_end_to_end(desk, bolt):
    """The address connects and opens the guide; each of its commands succeeds; values are shown and do nothing."""
    desk.guide.get_by_text("Customers, and why we think so").wait_for()
    before = count(bolt)
    ran = {}
    while True:
        for n in range(desk.commands().count()):
            command = desk.commands().nth(n)
            text = command.inner_text().strip()
            frame = desk.run(command)
            assert desk.page.locator(ERRORS).all_inner_texts() == [], text
            ran[text] = frame.inner_text()
            if text.startswith("MATCH p = (:Channel)"):
                frame.locator("svg g.node").first.wait_for()
        if not desk.next_slide():
            break
    assert len(ran) == 19  # one parameter is set on two pages
    styled = next(said for text, said in ran.items() if text.startswith(":style"))
    assert "node.LoyaltyId" in styled
    attributed = next(said for text, said in ran.items() if "AS linear_value" in text)
    assert NAMES[0] in attributed

    frame = desk.type("MATCH p = (:Customer)-[:HAS]->(:LoyaltyId) RETURN p")
    frame.locator("svg g.node").first.wait_for()
    fills = {circle.get_attribute("fill") or "" for circle in frame.locator("svg g.node circle").all()}
    assert {"#1F3A5F", "#8E5EA2"} <= {fill.upper() for fill in fills}
    desk.type("MATCH (c:Customer) RETURN c.first_name, c")
    assert desk.page.locator("[data-testid=frame] img, [data-testid=frame] script").count() == 0
    assert desk.dialogs == []
    assert count(bolt) == before


def count(bolt):
    return bolt.execute_query("MATCH (n) RETURN count(n)", database_="neo4j").records[0].value()
