"""The table of kinds."""

from __future__ import annotations

from scvgraph.identifiers.kinds import BUILT_IN, rule_for


def test_every_kind_has_a_sentence_and_a_trust():
    """A row names itself, says what it is in a sentence, and is worth between nothing and certainty."""
    for name, rule in BUILT_IN.items():
        assert rule.name == name
        assert rule.title.endswith(".")
        assert 0 < rule.trust <= 1


def test_only_the_ip_links_nobody():
    """An address of a place never merges people."""
    assert [name for name, rule in BUILT_IN.items() if not rule.links] == ["ip"]


def test_an_unknown_kind_is_an_id_of_that_name():
    """A kind of the user's own needs no row."""
    rule = rule_for("membership")
    assert (rule.name, rule.links) == ("membership", True)
    assert rule.clean is BUILT_IN["crm_id"].clean
