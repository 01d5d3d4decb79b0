"""scvgraph show: a page for people, files for other programs."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from graph_world import FOREIGN, JANE, QUOTES, ZOE, scvgraph, world

__all__ = ["scvgraph", "world"]


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_page_named_after_the_customer(scvgraph, tmp_path):
    """By any of its values; the page has name, refusals with their reason, relatives and journey."""
    result = scvgraph("show", "jane@x.com")
    assert result.exit_code == 0, result.output
    assert f"in {JANE}.html" in result.output
    text = (tmp_path / f"{JANE}.html").read_text(encoding="utf-8")
    for said in ("<h1>Jane Doe</h1>", "one customer has one loyalty_id", "Related customers", "Journey"):
        assert said in text, said
    assert [file.name for file in tmp_path.iterdir()] == [f"{JANE}.html"]


def test_values_that_are_spelled_to_hurt(scvgraph, tmp_path):
    """Quotes and foreign letters are shown as they are."""
    assert scvgraph("show", f"loyalty_id:{QUOTES}", "--to", "z.html").exit_code == 0
    assert FOREIGN in (tmp_path / "z.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "read"), [("z.graphml", nx.read_graphml), ("z.gexf", nx.read_gexf)])
def test_files_for_other_programs(scvgraph, tmp_path, file, read):
    """By the ending of the name."""
    assert scvgraph("show", ZOE, "--to", file).exit_code == 0
    assert set(read(tmp_path / file)) == {f"loyalty_id:{QUOTES}", f"loyalty_id:{FOREIGN}"}


def test_what_is_nobodys(scvgraph, tmp_path):
    """A shared identifier is shown with the customers it touches."""
    result = scvgraph("show", "tablet-1", "--to", "t.html")
    assert "no single customer" in result.output
    assert "owned by two people in turns" in (tmp_path / "t.html").read_text(encoding="utf-8")


def test_json_has_a_stable_shape(scvgraph):
    said = json.loads(scvgraph("show", JANE, "--to", "j.html", "--json").output)
    assert list(said) == ["asked", "customer", "identifiers", "links", "not_followed", "drawn", "left_out", "touchpoints", "file"]  # fmt: skip
    assert (said["customer"], said["touchpoints"], said["file"]) == (JANE, 3, "j.html")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nobody@x.com",), 1, "nobody is known"),
        (("jane@x.com", "--to", "x.png"), 2, ".graphml"),
        (("jane@x.com", "--to", "x.gexf", "--open"), 2, "--open opens pages"),
        (("jane@x.com", "--to", "no/x.html"), 2, "no folder"),
        (("jane@x.com", "-k", "shoe"), 2, "no identifier kind"),
    ],
)
def test_refusals(scvgraph, tmp_path, words, code, said):
    """What is wrong and what to do; nothing is left behind."""
    result = scvgraph("show", *words)
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert not list(tmp_path.iterdir())
