"""Connected components of links over numbered nodes.

Invariant: `parent[x] <= x` at every moment, so a root is the least member of its tree and the label of a
component does not depend on the order of the links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import compiled, frozen

if TYPE_CHECKING:
    from scvgraph.resolve.kernel_compiled import BoolArray, Int32

__all__ = ["components"]


def components(size: int, a: Int32, b: Int32) -> Int32:
    """Label of each node's connected component: the number of its least member.

    Parameters: `size` nodes numbered from 0; `a`, `b` of equal length m, the ends of link i being `a[i]` and
    `b[i]`. Loops and repeated links are harmless. Returns an array of length `size`.

    Raises ValueError for columns of different length or an end outside 0..size-1.

    One pass over the links with Rem's algorithm, then one over the nodes: O(m log size) at worst, in practice
    linear, size * 4 bytes. Rem's algorithm is in E. W. Dijkstra, A Discipline of Programming (1976), ch. 23;
    that it beats the textbook forest is shown by M. Patwary, J. Blair and F. Manne, "Experiments on
    union-find algorithms for the disjoint-set data structure", SEA 2010.

    >>> components(5, np.array([4, 1]), np.array([3, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    ends = frozen(a, np.int32), frozen(b, np.int32)
    check_ends(size, *ends)
    parent = np.arange(size, dtype=np.int32)
    unite(parent, *ends)
    flatten(parent)
    return parent


def check_ends(size: int, a: Int32, b: Int32) -> None:
    """Raise ValueError unless the columns pair up and name nodes: a kernel would write outside its arrays."""
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"the two ends of links need columns of one length, not {a.shape} and {b.shape}")
    if a.size and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= size):
        raise ValueError(f"an end of a link is no node: nodes are numbered 0 to {size - 1}")


@compiled
def unite(parent: Int32, a: Int32, b: Int32) -> None:
    """Join the trees at the ends of every link. Both walks climb together, each step pointing lower."""
    for link in range(a.size):
        _join(parent, a[link], b[link])


@compiled
def unite_active(parent: Int32, a: Int32, b: Int32, active: BoolArray) -> None:
    """As `unite`, passing over links that touch a node which takes no part."""
    for link in range(a.size):
        if active[a[link]] and active[b[link]]:
            _join(parent, a[link], b[link])


@compiled
def _join(parent: Int32, x: int, y: int) -> None:
    above_x, above_y = parent[x], parent[y]
    while above_x != above_y:
        if above_x < above_y:
            x, y, above_x, above_y = y, x, above_y, above_x
        parent[x] = above_y
        if above_x == x:
            return
        x, above_x = above_x, parent[above_x]


@compiled
def flatten(parent: Int32) -> None:
    """Point every node at its root. Parents come before their children, so one pass will do."""
    for node in range(parent.size):
        parent[node] = parent[parent[node]]
