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
from scvgraph.sources.kernel_spell import call_up, hash_rows, number_rows, place_again

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
        self.number = np.empty(1 << 10, np.int32)
        self.heap = np.empty(1 << 16, np.uint8)
        self.held = 0
        self.kept = 0  # entries that stand in a file

    @property
    def bytes(self) -> int:
        return sum(part.nbytes for part in (self.slots, self.hashes, self.ends, self.number, self.heap))

    def make_room(self, rows: int, size: int) -> None:
        """Room for so many more values of so many bytes in all."""
        needed = self.held + rows + 1
        if needed * 2 > self.slots.size:
            self.slots = np.zeros(1 << (needed * 4 - 1).bit_length(), np.uint64)
            place_again(self.hashes, self.held, self.slots)
        if needed > self.ends.size:
            self.hashes, self.ends = _grown(self.hashes, needed), _grown(self.ends, needed)
            self.number = _grown(self.number, needed)
        if int(self.ends[self.held]) + size + 1 > self.heap.size:
            self.heap = _grown(self.heap, int(self.ends[self.held]) + size + 1)

    def numbers(self, text: tuple[Bytes, Int32], first: int) -> tuple[Int32, int]:
        """Numbers of a column's values, -1 for none; and how many values are new."""
        data, offsets = text
        rows, before = len(offsets) - 1, self.held
        numbers, code = np.empty(rows, np.int32), np.empty(min(rows, _STRIDE), np.uint64)
        for start in range(0, rows, _STRIDE):
            part = offsets[start : start + _STRIDE + 1]
            some = code[: len(part) - 1]
            self.make_room(len(some), int(part[-1]) - int(part[0]))
            hash_rows(data, part, some)
            call_up(some, self.slots, self.ends, self.heap)
            table = (self.slots, self.hashes, self.ends, self.heap, self.number)
            next_number = first + self.held - before
            self.held = number_rows((data, part), some, table, self.held, next_number, numbers[start : start + _STRIDE])
        return numbers, self.held - before


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

    def numbers(self, kind: str, raw: pa.StringArray) -> Int32:
        """The number of each value, -1 for one that is null or empty. Raises Overfull."""
        held = self._kinds.setdefault(kind, _Kind())
        result, new = held.numbers(buffers(raw), self.next)
        self.next += new
        if new and sum(each.bytes for each in self._kinds.values()) > self._budget:
            raise Overfull
        return result

    def recall(self, kind: str, number: Int32, raw: pa.StringArray) -> None:
        """Enter values that stand in a file already, under the numbers they have. Raises Overfull."""
        held = self._kinds.setdefault(kind, _Kind())
        _, new = held.numbers(buffers(raw), 0)
        assert new == len(raw), "a spelling has one number"
        held.number[held.held - new + 1 : held.held + 1] = number
        held.kept = held.held
        if sum(each.bytes for each in self._kinds.values()) > self._budget:
            raise Overfull

    def write(self, folder: Path) -> list[Path]:
        """Write the values no file has yet, a Parquet file per kind (no, kind, raw), two at a time."""
        fresh = [(kind, held, folder / f"spellings-{kind}.parquet") for kind, held in self._kinds.items() if held.held > held.kept]
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
    pq.write_table(table, path, compression="lz4", use_dictionary=["kind"], row_group_size=_ROW_GROUP, store_schema=False)
    held.kept = held.held
    return path

