"""Compiled numbering of raw values: an open-addressed hash table over a heap of bytes.

Entry 0 is nobody's, so that an empty slot is 0. `places` has a row for each entry: where its bytes end in the heap (they
begin where those of the entry before end) and its number, -1 until it is given one; both are wanted at once, so they
stand in one cache line. A slot holds the upper half of the hash and the entry; the lower half says where to look first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

_LOW = np.uint64(0xFFFFFFFF)
_HALF, _ONE, _EIGHT = np.uint64(32), np.uint64(1), np.uint64(8)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def _word_at(_: Any, data: Any, place: Any) -> Any:  # pragma: no cover
    """Eight bytes as one number, wherever they begin: values are hashed and compared in a fraction of the steps."""

    def load(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        at = builder.gep(array.data, [args[1]])
        word = builder.load(builder.bitcast(at, ir.IntType(64).as_pointer()))
        word.align = 1
        return word

    return types.uint64(data, place), load


_word: Any = intrinsic(_word_at)
STRIDE = 4096  # rows looked up together, so that what they need fits the nearer caches
_END, _NUMBER = 0, 1  # columns of `places`

# Places are unsigned in what follows: numba would ask of each signed one whether it counts from the end.


@njit(cache=True, nogil=True)
def enter_rows(
    text: Any, first: int, table: Any, held: int, numbers: Any
) -> tuple[int, int]:  # pragma: no cover
    """Fill in the number of each row's value from row `first` on: -1 for an empty one, and for one whose entry n has no
    number yet -1 - n; values never seen are entered. Returns the row it stopped at for want of room in the table, or the
    end, and how many entries there are then.
    """
    data, offsets = text
    slots, hashes, places, heap = table
    code = np.empty(STRIDE, np.uint64)
    for start in range(first, numbers.size, STRIDE):
        part = offsets[start : start + STRIDE + 1]
        rows = part.size - 1
        needed = held + rows + 1
        size = np.int64(part[rows]) - np.int64(part[0])
        if needed * 3 > slots.size * 2 or needed > hashes.size or places[held, _END] + size + 1 > heap.size:
            return start, held
        _hash_rows(data, part, code)
        _call_up(code[:rows], slots, places, heap)
        held = _enter(data, part, code[:rows], table, held, numbers[start : start + rows])
    return numbers.size, held


@njit(cache=True, nogil=True)
def number_rows(numbers: Any, places: Any) -> None:  # pragma: no cover
    """Put the numbers entries were given since in place of what `enter_rows` said of them."""
    for row in range(numbers.size):
        if numbers[row] < -1:
            numbers[row] = places[-1 - np.int64(numbers[row]), _NUMBER]


@njit(cache=True, nogil=True)
def _hash_rows(data: Any, offsets: Any, code: Any) -> None:  # pragma: no cover
    """A hash of every row by multiplication, word by word (the last one overlaps), mixed at the end, since it is cut in two."""
    for row in range(offsets.size - 1):
        at, end = np.uint64(offsets[row]), np.uint64(offsets[row + 1])
        size = end - at
        value, rest = size, np.uint64(0)
        if size < _EIGHT:
            while at < end:
                rest = (rest << _EIGHT) | np.uint64(data[at])
                at += _ONE
        else:
            rest = _word(data, end - _EIGHT)
            while at + _EIGHT < end:
                value = (value ^ _word(data, at)) * _ODD
                value ^= value >> _HALF
                at += _EIGHT
        value = (value ^ rest) * _ODD
        value = (value ^ (value >> _HALF)) * np.uint64(0xBF58476D1CE4E5B9)
        code[row] = value ^ (value >> np.uint64(29))


@njit(cache=True, nogil=True)
def _call_up(code: Any, slots: Any, places: Any, heap: Any) -> int:  # pragma: no cover
    """Touch what `_enter` is about to look at. These loads do not wait for each other, as those there do:
    the processor fetches many lines at once. The sum returned only keeps the compiler from leaving them out.
    """
    mask = np.uint64(slots.size - 1)
    near = np.empty(code.size, np.int64)
    total = 0
    for row in range(code.size):
        near[row] = np.int64(slots[code[row] & mask] & _LOW)
    for row in range(code.size):
        near[row] = places[near[row], _END]
    for row in range(code.size):
        total += heap[near[row]]
    return total


@njit(cache=True, nogil=True)
def _same(heap: Any, begin: Any, data: Any, start: Any, size: Any) -> Any:  # pragma: no cover
    """Whether `size` bytes are the same."""
    place = np.uint64(0)
    if size >= _EIGHT:
        while place + _EIGHT < size:
            if _word(heap, begin + place) != _word(data, start + place):
                return False
            place += _EIGHT
        return _word(heap, begin + size - _EIGHT) == _word(data, start + size - _EIGHT)
    while place < size:
        if heap[begin + place] != data[start + place]:
            return False
        place += _ONE
    return True


@njit(cache=True, nogil=True)
def _enter(
    data: Any, offsets: Any, code: Any, table: Any, held: int, numbers: Any
) -> int:  # pragma: no cover
    """`enter_rows` for some rows there is room for; returns how many entries there are then."""
    slots, hashes, places, heap = table
    mask = np.uint64(slots.size - 1)
    for row in range(code.size):
        start = np.uint64(offsets[row])
        size = np.uint64(offsets[row + 1]) - start
        if size == 0:
            numbers[row] = -1
            continue
        at = code[row] & mask
        tag = code[row] >> _HALF
        while True:
            slot = slots[at]
            if slot == 0:
                held += 1
                slots[at] = (tag << _HALF) | np.uint64(held)
                hashes[held] = code[row]
                begin = np.uint64(places[held - 1, _END])
                for place in range(size):
                    heap[begin + place] = data[start + place]
                places[held, _END], places[held, _NUMBER] = begin + size, -1
                numbers[row] = -1 - held
                break
            if slot >> _HALF == tag:
                entry = slot & _LOW
                begin = np.uint64(places[entry - _ONE, _END])
                if np.uint64(places[entry, _END]) - begin == size and _same(heap, begin, data, start, size):
                    number = places[entry, _NUMBER]
                    numbers[row] = number if number >= 0 else -1 - np.int64(entry)
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
