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
from scvgraph.sources.kernel_spell import call_up, enter_rows, hash_rows, place_again

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

_Number = TypeVar("_Number", bound=np.generic)

_STRIDE = 4096  # rows looked up together, so that what they need fits the nearer caches
_ROW_GROUP = 122_880


class Overfull(Exception):  # noqa: N818 - no error: the other way of taking in begins
    """The distinct values would not fit the memory set aside for them."""


class _Kind:
    """The values of one kind: a hash table (see `kernel_spell`)."""

    def __init__(self) -> None:
        self.slots = np.zeros(1 << 12, np.uint64)
        self.hashes = np.empty(1 << 10, np.uint64)
        self.ends = np.zeros(1 << 10, np.int64)
        self.number = np.full(1 << 10, -1, np.int32)  # of entry 0, nobody's, it stays so
        self.heap = np.empty(1 << 16, np.uint8)
        self.held = 0
        self.kept = 0  # entries that stand in a file

    @property
    def bytes(self) -> int:
        """What is written: of the rest no page is there yet."""
        entry = self.hashes.itemsize + self.ends.itemsize + self.number.itemsize
        return self.slots.nbytes + self.held * entry + int(self.ends[self.held])

    def make_room(self, rows: int, size: int) -> None:
        """Room for so many more values of so many bytes in all."""
        needed = self.held + rows + 1
        if needed * 3 > self.slots.size * 2:
            self.slots = np.zeros(1 << (needed * 3 - 1).bit_length(), np.uint64)
            place_again(self.hashes, self.held, self.slots)
        if needed > self.ends.size:
            self.hashes, self.ends = _grown(self.hashes, needed), _grown(self.ends, needed)
            self.number = _grown(self.number, needed)
        if int(self.ends[self.held]) + size + 1 > self.heap.size:
            self.heap = _grown(self.heap, int(self.ends[self.held]) + size + 1)

    def enter(self, text: tuple[Bytes, Int32]) -> Int32:
        """Entries of a column's values, 0 for none. New values are entered; `number` is to be filled in for them."""
        data, offsets = text
        rows = len(offsets) - 1
        entries, code = np.empty(rows, np.int32), np.empty(min(rows, _STRIDE), np.uint64)
        for start in range(0, rows, _STRIDE):
            part = offsets[start : start + _STRIDE + 1]
            some = code[: len(part) - 1]
            self.make_room(len(some), int(part[-1]) - int(part[0]))
            hash_rows(data, part, some)
            call_up(some, self.slots, self.ends, self.heap)
            table = (self.slots, self.hashes, self.ends, self.heap)
            self.held = enter_rows((data, part), some, table, self.held, entries[start : start + _STRIDE])
        return entries


def _grown(part: npt.NDArray[_Number], needed: int) -> npt.NDArray[_Number]:
    """A copy twice as long as needed; pages never written cost nothing."""
    larger = np.empty(needed * 2, part.dtype)
    larger[: part.size] = part
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
        entered = dict(
            zip(before, self._pool.map(lambda kind: self._enter(kind, columns), before), strict=True)
        )
        for kind, start in before.items():
            held = self._kinds[kind]
            new = held.held - start
            held.number[start + 1 : held.held + 1] = np.arange(self.next, self.next + new, dtype=np.int32)
            self.next += new
        if sum(each.bytes for each in self._kinds.values()) > self._budget:
            raise Overfull
        return [
            self._kinds[kind].number.take(entered[kind][position])
            for position, (kind, _) in enumerate(columns)
        ]

    def _enter(self, wanted: str, columns: list[tuple[str, pa.StringArray]]) -> dict[int, Int32]:
        """Entries of the columns of one kind, by the column's position."""
        held = self._kinds[wanted]
        return {
            position: held.enter(buffers(raw))
            for position, (kind, raw) in enumerate(columns)
            if kind == wanted
        }

    def recall(self, kind: str, number: Int32, raw: pa.StringArray) -> None:
        """Enter values that stand in a file already, under the numbers they have. Raises Overfull."""
        held = self._kinds.setdefault(kind, _Kind())
        start = held.held
        held.enter(buffers(raw))
        assert held.held - start == len(raw), "a spelling has one number"
        held.number[start + 1 : held.held + 1] = number
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
    offsets = pa.py_buffer(held.ends[held.kept : held.held + 1])
    table = pa.table(
        {
            "no": pa.array(held.number[held.kept + 1 : held.held + 1]),
            "kind": pa.DictionaryArray.from_arrays(np.zeros(count, np.int8), [kind]),
            "raw": pa.LargeStringArray.from_buffers(count, offsets, pa.py_buffer(held.heap)),
        }
    )
    pq.write_table(
        table, path, compression="lz4", use_dictionary=["kind"], row_group_size=_ROW_GROUP, store_schema=False
    )
    held.kept = held.held
    return path
