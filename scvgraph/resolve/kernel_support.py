"""Compiled pass over the links that hold customers together: how surely each member hangs together with the rest."""

from __future__ import annotations

import numpy as np

from scvgraph.resolve.kernel_compiled import BoolArray, Int32, Int64, compiled

_MOST = 1_000_000


@compiled
def _heaviest_first(
    a: Int32, b: Int32, weight: Int32, label: Int32, active: BoolArray
) -> Int32:  # pragma: no cover
    """The links inside groups by falling weight: a counting sort, O(links)."""
    count = np.zeros(_MOST + 2, np.int64)
    for link in range(a.size):
        if active[a[link]] and active[b[link]] and label[a[link]] == label[b[link]]:
            count[_MOST - weight[link] + 1] += 1
    for place in range(_MOST + 1):
        count[place + 1] += count[place]
    order = np.empty(count[_MOST + 1], np.int32)
    for link in range(a.size):
        if active[a[link]] and active[b[link]] and label[a[link]] == label[b[link]]:
            order[count[_MOST - weight[link]]] = link
            count[_MOST - weight[link]] += 1
    return order


@compiled
def support(
    a: Int32, b: Int32, weight: Int32, label: Int32, active: BoolArray, rows: Int64, out: Int32
) -> None:  # pragma: no cover
    """Fill in `out`: for every node, in millionths, the mean weight of the weakest step on the surest way to what
    else its group holds, a node counting with its rows; -1 where it holds nothing else.

    Links are taken from the heaviest down. When one joins two parts, it is the weakest step between all of one and
    all of the other, so both are given their sum at once: what a part is given stands at its root until it is asked
    for (Tarjan 1979, path sums in a forest). Which of equally heavy links comes first cannot matter: the weakest
    step of the surest way is the same in every maximum spanning tree, and the sums are of whole numbers.
    weight: 0 to a million, of each link. rows: at least 1.
    """
    order = _heaviest_first(a, b, weight, label, active)
    up = np.arange(label.size).astype(np.int32)
    total = rows.copy()
    given = np.zeros(label.size, np.int64)
    for link in order:
        one, other = a[link], b[link]
        while up[one] != one:
            one = up[one]
        while up[other] != other:
            other = up[other]
        if one == other:
            continue
        given[one] += weight[link] * total[other]
        given[other] += weight[link] * total[one]
        if total[one] < total[other]:
            one, other = other, one
        given[other] -= given[one]
        up[other] = one
        total[one] += total[other]
    for node in range(label.size):
        root, sum_given = node, given[node]
        while up[root] != root:
            root = up[root]
            sum_given += given[root]
        rest = total[root] - rows[node]
        out[node] = (sum_given + rest // 2) // rest if rest > 0 else -1
