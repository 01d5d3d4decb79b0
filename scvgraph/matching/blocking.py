"""Candidate pairs: many narrow keys, so that a pair spoilt in one respect meets in another.

An atom is something of an entity that exact equality is asked of (the sound of a name, a year of birth, an outward
postcode ...); a rule is one to three atoms that must all be equal. Blocks above the cap are left out and counted:
they say nothing but that a key is common, and cost their size squared. Survey: Papadakis, Skoutas, Thanos and
Palpanas 2020, "Blocking and filtering techniques for entity resolution", ACM Computing Surveys 53.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.features import Feature, Features
from scvgraph.matching.folding import distinct
from scvgraph.matching.kernel_blocks import block_pairs, combine, pair_up
from scvgraph.matching.kernel_compare import FAMILY, GIVEN, MIDDLE
from scvgraph.matching.kernel_compiled import Int32, Int64, UInt64
from scvgraph.matching.traits import distinct_words, owners, rows_of


@dataclass(frozen=True, slots=True)
class Atom:
    """Keys of every entity, as compressed sparse rows, and the columns of the comparison that they rest on."""

    start: Int32
    key: UInt64
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Block:
    """What one rule found, and what its cap dropped."""

    rule: str
    columns: frozenset[str]
    pairs: UInt64  # lower entity in the high half, higher entity in the low one
    dropped_blocks: int
    dropped_entities: int
    dropped_pairs: int


RULES = (
    "tokens", "tokens year", "tokens outward", "tokens place", "token year place", "token year outward",
    "token year", "token place", "token outward", "token day", "token category",
    "exact given family", "token date", "initial family middle", "given family middle",
    "date", "postcode", "year outward", "day outward", "date initial", "date place",
    "code", "half initial", "half year", "half",
    "address initial", "address middle", "address date", "address token", "address year",
    "street date", "street token year", "street initial middle", "street family", "street given",
    "email", "mailbox", "phone", "mailbox token",
)  # fmt: skip


def blocks_of(features: Features, cap: int) -> list[Block]:
    """The candidate pairs of every rule whose atoms the features have."""
    atoms = _atoms(features)
    found = []
    for rule in RULES:
        for label, atom in _keys(rule.split(" "), atoms):
            found.append(_block(label, atom, cap))
    return found


def candidates(blocks: list[Block]) -> UInt64:
    """All pairs of all rules once, ascending."""
    kept = [block.pairs for block in blocks if block.pairs.size]
    return distinct_words(np.concatenate(kept)) if kept else np.empty(0, np.uint64)


def _keys(words: list[str], atoms: dict[str, list[Atom]]) -> list[tuple[str, Atom]]:
    """The atoms of a rule combined; none if one is missing. Of several traits of one role each makes a key."""
    made: list[tuple[str, Atom]] = []
    for word in words:
        held = [(f"{word}{n or ''}", atom) for n, atom in enumerate(atoms.get(word, []))]
        made = [
            (f"{label} {name}", _combined(one, other)) for label, one in made for name, other in held
        ] if made or word != words[0] else held
    return made


def _combined(one: Atom, other: Atom) -> Atom:
    start = _starts(np.diff(one.start).astype(np.int64) * np.diff(other.start))
    key = np.empty(start[-1], np.uint64)
    combine((one.start, one.key), (other.start, other.key), start, key)
    return Atom(start, key, one.columns | other.columns)


def _starts(counts: Int64) -> Int32:
    start = np.zeros(counts.size + 1, np.int32)
    np.cumsum(counts, out=start[1:])
    return start


def _block(rule: str, atom: Atom, cap: int) -> Block:
    order = np.argsort(atom.key, kind="stable")
    key, member = atom.key[order], owners(atom.start).astype(np.int32)[order]
    edge = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1], [True]])) if key.size else np.zeros(1, np.int64)
    begin, end = edge[:-1], edge[1:]
    size = end - begin
    over, kept = size > cap, (size > 1) & (size <= cap)
    begin, end = begin[kept], end[kept]
    pairs = (size[kept] * (size[kept] - 1)) // 2
    place = np.concatenate([[0], np.cumsum(pairs)]).astype(np.int64)
    out = np.empty(place[-1], np.uint64)
    block_pairs(begin, end, member, place, out)
    out = out[(out >> np.uint64(32)) != (out & np.uint64(0xFFFFFFFF))]
    lost = size[over]
    return Block(rule, atom.columns, out, int(over.sum()), int(lost.sum()), int((lost * (lost - 1) // 2).sum()))


def _atoms(features: Features) -> dict[str, list[Atom]]:
    atoms: dict[str, list[Atom]] = {}
    if features.names is not None:
        atoms |= _name_atoms(features)
    for feature in features.plain:
        for word, atom in _value_atoms(feature):
            atoms.setdefault(word, []).append(atom)
    return atoms


def _name_atoms(features: Features) -> dict[str, list[Atom]]:
    names = features.names
    assert names is not None
    tokens = names.tokens
    length = np.diff(tokens.offset)
    own = frozenset({"given name", "middle name", "family name"})
    owner = owners(names.start)
    heard = np.where(tokens.sound >= 0, tokens.sound, np.arange(length.size) + tokens.sound.max(initial=0) + 1)
    heard = np.where(length > 1, heard, -1)
    sound = _atom(owner, heard[names.token], features.size, own)
    start = _starts((lambda n: n * (n - 1) // 2)(np.diff(sound.start).astype(np.int64)))
    key = np.empty(start[-1], np.uint64)
    pair_up((sound.start, sound.key), start, key)
    first = tokens.data[tokens.offset[:-1]].astype(np.int64)[names.token]

    def at(place: int, code: Int64) -> Atom:
        return _atom(owner, np.where(names.place & place, code, -1), features.size, own)

    word = names.token.astype(np.int64)
    return {
        "token": [sound], "tokens": [Atom(start, key, own)], "initial": [at(GIVEN, first)],
        "middle": [at(MIDDLE, first)], "given": [at(GIVEN, word)], "family": [at(FAMILY, word)],
        "exact": [Atom(np.arange(features.size + 1, dtype=np.int32), np.zeros(features.size, np.uint64), own)],
    }  # fmt: skip


def _atom(owner: Int64, code: Int64, size: int, columns: frozenset[str]) -> Atom:
    start, key = rows_of(owner, code, size)
    return Atom(start, key.astype(np.uint64), columns)


def _value_atoms(feature: Feature) -> list[tuple[str, Atom]]:
    role, values = feature.column.role, feature.values
    own, owner = frozenset({feature.column.name}), owners(feature.start)
    size = feature.start.size - 1

    def of(code: Int64) -> Atom:
        return _atom(owner, np.asarray(code, np.int64)[feature.code], size, own)

    def part(text: pa.Array) -> Atom:
        return of(distinct(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))[1])

    whole = np.arange(len(values), dtype=np.int64)
    if role == "date":
        year, month, day = feature.parts.astype(np.int64).T
        return [("date", of(whole)), ("year", of(np.where(year > 0, year, -1))), ("day", of(np.where((month > 0) & (month * 31 + day != 32), month * 32 + day, -1)))]  # fmt: skip
    if role == "postcode":
        length = pc.utf8_length(values)
        cut = np.where(np.asarray(length) > 4, np.asarray(length) - 3, 2)
        text = values.to_pylist()
        outward = pa.array([value[:n] for value, n in zip(text, cut.tolist(), strict=True)], pa.string())
        return [("postcode", of(whole)), ("outward", part(outward))]
    if role in {"code", "phone"}:
        half = [(v[: len(v) // 2], v[len(v) // 2 :]) for v in values.to_pylist()]
        halves = [("half", part(pa.array(side, pa.string()))) for side in zip(*half, strict=True)] if half else []
        return [(role, of(whole)), *(halves if role == "code" else [])]
    if role == "email":
        return [("email", of(whole)), ("mailbox", part(pc.list_element(pc.split_pattern(values, "@", max_splits=1), 0)))]
    if role == "address":
        street = pc.ascii_trim_whitespace(pc.replace_substring_regex(values, "^[0-9][a-z0-9]* ?", ""))
        return [("address", of(whole)), ("street", part(street))]
    words = {"address": "address", "street": "street", "place": "place", "category": "category", "text": "text"}
    return [(words[role], of(whole))] if role in words else []
