"""Raw values and their numbers, held in memory while files are taken in: a value is numbered as it goes by.

Only distinct values are held, some 45 bytes each; when they would take more than the budget `Overfull` is raised
and whoever is taking a file in turns to joins, which spill.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from scvgraph.identifiers.scans import buffers
from scvgraph.sources.kernel_spell import STRIDE, enter_rows, number_rows, place_again

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

_Number = TypeVar("_Number", bound=np.generic)

_ROW_GROUP = 122_880


class Overfull(Exception):  # noqa: N818 - no error: the other way of taking in begins
    """The distinct values would not fit the memory set aside for them."""


class _Kind:
    """The values of one kind: a hash table (see `kernel_spell`)."""

    def __init__(self) -> None:
        self.slots = np.zeros(1 << 12, np.uint64)
        self.hashes = np.empty(1 << 10, np.uint64)
        self.places = np.zeros((1 << 10, 2), np.int64)
        self.heap = np.empty(1 << 16, np.uint8)
        self.held = 0
        self.kept = 0  # entries that stand in a file

    @property
    def bytes(self) -> int:
        """What is written: of the rest no page is there yet."""
        entry = self.hashes.itemsize + 2 * self.places.itemsize
        return self.slots.nbytes + self.held * entry + int(self.places[self.held, 0])

    def make_room(self, rows: int, size: int) -> None:
        """Room for so many more values of so many bytes in all."""
        needed = self.held + rows + 1
        if needed * 3 > self.slots.size * 2:
            self.slots = np.zeros(1 << (needed * 3 - 1).bit_length(), np.uint64)
            place_again(self.hashes, self.held, self.slots)
        if needed > self.hashes.size:
            self.hashes, self.places = _grown(self.hashes, needed), _grown(self.places, needed)
        if int(self.places[self.held, 0]) + size + 1 > self.heap.size:
            self.heap = _grown(self.heap, int(self.places[self.held, 0]) + size + 1)

    def enter(self, text: tuple[Bytes, Int32]) -> Int32:
        """What `enter_rows` says of a column's values. New ones are entered, and have no number yet."""
        offsets = text[1]
        numbers, row = np.empty(len(offsets) - 1, np.int32), 0
        while True:
            table = (self.slots, self.hashes, self.places, self.heap)
            row, self.held = enter_rows(text, row, table, self.held, numbers)
            if row == numbers.size:
                return numbers
            part = offsets[row : row + STRIDE + 1]
            self.make_room(len(part) - 1, int(part[-1]) - int(part[0]))

    def give(self, since: int, numbers: Int32) -> None:
        """Give the entries after `since` their numbers."""
        self.places[since + 1 : self.held + 1, 1] = numbers


def _grown(part: npt.NDArray[_Number], needed: int) -> npt.NDArray[_Number]:
    """A copy twice as long as needed; pages never written cost nothing."""
    larger = np.empty((needed * 2, *part.shape[1:]), part.dtype)
    larger[: len(part)] = part
    return larger


class Spellings:
    """Every raw value met so far and its number, by kind; the next number; the bytes all this may take."""

    def __init__(self, first: int, budget: int) -> None:
        self.next = first
        self._budget = budget
        self._kinds: dict[str, _Kind] = {}
        self._pool = ThreadPoolExecutor(2)

    def numbers(self, columns: list[tuple[str, pa.StringArray]]) -> list[Int32]:
        """The number of each value of some columns (kind, raw), -1 for one that is null or empty. Raises Overfull.

        Kinds are entered side by side, which takes no numbers; then the new entries of each are numbered in a row.
        """
        before = {kind: self._kinds.setdefault(kind, _Kind()).held for kind, _ in columns}
        entered = list(self._pool.map(lambda kind: self._enter(kind, columns), before))
        for kind, start in before.items():
            held = self._kinds[kind]
            new = held.held - start
            held.give(start, np.arange(self.next, self.next + new, dtype=np.int32))
            self.next += new
        if sum(each.bytes for each in self._kinds.values()) > self._budget:
            raise Overfull
        numbers = {place: column for part in entered for place, column in part.items()}
        for place, (kind, _) in enumerate(columns):
            number_rows(numbers[place], self._kinds[kind].places)
        return [numbers[place] for place in range(len(columns))]

    def _enter(self, wanted: str, columns: list[tuple[str, pa.StringArray]]) -> dict[int, Int32]:
        """What `_Kind.enter` gives for the columns of one kind, by the column's place."""
        held = self._kinds[wanted]
        return {
            place: held.enter(buffers(raw)) for place, (kind, raw) in enumerate(columns) if kind == wanted
        }

    def recall(self, kind: str, number: Int32, raw: pa.StringArray) -> None:
        """Enter values that stand in a file already, under the numbers they have. Raises Overfull."""
        held = self._kinds.setdefault(kind, _Kind())
        start = held.held
        held.enter(buffers(raw))
        assert held.held - start == len(raw), "a spelling has one number"
        held.give(start, number)
        held.kept = held.held
        if sum(each.bytes for each in self._kinds.values()) > self._budget:
            raise Overfull

    def write(self, folder: Path) -> list[Path]:
        """Write the values no file has yet, a Parquet file per kind (no, kind, raw), two at a time."""
        fresh = [
            (kind, held, folder / f"spellings-{kind}.parquet")
            for kind, held in self._kinds.items()
            if held.held > held.kept
        ]
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(_write, fresh))


def _write(fresh: tuple[str, _Kind, Path]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind, held, path = fresh
    count = held.held - held.kept
    places = held.places[held.kept : held.held + 1]
    offsets = pa.py_buffer(np.ascontiguousarray(places[:, 0]))
    table = pa.table(
        {
            "no": pa.array(places[1:, 1].astype(np.int32)),
            "kind": pa.DictionaryArray.from_arrays(np.zeros(count, np.int8), [kind]),
            "raw": pa.LargeStringArray.from_buffers(count, offsets, pa.py_buffer(held.heap)),
        }
    )
    pq.write_table(
        table, path, compression="lz4", use_dictionary=["kind"], row_group_size=_ROW_GROUP, store_schema=False
    )
    held.kept = held.held
    return path
