"""A small binary file in which a value finds its number at once, without any engine.

Three sections (identifiers, customers, lineage), each: how many, their hashes ascending, their numbers in the same
order. A hash is the 64-bit FNV-1a of kind, 0x1F, value: compiled it costs a tenth of what the engine's md5 does, and
one value at a time it needs no library. It may lead to several numbers, so what is found must be compared with the
value itself. Integers are in this machine's byte order: a generation stays where it was built, and a reader of
another order sees a foreign mark at once.
"""

from __future__ import annotations

import mmap
import sys
from bisect import bisect_left
from typing import TYPE_CHECKING

from scvgraph.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from scvgraph.engine import Engine

MARK = int.from_bytes(b"SCVVALS2", sys.byteorder)
SECTIONS = ("identifiers", "customers", "lineage")

# What is told of customer ids in look-ups, numbered: identifiers that moved between two customers are told of together.
TOLD = """
SELECT (row_number() OVER (ORDER BY generation, id, change, other) - 1)::INTEGER AS no, * FROM (
  SELECT id, change, min(identifier) || CASE WHEN count(*) > 1 THEN ' and ' || (count(*) - 1) || ' more' ELSE '' END AS identifier,
         other, generation, any_value(why) AS why FROM lineage WHERE change <> 'created' GROUP BY generation, id, change, other)"""

_START, _FACTOR, _BITS = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF

_SQL = {
    "identifiers": "SELECT kind || chr(31) || value AS text, no FROM identifiers",
    "customers": "SELECT chr(31) || id AS text, customer AS no FROM customers",
    # An id leads to every change that names it, on either side.
    "lineage": f"""SELECT chr(31) || mention AS text, no FROM (
                     SELECT no, unnest([id, other]) AS mention FROM ({TOLD})) WHERE mention IS NOT NULL ORDER BY no, text""",
}


def value_hash(kind: str, value: str) -> int:
    """As the file is built with (kernel_hash)."""
    state = _START
    for byte in f"{kind}\x1f{value}".encode():
        state = (state ^ byte) * _FACTOR & _BITS
    return state


def write_values(engine: Engine, path: Path) -> None:
    import numpy as np

    with path.open("wb") as file:
        file.write(np.array([MARK], dtype=np.uint64).tobytes())
        for section in SECTIONS:
            hashes, numbers = _hashed(engine, _SQL[section])
            file.write(np.array([len(hashes)], dtype=np.uint64).tobytes())
            file.write(hashes.tobytes())
            file.write(numbers.tobytes() + bytes(4 * (len(numbers) % 2)))


def _hashed(engine: Engine, sql: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of column `text`, ascending, and the numbers in column `no` that go with them."""
    import numpy as np

    from scvgraph.embedded.kernel_hash import hashes
    from scvgraph.identifiers.scans import buffers

    found = engine.arrow(sql)
    numbers = found.column("no").to_numpy().astype(np.int32)
    parts = [hashes(*buffers(chunk)) for chunk in found.column("text").chunks]
    hashed = np.concatenate([np.empty(0, np.uint64), *parts])
    order = np.argsort(hashed, kind="stable")
    return hashed[order], numbers[order]


class ValueIndex:
    """The file, mapped; nothing of it is read but the pages a search touches."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._views: list[memoryview] = []
        whole = self._keep(memoryview(self._map))
        if int.from_bytes(whole[:8], sys.byteorder) != MARK:
            self.close()
            raise StoreError(
                f"{path} is not an index of this version or machine; rebuild it with `scvgraph run`"
            )
        self._sections: dict[str, tuple[memoryview, memoryview]] = {}
        place = 8
        for section in SECTIONS:
            count = int.from_bytes(whole[place : place + 8], sys.byteorder)
            start, middle = place + 8, place + 8 + 8 * count
            end = middle + 4 * count
            hashes, numbers = self._keep(whole[start:middle]), self._keep(whole[middle:end])
            self._sections[section] = (self._keep(hashes.cast("Q")), self._keep(numbers.cast("i")))
            place = end + 4 * (count % 2)

    def _keep(self, view: memoryview) -> memoryview:
        self._views.append(view)
        return view

    def find(self, section: str, kind: str, value: str) -> list[int]:
        """Numbers that may be the value's, mostly one or none. O(log n)."""
        hashes, numbers = self._sections[section]
        wanted = value_hash(kind, value)
        found = []
        place = bisect_left(hashes, wanted)
        while place < len(hashes) and hashes[place] == wanted:
            found.append(numbers[place])
            place += 1
        return found

    def close(self) -> None:
        for view in reversed(self._views):
            view.release()
        self._views.clear()
        self._map.close()
