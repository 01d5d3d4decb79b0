"""Compiled counting of pairs: an open-addressed hash table.

Entry 0 is nobody's, so that an empty slot is 0. Slots hold entries; an entry is a row of numbers (both ends in one, first
and last time, sightings under each rule), which is one miss of the processor's caches where columns would be five.
Nearly every look-up misses them: pairs are looked up some thousands at a time, what they need being fetched ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int8 = npt.NDArray[np.int8]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Sighted = tuple[Int32, Int32, Int64, Int8]
    Columns = tuple[Int32, Int32, Int32, Int64, Int64]

NEVER = np.iinfo(np.int64).max
ENDS, FIRST, LAST, COUNTS = 0, 1, 2, 3  # columns of entries; behind them one for each rule
_STRIDE = 2048
_LOWER = 0xFFFFFFFF
_ONE, _HALF = np.uint64(1), np.uint64(32)
_ODD, _ODDER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@njit(cache=True, nogil=True)
def _mixed(a: int, b: int) -> Any:  # pragma: no cover
    value = ((np.uint64(a) << _HALF) | np.uint64(b)) * _ODD
    value = (value ^ (value >> _HALF)) * _ODDER
    return value ^ (value >> _HALF)


@njit(cache=True, nogil=True)
def count_pairs(
    rows: Sighted, rule_at: Int32, part: tuple[int, int], slots: Int32, entries: Int64, held: int
) -> int:  # pragma: no cover
    """Count the pairs some rows show; returns how many entries there are then. There must be room for as many as rows.

    rows: the two identifiers (-1 for none), the time (NEVER if unknown) and the rule. rule_at: the place of each of
    the layout's rules among all rules. part: only pairs of this part of so many.
    """
    one, other = rows[0], rows[1]
    wanted, parts = np.uint64(part[0]), np.uint64(part[1])
    hashes, spots = np.empty(2 * _STRIDE, np.uint64), np.empty(2 * _STRIDE, np.int64)
    both = np.empty(_STRIDE, np.uint64)
    start, found, end = np.uint64(0), np.uint64(0), np.uint64(one.size)
    while start < end:
        till = min(end, start + np.uint64(_STRIDE))
        pairs, row = np.uint64(0), start
        # Most rows show no such pair, and which ones do cannot be foretold: there are sums here in place of branches.
        while row < till:
            both[pairs] = row
            pairs += np.uint64(((one[row] | other[row]) >= 0) & (one[row] != other[row]))
            row += _ONE
        for n in range(pairs):
            row = both[n]
            hashes[found], spots[found] = _mixed(one[row], other[row]), row
            found += np.uint64((hashes[found] >> _HALF) * parts >> _HALF == wanted)
        start = till
        if start == end or found > _STRIDE:
            _fetch(hashes[:found], slots, entries)
            held = _enter(rows, rule_at, (hashes[:found], spots[:found]), slots, entries, held)
            found = np.uint64(0)
    return held


@njit(cache=True, nogil=True)
def _fetch(hashes: npt.NDArray[np.uint64], slots: Int32, entries: Int64) -> int:  # pragma: no cover
    """Touch what `_enter` is about to look at: these loads do not wait for each other. The sum keeps them in."""
    mask = np.uint64(slots.size - 1)
    near = np.empty(hashes.size, np.int64)
    total = 0
    for n in range(hashes.size):
        near[n] = slots[hashes[n] & mask]
    for n in range(hashes.size):
        total += entries[near[n], ENDS]
    return total


@njit(cache=True, nogil=True)
def _enter(
    rows: Sighted,
    rule_at: Int32,
    wanted: tuple[npt.NDArray[np.uint64], Int64],
    slots: Int32,
    entries: Int64,
    held: int,
) -> int:  # pragma: no cover
    one, other, at, rule = rows
    hashes, spots = wanted
    mask = np.uint64(slots.size - 1)
    for n in range(hashes.size):
        row = spots[n]
        ends = np.int64(one[row]) << 32 | np.int64(other[row])
        slot = hashes[n] & mask
        entry = slots[slot]
        while entry != 0 and entries[entry, ENDS] != ends:
            slot = (slot + _ONE) & mask
            entry = slots[slot]
        time = at[row]
        if entry == 0:
            held += 1
            entry = held
            slots[slot] = entry
            entries[entry, ENDS] = ends
            entries[entry, FIRST], entries[entry, LAST] = NEVER, NEVER
            for place in range(COUNTS, entries.shape[1]):
                entries[entry, place] = 0
        entries[entry, COUNTS + rule_at[rule[row]]] += 1
        if time != NEVER:
            entries[entry, FIRST] = min(entries[entry, FIRST], time)
            last = entries[entry, LAST]
            entries[entry, LAST] = time if last == NEVER else max(last, time)
    return held


@njit(cache=True, nogil=True)
def place_again(entries: Int64, held: int, slots: Int32) -> None:  # pragma: no cover
    """Fill the empty slots of a larger table."""
    mask = np.uint64(slots.size - 1)
    for entry in range(1, held + 1):
        ends = entries[entry, ENDS]
        slot = _mixed(ends >> 32, ends & _LOWER) & mask
        while slots[slot] != 0:
            slot = (slot + _ONE) & mask
        slots[slot] = entry


@njit(cache=True, nogil=True)
def lay_out(entries: Int64, held: int, into: Columns, start: int) -> None:  # pragma: no cover
    """Write the entries as columns (ends, sightings [rules, pairs], first and last time), from place `start` on."""
    a, b, count, first, last = into
    for entry in range(1, held + 1):
        place = start + entry - 1
        a[place], b[place] = entries[entry, ENDS] >> 32, entries[entry, ENDS] & _LOWER
        first[place], last[place] = entries[entry, FIRST], entries[entry, LAST]
        for rule in range(count.shape[0]):
            count[rule, place] = entries[entry, COUNTS + rule]
