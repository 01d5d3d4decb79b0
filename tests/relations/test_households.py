"""Households: groups held together by relations, none if too large."""

from __future__ import annotations

import itertools
import random

import networkx as nx
import numpy as np
import pytest

from scvgraph.relations.households import households_of


def as_groups(table):
    found: dict[int, list[int]] = {}
    for customer, head, size in zip(
        *(table.column(name).to_pylist() for name in ("customer", "head", "size")), strict=True
    ):
        found.setdefault(head, []).append(customer)
        assert size >= 2
    return found


def all_pairs(members):
    """Every pair of some customers, as two columns."""
    pairs = list(itertools.combinations(members, 2))
    return tuple(np.array(end, np.int32) for end in zip(*pairs, strict=True))


def strong(ends):
    return np.ones(ends.size, np.bool_)


def test_a_chain_is_no_household():
    """Three in a row have two pairs of three related: enough. Five have four of ten: too loose, and counted."""
    three, five = (np.arange(n, dtype=np.int32) for n in (3, 5))
    table, unfit = households_of(three[:-1], three[1:], strong(three[1:]), 10)
    assert (as_groups(table), unfit) == ({0: [0, 1, 2]}, 0)
    table, unfit = households_of(five[:-1], five[1:], strong(five[1:]), 10)
    assert (table.num_rows, unfit) == (0, 1)


def test_weak_relations_hold_nobody_but_count_for_closeness():
    """A chain of five strong relations whose other pairs are related weakly is a household."""
    a, b = all_pairs(range(5))
    table, unfit = households_of(a, b, b - a == 1, 10)
    assert (as_groups(table), unfit) == ({0: list(range(5))}, 0)
    table, unfit = households_of(a, b, np.zeros(a.size, np.bool_), 10)
    assert (table.num_rows, unfit) == (0, 0)


def test_too_many_are_no_household():
    """Of eleven who all know each other none is in a household where ten is the most."""
    a, b = all_pairs(range(11))
    table, unfit = households_of(a, b, strong(a), 10)
    assert (table.num_rows, unfit) == (0, 1)
    table, unfit = households_of(a, b, strong(a), 11)
    assert (table.num_rows, unfit) == (11, 0)


@pytest.mark.parametrize("seed", range(20))
def test_as_networkx_finds_them(seed):
    """The groups are the connected components, few and close enough, whatever the order and direction of relations."""
    dice = random.Random(seed)
    graph = nx.gnm_random_graph(60, 45, seed=seed)
    pairs = [dice.sample(pair, 2) for pair in dice.sample(list(graph.edges), 45)]
    parts = [sorted(part) for part in nx.connected_components(graph) if len(part) > 1]
    fit = [part for part in parts if len(part) <= 6 and nx.density(graph.subgraph(part)) >= 0.5]
    a, b = (np.array(end, np.int32) for end in zip(*pairs, strict=True))
    table, unfit = households_of(a, b, strong(a), 6)
    assert as_groups(table) == {part[0]: part for part in fit}
    assert unfit == len(parts) - len(fit)


def test_a_long_chain_is_found_whole():
    """However long the way from end to end and however it is numbered, one group is found, not several."""
    chain = np.random.default_rng(1).permutation(500).astype(np.int32)
    table, unfit = households_of(chain[:-1], chain[1:], strong(chain[1:]), 500)
    assert (table.num_rows, unfit) == (0, 1)


def test_nobody_related():
    nobody = np.empty(0, np.int32)
    table, unfit = households_of(nobody, nobody, strong(nobody), 10)
    assert (table.num_rows, unfit) == (0, 0)
