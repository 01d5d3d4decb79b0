"""Explanations: the surest path with its rows, what else supports it, and what stood in the way."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest

from graph_world import JANE
from scvgraph.embedded.explanation import Step, sentence
from scvgraph.embedded.paths import _network, support, surest_path
from scvgraph.errors import ScvgraphError
from scvgraph.sightings import RULES


def test_the_surest_path_and_its_rows(view):
    """Through a decision, two sign-ins and a page view; each step with rule, rows and weight."""
    found = view.explain("jane.doe@work.com", "cookie_id:ck-jane")
    assert found.same
    assert found.a.customer == found.b.customer == JANE
    assert [step.rule for step in found.path] == ["must_link", "login", "page"]
    assert found.certainty == pytest.approx(1.0 * 0.97 * 0.7)
    assert found.weakest == 2
    assert found.bridge
    login = found.path[1]
    assert (login.a, login.b) == ("email:jane@x.com", "loyalty_id:L-77")
    assert login.sentence == RULES["login"].sentence
    assert [row.source for row in login.rows] == ["web", "web"]
    assert all(len(row.key) == 16 for row in login.rows)


def test_a_record_is_named_by_its_key(view):
    """The row behind a link is the source's own key where it has one."""
    (step,) = view.explain("jane@x.com", "phone:07400123456").path
    assert [(row.source, row.key) for row in step.rows] == [("crm", "crm-1")]


def test_independent_support(view):
    """Without the weakest step the two stay together: it is no bridge."""
    found = view.explain("jane@x.com", "L-77")
    assert found.independent == 2
    assert not found.bridge


def test_refused_between_two_customers(view):
    """Kept apart by a decision and by a unique card; the path shows the step that was refused."""
    found = view.explain("phone:+447400123456", "loyalty_id:L-88")
    assert not found.same
    assert {step.reason for step in found.refused} >= {"unique", "cannot_link"}
    assert [(step.followed, step.refused_by) for step in found.path] == [
        (False, "one customer has one loyalty_id")
    ]


def test_a_decision_is_no_evidence(view):
    """No path leads through the saying that two are apart."""
    found = view.explain("jane@x.com", "john@x.com")
    assert "a person said they are two people" in found.verdict
    assert all(step.rule is not None for step in found.path)


def test_no_evidence(view):
    found = view.explain("+447400000001", "jane@x.com")
    assert found.path == ()
    assert "no evidence connects them" in found.verdict


def test_only_through_a_shared_one(view):
    """Where one end is shared, the verdict names it as the reason."""
    found = view.explain("tablet-1", "jane@x.com")
    assert found.a.customer is None
    assert "connected only through device_id:tablet-1, which is shared" in found.verdict


def test_the_same_identifier_twice(view):
    assert "one identifier" in view.explain("jane@x.com", "email:JANE@x.com").verdict


@pytest.mark.parametrize(
    ("asked", "said"), [("nobody@x.com", "nobody is known by"), (JANE, "scvgraph customer")]
)
def test_unknown_ends(view, asked, said):
    """An unknown value, and a customer id where an identifier is needed."""
    with pytest.raises(ScvgraphError, match=said):
        view.explain("jane@x.com", asked)


def test_paths_against_an_oracle():
    """The surest path is the best among all simple paths; independent ways are edge-disjoint paths."""
    weights = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): 0.8, ("c", "d"): 0.5, ("b", "d"): 0.4}
    steps = [
        Step(a, b, "login", sentence("login"), w, 1, None, None, followed=True, reason=None, refused_by=None)
        for (a, b), w in weights.items()
    ]
    network = _network(steps)

    def product(nodes):
        total = 1.0
        for pair in pairwise(nodes):
            total *= network.edges[pair]["step"].weight
        return total

    best = max(nx.all_simple_paths(network, "a", "d"), key=product)
    path = surest_path(network, "a", "d")
    assert [path[0].a, *(step.b for step in path)] == best
    assert support(network, "a", "d", path[-1]) == (2, False)


def test_every_rule_has_a_sentence():
    """Rules of other stages are named, not dropped."""
    assert all(sentence(rule) for rule in RULES)
    assert "fuzzy" in sentence("fuzzy")
