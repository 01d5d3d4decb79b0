"""scvgraph explain: a reason a person can read, and the same as JSON."""

from __future__ import annotations

import json

from graph_world import scvgraph, world

__all__ = ["scvgraph", "world"]


def test_why_together(scvgraph):
    """The verdict, each step with sentence, weight and rows, and the weakest named."""
    output = scvgraph("explain", "jane.doe@work.com", "ck-jane").output
    assert output.startswith("both belong to C000000001: joined by 3 steps, together 0.679 sure")
    assert "were seen together at a sign-in, weight 0.97" in output
    assert "weight 0.7  (the weakest step)" in output
    assert "without the weakest step the two would not be together" in output


def test_why_apart(scvgraph):
    """Exit code 0: it is an answer. The refused step is marked with its constraint."""
    result = scvgraph("explain", "+447400123456", "L-88")
    assert result.exit_code == 0
    assert "  x phone:+447400123456  loyalty_id:L-88" in result.output
    assert "not followed: one customer has one loyalty_id" in result.output


def test_json_shape(scvgraph):
    found = json.loads(scvgraph("explain", "jane@x.com", "L-77", "--json").output)
    assert set(found) == {
        "a", "b", "same", "verdict", "certainty", "path", "weakest", "independent", "bridge", "refused",
            "related",
    }  # fmt: skip
    assert found["path"][0]["rows"][0]["source"] == "web"


def test_scripts_ask_for_same(scvgraph):
    """With --json `same` is true or false, and the exit code is 0 for either: both are answers."""
    for pair, same in ((("jane@x.com", "LOYALTY_ID:L-77"), True), (("Email:jane@x.com", "L-88"), False)):
        result = scvgraph("explain", *pair, "--json")
        assert result.exit_code == 0
        assert json.loads(result.output)["same"] is same


def test_unknown(scvgraph):
    result = scvgraph("explain", "jane@x.com", "nobody@x.com")
    assert result.exit_code == 1
    assert "nobody is known by 'nobody@x.com'" in result.stderr


def test_two_customers_who_are_related(scvgraph):
    """Two customers that share something are said to be related, and by what; others are not."""
    words = ("explain", "email:jane@x.com", "email:john@x.com")
    said = "C000000001 and C000000002 are related by device_id, phone (device_id:tablet-1, phone:+447400123456), strength 0.760, in one household"
    assert said in scvgraph(*words).output
    assert json.loads(scvgraph(*words, "--json").output)["related"]["why"] == "device_id, phone"
    assert (
        json.loads(scvgraph("explain", "john@x.com", "phone:+447400000001", "--json").output)["related"]
        is None
    )
