"""Compiled counting of pairs: an open-addressed hash table whose entries are the columns of the result.

Entry 0 is nobody's, so that an empty slot is 0. Slots hold entries; pairs are looked up some thousands at a time, what
they need being fetched ahead, since nearly every look-up misses the processor's caches.
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
    Entries = tuple[Int32, Int32, Int32, Int64, Int64]

NEVER = np.iinfo(np.int64).max
_STRIDE = 2048
_ONE, _TWO, _HALF = np.uint64(1), np.uint64(2), np.uint64(32)
_ODD, _ODDER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@njit(cache=True, nogil=True)
def _mixed(a: int, b: int) -> Any:  # pragma: no cover
    value = ((np.uint64(a) << _HALF) | np.uint64(b)) * _ODD
    value = (value ^ (value >> _HALF)) * _ODDER
    return value ^ (value >> _HALF)


@njit(cache=True, nogil=True)
def count_pairs(
    rows: Sighted, rule_at: Int32, part: tuple[int, int], slots: Int32, entries: Entries, held: int
) -> int:  # pragma: no cover
    """Count the pairs some rows show; returns how many entries there are then. There must be room for as many as rows.

    rows: the two identifiers (-1 for none), the time (NEVER if unknown) and the rule. rule_at: the place of each of
    the layout's rules among all rules. part: only pairs of this part of so many. entries: the two ends, sightings
    [rules, entries], first and last time.
    """
    one, other = rows[0], rows[1]
    hashes, spots = np.empty(_STRIDE, np.uint64), np.empty(_STRIDE, np.int64)
    wanted, parts = np.uint64(part[0]), np.uint64(part[1])
    row, found = np.uint64(0), np.uint64(0)
    end = np.uint64(one.size)
    while row < end:
        # Most rows show no such pair, and which ones do cannot be foretold: there are sums here in place of branches.
        till = min(end, row + np.uint64(_STRIDE) - found)
        while row < till:
            a, b = one[row], other[row]
            hashes[found], spots[found] = _mixed(a, b), row
            fits = (a >= 0) & (b >= 0) & (a != b) & ((hashes[found] >> _HALF) * parts >> _HALF == wanted)
            found += np.uint64(fits)
            row += _ONE
        if row == end or found * _TWO > _STRIDE:
            _fetch(hashes[:found], slots, entries)
            held = _enter(rows, rule_at, (hashes[:found], spots[:found]), slots, entries, held)
            found = np.uint64(0)
    return held


@njit(cache=True, nogil=True)
def _fetch(hashes: npt.NDArray[np.uint64], slots: Int32, entries: Entries) -> int:  # pragma: no cover
    """Touch what `_enter` is about to look at: these loads do not wait for each other. The sum keeps them in."""
    a, b, count, first, last = entries
    mask = np.uint64(slots.size - 1)
    near = np.empty(hashes.size, np.int64)
    total = 0
    for n in range(hashes.size):
        near[n] = slots[hashes[n] & mask]
    for n in range(hashes.size):
        entry = near[n]
        total += a[entry] + b[entry] + count[0, entry] + first[entry] + last[entry]
    return total


@njit(cache=True, nogil=True)
def _enter(
    rows: Sighted,
    rule_at: Int32,
    wanted: tuple[npt.NDArray[np.uint64], Int64],
    slots: Int32,
    entries: Entries,
    held: int,
) -> int:  # pragma: no cover
    one, other, at, rule = rows
    hashes, spots = wanted
    a, b, count, first, last = entries
    mask = np.uint64(slots.size - 1)
    for n in range(hashes.size):
        row = spots[n]
        slot = hashes[n] & mask
        entry = slots[slot]
        while entry != 0 and (a[entry] != one[row] or b[entry] != other[row]):
            slot = (slot + _ONE) & mask
            entry = slots[slot]
        time = at[row]
        if entry == 0:
            held += 1
            entry = held
            slots[slot] = entry
            a[entry], b[entry] = one[row], other[row]
            count[:, entry] = 0
            first[entry], last[entry] = NEVER, NEVER
        count[rule_at[rule[row]], entry] += 1
        if time != NEVER:
            first[entry] = min(first[entry], time)
            last[entry] = time if last[entry] == NEVER else max(last[entry], time)
    return held


@njit(cache=True, nogil=True)
def place_again(entries: Entries, held: int, slots: Int32) -> None:  # pragma: no cover
    """Fill the empty slots of a larger table."""
    a, b = entries[0], entries[1]
    mask = np.uint64(slots.size - 1)
    for entry in range(1, held + 1):
        slot = _mixed(a[entry], b[entry]) & mask
        while slots[slot] != 0:
            slot = (slot + _ONE) & mask
        slots[slot] = entry
