"""Average linkage over sparse scores, under constraints, the same for the same scores whatever the numbering.

Sokal and Michener 1958 (UPGMA). A pair without a score counts as `missing`. Average linkage is reducible (a merge
brings no two groups nearer than the nearer of the parts was), and so are refusals that merged groups inherit, so
all pairs of groups that are each other's best are merged at once, with the result of merging one by one from the
best down (Bruynooghe 1977; Murtagh 1983, "A survey of recent advances in hierarchical clustering algorithms").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.kernel_compiled import Bool, Int32, Int64
from scvgraph.matching.kernel_linkage import (
    NO_EDGE,
    allowed,
    best_of_records,
    components,
    gather,
    merge_best,
    nearest,
    within,
)
from scvgraph.matching.traits import distinct_words


@dataclass(frozen=True, slots=True)
class Constraints:
    """What no group may hold."""

    held: Int32  # [n, k] how many identifiers of each limited kind an entity holds
    limits: Int32  # [k]
    cannot: Int32  # [c, 2] entities that never belong together

    @staticmethod
    def none(size: int) -> Constraints:
        return Constraints(np.zeros((size, 0), np.int32), np.zeros(0, np.int32), np.zeros((0, 2), np.int32))


def least_members(size: int, a: Int32, b: Int32) -> Int32:
    """The least node of each node's connected component."""
    label = np.arange(size, dtype=np.int32)
    components(a, b, label)
    return label


def average_linkage(
    size: int, pairs: tuple[Int32, Int32, Int32], constraints: Constraints, clip: int, missing: int,
    start: Int32 | None = None,
) -> Int32:  # fmt: skip
    """Least member of each entity's group. pairs: (a, b, score), a < b, each pair once; merged while the mean is 0 or more.

    start: groups to begin with, by their least members; every entity alone if not given.
    """
    label = np.arange(size, dtype=np.int32) if start is None else start
    score = pairs[2]
    linked = score > 0
    component = least_members(size, label[pairs[0][linked]], label[pairs[1][linked]])[label]
    inside = np.flatnonzero(within(component, pairs[0], pairs[1]))
    one, other = label[pairs[0][inside]], label[pairs[1][inside]]
    total = np.clip(score[inside].astype(np.int64), -clip, clip)
    a, b, total, count = merged(one, other, total, np.ones(total.size, np.int64))
    weight = np.bincount(label, minlength=size).astype(np.int64)
    held, barred = summed(constraints.held.astype(np.int32), label), _pairs(label[constraints.cannot])
    while a.size:
        value = _means(total, count, weight[a] * weight[b], missing)
        step = np.arange(size, dtype=np.int32)
        if not merge_once(a, b, value, step, (held, constraints.limits, barred)):
            break
        label = step[label]
        weight = np.bincount(step, weights=weight, minlength=size).astype(np.int64)
        held = summed(held, step)
        barred = _pairs(step[np.stack([barred >> 32, barred & 0xFFFFFFFF], axis=1)])
        a, b, total, count = merged(step[a], step[b], total, count)
    return label


def joined_groups(
    label: Int32, pairs: tuple[Int32, Int32, Int32], constraints: Constraints, clip: int, missing: int,
    least: int, floor: int,
) -> Int32:  # fmt: skip
    """Groups joined again where each record of the smaller has a good partner in the other.

    least: what the mean of those best scores must reach; floor: what the mean of all scores must.
    """
    a, b, score = pairs
    score = np.clip(score, -clip, clip)
    size = label.size
    while True:
        good = (score > least) & (label[a] != label[b])
        touched = np.zeros(size, np.bool_)
        touched[label[a[good]]] = touched[label[b[good]]] = True
        cross = touched[label[a]] & touched[label[b]] & (label[a] != label[b])
        a, b, score = a[cross], b[cross], score[cross]
        low, high = np.minimum(label[a], label[b]).astype(np.int64), np.maximum(label[a], label[b])
        pair = (low << 32) | high
        worth = held_in(pair, distinct_words(pair[score > least]))
        a, b, score, pair = a[worth], b[worth], score[worth], pair[worth]
        out = np.empty((3, pair.size), np.int64)
        weight = np.bincount(label, minlength=size).astype(np.int32)
        order = np.argsort(pair, kind="stable")
        found = best_of_records(pair, order, a, b, score, label, weight, missing, out[0], out[1], out[2])
        word, best = out[0, :found], np.where(out[2, :found] >= floor, out[1, :found], NO_EDGE)
        step = np.arange(size, dtype=np.int32)
        held, barred = summed(constraints.held, label), _pairs(label[constraints.cannot])
        if not merge_once(
            word >> 32, word & 0xFFFFFFFF, best, step, (held, constraints.limits, barred), least
        ):
            return label
        label = step[label]


def held_in(words: Int64, wanted: Int64) -> Bool:
    """Which words are among those wanted, which ascend."""
    if not wanted.size:
        return np.zeros(words.size, np.bool_)
    place = np.minimum(np.searchsorted(wanted, words), wanted.size - 1)
    found: Bool = wanted[place] == words
    return found


def _means(total: Int64, count: Int64, all_pairs: Int64, missing: int) -> Int64:
    """Mean scores rounded down; pairs without a score count as missing."""
    return (total + missing * (all_pairs - count)) // all_pairs


def merge_once(
    a: Int64, b: Int64, value: Int64, step: Int32, constraints: tuple[Int32, Int32, Int64], least: int = 0
) -> int:
    """Merge all mutual best groups into step; returns how many."""
    held, limits, barred = constraints
    one, other = a.astype(np.int32), b.astype(np.int32)
    free = np.ones(a.size, np.bool_)
    allowed(one, other, held, limits, free)
    if barred.size:
        free &= ~held_in((a << 32) | b, barred)
    best = np.full(step.size, NO_EDGE, np.int64)
    to = np.full(step.size, -1, np.int32)
    nearest(one, other, value, free, least, best, to)
    return merge_best(to, step)


def merged(a: Int32, b: Int32, total: Int64, count: Int64) -> tuple[Int64, Int64, Int64, Int64]:
    """Edges between groups: what edges of the same two groups hold, summed; edges inside a group left out."""
    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    between = low != high
    key = ((low << 32) | high)[between]
    order = np.argsort(key, kind="stable")
    out = np.empty((3, key.size), np.int64)
    size = gather(key, total[between], count[between], order, out[0], out[1], out[2])
    return out[0, :size] >> 32, out[0, :size] & 0xFFFFFFFF, out[1, :size], out[2, :size]


def summed(held: Int32, step: Int32) -> Int32:
    """Counts of limited identifiers by group."""
    if not held.size:
        return held
    out = np.zeros_like(held)
    np.add.at(out, step, held)
    return out


def _pairs(cannot: Int32) -> Int64:
    """Cannot pairs as words, lower entity in the high half, distinct."""
    if not cannot.size:
        return np.empty(0, np.int64)
    low, high = cannot.min(axis=1).astype(np.int64), cannot.max(axis=1).astype(np.int64)
    return distinct_words((low << 32) | high)
