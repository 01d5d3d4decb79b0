"""What exact equality is asked of in blocking: the sound of a name, a year of birth, an outward postcode ..."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.features import PARTS, Feature, Features
from scvgraph.matching.folding import distinct
from scvgraph.matching.kernel_blocks import combine, pair_up, swap_keys
from scvgraph.matching.kernel_compare import FAMILY, GIVEN, MIDDLE
from scvgraph.matching.kernel_compiled import Int32, Int64, UInt64
from scvgraph.matching.kernel_folding import mailboxes
from scvgraph.matching.names import Names
from scvgraph.matching.traits import owners, rows_of

NAME_COLUMNS = frozenset(column.name for _, column in PARTS)
_AT_SIGN = 64
Coder: TypeAlias = Callable[[Feature], list[tuple[str, Int64]]]


@dataclass(frozen=True, slots=True)
class Atom:
    """Keys of every entity, as compressed sparse rows, and the columns of the comparison that they rest on."""

    start: Int32
    key: UInt64
    columns: frozenset[str]

    def __mul__(self, other: Atom) -> Atom:
        """Both must be equal: every key of one with every key of the other."""
        start = _starts(np.diff(self.start).astype(np.int64) * np.diff(other.start))
        key = np.empty(start[-1], np.uint64)
        combine((self.start, self.key), (other.start, other.key), start, key)
        return Atom(start, key, self.columns | other.columns)


def atoms_of(features: Features) -> dict[str, list[Atom]]:
    """The atoms that the features have, by name; several of a name where several traits have the role."""
    atoms: dict[str, list[Atom]] = {}
    if features.name is not None:
        atoms |= {word: [atom] for word, atom in _of_names(features.name.names, features.size).items()}
    for feature in features.plain:
        for word, atom in _of_values(feature):
            atoms.setdefault(word, []).append(atom)
    return atoms


def _starts(counts: Int64) -> Int32:
    start = np.zeros(counts.size + 1, np.int32)
    np.cumsum(counts, out=start[1:])
    return start


def _atom(owner: Int64, code: Int64, size: int, columns: frozenset[str]) -> Atom:
    start, key = rows_of(owner, code, size)
    return Atom(start, key.astype(np.uint64), columns)


def _of_names(names: Names, size: int) -> dict[str, Atom]:
    """token: the sound of each; tokens: of two in any order; given, family: as written; initial ...: first letters."""
    data, offset, _ = names.tokens.text
    owner, length, sound = owners(names.start), np.diff(offset), names.tokens.sound.astype(np.int64)
    heard = np.where(sound >= 0, sound, np.arange(length.size) + sound.max(initial=0) + 1)
    token = _atom(owner, np.where(length > 1, heard, -1)[names.token], size, NAME_COLUMNS)
    held = np.diff(token.start).astype(np.int64)
    start = _starts(held * (held - 1) // 2)
    key = np.empty(start[-1], np.uint64)
    pair_up((token.start, token.key), start, key)
    word, first = names.token.astype(np.int64), data[offset[:-1]].astype(np.int64)[names.token]

    def at(place: int, code: Int64) -> Atom:
        return _atom(owner, np.where(names.place & place, code, -1), size, NAME_COLUMNS)

    return {
        "token": token, "tokens": Atom(start, key, NAME_COLUMNS), "given": at(GIVEN, word), "family": at(FAMILY, word),
        "initial": at(GIVEN, first), "middle": at(MIDDLE, first), "capital": at(FAMILY, first),
    }  # fmt: skip


def _of_values(feature: Feature) -> list[tuple[str, Atom]]:
    """Atoms of one trait: the whole value, and parts that survive when others are spoilt."""
    codes = _CODES.get(feature.column.role.removeprefix("shown_"))
    if codes is None or not len(feature.values):
        return []
    owner, own = owners(feature.start), frozenset({feature.column.name})
    size = feature.start.size - 1
    return [(word, _atom(owner, code[feature.code], size, own)) for word, code in codes(feature)]


def _whole(feature: Feature) -> Int64:
    return np.arange(len(feature.values), dtype=np.int64)


def _codes(text: pa.Array) -> Int64:
    """Numbers of equal texts; -1 for an empty one."""
    return distinct(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))[1]


def _dates(feature: Feature) -> list[tuple[str, Int64]]:
    """Without day and month where they stand for a year alone (New Year's Day)."""
    year, month, day = feature.parts.astype(np.int64).T
    dated = (month > 0) & ((month != 1) | (day != 1))
    return [("date", _whole(feature)), ("year", np.where(year > 0, year, -1)), ("day", np.where(dated, month * 32 + day, -1))]  # fmt: skip


def _postcodes(feature: Feature) -> list[tuple[str, Int64]]:
    """outward: all but the last three of five or more characters, else the first two."""
    short = pc.less(pc.binary_length(feature.values), 5)
    outward = pc.if_else(short, pc.utf8_slice_codeunits(feature.values, 0, 2), pc.utf8_slice_codeunits(feature.values, 0, -3))  # fmt: skip
    return [("postcode", _whole(feature)), ("outward", _codes(outward))]


def _halves(feature: Feature) -> list[tuple[str, Int64]]:
    """Every code in two halves, so that one spoilt character leaves the other."""
    data, offset = feature.text[0], feature.text[1].astype(np.int64)
    middle = (offset[:-1] + offset[1:]) // 2
    text = pa.array(data)
    bounds = np.stack([offset[:-1], middle], axis=1).ravel()
    cut = pa.Array.from_buffers(pa.string(), bounds.size, [None, pa.py_buffer(np.append(bounds, offset[-1]).astype(np.int32)), text.buffers()[1]])  # fmt: skip
    half = _codes(cut).reshape(-1, 2)
    return [("code", _whole(feature)), ("front", half[:, 0]), ("back", half[:, 1])]


def _emails(feature: Feature) -> list[tuple[str, Int64]]:
    """mailbox: before the sign; early, late: the same for two mailboxes with two neighbours swapped there."""
    data, offset, _ = feature.text
    early, late = np.zeros((2, len(feature.values)), np.uint64)
    swap_keys(data, offset, _AT_SIGN, early, late)
    upper = np.uint64(33)
    mailbox = np.empty(len(feature.values), np.int64)
    if not mailboxes(data, offset, _AT_SIGN, mailbox):  # a value without the sign
        mailbox = _codes(pc.list_element(pc.split_pattern(feature.values, "@", max_splits=1), 0))
    return [
        ("email", _whole(feature)), ("mailbox", mailbox),
        ("early", (early >> upper).astype(np.int64)), ("late", (late >> upper).astype(np.int64)),
    ]  # fmt: skip


def _addresses(feature: Feature) -> list[tuple[str, Int64]]:
    street = pc.ascii_trim_whitespace(pc.replace_substring_regex(feature.values, "^[0-9][a-z0-9]* ?", ""))
    return [("address", _whole(feature)), ("street", _codes(street))]


def _only(word: str) -> Coder:
    return lambda feature: [(word, _whole(feature))]


_CODES: dict[str, Coder] = {
    "date": _dates, "postcode": _postcodes, "code": _halves, "email": _emails, "address": _addresses,
    "phone": _only("phone"),
    "home": _only("home"),
    "place": _only("place"),
    "street": _only("line"),
    "category": _only("category"),
    "text": _only("category"),
}  # fmt: skip
