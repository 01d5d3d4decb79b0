"""scvgraph customer: everything of one, the journey paged."""

from __future__ import annotations

import json

from graph_world import ANA, JANE, JOHN, scvgraph, world

__all__ = ["scvgraph", "world"]


def test_everything_of_one(scvgraph):
    """Each value with its source, links followed and not, the journey, and what happened to the id."""
    output = scvgraph("customer", JANE).output
    for said in (
        "first_name  Jane   crm     crm-1",
        "links (5)",
        "links not followed (4)",
        "one customer has one loyalty_id",
        "journey  3 of 3 touchpoints",
        "C000000009 was merged into C000000001 in generation 3: joined by record",
    ):
        assert said in output, said


def test_the_last_few_touchpoints(scvgraph):
    """--last keeps the latest, oldest of them first; --all keeps all; 0 only counts."""
    found = [
        json.loads(scvgraph("customer", JANE, *words, "--json").output)
        for words in (["--last", "2"], ["--all"], ["--last", "0"])
    ]
    assert [[t["seq"] for t in each["touchpoints"]] for each in found] == [[2, 3], [1, 2, 3], []]
    assert {each["touchpoint_count"] for each in found} == {3}


def test_json_shape(scvgraph):
    found = json.loads(scvgraph("customer", JOHN, "--json").output)
    assert set(found) == {
        "id", "traits", "provenance", "first_seen", "last_seen", "rows", "identifiers", "links", "refused",
        "touchpoint_count", "touchpoints", "lineage", "household", "related",
    }  # fmt: skip
    assert found["provenance"]["first_name"]["source"] == "crm"


def test_ids_in_either_case(scvgraph):
    """The C of an id may be small."""
    assert scvgraph("customer", JANE.lower()).output == scvgraph("customer", JANE).output


def test_old_and_unknown_ids(scvgraph):
    """An id that is gone names its heir; one that never was suggests a look-up."""
    for customer_id, said in (
        ("C000000009", "see `scvgraph customer C000000001`"),
        ("C000000007", "it holds nothing now"),
        ("C999999999", "scvgraph lookup VALUE"),
        ("x' OR '1'='1", "no customer x' OR '1'='1"),
    ):
        result = scvgraph("customer", customer_id)
        assert result.exit_code == 1
        assert said in result.stderr


def test_related_customers(scvgraph):
    """Whoever shares something, the strongest first, with the golden name, by what, and whether in one household."""
    output = scvgraph("customer", JANE).output
    assert "related customers (2)  household H000000001" in output
    assert "C000000002  John  device_id, phone      0.76  yes" in output
    found = json.loads(scvgraph("customer", JANE, "--json").output)
    assert found["household"] == "H000000001"
    assert found["related"][0] == {
        "customer": JOHN, "name": "John", "why": "device_id, phone", "strength": 0.76, "things": 2,
        "household": True, "through": ["device_id:tablet-1", "phone:+447400123456"],
    }  # fmt: skip
    assert [(each["customer"], each["household"]) for each in found["related"]] == [
        (JOHN, True),
        (ANA, False),
    ]
