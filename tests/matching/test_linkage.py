"""Average linkage over sparse scores, against a slow and obvious one."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.matching.linkage import Constraints, average_linkage, joined_groups, least_members

MISSING, CLIP = -4, 14


@st.composite
def scored(draw, most=9):
    """Entities, and scores of some of their pairs."""
    size = draw(st.integers(2, most))
    pairs = list(itertools.combinations(range(size), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs)))
    scores = draw(st.lists(st.integers(-20, 20), min_size=len(chosen), max_size=len(chosen)))
    return size, dict(zip(sorted(chosen), scores, strict=True))


def arrays(scores):
    ends = np.array(list(scores), np.int32).reshape(-1, 2)
    return ends[:, 0].copy(), ends[:, 1].copy(), np.array(list(scores.values()), np.int32)


def sets_of(label):
    return {frozenset(np.flatnonzero(label == one).tolist()) for one in np.unique(label)}


@settings(deadline=None, max_examples=300)
@given(scored())
def test_groups_hold_together_and_apart(case):
    """Every group is connected by positive scores' components, and its mean score is no less than 0 for pairs."""
    size, scores = case
    label = average_linkage(size, arrays(scores), Constraints.none(size), CLIP, MISSING)
    linked = [pair for pair, score in scores.items() if score > 0]
    ends = np.array(linked, np.int32).reshape(-1, 2)
    component = least_members(size, ends[:, 0], ends[:, 1])
    for group in sets_of(label):
        assert min(group) == label[min(group)]
        assert len({component[entity] for entity in group}) == 1


@settings(deadline=None, max_examples=300)
@given(scored(most=5), st.randoms(use_true_random=False))
def test_agrees_with_merging_one_by_one(case, random):
    """Where all scores differ widely, merging all mutual best groups at once is merging the best pair at a time."""
    size, scores = case
    # No sum of some powers of seven, of either sign, halved or cut into up to six, is another one: no equal means.
    values = [7 ** (place + 1) * (1 if value > 0 else -1) for place, value in enumerate(scores.values())]
    random.shuffle(values)
    scores = dict(zip(scores, values, strict=True))
    found = average_linkage(size, arrays(scores), Constraints.none(size), 1 << 30, MISSING)
    assert sets_of(found) == one_by_one(size, scores)


def one_by_one(size, scores):
    """Merge the best pair of groups again and again, while its mean is no less than 0."""
    groups = [frozenset([entity]) for entity in range(size)]

    def mean(pair):
        values = [scores.get((min(x, y), max(x, y)), MISSING) for x in pair[0] for y in pair[1]]
        return sum(values) // len(values)

    while True:
        best = max(itertools.combinations(groups, 2), key=mean, default=None)
        if best is None or mean(best) < 0:
            return set(groups)
        groups = [group for group in groups if group not in best] + [best[0] | best[1]]


@settings(deadline=None, max_examples=300)
@given(scored(), st.data())
def test_constraints_hold(case, data):
    """No group holds a cannot pair or more than the limit, and merging goes on beside what was refused."""
    size, scores = case
    entity = st.integers(0, size - 1)
    cannot = data.draw(
        st.lists(st.tuples(entity, entity).filter(lambda pair: pair[0] != pair[1]), max_size=3)
    )
    held = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    limits = Constraints(np.array(held, np.int32).reshape(-1, 1), np.array([1], np.int32), np.array(cannot, np.int32).reshape(-1, 2))  # fmt: skip
    first = average_linkage(size, arrays(scores), limits, CLIP, MISSING)
    label = joined_groups(first, arrays(scores), limits, CLIP, MISSING, 3, -10)
    for group in sets_of(label):
        assert sum(held[member] for member in group) <= 1
        assert not any(one in group and other in group for one, other in cannot)


def test_a_chain_is_not_one_group():
    """Two groups held by one link among many absent ones stay apart."""
    scores = {(0, 1): 10, (1, 2): 10, (0, 2): 10, (3, 4): 10, (4, 5): 10, (3, 5): 10, (2, 3): 5}
    label = average_linkage(6, arrays(scores), Constraints.none(6), CLIP, MISSING)
    assert label.tolist() == [0, 0, 0, 3, 3, 3]


def test_second_pass_joins_where_each_record_has_a_partner():
    """Records of the smaller group each have a good partner: joined, though many pairs were never compared."""
    scores = {(0, 1): 10, (1, 2): 10, (0, 2): 10, (3, 4): 10, (0, 3): 6, (1, 4): 6, (0, 4): -9}
    first = np.array([0, 0, 0, 3, 3], np.int32)
    joined = joined_groups(first, arrays(scores), Constraints.none(5), CLIP, MISSING, 5, -4)
    assert joined.tolist() == [0, 0, 0, 0, 0]
    apart = joined_groups(first, arrays(scores), Constraints.none(5), CLIP, MISSING, 7, -4)
    assert apart.tolist() == first.tolist()


def test_linkage_that_begins_with_groups_keeps_them_and_goes_on_by_their_means() -> None:
    """Groups to begin with are never taken apart, and join others where the mean of all scores reaches the bar."""
    start = np.array([0, 0, 2, 2, 4], np.int32)
    scores = {(0, 2): 8, (0, 3): 8, (1, 2): -2, (1, 3): -2, (3, 4): 5}
    label = average_linkage(5, arrays(scores), Constraints.none(5), CLIP, MISSING, start)
    assert label[0] == label[1] == label[2] == label[3]
