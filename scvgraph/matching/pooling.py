"""Homes of groups: once entities are known to be one person, each lives where any of them was seen.

One half of a person may show an IP address and the other tell a name; a third that shares the address shares it with
both. Only homes are pooled: of many noisy values, names say, the best pair would agree by chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scvgraph.matching.atoms import Atom
from scvgraph.matching.blocking import pairs_of
from scvgraph.matching.features import Feature, Features
from scvgraph.matching.kernel_compiled import Bool, Int32, UInt64
from scvgraph.matching.traits import distinct_words, owners, rows_of, take_rows

HOME = "home"


def pooled(features: Features, label: Int32) -> Features:
    """The features, every entity at home where any of its group is. label [n]: the least member of each one's group."""
    plain = tuple(_pooled(each, label) if each.column.role == HOME else each for each in features.plain)
    return replace(features, plain=plain)


def _pooled(feature: Feature, label: Int32) -> Feature:
    owner = label[owners(feature.start)].astype(np.int64)
    start, code = rows_of(owner, feature.code.astype(np.int64), label.size)
    start, code = take_rows(start, code, label.astype(np.int64))
    return feature.holding(start, code)


def more_at_home(features: Features, met: Features) -> Bool:
    """Which entities have more homes in met, the features pooled."""
    more = np.zeros(features.size, np.bool_)
    for own, all_of_group in zip(features.plain, met.plain, strict=True):
        more |= np.diff(own.start) != np.diff(all_of_group.start)
    return more


def neighbours(met: Features, label: Int32, cap: int) -> UInt64:
    """Pairs of entities of different groups with a home in common, as words, ascending; homes above the cap left out."""
    found = [np.empty(0, np.uint64)]
    for feature in met.plain:
        if feature.column.role == HOME:
            at = Atom(feature.start, feature.code.astype(np.uint64), frozenset({feature.column.name}))
            found.append(pairs_of(at, cap)[0])
    words = distinct_words(np.concatenate(found))
    low, high = (words >> np.uint64(32)).astype(np.int64), (words & np.uint64(0xFFFFFFFF)).astype(np.int64)
    apart: UInt64 = words[label[low] != label[high]]
    return apart
