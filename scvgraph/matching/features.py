"""What is compared of two entities: names make three columns (given, middle, family), every other trait one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.addresses import joined_address
from scvgraph.matching.columns import FAMILY_NAME, GIVEN_NAME, MIDDLE_NAME, Column
from scvgraph.matching.dates import parts_of
from scvgraph.matching.folding import bytes_of, distinct, folded_of
from scvgraph.matching.frequencies import Frequency, frequency_of, seldom_of
from scvgraph.matching.kernel_compare import (
    ADDRESS,
    CODE,
    EMAIL,
    EXACT_ONLY,
    FAMILY,
    GIVEN,
    MIDDLE,
    POSTCODE,
    TEXT,
    about_values,
    compare_names,
    compare_values,
    letters_of,
    look_ahead,
    same_bags,
)
from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, Int64, UInt8, UInt64, in_parts
from scvgraph.matching.kernel_counts import compare_counts
from scvgraph.matching.kernel_dates import compare_dates
from scvgraph.matching.model import BIT
from scvgraph.matching.names import NAME_ROLES, Names, names_of
from scvgraph.matching.traits import Trait, owners, recoded, rows_of, take_rows
from scvgraph.nicknames import BUILT_IN

KINDS = {
    "email": EMAIL, "phone": CODE, "code": CODE, "street_number": CODE, "postcode": POSTCODE, "address": ADDRESS,
    "category": EXACT_ONLY, "gender": EXACT_ONLY, "region": EXACT_ONLY, "unit": EXACT_ONLY, "home": EXACT_ONLY,
    "shown_email": EMAIL, "shown_phone": CODE, "shown_code": CODE,
}  # fmt: skip
PARTS = (
    (GIVEN, Column("given name", GIVEN_NAME)),
    (MIDDLE, Column("middle name", MIDDLE_NAME)),
    (FAMILY, Column("family name", FAMILY_NAME)),
)
ANY_NAME, LETTERS = "any name", ": first letter"  # frequencies beside those of columns
MORE_OFTEN = (1, 10, 50)  # of a hundred that are seen at all: seen more often than the limits of the levels
_NEVER = np.iinfo(np.int32).max
_NO_LIMITS = np.empty(0, np.int32)
_NO_GLANCE = np.empty(0, np.uint64), np.empty((0, 2), np.uint64)


@dataclass(frozen=True, slots=True)
class Feature:
    """Values of one trait, folded, ready to compare. Entity i holds code[start[i]:start[i + 1]]."""

    column: Column
    values: pa.Array
    start: Int32
    code: Int32
    bits: Int16  # surprise of each value
    text: tuple[UInt8, Int32, UInt64]  # bytes, offsets, letters that occur
    parts: Int32  # [values, 3] of dates, [values, 1] of counts; empty otherwise
    limits: Int32  # of counts, falling: those that one, ten, fifty in a hundred exceed; empty otherwise
    glance: tuple[UInt64, UInt64]  # what values are about, and [n, 2] what entities hold at first sight

    def holding(self, start: Int32, code: Int32) -> Feature:
        """The same values with entities that hold them otherwise."""
        about = self.glance[0]
        glance = _glance((start, code), about) if about.size else self.glance
        return replace(self, start=start, code=code, glance=glance)

    def compare(self, a: Int32, b: Int32, level: Int8, gain: Int16) -> None:
        """Fill level and surprise of pairs of entities."""
        rows = self.start, self.code
        if self.column.role == "date":
            compare_dates(rows, self.parts, self.bits, a, b, level, gain)
        elif self.column.role == "visits":
            compare_counts(rows, self.parts[:, 0], self.limits, a, b, level)
        else:
            kind = KINDS.get(self.column.role, TEXT)
            compare_values(kind, rows, self.glance, self.text, a, b, level, gain)


@dataclass(frozen=True, slots=True)
class NameFeature:
    """The names, and for each part [3, tokens] surprise of a token there, of one anywhere, of its first letter there."""

    names: Names
    bits: tuple[Int16, Int16, Int16]
    of: Int32  # [n] the number of each entity's name among distinct ones, -1 for none
    bag: tuple[Int32, Int32, Int8]  # distinct names: rows, tokens, places


@dataclass(frozen=True, slots=True)
class Features:
    """All that is compared. columns: in the order of the comparison vector, names first."""

    size: int
    name: NameFeature | None
    plain: tuple[Feature, ...]
    frequencies: dict[str, Frequency]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in the order of the comparison vector."""
        named = [column for _, column in PARTS] if self.name is not None else []
        return (*named, *(feature.column for feature in self.plain))

    def rows(self) -> list[tuple[Int32, Int32]]:
        """What each column's entities hold: rows of codes (of tokens for names)."""
        out = [(feature.start, feature.code) for feature in self.plain]
        if self.name is None:
            return out
        names = self.name.names
        owner, places = owners(names.start), [(names.place & part) > 0 for part, _ in PARTS]
        return [rows_of(owner[at], names.token[at].astype(np.int64), self.size) for at in places] + out

    def compare(self, a: Int32, b: Int32) -> tuple[Int8, Int16]:
        """Levels and surprise, each [columns, pairs], of pairs of entities."""
        level = np.zeros((len(self.columns), a.size), np.int8)
        gain = np.zeros((len(self.columns), a.size), np.int16)
        in_parts(a.size, lambda begin, end: self._fill(a, b, level, gain, slice(begin, end)))
        return level, gain

    def _fill(self, a: Int32, b: Int32, level: Int8, gain: Int16, part: slice) -> None:
        first, one, other = 0, a[part], b[part]
        if self.name is not None:
            tokens, first = self.name.names.tokens, len(PARTS)
            levels, gains = (
                tuple(row[part] for row in level[:first]),
                tuple(row[part] for row in gain[:first]),
            )
            heard = (tokens.sound, tokens.nick_start, tokens.nick)
            of, bag, bits = self.name.of, self.name.bag, self.name.bits
            compare_names(of, bag, tokens.text, heard, bits, one, other, levels, gains)
        for row, feature in enumerate(self.plain, first):
            feature.compare(one, other, level[row, part], gain[row, part])


def features_of(
    traits: list[Trait], known: dict[str, Frequency] | None = None, nicknames: Path = BUILT_IN
) -> Features:
    """Everything to compare, out of traits of the same entities. known: frequencies to use instead of counting."""
    frequencies = dict(known or {})
    traits = joined_address([trait for trait in traits if trait.role != "ignore"])
    names = names_of(traits, nicknames)
    name = _name_feature(names, frequencies) if names is not None else None
    plain = tuple(_feature(trait, frequencies) for trait in traits if trait.role not in NAME_ROLES)
    return Features(traits[0].size if traits else 0, name, plain, frequencies)


def _name_feature(names: Names, frequencies: dict[str, Frequency]) -> NameFeature:
    words, size = names.tokens.values, names.start.size - 1
    owner = owners(names.start)
    for part, label in [
        *((part, column.name) for part, column in PARTS),
        (GIVEN | MIDDLE | FAMILY, ANY_NAME),
    ]:
        held = (names.place & part) > 0
        holders = int((np.bincount(owner[held], minlength=size) > 0).sum())
        counts = np.bincount(names.token[held], minlength=len(words))
        frequencies.setdefault(label, frequency_of(words, counts, holders))
    anywhere = frequencies[ANY_NAME].of(words)
    given, middle, family = (
        np.stack([frequencies[column.name].of(words), anywhere, _initials(names, part, column, frequencies)])
        for part, column in PARTS
    )
    return NameFeature(names, (given, middle, family), *_distinct_names(names))


def _distinct_names(names: Names) -> tuple[Int32, tuple[Int32, Int32, Int8]]:
    """The number of each entity's name, -1 for none, and what the names so numbered are."""
    size = names.start.size - 1
    of, first = np.empty(size, np.int32), np.empty(size, np.int32)
    slots = np.full(1 << max(1, 2 * size - 1).bit_length(), -1, np.int32)
    found = same_bags((names.start, names.token, names.place), slots, of, first)
    rows = first[:found].astype(np.int64)
    start, at = take_rows(names.start, np.arange(names.token.size, dtype=np.int32), rows)
    return of, (start, names.token[at], names.place[at])


def _glance(rows: tuple[Int32, Int32], about: UInt64) -> tuple[UInt64, UInt64]:
    ahead = np.empty((rows[0].size - 1, 2), np.uint64)
    look_ahead(rows, about, ahead)
    return about, ahead


def _initials(names: Names, part: int, column: Column, frequencies: dict[str, Frequency]) -> Int16:
    """Surprise of every token's first letter among the tokens of one part of the name."""
    first, place = distinct(pc.utf8_slice_codeunits(names.tokens.values, 0, 1))
    counts = np.bincount(place[names.token[(names.place & part) > 0]], minlength=len(first))
    counted = frequency_of(first, counts, int(counts.sum()))
    return frequencies.setdefault(f"{column.name}{LETTERS}", counted).of(first)[place]


def _counted(trait: Trait, frequencies: dict[str, Frequency]) -> Feature:
    """A trait whose values are counts."""
    counts = np.asarray(trait.values.cast(pa.int32()))
    frequency = frequencies.setdefault(
        trait.name, seldom_of(trait.values, np.bincount(trait.code, minlength=counts.size))
    )
    known = np.asarray(frequency.values.cast(pa.int32()))
    limits = [known[frequency.bits > BIT * np.log2(100 / share)] for share in MORE_OFTEN]
    least = [int(counted.min(initial=_NEVER)) - 1 for counted in limits]
    bits = np.zeros(counts.size, np.int16)
    text = text_of(pa.array([], pa.string()))
    return Feature(
        Column(trait.name, trait.role), trait.values, trait.start, trait.code, bits, text,
        np.ascontiguousarray(counts[:, None]), np.array(least, np.int32), _NO_GLANCE,
    )  # fmt: skip


def _feature(trait: Trait, frequencies: dict[str, Frequency]) -> Feature:
    if trait.role == "visits":
        return _counted(trait, frequencies)
    values, place = distinct(folded_of(trait.values, trait.role))
    start, code = recoded(trait, place)
    holders = int((np.diff(start) > 0).sum())
    frequency = frequency_of(values, np.bincount(code, minlength=len(values)), holders)
    bits = frequencies.setdefault(trait.name, frequency).of(values)
    parts = parts_of(values) if trait.role == "date" else np.zeros((0, 3), np.int32)
    text, glance = text_of(values), _NO_GLANCE
    if trait.role != "date":
        about = np.empty(len(values), np.uint64)
        about_values(text, bits, about)
        glance = _glance((start, code), about)
    return Feature(Column(trait.name, trait.role), values, start, code, bits, text, parts, _NO_LIMITS, glance)


def text_of(values: pa.Array) -> tuple[UInt8, Int32, UInt64]:
    """Values as kernels take them: their bytes, where each begins, which letters occur in each."""
    data, offset = bytes_of(values)
    letters = np.zeros(len(values), np.uint64)
    letters_of(data, offset, letters)
    return data, offset, letters


def coincidences(features: Features, label: Int32) -> list[float]:
    """For every column the share of pairs across groups, both with a value, that hold a value in common."""
    return [_coincidence(start, code, label) for start, code in features.rows()]


def _coincidence(start: Int32, code: Int32, label: Int32) -> float:
    held = np.bincount(code)
    several = np.flatnonzero((held > 1)[code])  # what one alone holds is in no pair
    group = label[owners(start)[several]].astype(np.int64)
    inside = _runs(np.sort((code[several].astype(np.int64) << 32) | group))
    holders = label[np.diff(start) > 0].astype(np.int64)
    shared = _pairs(held) - _pairs(inside)
    return (shared + 0.5) / (_pairs(np.array([holders.size])) - _pairs(np.bincount(holders)) + 1)


def _runs(words: Int64) -> Int64:
    """Lengths of the runs of equal words."""
    if not words.size:
        return np.empty(0, np.int64)
    edge = np.flatnonzero(np.concatenate([[True], words[1:] != words[:-1], [True]]))
    return np.diff(edge)


def _pairs(counts: Int64) -> float:
    return float((counts.astype(np.float64) * (counts - 1) / 2).sum())
