"""Entities equal in all that is compared: of each such set ten are compared with others, the first is their original.

All of a set share every key, so a large one fills every block that it is in, and the cap would drop all of them.
So what exceeds ten is left out of blocks: each such copy is compared with the original alone, which is linear in
their number, and goes wherever that goes if the pair speaks for one person. In means copies do not count: what was
told ten times is no better known when told a hundred times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scvgraph.matching.atoms import Atom
from scvgraph.matching.features import Features
from scvgraph.matching.kernel_compiled import Bool, Int32, Int64, UInt64
from scvgraph.matching.linkage import Constraints
from scvgraph.matching.sampling import stirred
from scvgraph.matching.traits import owners

KEPT = 10  # of a set: a block of a hundred has room for ten sets
_PLACES = 8  # that a token of a name may have, as a number


@dataclass(frozen=True, slots=True)
class Copies:
    """copy: entities, ascending. original: of each the least that is equal to it, which is no copy itself."""

    copy: Int32
    original: Int32

    @property
    def pairs(self) -> UInt64:
        """Each original with each of its copies, as words, lower entity in the high half."""
        return self.original.astype(np.uint64) << np.uint64(32) | self.copy.astype(np.uint64)

    def among(self, entities: Int32) -> Bool:
        """Which of the entities are copies."""
        if not self.copy.size:
            return np.zeros(entities.size, np.bool_)
        place = np.minimum(np.searchsorted(self.copy, entities), self.copy.size - 1)
        found: Bool = self.copy[place] == entities
        return found

    def without(self, features: Features) -> Features:
        """The features, with nothing told by copies."""
        if not self.copy.size:
            return features
        kept = self._others(features.size)
        plain = []
        for feature in features.plain:
            start, entries = _only(feature.start, kept)
            plain.append(replace(feature, start=start, code=feature.code[entries]))
        name = features.name
        if name is not None:
            start, entries = _only(name.names.start, kept)
            token, place = name.names.token[entries], name.names.place[entries]
            name = replace(name, names=replace(name.names, start=start, token=token, place=place))
        return replace(features, name=name, plain=tuple(plain))

    def only_others(self, atom: Atom) -> Atom:
        """Keys, without those of copies."""
        start, entries = _only(atom.start, self._others(atom.start.size - 1))
        return replace(atom, start=start, key=atom.key[entries])

    def _others(self, size: int) -> Bool:
        kept = np.ones(size, np.bool_)
        kept[self.copy] = False
        return kept

    def alone(self, label: Int32) -> Int32:
        """Labels with every copy in a group of its own. label [n]: the least member of each one's group."""
        out = label.copy()
        out[self.copy] = self.copy
        return out

    def followed(self, label: Int32, follows: Bool) -> Int32:
        """Labels with those copies that follow in their originals' groups. follows: of every copy."""
        out = label.copy()
        out[self.copy[follows]] = label[self.original[follows]]
        return out


def copies_of(features: Features, constraints: Constraints) -> tuple[Copies, Atom]:
    """Which entities are copies, and all entities' contents as keys: of the ten that are kept of each set all pairs are
    compared, so that they are found as any others are.

    No copy is what holds anything limited or is kept apart from others by decision. What tells nothing has no key.
    """
    free = constraints.held.sum(axis=1) == 0
    free[constraints.cannot.ravel()] = False
    content, tells = _contents(features)
    start = np.zeros(content.size + 1, np.int32)
    np.cumsum(tells, out=start[1:])
    order = np.argsort(content, kind="stable")
    fresh = np.ones(order.size, np.bool_)
    fresh[1:] = content[order][1:] != content[order][:-1]
    place = np.arange(order.size)
    first = np.maximum.accumulate(np.where(fresh, place, 0))
    further = np.zeros(order.size, np.bool_)
    further[order] = place - first >= KEPT
    original = np.empty(order.size, np.int32)
    original[order] = order[first]
    copy = np.flatnonzero(free & tells & further).astype(np.int32)
    copies = Copies(copy, original[copy])
    own = Atom(start, content[tells], frozenset(column.name for column in features.columns))
    return copies, copies.only_others(own)


def _contents(features: Features) -> tuple[UInt64, Bool]:
    """[n] a word for all that an entity tells, and whether that is anything."""
    rows = [(each.start, each.code.astype(np.int64)) for each in features.plain]
    if features.name is not None:
        names = features.name.names
        rows.append((names.start, names.token.astype(np.int64) * _PLACES + names.place))
    word, tells = np.zeros(features.size, np.uint64), np.zeros(features.size, np.bool_)
    for start, code in rows:
        word = stirred(word + _summed(start, code))
        tells |= np.diff(start) > 0
    return word, tells


def _summed(start: Int32, code: Int64) -> UInt64:
    """Of every row the sum of its codes, each stirred."""
    total = np.zeros(code.size + 1, np.uint64)
    np.cumsum(stirred(code.astype(np.uint64) + np.uint64(1)), out=total[1:])
    found: UInt64 = total[start[1:]] - total[start[:-1]]
    return found


def _only(start: Int32, kept: Bool) -> tuple[Int32, Bool]:
    """The starts of rows once those not kept are empty, and which entries stay."""
    length = np.where(kept, np.diff(start), 0)
    left = np.zeros(start.size, np.int32)
    np.cumsum(length, out=left[1:])
    return left, kept[owners(start)]
