"""Households: groups held together by relations, none if too large."""

from __future__ import annotations

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


def test_a_long_chain_is_one_group():
    """Every member of a chain hangs with every other, so a chain of too many is no household."""
    chain = np.random.default_rng(1).permutation(500).astype(np.int32)
    table, crowds = households_of(chain[:-1], chain[1:], 500)
    assert as_groups(table) == {0: list(range(500))}
    assert crowds == 0
    table, crowds = households_of(chain[:-1], chain[1:], 499)
    assert (table.num_rows, crowds) == (0, 1)


@pytest.mark.parametrize("seed", range(20))
def test_as_networkx_finds_them(seed):
    """The groups are the connected components of at most so many, whatever the order and direction of relations."""
    dice = random.Random(seed)
    pairs = [tuple(dice.sample(range(60), 2)) for _ in range(45)]
    parts = [sorted(part) for part in nx.connected_components(nx.Graph(pairs))]
    a, b = (np.array(end, np.int32) for end in zip(*pairs, strict=True))
    table, crowds = households_of(a, b, 6)
    assert as_groups(table) == {part[0]: part for part in parts if len(part) <= 6}
    assert crowds == sum(len(part) > 6 for part in parts)


def test_nobody_related():
    nobody = np.empty(0, np.int32)
    table, crowds = households_of(nobody, nobody, 10)
    assert (table.num_rows, crowds) == (0, 0)
