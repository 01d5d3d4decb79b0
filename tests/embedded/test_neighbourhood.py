"""What lies around an identifier or a customer, links not followed included."""

from __future__ import annotations

import networkx as nx
import pytest

from graph_world import JANE, JOHN, make_world
from scvgraph.api import open_view
from scvgraph.errors import ScvgraphError, UnknownName, UsageError


def types(network):
    return nx.get_node_attributes(network, "type")


def test_one_step_around_an_identifier(view):
    """All its links, refused ones with their reason, a shared neighbour and a placeholder as what they are."""
    found = view.neighbourhood(" L-77 ")
    assert found.asked == ("loyalty_id:L-77",)
    network = found.graph()
    assert types(network)["device_id:tablet-1"] == "shared"
    assert types(network)["email:test@test.com"] == "placeholder"
    assert network.nodes["device_id:tablet-1"]["customer"] == f"{JANE}, {JOHN}"
    assert network.nodes["email:jane@x.com"]["customer"] == JANE
    refused = network.edges["loyalty_id:L-77", "device_id:tablet-1"]
    assert (refused["type"], refused["reason"]) == ("REFUSED", "shared")
    assert network.edges["email:jane@x.com", "loyalty_id:L-77"]["type"] == "LINKED"
    assert "loyalty_id:L-88" not in network


def test_steps_lead_on_but_not_through_what_merges_nobody(view):
    """A second step opens ordinary identifiers; behind the tablet and the placeholder nothing is looked for."""
    near, far = (view.neighbourhood("loyalty_id:L-77", hops=hops).graph() for hops in (1, 2))
    assert set(near) < set(far)
    assert far.nodes["email:john@x.com"]["hops"] == 2  # over a decision that two are apart
    assert far.edges["email:jane@x.com", "email:john@x.com"]["reason"] == "cannot_link"
    one = view.neighbourhood("ck-jane", hops=2).graph()  # cookie, card, and what the card is linked to
    assert "loyalty_id:L-88" not in one


def test_a_shared_identifier_asked_for_is_opened(view):
    """Whoever asks for the tablet sees whom it touches."""
    assert {"loyalty_id:L-77", "loyalty_id:L-88"} <= set(view.neighbourhood("tablet-1").graph())


def test_a_customer_is_all_its_identifiers(view):
    """By its id in either case, or by the id of one that went into it."""
    whole = view.neighbourhood(JANE, hops=0)
    assert len(whole.asked) == 6
    assert view.neighbourhood(JANE.lower(), hops=0) == whole
    assert view.neighbourhood("C000000009", hops=0) == whole


def test_a_limit_says_what_it_left_out(view):
    """The best linked of what was asked for stay, then the surest neighbours."""
    whole = view.neighbourhood(JANE)
    cut = view.neighbourhood(JANE, limit=4)
    assert len(cut.identifiers) == 4
    assert cut.left_out == len(view.neighbourhood(JANE, hops=0).identifiers) - 4 + _beyond(view, cut)
    assert {"email:jane@x.com", "loyalty_id:L-77"} <= set(cut.graph())
    assert whole.left_out == 0


def _beyond(view, cut):
    """Identifiers one step from those kept that are not of the customer."""
    kept = {name for near in cut.identifiers for name in view.neighbourhood(near.id).graph()}
    return len(kept - set(view.neighbourhood(JANE, hops=0).graph()))


def test_it_needs_no_graph_file(tmp_path, view):
    """A store built without the Cypher graph answers alike."""
    store = make_world(tmp_path / "store", graph=False)
    with open_view(store.folder) as bare:
        assert bare.neighbourhood(JANE) == view.neighbourhood(JANE)


def test_refusals(view):
    """Unknown values and kinds, and hops that make no sense."""
    with pytest.raises(ScvgraphError, match="nobody is known"):
        view.neighbourhood("nobody@x.com")
    with pytest.raises(UnknownName, match="no identifier kind"):
        view.neighbourhood("x", kind="shoe")
    with pytest.raises(UsageError, match="0 or more"):
        view.neighbourhood("L-77", hops=-1)
