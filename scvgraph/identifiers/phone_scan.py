"""The compiled scan of phone numbers; see `scans` for what a scan may claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.identifiers.scans import buffers, compiled, strings_from

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.scans import Mask

_PLUS, _ZERO, _NINE, _OPENING = 43, 48, 57, 40
_FEWEST, _MOST = 7, 24


def scan_phones(raw: pa.StringArray) -> tuple[pa.StringArray, Mask, Mask]:
    """The digits of the plain numbers, empty where odd; which are plain; which of those begin with '+'."""
    data, offsets = buffers(raw)
    out = np.empty(int(offsets[-1]) - int(offsets[0]), np.uint8)
    ends = np.zeros(len(offsets), np.int32)
    plain, plus = _scan_phones(data, offsets, (out, ends))
    return strings_from(out[: ends[-1]], ends), plain, plus


@compiled
def _orderly(out: Any, end: int) -> bool:
    """Whether the last six digits are all the same or in order, which smells of a placeholder."""
    step = (np.int64(out[end - 1]) - np.int64(out[end - 2]) + 10) % 10
    if step not in (0, 1, 9):
        return False
    for i in range(end - 5, end - 1):  # noqa: SIM110 - Numba compiles no generator
        if (np.int64(out[i]) - np.int64(out[i - 1]) + 10) % 10 != step:
            return False
    return True


@compiled
def _scan_phones(data: Any, offsets: Any, written: Any) -> Any:
    out, ends = written
    plain = np.zeros(len(offsets) - 1, np.bool_)
    plus = np.zeros(len(offsets) - 1, np.bool_)
    to = 0
    for row in range(len(plain)):
        start, end = offsets[row], offsets[row + 1]
        begin, good = to, _FEWEST <= end - start <= 40
        if good and data[start] == _PLUS:
            plus[row], start = True, start + 1
        good = good and (data[start] == _OPENING or _ZERO <= data[start] <= _NINE)
        if good:
            for i in range(start, end):
                byte = data[i]
                if _ZERO <= byte <= _NINE:
                    out[to] = byte
                    to += 1
                elif byte not in (32, 40, 41, 45, 46, 47):  # blank ( ) - . /
                    good = False
        good = good and _FEWEST <= to - begin <= _MOST and not _orderly(out, to)
        plain[row] = good
        if not good:
            to = begin
        ends[row + 1] = to
    return plain, plus
