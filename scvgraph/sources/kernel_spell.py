"""Compiled numbering of raw values: an open-addressed hash table over a heap of bytes.

Entry 0 is nobody's, so that an empty slot is 0. Of entry n the bytes are heap[ends[n - 1] : ends[n]]. A slot holds
the upper half of the hash and the entry; the lower half says where to look first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_LOW = np.uint64(0xFFFFFFFF)
_HALF, _ONE = np.uint64(32), np.uint64(1)


@njit(cache=True, nogil=True)
def hash_rows(data: Any, offsets: Any, code: Any) -> None:  # pragma: no cover
    """FNV-1a of every row, its bits mixed once more, since it is cut in two."""
    for row in range(code.size):
        value = np.uint64(14695981039346656037)
        for place in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(data[place])) * np.uint64(1099511628211)
        value = (value ^ (value >> _HALF)) * np.uint64(0x9E3779B97F4A7C15)
        code[row] = value ^ (value >> np.uint64(29))


@njit(cache=True, nogil=True)
def call_up(code: Any, slots: Any, ends: Any, heap: Any) -> int:  # pragma: no cover
    """Touch what `enter_rows` is about to look at. These loads do not wait for each other, as those there do:
    the processor fetches many lines at once. The sum returned only keeps the compiler from leaving them out.
    """
    mask = np.uint64(slots.size - 1)
    near = np.empty(code.size, np.int64)
    total = 0
    for row in range(code.size):
        near[row] = np.int64(slots[code[row] & mask] & _LOW)
    for row in range(code.size):
        near[row] = ends[near[row]]
    for row in range(code.size):
        total += heap[near[row]]
    return total


@njit(cache=True, nogil=True)
def enter_rows(text: Any, code: Any, table: Any, held: int, entries: Any) -> int:  # pragma: no cover
    """The entry of each row's value, 0 for an empty one; values never seen are entered. Returns how many entries
    there are then. The table must have room for as many as there are rows.
    """
    data, offsets = text
    slots, hashes, ends, heap = table
    mask = np.uint64(slots.size - 1)
    for row in range(code.size):
        start = offsets[row]
        size = offsets[row + 1] - start
        if size == 0:
            entries[row] = 0
            continue
        at = code[row] & mask
        tag = code[row] >> _HALF
        while True:
            slot = slots[at]
            if slot == 0:
                held += 1
                slots[at] = (tag << _HALF) | np.uint64(held)
                hashes[held] = code[row]
                entries[row] = held
                begin = ends[held - 1]
                for place in range(size):
                    heap[begin + place] = data[start + place]
                ends[held] = begin + size
                break
            if slot >> _HALF == tag:
                entry = np.int64(slot & _LOW)
                begin = ends[entry - 1]
                same = ends[entry] - begin == size
                place = 0
                while same and place < size:
                    same = heap[begin + place] == data[start + place]
                    place += 1
                if same:
                    entries[row] = entry
                    break
            at = (at + _ONE) & mask
    return held


@njit(cache=True, nogil=True)
def place_again(hashes: Any, held: int, slots: Any) -> None:  # pragma: no cover
    """Fill the empty slots of a larger table."""
    mask = np.uint64(slots.size - 1)
    for entry in range(1, held + 1):
        at = hashes[entry] & mask
        while slots[at] != 0:
            at = (at + _ONE) & mask
        slots[at] = ((hashes[entry] >> _HALF) << _HALF) | np.uint64(entry)
