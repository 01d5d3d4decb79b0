"""On which line of a text file a row stands.

The reader numbers rows; people need lines. The two part ways at cells with line breaks in them, at blank lines,
and at rows that could not be read. Most files have none of these, which a count of line breaks shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from scvgraph.sources.reading import Feed, Layout, notes_rejects, open_bytes

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.engine import Engine

    Int64 = npt.NDArray[np.int64]

_CHUNK = 1 << 22
_LF, _CR = 10, 13
_START, _PLAIN, _QUOTED, _CLOSED = range(4)  # where in a cell the kernel is
# Cells of the kernel's state: place in a cell, number of the present row, its extra lines, its bytes so far.
_PLACE, _ROW, _EXTRA, _BYTES = range(4)


@dataclass(frozen=True, slots=True)
class Lines:
    """From rows to lines. `unread`: sorted numbers of rows, header and blank lines included, that yield no row of
    the feed. `broken`, `extra`: rows of more than one line, and the further lines of all up to each.
    """

    unread: Int64
    broken: Int64
    extra: Int64

    def of_feed(self, nth: Int64) -> Int64:
        """Lines of rows of the feed, numbered from 1."""
        before = np.searchsorted(self.unread - np.arange(self.unread.size), nth, side="right")
        return self.of_rows(nth + before)

    def of_rows(self, number: Int64) -> Int64:
        """Lines of rows as the reader numbers them, header and blank lines included."""
        before = np.searchsorted(self.broken, number, side="left")
        lines: Int64 = number + np.append(0, self.extra)[before]
        return lines


def lines_of(engine: Engine, feed: Feed, rows: int) -> Lines:
    """The lines of a feed just scanned; rows: how many it has, those that could not be read included."""
    none = np.empty(0, np.int64)
    refused = _refused(engine) if feed.lenient else none
    if feed.layout is None:
        return Lines(refused, none, none)
    head = feed.layout.head
    known = np.union1d(np.arange(1, head + 1), refused)
    if _line_count(feed.layout) == rows + head:
        return Lines(known, none, none)
    broken, extra, blank, total = _survey(feed.layout)
    blank = blank[blank > head]
    if total - head - blank.size != rows:
        return Lines(known, none, none)  # read otherwise than here: a line too few is better than none
    return Lines(np.union1d(known, blank), broken, np.cumsum(extra))


def _refused(engine: Engine) -> Int64:
    if not notes_rejects(engine):
        return np.empty(0, np.int64)
    found = engine.arrow("SELECT DISTINCT CAST(line AS BIGINT) AS line FROM reject_errors ORDER BY line")
    lines: Int64 = found.column("line").to_numpy()
    return lines


def _line_count(layout: Layout) -> int:
    count, last = 0, b"\n"
    with open_bytes(layout.path) as handle:
        while part := handle.read(_CHUNK):
            count += part.count(b"\n")
            last = part[-1:]
    return count + (last != b"\n")


def _survey(layout: Layout) -> tuple[Int64, Int64, Int64, int]:
    """Rows of more than one line, their further lines, blank rows, and the number of all rows."""
    state = np.array([_START, 1, 0, 0], np.int64)
    delimiter = np.frombuffer(layout.delimiter.encode(layout.encoding), np.uint8)[-1]
    quote = ord(layout.quote) if layout.quote else -1
    found: list[tuple[Int64, Int64, Int64]] = []
    with open_bytes(layout.path) as handle:
        while part := handle.read(_CHUNK):
            data = np.frombuffer(part, np.uint8)
            found.append(_walk(data, delimiter, quote, state))
    broken, extra, blank = (
        np.concatenate([part[n] for part in found] or [np.empty(0, np.int64)]) for n in range(3)
    )
    total = int(state[_ROW]) - (state[_BYTES] == 0)
    return broken, extra, blank, int(total)


@njit(cache=True, nogil=True)
def _walk(
    data: npt.NDArray[np.uint8], delimiter: int, quote: int, state: Int64
) -> tuple[Int64, Int64, Int64]:  # pragma: no cover
    """One pass over some bytes of a file, going on from `state`."""
    room = 0
    for byte in data:
        room += byte == _LF
    broken, extra, blank = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    many, empty = 0, 0
    place, row, more, size = state[_PLACE], state[_ROW], state[_EXTRA], state[_BYTES]
    for byte in data:
        if place == _QUOTED:
            size += 1
            if byte == quote:
                place = _CLOSED
            elif byte == _LF:
                more += 1
        elif byte == _LF:
            if more:
                broken[many], extra[many] = row, more
                many += 1
            elif not size:
                blank[empty] = row
                empty += 1
            row, more, size, place = row + 1, 0, 0, _START
        elif byte != _CR:
            size += 1
            inside = _START if byte == delimiter else _PLAIN
            place = _QUOTED if byte == quote and place != _PLAIN else inside
    state[_PLACE], state[_ROW], state[_EXTRA], state[_BYTES] = place, row, more, size
    return broken[:many], extra[:many], blank[:empty]
