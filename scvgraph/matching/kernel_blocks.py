"""Compiled steps of blocking: keys of several atoms together, and the pairs inside blocks."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compiled import Bool, Int32, Int64, UInt8, UInt64, compiled

MIX, BITS_OF_BYTES = np.uint64(0x9E3779B97F4A7C15), 32  # of a hash as many upper bits are enough


@compiled
def mixed(one: int, other: int) -> int:  # pragma: no cover
    """Two words stirred into one so that near ones fall far apart (the finaliser of splitmix64)."""
    word = np.uint64(one) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(other)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))  # type: ignore[return-value]


@compiled
def recurring(key: UInt64, seen: UInt8, again: Bool) -> None:  # pragma: no cover
    """Mark every key that occurs again, and few of those that do not. seen: zeros, a power of 2 of them."""
    down = np.uint64(64 - BITS_OF_BYTES)
    mask = np.uint64(seen.size - 1)
    for place in range(key.size):
        at = (key[place] * MIX >> down) & mask
        seen[at] = min(seen[at] + 1, 2)
    for place in range(key.size):
        again[place] = seen[(key[place] * MIX >> down) & mask] > 1


@compiled
def combine(
    one: tuple[Int32, UInt64], other: tuple[Int32, UInt64], start: Int32, key: UInt64
) -> None:  # pragma: no cover
    """Every key of one with every key of the other, entity by entity; start is given."""
    for entity in range(start.size - 1):
        place = start[entity]
        for i in range(one[0][entity], one[0][entity + 1]):
            for j in range(other[0][entity], other[0][entity + 1]):
                key[place] = mixed(one[1][i], other[1][j])
                place += 1


@compiled
def pair_up(rows: tuple[Int32, UInt64], start: Int32, key: UInt64) -> None:  # pragma: no cover
    """Every unordered pair of an entity's keys, entity by entity; start is given. Keys ascend inside an entity."""
    for entity in range(start.size - 1):
        place = start[entity]
        for i in range(rows[0][entity], rows[0][entity + 1]):
            for j in range(i + 1, rows[0][entity + 1]):
                key[place] = mixed(rows[1][i], rows[1][j])
                place += 1


@compiled
def swap_keys(data: UInt8, offset: Int32, stop: int, early: UInt64, late: UInt64) -> None:  # pragma: no cover
    """Two keys of every value's bytes up to the first `stop`: all of them in whatever order, and the second half in
    its own (early), or the first half less its last byte (late).

    Two values that differ by a swap of neighbours have one of the keys in common, wherever it is.
    """
    for value in range(offset.size - 1):
        begin, end = offset[value], offset[value]
        total = np.uint64(0)
        while end < offset[value + 1] and data[end] != stop:
            total += mixed(data[end], 1)
            end += 1
        middle = (begin + end + 1) // 2
        early[value] = late[value] = total
        for place in range(middle, end):
            early[value] = mixed(early[value], data[place])
        for place in range(begin, middle - 1):
            late[value] = mixed(late[value], data[place])


@compiled
def block_pairs(
    begin: Int64, end: Int64, member: Int32, place: Int64, out: UInt64
) -> None:  # pragma: no cover
    """The pairs inside blocks member[begin[i]:end[i]], lower entity in the high half; place: of each block in out."""
    for block in range(begin.size):
        at = place[block]
        for i in range(begin[block], end[block]):
            for j in range(i + 1, end[block]):
                low, high = min(member[i], member[j]), max(member[i], member[j])
                out[at] = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
                at += 1
