"""Follow links in order, joining two groups unless a constraint stands between them.

Invariant: `up[x]` of a root is `~mask`, negative, where the mask says what the group holds; of any other node
it is a node nearer to the root. So a link whose groups hold nothing in common is judged without reading
anything but `up`, and one refused by a unique kind as well: what is left costs a row of counts or a list.

Mask: bit j (j < 29) for a member of limited kind j, bit 29 for one of any further kind, bit 30 for
a member with a cannot-link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import compiled

if TYPE_CHECKING:
    from scvgraph.resolve.kernel_compiled import Int8, Int16, Int32, Int64

CANNOT = -1
FOLLOWED = -2
FURTHER_KINDS = 29
CANNOT_BIT = 1 << 30
NODE = 0xFFFFFFFF  # the half of a packed pair that holds the second node
AHEAD = 64  # links looked up together, so that their cache misses overlap
FIRST, LAST, LENGTH = 0, 1, 2  # columns of `lists`
AFTER, PARTNER = 0, 1  # columns of `entries`


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of nodes while links are followed."""

    up: Int32  # [nodes]
    count: Int32  # [nodes, k] of a root: members of each limited kind
    limits: Int32  # [k]
    lists: Int64  # [nodes, 3] of a root: first and last entry of its cannot-links, and how many
    entries: Int64  # [2q, 2] the entry after it or -1, and the node at the other end


def alone(kind: Int8, limits: Int32, cannot: Int64) -> Groups:
    """Every node in a group of its own. `cannot`: pairs, one node in each half."""
    up = np.full(kind.size, ~0, np.int32)
    count = np.zeros((kind.size, limits.size), np.int32)
    mark_kinds(up, count, kind)
    lists = np.full((kind.size if cannot.size else 0, 3), -1, np.int64)
    lists[:, LENGTH] = 0
    entries = np.full((2 * cannot.size, 2), -1, np.int64)
    hold_apart(up, lists, entries, cannot)
    return Groups(up, count, limits, lists, entries)


def follow_must(groups: Groups, ends: Int64) -> Int16:
    """Follow human links in the order given: only a cannot-link stops them, and the verdict is CANNOT then."""
    verdict = np.full(ends.size, FOLLOWED, np.int16)
    walk_must(groups.up, groups.count, groups.lists, groups.entries, (ends, verdict))
    return verdict


def follow(groups: Groups, ends: Int64, order: Int64) -> Int16:
    """Follow links in order; the verdict on each is what refused it, or FOLLOWED.

    Finding a group halves the path to its root (R. Tarjan and J. van Leeuwen, "Worst-case analysis of set
    union algorithms", JACM 1984: O(log) amortised for any choice of the surviving root). Kinds are compared
    in O(k) at worst; cannot-links by reading the shorter of two lists, and lists are joined end to end.
    """
    verdict = np.full(ends.size, FOLLOWED, np.int16)
    walk(groups.up, (groups.count, groups.limits), (groups.lists, groups.entries), (ends, order), verdict)
    return verdict


def relabel(groups: Groups, node: Int32, label: Int32) -> None:
    """Write the least member of each group over the labels of `node`, the nodes as the caller numbers them."""
    least_members(groups.up, node, np.full(node.size, -1, np.int32), label)


@compiled
def mark_kinds(up: Int32, count: Int32, kind: Int8) -> None:
    for node in range(kind.size):
        if kind[node] >= 0:
            count[node, kind[node]] = 1
            up[node] = ~np.int32(1 << min(kind[node], FURTHER_KINDS))


@compiled
def hold_apart(up: Int32, lists: Int64, entries: Int64, cannot: Int64) -> None:
    for entry in range(entries.shape[0]):
        x, y = cannot[entry >> 1] >> 32, cannot[entry >> 1] & NODE
        if entry & 1:
            x, y = y, x
        entries[entry, PARTNER] = y
        if lists[x, LENGTH] == 0:
            lists[x, FIRST] = entry
        else:
            entries[lists[x, LAST], AFTER] = entry
        lists[x, LAST] = entry
        lists[x, LENGTH] += 1
        up[x] = ~(~up[x] | np.int32(CANNOT_BIT))


@compiled
def walk(
    up: Int32,
    kinds: tuple[Int32, Int32],
    cannot: tuple[Int64, Int64],
    links: tuple[Int64, Int64],
    verdict: Int16,
) -> None:
    count, limits = kinds
    lists, entries = cannot
    ends, order = links
    near = np.empty((AHEAD, 2), np.int32)
    for start in range(0, order.size, AHEAD):
        ahead = look_ahead(up, ends, order[start : start + AHEAD], near)
        for i in range(ahead):
            u, v = find(up, near[i, 0]), find(up, near[i, 1])
            if u == v:
                continue
            said = FOLLOWED
            both = ~up[u] & ~up[v]
            if both & CANNOT_BIT and apart(up, lists, entries, u, v):
                said = CANNOT
            elif both & ~CANNOT_BIT:
                said = over(count, limits, both, u, v)
            if said != FOLLOWED:
                verdict[order[start + i]] = said
            elif ~up[u] == 0:
                up[u] = v
            elif ~up[v] == 0:
                up[v] = u
            else:
                join(up, count, lists, entries, u, v)


@compiled
def look_ahead(up: Int32, ends: Int64, order: Int64, near: Int32) -> int:
    """Note a node above each end of the next links, or the end itself; says how many links there were."""
    for i in range(order.size):
        pair = ends[order[i]]
        near[i, 0] = pair >> 32
        near[i, 1] = pair & NODE
    for i in range(order.size):
        x, y = near[i, 0], near[i, 1]
        above_x, above_y = up[x], up[y]
        near[i, 0] = above_x if above_x >= 0 else x
        near[i, 1] = above_y if above_y >= 0 else y
    return order.size


@compiled
def walk_must(up: Int32, count: Int32, lists: Int64, entries: Int64, links: tuple[Int64, Int16]) -> None:
    ends, verdict = links
    for link in range(ends.size):
        u, v = find(up, np.int32(ends[link] >> 32)), find(up, np.int32(ends[link] & NODE))
        if u == v:
            continue
        if ~up[u] & ~up[v] & CANNOT_BIT and apart(up, lists, entries, u, v):
            verdict[link] = CANNOT
        else:
            join(up, count, lists, entries, u, v)


@compiled
def find(up: Int32, node: np.int32) -> np.int32:
    """Root of a node; the path to it is halved."""
    above: np.int32 = up[node]
    while above >= 0:
        further: np.int32 = up[above]
        if further < 0:
            return above
        up[node] = further
        node = further
        above = up[node]
    return node


# Small helpers take few arrays, for each one passed is reference-counted at every call.


@compiled
def over(count: Int32, limits: Int32, both: int, u: np.int32, v: np.int32) -> int:
    """The first kind, of those in the mask `both`, that groups u and v hold too many of; else FOLLOWED."""
    for kind in range(limits.size):
        if both >> min(kind, FURTHER_KINDS) & 1:
            if limits[kind] == 1 and kind < FURTHER_KINDS:  # the mask says it all: spare two cache misses
                return kind
            ours, theirs = count[u, kind], count[v, kind]
            if ours and theirs and ours + theirs > limits[kind]:
                return kind
    return FOLLOWED


@compiled
def apart(up: Int32, lists: Int64, entries: Int64, u: np.int32, v: np.int32) -> bool:
    """Whether a cannot-link lies between groups u and v, read off the shorter list."""
    if lists[v, LENGTH] < lists[u, LENGTH]:
        u, v = v, u
    entry = lists[u, FIRST]
    while entry >= 0:
        if find(up, np.int32(entries[entry, PARTNER])) == v:
            return True
        entry = entries[entry, AFTER]
    return False


@compiled
def join(up: Int32, count: Int32, lists: Int64, entries: Int64, u: np.int32, v: np.int32) -> None:
    """Make one group of two, of which u survives."""
    held = ~up[v]
    up[u] &= up[v]
    up[v] = u
    if held & ~CANNOT_BIT:
        for kind in range(count.shape[1]):
            count[u, kind] += count[v, kind]
    if held & CANNOT_BIT:
        if lists[u, LENGTH]:
            entries[lists[u, LAST], AFTER] = lists[v, FIRST]
        else:
            lists[u, FIRST] = lists[v, FIRST]
        lists[u, LAST] = lists[v, LAST]
        lists[u, LENGTH] += lists[v, LENGTH]


@compiled
def least_members(up: Int32, node: Int32, least: Int32, label: Int32) -> None:
    """Label the nodes of a walked part. Members of a group come ascending, so the first met of a group is its least."""
    for x in range(up.size):
        root = find(up, np.int32(x))
        if least[root] < 0:
            least[root] = node[x]
        label[node[x]] = least[root]
