"""Compiled passes over the links that hold customers together: what falls apart where one of them is cut.

The links that count are those of a maximum spanning tree; every other only joins what surer ones hold together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def _find(up: Int32, node: int) -> int:  # pragma: no cover
    """The root of a node's part; the way there is halved."""
    while up[node] != node:
        up[node] = up[up[node]]
        node = up[node]
    return node


@njit(cache=True, nogil=True)
def _holding(a: Int32, b: Int32, nodes: int) -> Int64:  # pragma: no cover
    """The links, taken in order, that join two parts."""
    up = np.arange(nodes).astype(np.int32)
    held = np.empty(min(a.size, nodes), np.int64)
    count = 0
    for link in range(a.size):
        one, other = _find(up, a[link]), _find(up, b[link])
        if one != other:
            up[max(one, other)] = min(one, other)
            held[count] = link
            count += 1
    return held[:count]


@njit(cache=True, nogil=True)
def _walk(
    a: Int32, b: Int32, held: Int64, nodes: int
) -> tuple[Int32, Int32, Int64, Int32]:  # pragma: no cover
    """Every tree from its least node outwards: nodes in order, and of each node its parent (-1 for a root), the link
    to it, and the place of its first child; children of one stand together.
    """
    start = np.zeros(nodes + 1, np.int64)
    for link in held:
        start[a[link] + 1] += 1
        start[b[link] + 1] += 1
    start = np.cumsum(start)
    beside, fill = np.empty(2 * held.size, np.int64), start[:-1].copy()
    for link in held:
        beside[fill[a[link]]] = beside[fill[b[link]]] = link
        fill[a[link]] += 1
        fill[b[link]] += 1
    order, parent = np.empty(nodes, np.int32), np.full(nodes, -2, np.int32)
    via, child = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int32)
    done = count = 0
    for root in range(nodes):
        if parent[root] != -2:
            continue
        order[count], parent[root] = root, -1
        count += 1
        while done < count:
            node = order[done]
            done += 1
            child[node] = count
            for at in range(start[node], start[node + 1]):
                link = beside[at]
                other = b[link] if a[link] == node else a[link]
                if parent[other] == -2:
                    order[count], parent[other], via[other] = other, node, link
                    count += 1
    return order, parent, via, child


@njit(cache=True, nogil=True)
def _vote(code: int, times: int, other: int, often: int) -> tuple[int, int]:  # pragma: no cover
    """What two parts say together, and by how many rows more than all else: right if more than half of them agree,
    else it may be anything said or nothing (Boyer and Moore 1981, MJRTY).
    """
    if code == other:
        return code, times + often
    if times == often:
        return -1, 0
    return (code, times - often) if times > often else (other, often - times)


@njit(cache=True, nogil=True)
def _said(
    order: Int32, parent: Int32, child: Int32, told: Int32, times: Int32
) -> tuple[Int32, Int32]:  # pragma: no cover
    """Of each node what most rows below it say, itself included, and what most of the others of its tree say; -1
    where it is by less than half of the rows that say anything, so that a side of two persons speaks for neither.
    """
    below, often, all_below = told.copy(), times.copy(), times.copy()
    for at in range(order.size - 1, -1, -1):
        node = order[at]
        up = parent[node]
        if up >= 0:
            below[up], often[up] = _vote(below[up], often[up], below[node], often[node])
            all_below[up] += all_below[node]
    rest, seldom = np.full(told.size, -1, np.int32), np.zeros(told.size, np.int32)
    for place in range(order.size):
        node = order[place]
        code, count = _vote(rest[node], seldom[node], told[node], times[node])
        last = child[node]
        while last < order.size and parent[order[last]] == node:
            other = order[last]
            rest[other], seldom[other] = code, count
            code, count = _vote(code, count, below[other], often[other])
            last += 1
        code, count = -1, 0
        for at in range(last - 1, child[node] - 1, -1):
            other = order[at]
            rest[other], seldom[other] = _vote(rest[other], seldom[other], code, count)
            code, count = _vote(code, count, below[other], often[other])
    whole = all_below.copy()
    for node in order:
        whole[node] = all_below[node] if parent[node] < 0 else whole[parent[node]]
        if 2 * seldom[node] < whole[node] - all_below[node]:
            rest[node] = -1
    below[2 * often < all_below] = -1
    return below, rest


@njit(cache=True, nogil=True)
def sides(
    a: Int32, b: Int32, rows: Int64, told: Int32, times: Int32, small: Int64, large: Int64, says: Int32
) -> None:  # pragma: no cover
    """Fill in, for each link that holds two sides together, links being taken in order: small[links] and large[links],
    the rows of both, the fewer first; says[lanes, links, 2], what most rows of each say in each lane, in the same
    order. Other links get -1.

    rows: of each node. told[lanes, nodes]: a code of what a node says in `times` rows, -1 for nothing.
    """
    order, parent, via, child = _walk(a, b, _holding(a, b, rows.size), rows.size)
    below, root = rows.copy(), np.empty(rows.size, np.int32)
    for at in range(order.size - 1, -1, -1):
        if parent[order[at]] >= 0:
            below[parent[order[at]]] += below[order[at]]
    small[:], large[:], says[:] = -1, -1, -1
    for node in order:
        root[node] = node if parent[node] < 0 else root[parent[node]]
        link = via[node]
        if link >= 0:
            others = below[root[node]] - below[node]
            small[link], large[link] = min(below[node], others), max(below[node], others)
    for lane in range(told.shape[0]):
        ours, theirs = _said(order, parent, child, told[lane], times[lane])
        for node in range(rows.size):
            link = via[node]
            if link >= 0:
                first = 0 if below[node] == small[link] else 1
                says[lane, link, first], says[lane, link, 1 - first] = ours[node], theirs[node]
