"""Connected components of numbered nodes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.resolve.union import components


@st.composite
def graphs(draw):
    size = draw(st.integers(1, 30))
    node = st.integers(0, size - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=40))
    return size, np.array(pairs, np.int32).reshape(-1, 2)


@settings(deadline=None)
@given(graphs())
def test_agrees_with_networkx(graph):
    """Two nodes share a label exactly if networkx finds a path; the label is the least member."""
    size, pairs = graph
    oracle = nx.Graph()
    oracle.add_nodes_from(range(size))
    oracle.add_edges_from(pairs.tolist())
    expected = np.empty(size, np.int32)
    for members in nx.connected_components(oracle):
        expected[list(members)] = min(members)
    assert components(size, pairs[:, 0], pairs[:, 1]).tolist() == expected.tolist()


@settings(deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_rows_and_ends_in_any_order(graph, random):
    """Shuffling the links and swapping their ends changes no label."""
    size, pairs = graph
    shuffled = [random.sample(pair, 2) for pair in random.sample(pairs.tolist(), len(pairs))]
    other = np.array(shuffled, np.int32).reshape(-1, 2)
    assert np.array_equal(
        components(size, pairs[:, 0], pairs[:, 1]), components(size, other[:, 0], other[:, 1])
    )


@pytest.mark.parametrize("size", [0, 1, 5])
def test_without_links_each_node_is_alone(size):
    """No links, and no nodes at all, are fine."""
    none = np.empty(0, np.int32)
    assert components(size, none, none).tolist() == list(range(size))


@pytest.mark.parametrize("backwards", [False, True])
def test_long_path(backwards):
    """A path of 100,000 nodes is one component whichever end it is given from."""
    a = np.arange(99_999, dtype=np.int32)
    a = a[::-1] if backwards else a
    assert not components(100_000, a, a + 1).any()


def test_star_around_the_last_node():
    """The label is the least member even where the hub has the greatest number."""
    a = np.arange(1, 1000, dtype=np.int64)
    assert components(1001, a, np.full(999, 1000)).tolist() == [0] + [1] * 1000


def test_read_only_and_sliced_columns_are_taken():
    """Columns as Arrow or a slice hand them over are fine, and are left as they were."""
    pairs = np.array([[0, 1], [2, 1]], np.int64)
    pairs.flags.writeable = False
    assert components(3, pairs[:, 0], pairs[:, 1]).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("a", "b"), [([0], [3]), ([-1], [0]), ([0, 1], [1])])
def test_refuses_what_is_no_link(a, b):
    """Ends outside the nodes, or columns of different length, are an error and never a wild write."""
    with pytest.raises(ValueError, match="link"):
        components(3, np.array(a), np.array(b))


def test_refuses_a_number_that_would_wrap_round():
    """A node number beyond 32 bits is an error, not another node."""
    with pytest.raises(ValueError, match="int32"):
        components(3, np.array([2**32]), np.array([1]))
