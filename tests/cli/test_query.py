"""scvgraph query: named and typed Cypher, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

from graph_world import scvgraph, world

__all__ = ["scvgraph", "world"]


def test_list_and_describe(scvgraph):
    """Every query with its question; one with its parameters, columns and text."""
    assert "journey What did a customer do, in order?" in " ".join(scvgraph("query", "--list").output.split())
    described = scvgraph("query", "--describe", "customers_over_limit").output
    assert "default loyalty_id" in described
    assert "MATCH (c:Customer)-[:HAS]->" in described
    listed = json.loads(scvgraph("query", "--list", "--json").output)
    assert {"name", "question", "parameters", "columns"} == set(listed[0])


def test_a_named_query_in_three_forms(scvgraph):
    """The same rows as an aligned table, JSON and CSV."""
    words = ("query", "customers_over_limit", "-p", "kind=email")
    table = scvgraph(*words).stdout.splitlines()
    assert table == ["customer    identifiers", "C000000001            2"]
    assert json.loads(scvgraph(*words, "--json").output) == [{"customer": "C000000001", "identifiers": 2}]
    assert list(csv.reader(io.StringIO(scvgraph(*words, "--csv").output))) == [
        ["customer", "identifiers"],
        ["C000000001", "2"],
    ]


def test_typed_cypher(scvgraph):
    """Parameters of typed Cypher are guessed: a number is a number, quotes stay quotes."""
    cypher = "MATCH (t:Touchpoint) WHERE t.seq >= $n RETURN count(t) AS n"
    assert json.loads(scvgraph("query", cypher, "-p", "n=2", "--json").output) == [{"n": 3}]
    cypher = "MATCH (i:Identifier {value: $v}) RETURN i.id"
    assert json.loads(scvgraph("query", cypher, "-p", "v=x'}) RETURN 1", "--json").output) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--list"),
        (("nix",), 2, "no query named 'nix'"),
        (("journey",), 2, "needs customer"),
        (("journey", "-p", "customer"), 2, "write -p name=value"),
        (("channel_map", "-p", "minimum=x"), 2, "not a whole number"),
        (("MATCH (n) RETURN m",), 1, "m"),
        (("MATCH (n:Nix) RETURN n",), 1, "hint:"),
    ],
)
def test_failures(scvgraph, words, code, said):
    result = scvgraph("query", *words)
    assert result.exit_code == code
    assert said in result.stderr


def test_the_projects_own_folder(world, tmp_path):
    """Beside scvgraph.toml, cypher/NAME.cypher is a query too and wins."""
    from click.testing import CliRunner

    from scvgraph.cli import main

    (tmp_path / "cypher").mkdir()
    (tmp_path / "cypher" / "channel_map.cypher").write_text("// Mine?\n// returns one\nRETURN 1 AS one\n")
    (tmp_path / "scvgraph.toml").write_text(f'[project]\nstore = "{world.folder}"\n')
    result = CliRunner().invoke(main, ["query", "channel_map", "--json", "--project", str(tmp_path)])
    assert json.loads(result.output) == [{"one": 1}]
