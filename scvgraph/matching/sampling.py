"""Pairs drawn without chance: by a hash of their number, so that the same entities give the same pairs."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compiled import Int32, UInt64

_STEP = np.uint64(0x9E3779B97F4A7C15)


def random_pairs(size: int, count: int) -> tuple[Int32, Int32]:
    """About so many pairs of different entities, the lower first; all there are if they are few."""
    if size * (size - 1) // 2 <= count:
        low, high = np.triu_indices(size, 1)
        return low.astype(np.int32), high.astype(np.int32)
    side = stirred(np.arange(2 * count, dtype=np.uint64) * _STEP) % np.uint64(size)
    one, other = side[:count].astype(np.int32), side[count:].astype(np.int32)
    apart = one != other
    return np.minimum(one, other)[apart], np.maximum(one, other)[apart]


def stirred(word: UInt64) -> UInt64:
    """Words whose bits all depend on all bits: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def ends(words: UInt64) -> tuple[Int32, Int32]:
    """The two entities of pairs written as words, lower entity in the high half."""
    return (words >> np.uint64(32)).astype(np.int32), (words & np.uint64(0xFFFFFFFF)).astype(np.int32)


def spread(pairs: UInt64, most: int) -> UInt64:
    """At most so many of the pairs, evenly spread."""
    return pairs[:: spaced(pairs.size, most)]


def spaced(size: int, most: int) -> int:
    """How far apart at most so many of `size` are taken, evenly spread."""
    return max(1, -(-size // most))
