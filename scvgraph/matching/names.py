"""Names of people as bags of tokens: one representation of all the name columns a person has.

Columns that repeat each other (full name, first name, surname) fall together because a token counts once, with all
the places it was seen in. Titles and ordinals are no names. In any script: see `folding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import jellyfish
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from scvgraph.matching.folding import WORDS, ascii_of, bytes_of, distinct, folded_by, without_nothing
from scvgraph.matching.kernel_compare import FAMILY, GIVEN, MIDDLE, letters_of
from scvgraph.matching.kernel_compiled import Int8, Int32, Int64, UInt8, UInt64
from scvgraph.matching.traits import Trait, owners, rows_of, take_rows
from scvgraph.nicknames import BUILT_IN, groups

TITLES = pa.array(["mr", "mrs", "ms", "miss", "mx", "mme", "mlle", "herr", "frau", "senor", "senora", "dr", "prof", "professor", "sir", "dame", "rev", "reverend", "hon", "jr", "sr", "ii", "iii", "iv", "esq", "phd", "md", "bart", "baronet"])  # fmt: skip
ORDINAL = r"^\d+(st|nd|rd|th)$"
PLACES = {"first_name": GIVEN, "middle_name": MIDDLE, "last_name": FAMILY}
NAME_ROLES = frozenset({*PLACES, "full_name"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """Distinct tokens of names, ascending."""

    values: pa.Array
    text: tuple[UInt8, Int32, UInt64]  # bytes, offsets, letters that occur
    sound: Int32  # number of the token's metaphone, -1 for none
    nick_start: Int32  # groups of names used for each other, as compressed sparse rows
    nick: Int32


@dataclass(frozen=True, slots=True)
class Names:
    """Tokens of each entity's name: entity i has token[start[i]:start[i + 1]], ascending, at `place` (bits)."""

    start: Int32
    token: Int32
    place: Int8
    tokens: Tokens


def names_of(traits: list[Trait], nicknames: Path = BUILT_IN) -> Names | None:
    """The names of all entities out of their name traits; None if there is no such trait."""
    named = [trait for trait in traits if trait.role in NAME_ROLES]
    if not named:
        return None
    lists = [_tokens_of_values(trait) for trait in named]
    words, number = distinct(pa.concat_arrays([token for _, token, _ in lists]))
    bounds = np.cumsum([0, *(len(token) for _, token, _ in lists)])
    owner, code, place = [], [], []
    for trait, (start, _, at), begin in zip(named, lists, bounds, strict=False):
        codes = number[begin : begin + at.size]
        rows, parts = take_rows(start, np.arange(at.size, dtype=np.int32), trait.code.astype(np.int64))
        owner.append(owners(trait.start)[owners(rows)])
        code.append(codes[parts])
        place.append(at[parts])
    start, token, at = _bag(np.concatenate(owner), np.concatenate(code), np.concatenate(place), named[0].size)
    return Names(start, token, at, _tokens(words, nicknames))


def _bag(owner: Int64, code: Int64, place: Int8, size: int) -> tuple[Int32, Int32, Int8]:
    """Each token of an entity once, with all its places together."""
    words = (owner << 32) | code
    order = np.argsort(words, kind="stable")
    words = words[order]
    first = (
        np.flatnonzero(np.concatenate([[True], words[1:] != words[:-1]]))
        if words.size
        else np.empty(0, np.int64)
    )
    at = np.bitwise_or.reduceat(place[order], first) if first.size else np.empty(0, np.int8)
    start, token = rows_of(words[first] >> 32, words[first] & 0xFFFFFFFF, size)
    return start, token, at.astype(np.int8)


def _tokens_of_values(trait: Trait) -> tuple[Int32, pa.Array, Int8]:
    """Tokens of every value of a name trait, as compressed sparse rows, and the places of each token."""
    folded = ascii_of(trait.values)
    if trait.role == "full_name" and pc.any(pc.match_substring(folded, ",")).as_py():
        comma = pc.match_substring_regex(folded, r"^[^,]*[a-z][^,]*,[^,]*[a-z]")
        turned = pc.replace_substring_regex(
            folded, r"^([^,]*),(.*)$", r"\2 \1"
        )  # `Smith, John` is `John Smith`
        folded = pc.if_else(comma, turned, folded)
    folded = pc.fill_null(without_nothing(folded_by(WORDS, folded)), "")
    parts = pc.ascii_split_whitespace(folded)
    flat = pc.list_flatten(parts)
    value = np.asarray(pc.list_parent_indices(parts)).astype(np.int64)
    title = pc.or_(pc.is_in(flat, value_set=TITLES), pc.match_substring_regex(flat, ORDINAL))
    kept = ~np.asarray(pc.or_(title, pc.equal(flat, "")), bool)
    flat, value = flat.filter(pa.array(kept)), value[kept]
    start = np.zeros(len(trait.values) + 1, np.int32)
    np.cumsum(np.bincount(value, minlength=len(trait.values)), out=start[1:])
    if trait.role != "full_name":
        return start, flat, np.full(len(flat), PLACES[trait.role], np.int8)
    place = np.full(len(flat), MIDDLE, np.int8)
    held = np.flatnonzero(np.diff(start))
    place[start[held]] = GIVEN
    last = start[held + 1] - 1
    place[last] = np.where(last == start[held], GIVEN | FAMILY, FAMILY)
    return start, flat, place


def _tokens(words: pa.Array, nicknames: Path) -> Tokens:
    data, offset = bytes_of(words)
    letters = np.zeros(len(words), np.uint64)
    letters_of(data, offset, letters)
    listed = words.to_pylist()
    _, sound = distinct(pa.array([jellyfish.metaphone(word) or None for word in listed], pa.string()))
    return Tokens(words, (data, offset, letters), sound.astype(np.int32), *_nicknames(listed, nicknames))


def _nicknames(listed: list[str], file: Path) -> tuple[Int32, Int32]:
    """Groups of the file that each token belongs to."""
    place = {word: position for position, word in enumerate(listed)}
    found = [
        (place[word], number)
        for number, group in enumerate(groups(file))
        for name in group
        if (word := anyascii(name).lower()) in place
    ]
    owner, group = np.array(found, np.int64).reshape(-1, 2).T
    return rows_of(owner, group, len(listed))
