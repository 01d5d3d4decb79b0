"""Compiled scans over whole columns: which values are plain, and what becomes of the plain ones.

A scan may only claim what the scalar rule of the kind would answer; a value it is not sure of is *odd* and goes
to that rule. Listed words are noticed by a 16-bit hash: a false alarm costs a scalar call, a miss cannot happen.

Strings come as Arrow lays them out: one byte buffer and n + 1 int32 offsets. All scans take O(bytes), keep no
state and release the interpreter lock. They are compiled once and cached beside their file: the cache knows
changes of that file only, so a kernel uses no constant of another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pyarrow as pa
from numba import njit

from scvgraph.identifiers.placeholders import ID_PLACEHOLDERS, NULL_WORDS, word_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Offsets = NDArray[np.int32]
    Mask = NDArray[np.bool_]

_Kernel = TypeVar("_Kernel")

PLAIN, ODD, UUID = 0, 1, 2
_LONGEST_ID = 512
_DOT, _DASH, _ZERO, _NINE = 46, 45, 48, 57


def compiled(function: _Kernel) -> _Kernel:
    return cast("_Kernel", njit(cache=True, nogil=True)(function))


def alarms(words: Iterable[str]) -> Mask:
    """A table of 65,536 bits: which hashes are the hash of a listed word."""
    table = np.zeros(1 << 16, np.bool_)
    table[[word_hash(word) for word in words]] = True
    return table


_ID_WORDS = NULL_WORDS | ID_PLACEHOLDERS
_ID_ALARMS = alarms(_ID_WORDS)
_LONGEST_WORD = max(len(word.encode()) for word in _ID_WORDS)


def buffers(strings: pa.StringArray) -> tuple[Bytes, Offsets]:
    """The bytes and the n + 1 offsets of a string column, without a copy."""
    _, offsets, data = strings.buffers()
    if len(strings) == 0 or offsets is None:
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    ends = np.frombuffer(offsets, np.int32)[strings.offset : strings.offset + len(strings) + 1]
    return np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8), ends


def strings_from(data: Bytes, offsets: Offsets) -> pa.StringArray:
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def scan_ids(raw: pa.StringArray) -> NDArray[np.uint8]:
    """Per id: PLAIN (kept as it is but for its case), UUID (to be written in lower case) or ODD."""
    data, offsets = buffers(raw)
    return cast("NDArray[np.uint8]", _scan_ids(data, offsets, _ID_ALARMS, _LONGEST_WORD))


def scan_ips(raw: pa.StringArray) -> Mask:
    """Which are IPv4 addresses in their one canonical spelling, and neither loopback nor all zeros or ones."""
    return cast("Mask", _scan_ips(*buffers(raw)))


@compiled
def _uuid(data: Any, start: int) -> bool:
    for i in range(36):
        byte = data[start + i] | 32
        if i in (8, 13, 18, 23):
            if data[start + i] != _DASH:
                return False
        elif not (_ZERO <= data[start + i] <= _NINE or 97 <= byte <= 102):
            return False
    return True


@compiled
def _id_kind(data: Any, start: int, end: int, alarms: Any, longest_word: int) -> int:
    if end == start or end - start > _LONGEST_ID or data[start] == 32 or data[end - 1] == 32:
        return 1
    first, same = data[start], True
    for i in range(start, end):
        if data[i] < 32 or data[i] > 126:
            return 1
        same &= data[i] == first or data[i] == _DASH
    if same and end - start >= 4:
        return 1
    if end - start <= longest_word:
        code = 0
        for i in range(start, end):
            byte: Any = np.int64(data[i])
            code = (code * 31 + (byte + 32 if 65 <= byte <= 90 else byte)) & 0xFFFF
        return 1 if alarms[code] else 0
    return 2 if end - start == 36 and _uuid(data, start) else 0


@compiled
def _scan_ids(data: Any, offsets: Any, alarms: Any, longest_word: int) -> Any:
    kind = np.empty(len(offsets) - 1, np.uint8)
    for row in range(len(kind)):
        kind[row] = _id_kind(data, offsets[row], offsets[row + 1], alarms, longest_word)
    return kind


@compiled
def _scan_ips(data: Any, offsets: Any) -> Any:
    plain = np.zeros(len(offsets) - 1, np.bool_)
    for row in range(len(plain)):
        parts, value, size, good, total = 1, 0, 0, True, 0
        for i in range(offsets[row], offsets[row + 1]):
            byte: Any = np.int64(data[i])
            if _ZERO <= byte <= _NINE and size < 3 and not (size > 0 and value == 0):
                value, size = value * 10 + byte - _ZERO, size + 1
            elif byte == _DOT and size > 0 and value <= 255 and not (parts == 1 and value == 127):
                total, parts, value, size = total + value, parts + 1, 0, 0
            else:
                good = False
                break
        total += value
        plain[row] = good and parts == 4 and size > 0 and value <= 255 and 0 < total < 1020
    return plain
