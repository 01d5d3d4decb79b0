"""Compiled steps of clustering: components, best neighbours, merged edges. Whole numbers only."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compiled import Bool, Int32, Int64, compiled

NO_EDGE = -(1 << 62)


@compiled
def root(up: Int32, node: int) -> int:  # pragma: no cover
    """The node at the top of another's path, which is halved on the way (van Leeuwen and van der Weide 1977)."""
    while up[node] != node:
        up[node] = up[up[node]]
        node = up[node]
    return node


@compiled
def components(a: Int32, b: Int32, label: Int32) -> None:  # pragma: no cover
    """Label every node with the least node it is joined to; label comes as 0, 1, 2, ..."""
    for edge in range(a.size):
        one, other = root(label, a[edge]), root(label, b[edge])
        if one < other:
            label[other] = one
        else:
            label[one] = other
    for node in range(label.size):
        label[node] = label[label[node]]


@compiled
def within(component: Int32, a: Int32, b: Int32) -> Bool:  # pragma: no cover
    """Which edges have both their ends in one component."""
    inside = np.empty(a.size, np.bool_)
    for edge in range(a.size):
        inside[edge] = component[a[edge]] == component[b[edge]]
    return inside


@compiled
def nearest(
    a: Int32, b: Int32, value: Int64, open_edge: Bool, least: int, best: Int64, to: Int32
) -> None:  # pragma: no cover
    """For every node the neighbour of highest value, at least `least`; of equals the least. -1 for none.

    Edges are distinct, a < b. Equal values are settled by the pair (lower, higher), a total order of edges, so
    that among the best edges there is always one that both its ends call theirs.
    """
    for edge in range(a.size):
        if not open_edge[edge] or value[edge] < least:
            continue
        one, other = a[edge], b[edge]
        for _ in range(2):
            held = to[one]
            if held < 0 or value[edge] > best[one]:
                best[one], to[one] = value[edge], other
            elif value[edge] == best[one]:
                low, high = min(one, other), max(one, other)
                if (low, high) < (min(one, held), max(one, held)):
                    to[one] = other
            one, other = other, one


@compiled
def allowed(a: Int32, b: Int32, held: Int32, limits: Int32, open_edge: Bool) -> None:  # pragma: no cover
    """Close the edges whose ends together hold more of a limited kind than its limit, where both hold any."""
    for edge in range(a.size):
        for kind in range(limits.size):
            one, other = held[a[edge], kind], held[b[edge], kind]
            if one > 0 and other > 0 and one + other > limits[kind]:
                open_edge[edge] = False


@compiled
def merge_best(to: Int32, label: Int32) -> int:  # pragma: no cover
    """Join every two nodes that call each other nearest; returns how many joined. label comes as 0, 1, 2, ..."""
    joined = 0
    for node in range(to.size):
        other = to[node]
        if other > node and to[other] == node:
            label[other] = node
            joined += 1
    return joined


@compiled
def gather(
    key: Int64, total: Int64, count: Int64, order: Int64, out_key: Int64, out_total: Int64, out_count: Int64
) -> int:  # pragma: no cover
    """Sum what edges of one key hold; order sorts the keys. Returns how many keys there are."""
    place = -1
    for position in range(order.size):
        edge = order[position]
        if place < 0 or out_key[place] != key[edge]:
            place += 1
            out_key[place] = key[edge]
            out_total[place] = 0
            out_count[place] = 0
        out_total[place] += total[edge]
        out_count[place] += count[edge]
    return place + 1


@compiled
def best_of_records(
    pair: Int64, order: Int64, a: Int32, b: Int32, score: Int32, label: Int32, size: Int32, missing: int,
    out_pair: Int64, out_best: Int64, out_mean: Int64,
) -> int:  # pragma: no cover  # fmt: skip
    """For each two groups: the mean, over the records of the smaller, of the best score with the other; and the mean of all.

    pair: the two groups of each edge as one word; order sorts it. Of groups of equal size the higher mean counts.
    Returns how many pairs of groups there are.
    """
    best = np.empty(label.size, np.int64)
    seen = np.full(label.size, -1, np.int64)
    found, begin = 0, 0
    while begin < order.size:
        word = pair[order[begin]]
        low, high = word >> 32, word & 0xFFFFFFFF
        end, total = begin, 0
        sums = np.zeros(2, np.int64)
        known = np.zeros(2, np.int64)
        while end < order.size and pair[order[end]] == word:
            edge = order[end]
            total += score[edge]
            for record in (a[edge], b[edge]):
                side = 0 if label[record] == low else 1
                if seen[record] != begin:
                    seen[record] = begin
                    best[record] = score[edge]
                    sums[side] += score[edge]
                    known[side] += 1
                elif score[edge] > best[record]:
                    sums[side] += score[edge] - best[record]
                    best[record] = score[edge]
            end += 1
        n, m = size[low], size[high]
        one = (sums[0] + missing * (n - known[0])) // n
        other = (sums[1] + missing * (m - known[1])) // m
        out_pair[found] = word
        out_best[found] = one if n < m else (other if m < n else max(one, other))
        out_mean[found] = (total + missing * (n * m - (end - begin))) // (n * m)
        found += 1
        begin = end
    return found


@compiled
def spanning(size: int, a: Int32, b: Int32) -> Bool:  # pragma: no cover
    """Which pairs, taken in order, join what those before did not (Kruskal 1956)."""
    up = np.arange(size, dtype=np.int32)
    joins = np.zeros(a.size, np.bool_)
    for pair in range(a.size):
        one, other = root(up, a[pair]), root(up, b[pair])
        if one != other:
            up[max(one, other)] = min(one, other)
            joins[pair] = True
    return joins
