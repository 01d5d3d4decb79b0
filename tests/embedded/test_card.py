"""Look-ups: any spelling finds its customer; marked, gone, unknown and hostile values get an answer too."""

from __future__ import annotations

import pytest

from graph_world import ANA, FOREIGN, JANE, JOHN, QUOTES, ZOE
from scvgraph.errors import UnknownName


@pytest.mark.parametrize(
    ("asked", "customer"),
    [
        ("jane@x.com", JANE), (" Jane@X.com ", JANE), ("email:jane@x.com", JANE), ("07400 123456", JANE),
        ("+44 (0)7400 123456", JANE), ("L-77", JANE), ("ck-jane", JANE), (JOHN, JOHN), ("+447400000001", ANA),
        (QUOTES, ZOE), (FOREIGN, ZOE), (f"loyalty_id:{QUOTES}", ZOE),
    ],
)  # fmt: skip
def test_finds_the_customer(view, asked, customer):
    """A value in any usual spelling, with its kind or without, or the customer's id."""
    found = view.lookup(asked)
    assert [card.id for card in found.customers] == [customer]
    assert found.found


@pytest.mark.parametrize(
    ("asked", "customer"),
    [("Email:jane@x.com", JANE), ("LOYALTY_ID:L-77", JANE), (JOHN.lower(), JOHN), ("c000000008", JANE)],
)
def test_kinds_and_ids_are_read_in_either_case(view, asked, customer):
    """The name of a kind and the C of an id may be written in capitals or not; the answer says what was asked."""
    found = view.lookup(asked)
    assert [card.id for card in found.customers] == [customer]
    assert found.asked == asked


def test_values_keep_their_case(view):
    """Only the prefix is read so: ids that differ in capitals are different ids."""
    assert not view.lookup("loyalty_id:l-77").found
    assert [card.id for card in view.lookup("L-77", kind="Loyalty_ID").customers] == [JANE]


def test_a_card_holds_what_is_known(view):
    """Golden record, identifiers with evidence, and the last touchpoints, the latest first."""
    (card,) = view.lookup("jane@x.com").customers
    assert card.traits == {"first_name": "Jane", "last_name": "Doe"}
    assert card.identifier_count == 6
    assert [held.id for held in card.identifiers][:2] == ["cookie_id:ck-jane", "device_id:tablet-1"]
    assert [(t.seq, t.channel) for t in card.touchpoints] == [(3, "store"), (2, "email"), (1, "search")]


def test_kind_narrows_and_is_checked(view):
    """Asked as another kind the value is unknown; an unknown kind is an error that lists the kinds."""
    assert not view.lookup("L-77", kind="cookie_id").found
    with pytest.raises(UnknownName, match="cookie_id, device_id"):
        view.lookup("L-77", kind="card")


def test_shared_and_placeholder_say_whom_they_touch(view):
    """No card, but what the identifier is, who holds it when, and whom it was seen with."""
    (tablet,) = view.lookup("tablet-1").loose
    assert tablet.identifier.status == "shared"
    assert {(t.customer, t.relation) for t in tablet.customers} == {(JANE, "holds"), (JOHN, "holds")}
    (nobody,) = view.lookup("test@test.com").loose
    assert {(t.customer, t.through) for t in nobody.customers} == {
        (JANE, "loyalty_id:L-77"),
        (JOHN, "loyalty_id:L-88"),
    }


def test_an_old_id_leads_to_its_heir(view):
    """Merged twice over: the card of the survivor, and both changes in order."""
    found = view.lookup("C000000008")
    assert [card.id for card in found.customers] == [JANE]
    assert [(change.id, change.change) for change in found.changes] == [
        ("C000000008", "merged"),
        ("C000000009", "merged"),
    ]


def test_a_split_is_told_of_both_ids(view):
    """The id that lost a part and the id that came of it both say so."""
    for asked in (JOHN, ZOE):
        assert (
            view.lookup(asked)
            .changes[-1]
            .sentence.startswith("C000000004 was split from C000000002 in generation 3")
        )


def test_a_retired_id_says_so(view):
    """Nothing is found, and the message gives the reason instead of what was tried."""
    found = view.lookup("C000000007")
    assert not found.found
    assert found.unknown.startswith("C000000007 was retired in generation 3")


@pytest.mark.parametrize(
    "asked", ["nobody@nowhere.org", "", "x' OR 1=1", "$no", "{no: 1}", "a" * 10_000, "email:", "\x00"]
)
def test_unknown_values_say_what_was_tried(view, asked):
    """Neither an error nor a match: the kinds tried and the next step."""
    found = view.lookup(asked)
    assert not found.found
    assert "next:" in found.unknown
    assert found.to_dict()["found"] is False
