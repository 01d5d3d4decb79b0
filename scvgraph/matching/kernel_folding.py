"""Compiled folding of ASCII text, byte by byte, and keys to sort text by."""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compiled import Int32, Int64, UInt8, UInt64, compiled

DROPPED, BLANK = 0, 32


@compiled
def fold_bytes(
    data: UInt8, offset: Int32, table: UInt8, out: UInt8, out_offset: Int32
) -> None:  # pragma: no cover
    """Every byte as the table says: left out (0), a blank of which one stands between others, or another byte.

    out: room for as many bytes as there are.
    """
    end = 0
    for value in range(offset.size - 1):
        begin, pending = end, False
        for place in range(offset[value], offset[value + 1]):
            byte = table[data[place]]
            if byte == BLANK:
                pending = end > begin
            elif byte != DROPPED:
                if pending:
                    out[end] = BLANK
                    end += 1
                    pending = False
                out[end] = byte
                end += 1
        out_offset[value + 1] = end


@compiled
def ascending(data: UInt8, offset: Int32) -> bool:  # pragma: no cover
    """Whether each value is greater than the one before, by bytes."""
    for value in range(1, offset.size - 1):
        before, now = offset[value - 1], offset[value]
        n, m = now - before, offset[value + 1] - now
        place = 0
        while place < min(n, m) and data[before + place] == data[now + place]:
            place += 1
        if (data[before + place] > data[now + place]) if place < min(n, m) else n >= m:
            return False
    return True


@compiled
def prefixes(
    data: UInt8, offset: Int32, values: Int32, depth: int, width: int, out: UInt64
) -> bool:  # pragma: no cover
    """So many bytes of each value from `depth` on, the first in the highest place, 0 behind its end; returns whether
    any value has more.
    """
    more = False
    for i in range(values.size):
        begin, end = offset[values[i]] + depth, offset[values[i] + 1]
        word = np.uint64(0)
        for place in range(width):
            word <<= np.uint64(8)
            if begin + place < end:
                word |= np.uint64(data[begin + place])
        out[i] = word
        more |= end - begin > width
    return more


@compiled
def mailboxes(data: UInt8, offset: Int32, stop: int, code: Int64) -> bool:  # pragma: no cover
    """Number what stands before the first `stop` of values that ascend; False if one has none.

    All that begin alike up to there stand together.
    """
    number = -1
    begin, length = 0, -1
    for value in range(offset.size - 1):
        end = offset[value]
        while end < offset[value + 1] and data[end] != stop:
            end += 1
        if end == offset[value + 1]:
            return False
        same = end - offset[value] == length
        for place in range(length):
            if not same or data[begin + place] != data[offset[value] + place]:
                same = False
                break
        if not same:
            number += 1
            begin, length = offset[value], end - offset[value]
        code[value] = number
    return True
