"""Constrained clustering against a slow oracle that says what is meant with sets and a sorted list."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.nicknames import BUILT_IN
from scvgraph.resolve import constrained, kernel_order
from scvgraph.resolve.constrained import CANNOT, CONFLICT, Constraints, Links, cluster
from scvgraph.traits.told import _spelled
from scvgraph.work import NOTHING_TOLD, Told

# Names in classes that do not touch, and dates likewise: two values go together if and only if they are of one class.
CLASSES = (
    ("anna", "anne", "anna maria"),
    ("jonathan", "jon"),
    ("robert", "bob"),
    ("xiu",),
    (19700101, 19700111),
    (19880723, 19880823),
)
NAMES = sorted(value for values in CLASSES for value in values if isinstance(value, str))
DAYS = sorted(value for values in CLASSES for value in values if isinstance(value, int))
VALUES = (*NAMES, *DAYS)
CLASS_OF = [next(n for n, values in enumerate(CLASSES) if value in values) for value in VALUES]
SPELLED = _spelled(NAMES, [str(day) for day in DAYS], BUILT_IN)


def telling(said):
    """What nodes tell, from (node, code) pairs."""
    table = np.array(sorted(set(said)), np.int32).reshape(-1, 2)
    if not table.size:
        return NOTHING_TOLD
    node, code = table[:, 0].copy(), table[:, 1].copy()
    return Told(node, (code >= len(NAMES)).astype(np.int8), code, SPELLED, tuple(map(str, VALUES)))


class Case:
    """One question: nodes, links, constraints, and each node's place in the order of identifiers."""

    def __init__(self, size, links, constraints, place, active=None):
        self.size, self.links, self.constraints = size, links, constraints
        self.place = np.asarray(place, np.int64)
        self.active = active
        self.asked = []

    def rank(self, nodes):
        assert nodes.tolist() == sorted(set(nodes.tolist()))
        self.asked.append(nodes.tolist())
        return self.place[nodes]

    def solve(self):
        return cluster(self.size, self.links, self.constraints, self.rank, self.active)

    def solve_with_care(self):
        """Every component walked, as if it broke something."""
        links, constraints = constrained._frozen(self.links, self.constraints)
        active = None if self.active is None else constrained.frozen(self.active, np.bool_)
        label = constrained._plain(self.size, links, constraints, active)
        suspect = np.ones(self.size, np.bool_) if active is None else active.copy()
        return constrained._resolve(label, suspect, links, constraints, self.rank)


def columns(rows):
    """Links from rows (a, b, weight, count, first_seen)."""
    table = np.array(rows, np.int64).reshape(-1, 5).T
    return Links(*(c.astype(np.int32) for c in table[:4]), table[4])


def rows_of(links):
    return list(
        zip(*(getattr(links, c).tolist() for c in ("a", "b", "weight", "count", "first_seen")), strict=True)
    )


def limited(kind, limits, must=(), cannot=()):
    return Constraints(
        np.array(kind, np.int8),
        np.array(limits, np.int32),
        np.array(must, np.int32).reshape(-1, 2),
        np.array(cannot, np.int32).reshape(-1, 2),
    )


def oracle(case):  # noqa: C901 - the definition in one place
    """Groups as frozensets, {refused row: reason}, refused must rows: straight from the definition."""
    rules = case.constraints
    kind, limits = rules.kind.tolist(), rules.limits.tolist()
    active = [True] * case.size if case.active is None else case.active.tolist()
    group = {node: {node} for node in range(case.size)}
    cannot = [(x, y) for x, y in rules.cannot.tolist() if active[x] and active[y] and x != y]

    def apart(one, other):
        return any((x in one and y in other) or (x in other and y in one) for x, y in cannot)

    def held(members, j):
        return sum(kind[x] == j for x in members)

    told = list(
        zip(rules.told.node.tolist(), rules.told.trait.tolist(), rules.told.code.tolist(), strict=True)
    )
    trusted = [False] * len(case.links.a) if case.links.trusted is None else case.links.trusted.tolist()

    def conflict(one, other):
        for trait in (0, 1):
            ours, theirs = (
                {CLASS_OF[c] for x, t, c in told if t == trait and x in side} for side in (one, other)
            )
            if ours and theirs and not ours & theirs:
                return CONFLICT - trait
        return None

    def join(one, other):
        one |= other
        for x in other:
            group[x] = one

    refused_must = []
    for row, (x, y) in enumerate(rules.must.tolist()):
        if not (active[x] and active[y]) or group[x] is group[y]:
            continue
        if apart(group[x], group[y]):
            refused_must.append(row)
        else:
            join(group[x], group[y])

    def surest_first(row):
        a, b, weight, count, seen = rows[row]
        return -weight, -count, seen, sorted((case.place[a], case.place[b]))

    rows = rows_of(case.links)
    refused = {}
    for row in sorted(range(len(rows)), key=surest_first):
        x, y = rows[row][:2]
        if not (active[x] and active[y]) or group[x] is group[y]:
            continue
        one, other = group[x], group[y]
        broken = [
            j
            for j, most in enumerate(limits)
            if held(one, j) and held(other, j) and held(one, j) + held(other, j) > most
        ]
        if apart(one, other):
            refused[row] = CANNOT
        elif broken:
            refused[row] = broken[0]
        elif not trusted[row] and conflict(one, other):
            refused[row] = conflict(one, other)
        else:
            join(one, other)
    return {frozenset(g) for g in group.values()}, refused, refused_must


def groups_of(label):
    groups = {}
    for node, name in enumerate(label.tolist()):
        groups.setdefault(name, set()).add(node)
    return {frozenset(g) for g in groups.values()}


def refusals(found):
    return dict(zip(found.refused.tolist(), found.reason.tolist(), strict=True))


@st.composite
def cases(draw, human=True, told=False):
    size = draw(st.integers(1, 12))
    kinds = draw(st.integers(0, 3))
    node = st.integers(0, size - 1)
    pair = st.tuples(node, node).filter(lambda p: p[0] != p[1]) if size > 1 else st.nothing()
    unordered = draw(st.lists(pair, max_size=25, unique_by=frozenset)) if size > 1 else []
    # few values, so that ties are common and the order of identifiers is often asked for
    evidence = st.tuples(st.sampled_from([5, 7]), st.integers(1, 2), st.sampled_from([-3, 0, 2**40]))
    links = columns([(*p, *draw(evidence)) for p in unordered])
    some = st.lists(st.tuples(node, node), max_size=4) if human else st.just([])
    rules = limited(
        draw(st.lists(st.integers(-1, kinds - 1), min_size=size, max_size=size)),
        draw(st.lists(st.integers(1, 3), min_size=kinds, max_size=kinds)),
        draw(some),
        draw(some),
    )
    if told:
        said = draw(st.lists(st.tuples(node, st.integers(0, len(VALUES) - 1)), max_size=2 * size))
        rules = replace(rules, told=telling(said))
        trusted = draw(st.none() | st.lists(st.booleans(), min_size=links.a.size, max_size=links.a.size))
        links = links if trusted is None else replace(links, trusted=np.array(trusted, np.bool_))
    active = draw(st.none() | st.lists(st.booleans(), min_size=size, max_size=size).map(np.array))
    return Case(size, links, rules, draw(st.permutations(range(size))), active)


@settings(max_examples=400, deadline=None)
@given(cases() | cases(told=True))
def test_says_what_the_definition_says(case):
    """Groups, refused links, their reasons and refused must-links are those of the oracle."""
    found = case.solve()
    groups, refused, refused_must = oracle(case)
    assert groups_of(found.label) == groups
    assert found.label.tolist() == [min(g) for x in range(case.size) for g in groups if x in g]
    assert refusals(found) == refused
    assert found.refused.tolist() == sorted(refused)
    assert found.refused_must.tolist() == refused_must


@settings(max_examples=150, deadline=None)
@given(cases() | cases(told=True))
def test_fast_path_is_the_careful_path(case):
    """Taking a harmless component as it stands gives what walking it gives, to the byte."""
    fast, careful = case.solve(), case.solve_with_care()
    for name in sorted(set(fast.__slots__) - {"stand_apart", "part"}):
        assert getattr(fast, name).tolist() == getattr(careful, name).tolist(), name
        assert getattr(fast, name).dtype == getattr(careful, name).dtype, name


@settings(max_examples=150, deadline=None)
@given(cases() | cases(told=True), st.randoms(use_true_random=False))
def test_order_of_rows_and_ends_does_not_matter(case, random):
    """Shuffled rows with swapped ends give the same groups and refuse the same links."""
    rows = rows_of(case.links)
    order = random.sample(range(len(rows)), len(rows))
    shuffled = [(*random.sample(rows[i][:2], 2), *rows[i][2:]) for i in order]
    links = columns(shuffled)
    if case.links.trusted is not None:
        links = replace(links, trusted=case.links.trusted[order])
    other = Case(case.size, links, case.constraints, case.place, case.active).solve()
    first = case.solve()
    assert other.label.tolist() == first.label.tolist()
    assert {order[row]: why for row, why in refusals(other).items()} == refusals(first)
    assert other.refused_must.tolist() == first.refused_must.tolist()


def renumbered(told, new):
    """What nodes tell, once they have new numbers."""
    return telling(zip(new[told.node].tolist(), told.code.tolist(), strict=True))


@settings(max_examples=150, deadline=None)
@given(cases() | cases(told=True), st.randoms(use_true_random=False))
def test_numbers_of_nodes_do_not_matter(case, random):
    """Renumbering the nodes renumbers the answer: same groups of the same identifiers, same refusals."""
    new = np.array(random.sample(range(case.size), case.size), np.int32)
    old = np.argsort(new)
    links = replace(case.links, a=new[case.links.a], b=new[case.links.b])
    rules = replace(
        case.constraints,
        kind=case.constraints.kind[old],
        must=new[case.constraints.must],
        cannot=new[case.constraints.cannot],
        told=renumbered(case.constraints.told, new),
    )
    active = None if case.active is None else case.active[old]
    first, other = case.solve(), Case(case.size, links, rules, case.place[old], active).solve()
    assert {frozenset(new[list(g)].tolist()) for g in groups_of(first.label)} == groups_of(other.label)
    assert refusals(first) == refusals(other)
    assert first.refused_must.tolist() == other.refused_must.tolist()


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_answer_keeps_its_promises(case):
    """No cannot pair in a group; no limit broken but where a must-link said so; refused links still would."""
    found, rules = case.solve(), case.constraints
    on = np.ones(case.size, bool) if case.active is None else case.active
    for x, y in rules.cannot.tolist():
        assert x == y or not (on[x] and on[y]) or found.label[x] != found.label[y]
    over = set()
    for j, most in enumerate(rules.limits.tolist()):
        names, many = np.unique(found.label[rules.kind == j], return_counts=True)
        over |= set(names[many > most].tolist())
    assert found.overruled.tolist() == sorted(over)
    assert rules.must.size or not over
    for row in found.refused.tolist():
        a, b = found.label[case.links.a[row]], found.label[case.links.b[row]]
        both = np.isin(found.label, (a, b))
        pairs = rules.cannot[on[rules.cannot].all(axis=1)]
        assert a != b
        assert any(both[x] and both[y] and x != y for x, y in pairs.tolist()) or any(
            (both & (rules.kind == j)).sum() > most for j, most in enumerate(rules.limits.tolist())
        )


@settings(max_examples=100, deadline=None)
@given(cases(human=False))
def test_unconstrained_is_connected_components(case):
    """Without limits and human links the groups are networkx's components and nothing is refused."""
    free = Case(case.size, case.links, limited([-1] * case.size, []), case.place)
    graph = nx.Graph()
    graph.add_nodes_from(range(case.size))
    graph.add_edges_from(row[:2] for row in rows_of(case.links))
    found = free.solve()
    assert groups_of(found.label) == {frozenset(g) for g in nx.connected_components(graph)}
    assert not found.refused.size
    assert not free.asked


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_many_nodes_against_the_oracle(seed):
    """A few hundred nodes with many kinds (more than the mask has bits for) and many cannot pairs."""
    rng = np.random.default_rng(seed)
    size, kinds = int(rng.integers(50, 300)), int(rng.integers(1, 40))
    pairs = np.unique(np.sort(rng.integers(0, size, (2 * size, 2)), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    table = [
        pairs[:, 0], pairs[:, 1], rng.integers(1, 9, len(pairs)), rng.integers(1, 3, len(pairs)),
        rng.integers(0, 2**62, len(pairs)) >> rng.integers(0, 62),
    ]  # fmt: skip
    rules = limited(
        rng.integers(-1, kinds, size),
        rng.integers(1, 4, kinds),
        rng.integers(0, size, (int(rng.integers(0, 20)), 2)),
        rng.integers(0, size, (int(rng.integers(0, 60)), 2)),
    )
    case = Case(size, columns(np.array(table).T), rules, rng.permutation(size), rng.random(size) < 0.95)
    found = case.solve()
    groups, refused, refused_must = oracle(case)
    assert groups_of(found.label) == groups
    assert refusals(found) == refused
    assert found.refused_must.tolist() == refused_must
    assert len(case.asked) <= 1


def test_values_of_one_class_go_together_and_others_do_not():
    """The classes the oracle goes by are those of the walk: every two values, one node each."""
    for x in range(len(VALUES)):
        for y in range(len(VALUES)):
            if (x < len(NAMES)) == (y < len(NAMES)):
                rules = replace(limited([-1, -1], []), told=telling([(0, x), (1, y)]))
                found = Case(2, columns([(0, 1, 9, 1, 0)]), rules, range(2)).solve()
                assert (found.label[1] == 0) == (CLASS_OF[x] == CLASS_OF[y]), (VALUES[x], VALUES[y])


def test_a_conflict_names_the_least_values_and_the_first_trait():
    """A link refused over a trait says which two values no person has both of; names come before days."""
    anna, anne, bob, day, other = (VALUES.index(v) for v in ("anna", "anne", "bob", 19700101, 19880723))
    links = columns([(0, 1, 9, 1, 0), (1, 2, 8, 1, 0)])
    rules = replace(
        limited([-1] * 3, []), told=telling([(0, anna), (1, anne), (0, day), (2, bob), (2, other)])
    )
    found = Case(3, links, rules, range(3)).solve()
    assert refusals(found) == {1: CONFLICT}
    assert found.values.tolist() == [[anna, bob]]
    days = replace(limited([-1] * 3, []), told=telling([(0, anna), (0, day), (2, other)]))
    assert refusals(Case(3, links, days, range(3)).solve()) == {1: CONFLICT - 1}


def test_a_trusted_link_is_followed_over_a_conflict_but_not_over_a_limit():
    """One who entered a sure identifier is its owner, whatever name was given; a unique kind still refuses."""
    links = replace(columns([(0, 1, 9, 1, 0)]), trusted=np.array([True]))
    told = telling([(0, VALUES.index("anna")), (1, VALUES.index("bob"))])
    assert not Case(2, links, replace(limited([-1, -1], []), told=told), range(2)).solve().refused.size
    assert refusals(Case(2, links, replace(limited([0, 0], [1]), told=told), range(2)).solve()) == {0: 0}


def test_stand_apart_says_who_a_constraint_parts():
    """Asked after the walk: groups that a trait parts stand apart, one group's members and strangers do not."""
    links = columns([(0, 1, 9, 1, 0), (1, 2, 8, 1, 0)])
    told = telling([(0, VALUES.index("anna")), (2, VALUES.index("bob"))])
    found = Case(4, links, replace(limited([-1] * 4, []), told=told), range(4)).solve()
    pairs = np.array([[0, 2], [1, 2], [0, 1], [2, 2]], np.int32)
    assert found.stand_apart(pairs).tolist() == [True, True, False, False]


WIDE = {
    "times that fill a word": (1, 1, 2**63 - 1),
    "counts too far apart for a table": (1, 2**31 - 1, 1),
    "weights too far apart for a table": (2**31 - 1, 1, 1),
    "all of them": (2**31 - 1, 2**31 - 1, 2**63 - 1),
}


@pytest.mark.parametrize("tops", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize("coarse", [1, 1 << 20])
def test_any_numbers_may_be_evidence(tops, coarse):
    """Evidence as wide as its type, with ties and without, is followed in the right order."""
    rng = np.random.default_rng(7)
    table = [rng.integers(-top if top > 2**31 else 0, top, 3000, endpoint=True) for top in tops]
    table = [column // coarse * coarse for column in table]
    ends = [rng.integers(0, 400, 3000), rng.integers(400, 800, 3000)]
    case = Case(800, columns(np.array(ends + table).T), limited([0, *[-1] * 799], [1]), rng.permutation(800))
    case.constraints = limited(rng.integers(-1, 2, 800), [1, 2])
    groups, refused, _ = oracle(case)
    found = case.solve()
    assert groups_of(found.label) == groups
    assert refusals(found) == refused


@pytest.mark.parametrize("long_run", [2, 10_000])
def test_late_times_are_settled_in_short_runs_and_in_long_ones(monkeypatch, long_run):
    """Where time does not fit in the word, numpy and the insertion sort agree on what follows."""
    rng = np.random.default_rng(3)
    seen = rng.permutation(np.concatenate([np.arange(300), [2**62]]))
    words = kernel_order.surest_first(
        np.arange(301) << 32 | 301,
        np.zeros(400, np.int32),
        np.arange(301),
        (np.ones(301, np.int32), np.ones(301, np.int32), seen),
        lambda nodes: nodes,
    )
    assert seen[words].tolist() == sorted(seen.tolist())
    packed = (np.uint64(1) << np.uint64(9)) | np.arange(301, dtype=np.uint64)
    late = seen.astype(np.uint64)
    if long_run == 2:
        monkeypatch.setattr(kernel_order, "settle_short", lambda *_: np.array([[0, 301]]))
    kernel_order._settle(packed[:200], late, 9)
    kernel_order._settle(packed, late, 9)
    assert late[packed & np.uint64(511)].tolist() == sorted(seen.tolist())


def test_ranks_are_asked_only_for_ties_in_components_that_violate():
    """A tie in a harmless component, or between two components, costs no look-up of identifiers."""
    links = columns([(0, 1, 9, 1, 0), (2, 3, 9, 1, 0), (3, 4, 8, 1, 0), (5, 6, 9, 1, 0), (6, 7, 9, 1, 0)])
    apart = Case(8, links, limited([-1, -1, 0, -1, 0, -1, -1, -1], [1]), range(8))
    assert refusals(apart.solve()) == {2: 0}
    assert apart.asked == []
    both = Case(8, links, limited([-1, -1, 0, -1, 0, 0, -1, 0], [1]), range(7, -1, -1))
    assert refusals(both.solve()) == {2: 0, 3: 0}  # the place of 6 and 7 is before that of 5 and 6
    assert both.asked == [[5, 6, 7]]


def test_links_go_from_the_surest_down():
    """Weight counts before sightings, sightings before age, age before the identifiers."""
    kind, limits = [0, -1, 0], [1]

    def followed(*evidence):
        links = columns([(0, 1, *evidence[0]), (1, 2, *evidence[1])])
        return 1 - int(Case(3, links, limited(kind, limits), [2, 1, 0]).solve().refused[0])

    assert followed((5, 9, 0), (6, 1, 9)) == 1
    assert followed((5, 2, 9), (5, 1, 0)) == 0
    assert followed((5, 1, -9), (5, 1, -10)) == 1
    assert followed((5, 1, 0), (5, 1, 0)) == 1


def test_must_overrules_a_limit_and_the_group_still_grows():
    """A group over its limit takes in groups without the kind and refuses those with it."""
    links = columns([(1, 2, 9, 1, 0), (2, 3, 8, 1, 0)])
    found = Case(4, links, limited([0, 0, -1, 0], [1], must=[(0, 1)]), range(4)).solve()
    assert found.label.tolist() == [0, 0, 0, 3]
    assert refusals(found) == {1: 0}
    assert found.overruled.tolist() == [0]


def test_kinds_that_share_a_bit_of_the_mask_are_told_apart():
    """Of 40 kinds the last ones share a bit: a group over the limit of one still takes in another."""
    links = columns([(1, 2, 9, 1, 0), (2, 3, 8, 1, 0)])
    found = Case(4, links, limited([31, 31, 30, 31], [1] * 40, must=[(0, 1)]), range(4)).solve()
    assert found.label.tolist() == [0, 0, 0, 3]
    assert refusals(found) == {1: 31}


def test_cannot_overrules_must_also_inherited():
    """A must pair is refused where it is a cannot pair, or would bring one into a group; reported by row."""
    links = columns([(1, 3, 9, 1, 0)])
    found = Case(
        4, links, limited([-1] * 4, [], must=[(0, 1), (2, 0), (1, 2), (2, 3)], cannot=[(0, 2)]), range(4)
    ).solve()
    assert found.refused_must.tolist() == [1, 2]
    assert found.label.tolist() == [0, 0, 2, 2]
    assert refusals(found) == {0: CANNOT}


def test_cannot_is_named_before_limits_and_the_least_kind_before_others():
    """Of several broken constraints the reason is CANNOT, else the kind that comes first."""
    links = columns([(0, 1, 9, 1, 0), (2, 3, 9, 1, 0), (1, 3, 8, 1, 0)])
    kind = [0, 1, 0, 1]
    assert refusals(Case(4, links, limited(kind, [1, 1]), range(4)).solve()) == {2: 0}
    assert refusals(Case(4, links, limited(kind, [2, 1]), range(4)).solve()) == {2: 1}
    assert refusals(Case(4, links, limited(kind, [1, 1], cannot=[(3, 0)]), range(4)).solve()) == {2: CANNOT}


def test_inactive_nodes_take_no_part():
    """A link to an inactive node is neither followed nor refused, and human links do not bind it."""
    links = columns([(0, 1, 9, 1, 0), (1, 2, 9, 1, 0)])
    rules = limited([0, -1, 0], [1], must=[(1, 2)], cannot=[(0, 1)])
    found = Case(3, links, rules, range(3), np.array([True, False, True])).solve()
    assert found.label.tolist() == [0, 1, 2]
    assert not found.refused.size
    assert not found.refused_must.size
    nobody = Case(3, links, rules, range(3), np.zeros(3, bool)).solve()
    assert nobody.label.tolist() == [0, 1, 2]


@pytest.mark.parametrize("size", [0, 3])
def test_nothing_to_follow(size):
    """No links, and no nodes at all, are fine."""
    found = Case(size, columns([]), limited([0] * size, [1]), range(size)).solve()
    assert found.label.tolist() == list(range(size))
    assert not found.refused.size


def test_star_under_a_limit():
    """A hub keeps as many of a kind as its limit says: the surest."""
    links = columns([(0, leaf, leaf, 1, 0) for leaf in range(1, 1001)])
    found = Case(1001, links, limited([-1] + [0] * 1000, [3]), range(1001)).solve()
    assert np.flatnonzero(found.label == 0).tolist() == [0, 998, 999, 1000]
    assert found.refused.size == 997


@pytest.mark.parametrize("direction", [1, -1])
def test_long_path_with_two_cards_at_its_ends(direction):
    """A path of 100,000 nodes is cut at its weakest link, whichever way it is walked."""
    n = 100_000
    weight = np.arange(1, n)[::direction]
    a = np.arange(n - 1)
    links = columns(np.array([a, a + 1, weight, np.ones(n - 1, int), np.zeros(n - 1, int)]).T)
    kind = np.full(n, -1)
    kind[[0, -1]] = 0
    found = Case(n, links, limited(kind, [1]), range(n)).solve()
    cut = int(np.argmin(weight))
    assert found.refused.tolist() == [cut]
    assert found.label.tolist() == [0] * (cut + 1) + [cut + 1] * (n - cut - 1)


def test_cannot_pairs_by_the_thousand_cost_no_square():
    """A hub with 20,000 cannot-links, offered 20,000 groups: the shorter list is the one read."""
    n = 20_000
    cannot = np.array([np.zeros(n, int), np.arange(1, n + 1)]).T
    free = [(0, n + leaf, 9, 1, leaf) for leaf in range(1, n)]
    links = columns(free + [(n + leaf, leaf, 8, 1, leaf) for leaf in range(1, n)])
    found = Case(2 * n + 1, links, limited([-1] * (2 * n + 1), [], cannot=cannot), range(2 * n + 1)).solve()
    assert found.refused.tolist() == list(range(n - 1, 2 * n - 2))
    assert set(found.reason.tolist()) == {CANNOT}
    assert (found.label == 0).sum() == n


FAULTS = {
    "column": ({"count": np.ones(2, np.int32)}, {}),
    "end": ({"b": np.array([3], np.int32)}, {}),
    "kind": ({}, {"kind": np.array([0, 1, 0], np.int8)}),
    "kind and active": ({}, {"kind": np.zeros(2, np.int8)}),
    "limit": ({}, {"limits": np.array([0], np.int32)}),
    "node": ({}, {"must": np.array([[0, 9]], np.int32)}),
}


@pytest.mark.parametrize(("fault", "changes"), FAULTS.items(), ids=FAULTS)
def test_refuses_what_does_not_fit(fault, changes):
    """A kernel never sees columns it would not survive; the message names what is wrong."""
    links = replace(columns([(0, 1, 9, 1, 0)]), **changes[0])
    rules = replace(limited([0, 0, 0], [1]), **changes[1])
    with pytest.raises(ValueError, match=fault):
        cluster(3, links, rules, lambda nodes: nodes)


def test_ranks_must_tell_nodes_apart():
    """A rank that gives two identifiers one place could let numbers of nodes decide, so it is refused."""
    links = columns([(0, 1, 9, 1, 0), (1, 2, 9, 1, 0)])
    with pytest.raises(ValueError, match="rank"):
        Case(3, links, limited([0, -1, 0], [1]), [0, 0, 0]).solve()
