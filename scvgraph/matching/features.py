"""What is compared of two entities: one column of the comparison vector per feature.

Names make three columns (given, middle, family), every other trait one. Each distinct value carries its surprise:
the negative binary logarithm of the share of entities that hold it, in thousandths of a bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scvgraph.matching.addresses import joined_address
from scvgraph.matching.dates import parts_of
from scvgraph.matching.folding import bytes_of, distinct, packed_of, words_of
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
    compare_names,
    compare_values,
    letters_of,
)
from scvgraph.matching.kernel_compiled import Float64, Int8, Int16, Int32, Int64, UInt8, UInt64, in_parts
from scvgraph.matching.kernel_dates import compare_dates
from scvgraph.matching.names import PLACES, Names, names_of
from scvgraph.matching.traits import Trait, owners, recoded, rows_of

VALUE_LEVELS = ("unknown", "different", "similar", "close", "same")
EXACT_LEVELS = ("unknown", "different", "", "", "same")  # no name: a level that is never reached
DATE_LEVELS = ("unknown", "different", "year", "two parts", "close", "same")
NAME_LEVELS = ("unknown", "different", "initial", "similar", "nickname", "close", "moved", "same")
# How much of a value's surprise counts at each level.
VALUE_SHARES = (0.0, 0.0, 0.5, 0.5, 1.0)
DATE_SHARES = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
NAME_SHARES = (0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 1.0, 1.0)
KINDS = {"email": EMAIL, "phone": CODE, "code": CODE, "postcode": POSTCODE, "street_number": CODE, "category": EXACT_ONLY, "gender": EXACT_ONLY, "unit": EXACT_ONLY, "address": ADDRESS, "region": EXACT_ONLY}  # fmt: skip
GENDERS = pa.array(["f", "female", "w", "woman", "weiblich", "femme", "mujer", "m", "male", "man", "mann", "homme", "hombre"])  # fmt: skip
_GENDER = np.array(["f"] * 7 + ["m"] * 6)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the comparison vector."""

    name: str
    role: str
    levels: tuple[str, ...]
    shares: tuple[float, ...]  # how much of a value's surprise counts at each level
    expected: int  # surprise of an agreement by chance, in thousandths of a bit

    @property
    def reached(self) -> Int64:
        """Numbers of the levels that occur, `unknown` aside, ascending."""
        return np.array([level for level, name in enumerate(self.levels) if level and name], np.int64)


@dataclass(frozen=True, slots=True)
class Feature:
    """Values of one trait, folded, ready to compare."""

    column: Column
    values: pa.Array
    start: Int32
    code: Int32
    bits: Int16
    text: tuple[UInt8, Int32, UInt64]
    parts: Int32  # [values, 3] of dates; empty otherwise


@dataclass(frozen=True, slots=True)
class Features:
    """All that is compared. columns: in the order of the comparison vector."""

    size: int
    names: Names | None
    name_bits: Int16  # [4, tokens]: as given, middle, family name and anywhere
    plain: tuple[Feature, ...]
    columns: tuple[Column, ...]

    def compare(self, a: Int32, b: Int32) -> tuple[Int8, Int16]:
        """Levels and surprise, each [columns, pairs], of pairs of entities."""
        level = np.zeros((len(self.columns), a.size), np.int8)
        gain = np.zeros((len(self.columns), a.size), np.int16)
        in_parts(a.size, lambda begin, end: self._fill(a, b, level, gain, slice(begin, end)))
        return level, gain

    def coincidences(self, label: Int32) -> list[float]:
        """For every column the share of pairs across groups, both with a value, that hold a value in common."""
        rows = [(feature.start, feature.code) for feature in self.plain]
        if self.names is not None:
            owner = owners(self.names.start)
            places = [(self.names.place & place) > 0 for place in (GIVEN, MIDDLE, FAMILY)]
            rows = [rows_of(owner[at], self.names.token[at].astype(np.int64), self.size) for at in places] + rows
        return [_coincidence(start, code, label) for start, code in rows]

    def _fill(self, a: Int32, b: Int32, level: Int8, gain: Int16, part: slice) -> None:
        first, one, other = 0, a[part], b[part]
        if self.names is not None:
            tokens, first = self.names.tokens, 3
            compare_names(
                (self.names.start, self.names.token, self.names.place),
                (tokens.data, tokens.offset, tokens.letters),
                (tokens.sound, tokens.nick_start, tokens.nick),
                self.name_bits, one, other, level[:3, part], gain[:3, part],
            )  # fmt: skip
        for row, feature in enumerate(self.plain, first):
            rows, ends = (feature.start, feature.code), (one, other, level[row, part], gain[row, part])
            if feature.column.role == "date":
                compare_dates(rows, feature.parts, feature.bits, *ends)
            else:
                kind = KINDS.get(feature.column.role, TEXT)
                compare_values(kind, rows, feature.text, feature.bits, *ends)


def features_of(traits: list[Trait]) -> Features:
    """Everything to compare, out of traits of one and the same entities."""
    size = traits[0].size
    traits = joined_address(traits)
    names = names_of(traits)
    bits, columns = np.zeros((4, 0), np.int16), []
    if names is not None:
        bits, columns = _name_columns(names, size)
    plain = [
        _feature(trait) for trait in traits if trait.role not in PLACES and trait.role not in {"full_name", "ignore"}
    ]
    return Features(size, names, bits, tuple(plain), (*columns, *(feature.column for feature in plain)))


def _coincidence(start: Int32, code: Int32, label: Int32) -> float:
    group = label[owners(start)].astype(np.int64)
    _, inside = np.unique((code.astype(np.int64) << 32) | group, return_counts=True)
    holders = label[np.diff(start) > 0]
    _, among = np.unique(holders, return_counts=True)
    shared = _pairs(np.bincount(code)) - _pairs(inside)
    return (shared + 0.5) / (_pairs(np.array([holders.size])) - _pairs(among) + 1)


def _pairs(counts: Int64) -> float:
    return float((counts.astype(np.float64) * (counts - 1) / 2).sum())


def _name_columns(names: Names, size: int) -> tuple[Int16, list[Column]]:
    tokens = len(names.tokens.values)
    bits = np.zeros((4, tokens), np.int16)
    columns = []
    for row, (place, label) in enumerate(((GIVEN, "given"), (MIDDLE, "middle"), (FAMILY, "family"))):
        held = (names.place & place) > 0
        counts = np.bincount(names.token[held], minlength=tokens)
        bits[row], expected = surprise(counts, len(np.unique(owners(names.start)[held])))
        columns.append(Column(f"{label} name", f"{label}_name", NAME_LEVELS, NAME_SHARES, expected))
    bits[3], _ = surprise(np.bincount(names.token, minlength=tokens), size)
    return bits, columns


def surprise(counts: Int64, holders: int) -> tuple[Int16, int]:
    """Thousandths of a bit of each value's share, and of the chance that two holders drawn at random agree."""
    share: Float64 = np.maximum(counts, 1) / max(holders, 1)
    chance = float(np.sum((counts / max(holders, 1)) ** 2))
    bits = np.clip(np.rint(-1000 * np.log2(share)), 0, 32_000).astype(np.int16)
    return bits, int(np.rint(-1000 * np.log2(chance))) if chance > 0 else 0


def _feature(trait: Trait) -> Feature:
    parts = np.zeros((0, 3), np.int32)
    if trait.role in {"code", "postcode", "phone"}:
        folded = packed_of(trait.values)
    elif trait.role == "email":
        folded = _emails(trait.values)
    else:
        folded = words_of(trait.values)
    if trait.role == "gender":
        folded = _genders(folded)
    if trait.role == "date":
        parts = parts_of(trait.values)
        folded = _dates(parts)
    values, place = distinct(folded)
    start, code = recoded(trait, place)
    if trait.role == "date":
        parts = parts_of(values)
    bits, expected = surprise(np.bincount(code, minlength=len(values)), int((np.diff(start) > 0).sum()))
    data, offset = bytes_of(values)
    letters = np.zeros(len(values), np.uint64)
    letters_of(data, offset, letters)
    levels, shares = VALUE_LEVELS, VALUE_SHARES
    if trait.role == "date":
        levels, shares = DATE_LEVELS, DATE_SHARES
    elif KINDS.get(trait.role, TEXT) == EXACT_ONLY:
        levels = EXACT_LEVELS
    column = Column(trait.name, trait.role, levels, shares, expected)
    return Feature(column, values, start, code, bits, (data, offset, letters), parts)


def _emails(values: pa.Array) -> pa.Array:
    from scvgraph.matching.folding import ascii_of, without_nothing
    import pyarrow.compute as pc

    return without_nothing(pc.replace_substring_regex(ascii_of(values), r"[^a-z0-9@._+-]+", ""))


def _genders(folded: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    known = pc.index_in(folded, value_set=GENDERS)
    letter = pa.array(_GENDER).take(known)
    return pc.if_else(pc.is_valid(known), letter, folded)


def _dates(parts: Int32) -> pa.Array:
    text = [f"{y:04d}-{m:02d}-{d:02d}" if y else None for y, m, d in parts.tolist()]
    return pa.array(text, pa.string())
