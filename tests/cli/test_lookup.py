"""scvgraph lookup: what an operator reads, what a script reads, and when it fails."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from graph_world import JANE, QUOTES, make_world, scvgraph, world

__all__ = ["scvgraph", "world"]

HEAVY = ("duckdb", "numpy", "pandas", "networkx", "pyarrow", "rich", "numba")


def test_a_card(scvgraph):
    """Id, golden record, identifiers and last touchpoints, aligned and without colour where nobody looks."""
    result = scvgraph("lookup", "Jane@X.com")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith(f"{JANE}  6 rows, 2026-01-01 to 2026-01-09")
    assert "  first_name  Jane" in lines
    assert any(line.startswith("  device_id") and "shared" in line for line in lines)
    assert "last touchpoints  3 of 3" in lines
    assert "\x1b" not in result.output


def test_json_is_the_api(scvgraph, world):
    """--json prints exactly what `to_dict()` gives."""
    from scvgraph.api import open_view

    result = scvgraph("lookup", QUOTES, "--json")
    with open_view(world.folder) as view:
        assert json.loads(result.output) == view.lookup(QUOTES).to_dict()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("test@test.com", "email:test@test.com is a placeholder and merges nobody"),
        ("tablet-1", "device_id:tablet-1 is shared and merges nobody"),
        ("C000000008", "C000000009 was merged into C000000001 in generation 3"),
    ],
)
def test_marked_and_old_ones_are_answers(scvgraph, value, said):
    result = scvgraph("lookup", value)
    assert result.exit_code == 0
    assert said in result.output


def test_unknown_is_exit_1(scvgraph):
    """The message goes to stderr with the kinds tried; JSON still goes to stdout."""
    result = scvgraph("lookup", "nobody@x.com", "--json")
    assert result.exit_code == 1
    assert "looked for it as: email, loyalty_id" in result.stderr
    assert json.loads(result.stdout)["found"] is False


def test_unknown_kind_is_exit_2(scvgraph):
    result = scvgraph("lookup", "x", "--kind", "card")
    assert result.exit_code == 2
    assert "this store has: email" in result.stderr


def test_no_store_and_no_graph_say_what_to_run(scvgraph, tmp_path):
    assert "scvgraph run" in scvgraph("lookup", "x", store=tmp_path / "nowhere").stderr
    store = make_world(tmp_path / "store", graph=False)
    result = scvgraph("lookup", "x", store=store.folder)
    assert result.exit_code == 1
    assert "build = true" in result.stderr


def test_control_characters_do_not_reach_the_terminal(scvgraph):
    result = scvgraph("lookup", "x\x1b[31m")
    assert result.exit_code == 1


def test_imports_nothing_heavy(world):
    """A look-up answers at once because it loads no engine but the graph's."""
    code = (
        "import sys\nfrom scvgraph.cli import main\n"
        f"try:\n    main(['lookup', 'jane@x.com', '--store', {str(world.folder)!r}])\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "heavy: []"


def test_related_customers_on_the_card(scvgraph):
    """The card names the most closely related customers and how many there are."""
    output = scvgraph("lookup", "jane@x.com").output
    assert "related customers (2)  household H000000001" in output
    assert "C000000003  Ana   ip" in output
    (card,) = json.loads(scvgraph("lookup", "jane@x.com", "--json").output)["customers"]
    assert (card["household"], card["related_count"]) == ("H000000001", 2)
    assert [each["customer"] for each in card["related"]] == ["C000000002", "C000000003"]
    assert "household" not in card["traits"]
