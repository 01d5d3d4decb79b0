"""Find the components that break a constraint and lift them out, numbered densely.

Nodes of the part are numbered component by component, ascending inside each, so that a careful walk touches
memory in proportion to what is wrong and not to all there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import compiled

if TYPE_CHECKING:
    from scvgraph.resolve.kernel_compiled import BoolArray, Int8, Int32, Int64


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes [c] and links [d] of chosen components. An end is a number of the part."""

    inside: Int32  # [size] number in the part of each node, -1 for one outside it
    node: Int32  # [c] the node that has this number
    group: Int32  # [c] its component, from 0
    link: Int64  # [d] rows of links, ascending
    ends: Int64  # [d] the ends of each, one in each half


def lift(label: Int32, chosen: BoolArray, a: Int32, b: Int32) -> Part:
    """The part made of the components whose label is chosen. One pass over nodes, one over links."""
    inside = np.full(label.size, -1, np.int32)
    node, group = (np.empty(label.size, np.int32) for _ in range(2))
    nodes = number(label, chosen, inside, (node, group))
    link, ends = (np.empty(a.size, np.int64) for _ in range(2))
    links = gather(inside, (a, b), link, ends)
    return Part(inside, node[:nodes], group[:nodes], link[:links], ends[:links])


def pack_pairs(inside: Int32, pairs: Int32) -> tuple[Int64, Int64]:
    """Rows of the pairs that lie in the part, and their ends as numbers of it, one in each half."""
    x, y = inside[pairs[:, 0]].astype(np.int64), inside[pairs[:, 1]].astype(np.int64)
    rows = np.flatnonzero((x >= 0) & (y >= 0))
    return rows, (x << 32 | y)[rows]


def over_limit(label: Int32, kind: Int8, limits: Int32) -> BoolArray:
    """Which labels name a group that holds more of some kind than its limit. O(n k)."""
    over, held = np.zeros(label.size, np.bool_), np.zeros(label.size, np.int32)
    count_kinds(label, kind, limits, held, over)
    return over


@compiled
def count_kinds(label: Int32, kind: Int8, limits: Int32, held: Int32, over: BoolArray) -> None:
    for limited in range(limits.size):
        for node in range(label.size):
            if kind[node] == limited:
                held[label[node]] += 1
        for node in range(label.size):
            if kind[node] == limited:
                if held[label[node]] > limits[limited]:
                    over[label[node]] = True
                held[label[node]] = 0


def mark_various(label: Int32, node: Int32, trait: Int8, code: Int32, chosen: BoolArray) -> None:
    """Choose the labels of components in which a trait is told in more than one way."""
    for each in np.unique(trait):
        rows = trait == each
        first = np.full(label.size, -1, np.int32)
        find_various(label, node[rows], code[rows], first, chosen)


@compiled
def find_various(label: Int32, node: Int32, code: Int32, first: Int32, chosen: BoolArray) -> None:
    for row in range(node.size):
        at = label[node[row]]
        if first[at] < 0:
            first[at] = code[row]
        elif first[at] != code[row]:
            chosen[at] = True


@compiled
def number(label: Int32, chosen: BoolArray, inside: Int32, lists: tuple[Int32, Int32]) -> int:
    """Number the nodes of chosen components; returns how many there are."""
    node, group = lists
    place = np.zeros(label.size, np.int32)  # by label: members counted, then where the next one goes
    for x in range(label.size):
        if chosen[label[x]]:
            place[label[x]] += 1
    groups = 0
    free = 0
    for x in range(label.size):
        if not chosen[label[x]]:
            continue
        if label[x] == x:  # a label is its least member, so it is met first
            many = place[x]
            group[free : free + many] = groups
            groups += 1
            place[x] = free
            free += many
        at = place[label[x]]
        place[label[x]] += 1
        inside[x] = at
        node[at] = x
    return free


@compiled
def gather(inside: Int32, columns: tuple[Int32, Int32], link: Int64, ends: Int64) -> int:
    """List the links of the part; returns how many there are."""
    a, b = columns
    found = 0
    for row in range(a.size):
        x = inside[a[row]]
        if x >= 0:
            y = inside[b[row]]
            if y >= 0:
                link[found] = row
                ends[found] = np.int64(x) << 32 | y
                found += 1
    return found
