"""Compiled reading of names in the local parts of e-mail addresses: where a first and a last name stand.

Both are found as ranges of bytes; what is no letter inside a range does not count. A range of one letter is an
initial. Words are known by a hash of their letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Int32 = npt.NDArray[np.int32]
    UInt64 = npt.NDArray[np.uint64]

LEAST = 3  # letters of a name written out
_A, _Z, _AT, _PLUS = 97, 122, 64, 43


@njit(cache=True, nogil=True)
def hash_of(data: Bytes, start: int, end: int) -> np.uint64:  # pragma: no cover
    """FNV-1a over the letters."""
    value = np.uint64(14695981039346656037)
    for place in range(start, end):
        if _A <= data[place] <= _Z:
            value = (value ^ np.uint64(data[place])) * np.uint64(1099511628211)
    return value


@njit(cache=True, nogil=True)
def hash_all(data: Bytes, ends: Int32) -> UInt64:  # pragma: no cover
    hashes = np.empty(ends.size - 1, np.uint64)
    for row in range(hashes.size):
        hashes[row] = hash_of(data, ends[row], ends[row + 1])
    return hashes


@njit(cache=True, nogil=True)
def _often(words: Any, data: Bytes, start: int, end: int) -> int:  # pragma: no cover
    """How often a word is told; 0 if never. words: ascending hashes, and how often each is."""
    hashes, often = words
    wanted = hash_of(data, start, end)
    at = np.searchsorted(hashes, wanted)
    return int(often[at]) if at < hashes.size and hashes[at] == wanted else 0


@njit(cache=True, nogil=True)
def read_local_parts(text: Any, first: Any, last: Any, place: Int32) -> None:  # pragma: no cover
    """Fill place [addresses, 4]: start and end of a first name, start and end of a last name; nothing: both equal.

    text: addresses in lower case and their ends. first, last: what names there are (see `_often`).
    """
    data, ends = text
    for row in range(ends.size - 1):
        start, stop = ends[row], ends[row]
        while stop < ends[row + 1] and data[stop] != _AT and data[stop] != _PLUS:
            stop += 1
        while start < stop and not _A <= data[start] <= _Z:
            start += 1
        while stop > start and not _A <= data[stop - 1] <= _Z:
            stop -= 1
        middle = start
        while middle < stop and _A <= data[middle] <= _Z:
            middle += 1
        rest = middle
        while rest < stop and not _A <= data[rest] <= _Z:
            rest += 1
        if rest < stop:
            _read_two(data, (start, middle), (rest, stop), first, last, place[row])
        elif start < stop:
            _read_one(data, (start, stop), first, last, place[row])


@njit(cache=True, nogil=True)
def _found(place: Int32, first: Any, last: Any) -> None:  # pragma: no cover
    place[0], place[1] = first
    place[2], place[3] = last


@njit(cache=True, nogil=True)
def _split(data: Bytes, whole: Any, first: Any, last: Any, place: Int32) -> bool:  # pragma: no cover
    """The likeliest cut into a known first and a known last name."""
    start, end = whole
    best = 0
    for middle in range(start + LEAST, end - LEAST + 1):
        likely = _often(first, data, start, middle)
        if likely:
            likely *= _often(last, data, middle, end)
        if likely > best:
            best = likely
            _found(place, (start, middle), (middle, end))
    return bool(best > 0)


@njit(cache=True, nogil=True)
def _read_two(data: Bytes, a: Any, b: Any, first: Any, last: Any, place: Int32) -> None:  # pragma: no cover
    """f.last, first.l or last.f; first.last or last.first, whichever is likelier by how often the names are;
    firstlast-last or flast-last.
    """
    if a[1] - a[0] == 1 or b[1] - b[0] == 1:
        _read_initial(data, a, b, first, last, place)
        return
    first_a, last_b = _often(first, data, a[0], a[1]), _often(last, data, b[0], b[1])
    first_b, last_a = _often(first, data, b[0], b[1]), _often(last, data, a[0], a[1])
    straight, turned = first_a * last_b, first_b * last_a
    if straight == turned == 0:
        if _split(data, (a[0], b[1]), first, last, place):
            return
        if _often(last, data, a[0] + 1, b[1]):
            _found(place, (a[0], a[0] + 1), (a[0] + 1, b[1]))
            return
        straight, turned = max(first_a, last_b), max(first_b, last_a)
    if straight >= turned and straight:
        _found(place, a, b)
    elif turned:
        _found(place, b, a)


@njit(cache=True, nogil=True)
def _read_initial(
    data: Bytes, a: Any, b: Any, first: Any, last: Any, place: Int32
) -> None:  # pragma: no cover
    """f.last whatever the last name; first.l or last.f, whichever is likelier by how often the name is each."""
    if a[1] - a[0] == 1:
        if b[1] - b[0] >= LEAST:
            _found(place, a, b)
        return
    as_first, as_last = _often(first, data, a[0], a[1]), _often(last, data, a[0], a[1])
    if as_last > as_first:
        _found(place, b, a)
    elif as_first:
        _found(place, a, b)


@njit(cache=True, nogil=True)
def _read_one(data: Bytes, whole: Any, first: Any, last: Any, place: Int32) -> None:  # pragma: no cover
    """first, firstlast (the likeliest split), flast or firstl, in this order."""
    start, end = whole
    nothing = (start, start)
    if end - start >= LEAST and _often(first, data, start, end):
        _found(place, whole, nothing)
        return
    if _split(data, whole, first, last, place) or end - start <= LEAST + 1:
        return
    if _often(last, data, start + 1, end):
        _found(place, (start, start + 1), (start + 1, end))
    elif _often(first, data, start, end - 1):
        _found(place, (start, end - 1), (end - 1, end))


@njit(cache=True, nogil=True)
def letters_at(data: Bytes, place: Int32, ends: Int32) -> Bytes:  # pragma: no cover
    """The letters in some ranges [n, 2], one after the other; fills where those of each end [n + 1]."""
    size = 0
    for row in range(place.shape[0]):
        size += place[row, 1] - place[row, 0]
    letters = np.empty(size, np.uint8)
    filled = 0
    for row in range(place.shape[0]):
        for at in range(place[row, 0], place[row, 1]):
            if _A <= data[at] <= _Z:
                letters[filled] = data[at]
                filled += 1
        ends[row + 1] = filled
    return letters[:filled]
