"""Bridges and groups of a customer."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scvgraph.embedded.dossier import Link
from scvgraph.embedded.structure import structure


def link(a, b, weight=0.9, rule="login"):
    return Link(*sorted((a, b)), rule, 1, weight, None, None)


def clique(letter, size):
    names = [f"email:{letter}{n}" for n in range(size)]
    return names, [link(a, b) for a, b in combinations(names, 2)]


LEFT, RIGHT = clique("a", 12), clique("b", 7)
THIN = link("email:a0", "email:b0", 0.51, "click")


def test_two_thick_groups_on_one_thin_link():
    """The bridge and what cutting it would do, in words; the groups, and the link between them."""
    found = structure(LEFT[0] + RIGHT[0], [*LEFT[1], *RIGHT[1], THIN])
    (bridge,) = found.bridges
    assert bridge.sentence.startswith(
        "cutting email:a0 - email:b0 splits the customer into 12 and 7 identifiers: they met in one click"
    )
    assert bridge.smaller == tuple(RIGHT[0])
    assert [each.identifiers for each in found.communities] == [tuple(sorted(LEFT[0])), tuple(RIGHT[0])]
    assert found.communities[0].head == "email:a0"
    assert found.between == (THIN,)
    assert found.sentence == "it has 2 groups of 12, 7 identifiers, with 1 link between them"


def test_the_order_of_what_comes_in_plays_no_part():
    """Same identifiers and links, same answer."""
    links = [*LEFT[1], *RIGHT[1], THIN]
    forth = structure(LEFT[0] + RIGHT[0], links)
    assert structure((LEFT[0] + RIGHT[0])[::-1], links[::-1]) == forth


def test_a_single_leaf_is_no_finding():
    """That an identifier hangs on one link is usual; only sides of two and more are told."""
    names = ["email:hub", *(f"cookie_id:{n}" for n in range(9))]
    found = structure(names, [link(names[0], name) for name in names[1:]])
    assert found.bridges == ()
    assert "one group" in found.sentence


def test_small_ones():
    """Nothing, one identifier, and one that no link holds."""
    assert structure([], []).communities == ()
    assert structure(["email:a"], []).pieces == 1
    apart = structure(["email:a", "email:b", "email:c"], [link("email:a", "email:b")])
    assert (apart.pieces, apart.bridges) == (2, ())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=18))
def test_sides_are_what_cutting_leaves(pairs):
    """For any customer: without the bridge its ends lie in parts of the sizes told."""
    names = [f"email:{n}" for n in range(10)]
    links = [link(names[a], names[b]) for a, b in sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})]
    for bridge in structure(names, links).bridges:
        rest = [each for each in links if (each.a, each.b) != (bridge.a, bridge.b)]
        sides = sorted((len(_part(end, rest)) for end in (bridge.a, bridge.b)), reverse=True)
        assert tuple(sides) == bridge.sizes
        assert len(bridge.smaller) == bridge.sizes[1]


def _part(start, links):
    part, before = {start}, set()
    while part != before:
        before = set(part)
        part |= {end for each in links if part & {each.a, each.b} for end in (each.a, each.b)}
    return part
