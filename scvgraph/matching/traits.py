"""Traits of entities as arrays: which values each entity holds of one column, as compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.folding import sort_values
from scvgraph.matching.kernel_compiled import Int32, Int64, UInt64

Words = TypeVar("Words", Int64, UInt64)


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait of all n entities. Entity i holds `values[code[start[i]:start[i + 1]]]`, each once, ascending.

    values: distinct strings in ascending order of their bytes. role: what the values mean (see `roles`).
    """

    name: str
    role: str
    values: pa.Array
    start: Int32  # [n + 1]
    code: Int32  # [start[n]]

    @property
    def size(self) -> int:
        """Number of entities."""
        return self.start.size - 1

    def take(self, entities: Int64) -> Trait:
        """The same trait for the entities given, in their order."""
        start, code = take_rows(self.start, self.code, entities)
        return Trait(self.name, self.role, self.values, start, code)


def trait_of_column(name: str, role: str, column: pa.Array | pa.ChunkedArray) -> Trait:
    """A trait from one value (or null) an entity."""
    encoded = pc.dictionary_encode(column.cast(pa.string()))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    values, place = sort_values(encoded.dictionary)
    code = np.asarray(pc.fill_null(encoded.indices, -1)).astype(np.int64)
    code = np.where(code >= 0, place[code] if place.size else -1, -1)
    return Trait(name, role, values, *rows_of(np.arange(code.size), code, code.size))


def rows_of(owner: Int64, code: Int64, size: int) -> tuple[Int32, Int32]:
    """Compressed sparse rows of (owner, code) pairs: each pair once, codes ascending, negative codes left out."""
    kept = code >= 0
    words = (owner[kept].astype(np.int64) << 32) | code[kept].astype(np.int64)
    if words.size > 1 and not (words[1:] > words[:-1]).all():
        words = distinct_words(words)
    start = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(words >> 32, minlength=size), out=start[1:])
    return start, (words & 0xFFFFFFFF).astype(np.int32)


def distinct_words(words: Words) -> Words:
    """Whole numbers ascending, each once: by sorting, which for many is several times faster than `numpy.unique`."""
    ordered = np.sort(words)
    if ordered.size < 2:
        return ordered
    fresh = np.empty(ordered.size, np.bool_)
    fresh[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def owners(start: Int32) -> Int64:
    """The row of each entry of compressed sparse rows."""
    return np.repeat(np.arange(start.size - 1), np.diff(start))


def take_rows(start: Int32, code: Int32, rows: Int64) -> tuple[Int32, Int32]:
    """The rows given, in their order, as compressed sparse rows again."""
    length = np.diff(start)[rows]
    taken = np.zeros(rows.size + 1, np.int64)
    np.cumsum(length, out=taken[1:])
    inside = np.arange(taken[-1]) - np.repeat(taken[:-1], length)
    return taken.astype(np.int32), code[np.repeat(start[rows].astype(np.int64), length) + inside]


def recoded(trait: Trait, new: Int64) -> tuple[Int32, Int32]:
    """The trait's rows with code c replaced by new[c]; a negative one drops the value."""
    return rows_of(owners(trait.start), new[trait.code], trait.size)


def exploded(trait: Trait, start: Int32, part: Int32) -> tuple[Int32, Int32]:
    """The trait's rows with code c replaced by the several codes part[start[c]:start[c + 1]]."""
    taken, parts = take_rows(start, part, trait.code.astype(np.int64))
    return rows_of(owners(trait.start)[owners(taken)], parts.astype(np.int64), trait.size)
