"""Clustering again what broke a constraint, against clustering everything again."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_constrained import Case, cases

from scvgraph.resolve.again import Broken


@settings(max_examples=400, deadline=None)
@given(cases() | cases(told=True), st.randoms(use_true_random=False))
def test_what_broke_nothing_need_not_be_clustered_again(case, random):
    """Nodes taken out of broken components, round by round: the answer is that of everything clustered, to the byte."""
    first = case.solve()
    broken = Broken.of(first, case.links, case.constraints)
    if broken is None:
        assert first.refused.size == 0
        return
    active = np.ones(case.size, np.bool_) if case.active is None else case.active.copy()
    pairs = np.array(list(product(range(case.size), repeat=2)), np.int32)
    for _ in range(3):
        active[random.sample(broken.part.node.tolist(), random.randint(1, broken.part.node.size))] = False
        found = broken.cluster(case.rank, active)
        whole = Case(case.size, case.links, case.constraints, case.place, active).solve()
        for name in sorted(set(whole.__slots__) - {"stand_apart", "part"}):
            assert getattr(found, name).tolist() == getattr(whole, name).tolist(), name
            assert getattr(found, name).dtype == getattr(whole, name).dtype, name
        assert found.stand_apart(pairs).tolist() == whole.stand_apart(pairs).tolist()
