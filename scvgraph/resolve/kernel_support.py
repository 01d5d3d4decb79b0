"""Compiled pass over the links that hold customers together: how surely each member hangs together with the rest."""

from __future__ import annotations

import numpy as np

from scvgraph.resolve.kernel_compiled import Int32, Int64, compiled

_MOST = 1_000_000


_UP, _TOTAL, _GIVEN = (
    0,
    1,
    2,
)  # of a node: the one above it, and of a root the rows below it and what they are given


@compiled
def _heaviest_first(a: Int32, b: Int32, weight: Int32, label: Int32) -> Int32:  # pragma: no cover
    """The links inside groups by falling weight: a counting sort, O(links)."""
    count = np.zeros(_MOST + 2, np.int64)
    inside = np.empty(a.size, np.int32)
    found = 0
    for link in range(a.size):
        inside[found] = link
        if label[a[link]] == label[b[link]]:
            count[_MOST - weight[link] + 1] += 1
            found += 1
    for place in range(_MOST + 1):
        count[place + 1] += count[place]
    order = np.empty(found, np.int32)
    for link in inside[:found]:
        order[count[_MOST - weight[link]]] = link
        count[_MOST - weight[link]] += 1
    return order


@compiled
def support(
    a: Int32, b: Int32, weight: Int32, label: Int32, rows: Int64, state: Int64, out: Int32
) -> None:  # pragma: no cover
    """Fill in `out`: for every node, in millionths, the mean weight of the weakest step on the surest way to what
    else its group holds, a node counting with its rows; -1 where it holds nothing else.

    Links are taken from the heaviest down. When one joins two parts, it is the weakest step between all of one and
    all of the other, so both are given their sum at once: what a part is given stands at its root until it is asked
    for (Tarjan 1979, path sums in a forest). Which of equally heavy links comes first cannot matter: the weakest
    step of the surest way is the same in every maximum spanning tree, and the sums are of whole numbers.
    weight: 0 to a million, of each link. label: who takes no part is in a group of its own. rows: at least 1. state:
    [nodes, 3] to work with, so that what is known of a node is one miss of the processor's caches.
    """
    order = _heaviest_first(a, b, weight, label)
    for node in range(label.size):
        state[node, _UP], state[node, _TOTAL], state[node, _GIVEN] = node, rows[node], 0
    for link in order:
        one, other = np.int64(a[link]), np.int64(b[link])
        while state[one, _UP] != one:
            one = state[one, _UP]
        while state[other, _UP] != other:
            other = state[other, _UP]
        if one == other:
            continue
        state[one, _GIVEN] += weight[link] * state[other, _TOTAL]
        state[other, _GIVEN] += weight[link] * state[one, _TOTAL]
        if state[one, _TOTAL] < state[other, _TOTAL]:
            one, other = other, one
        state[other, _GIVEN] -= state[one, _GIVEN]
        state[other, _UP] = one
        state[one, _TOTAL] += state[other, _TOTAL]
    for node in range(label.size):
        root, sum_given = np.int64(node), state[node, _GIVEN]
        while state[root, _UP] != root:
            root = state[root, _UP]
            sum_given += state[root, _GIVEN]
        rest = state[root, _TOTAL] - rows[node]
        out[node] = (sum_given + rest // 2) // rest if rest > 0 else -1
