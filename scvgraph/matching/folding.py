"""Text made comparable whatever its script, case and punctuation: only distinct values are ever folded.

Most values are ASCII and are folded by Arrow in bulk; only the others are transliterated one by one.
"""

from __future__ import annotations

import string
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from scvgraph.matching.dates import parts_of, written
from scvgraph.matching.kernel_compiled import Int32, Int64, UInt8
from scvgraph.matching.kernel_folding import BLANK, DROPPED, ascending, fold_bytes, prefixes

MANY, MOST = 5_000, 1 << 24  # values that are sorted by numbers: the run of each is counted in 24 bits
# Spellings of "nothing is known here", compared after folding.
NOTHING = pa.array(["", "null", "none", "nil", "nan", "na", "n a", "unknown", "not known", "not available", "undefined", "missing", "x", "xx", "xxx"])  # fmt: skip
GENDERS = pa.array(["f", "female", "w", "woman", "weiblich", "femme", "mujer", "m", "male", "man", "mann", "homme", "hombre"])  # fmt: skip
_GENDER = ["f"] * 7 + ["m"] * 6


def ascii_of(values: pa.Array) -> pa.Array:
    """Values in lower-case ASCII: case folded, decomposed (NFKD), transliterated from any script."""
    plain = pc.string_is_ascii(values)
    if not pc.all(plain).as_py():
        others = pc.filter(values, pc.invert(plain)).to_pylist()
        spelled = [anyascii(unicodedata.normalize("NFKD", value).casefold()) for value in others]
        values = pc.replace_with_mask(values, pc.invert(plain), pa.array(spelled, pa.string()))
    return pc.ascii_lower(values)


def _table(kept: str, *, dropped: str | None = None) -> UInt8:
    """What becomes of each byte: it stays if it is kept; else it is left out, or parts words if not among the dropped."""
    table = np.full(256, DROPPED if dropped is None else BLANK, np.uint8)
    for byte in kept.encode():
        table[byte] = byte
    for byte in (dropped or "").encode():
        table[byte] = DROPPED
    return table


_ALPHANUMERIC = string.ascii_lowercase + string.digits
WORDS, PACKED = _table(_ALPHANUMERIC, dropped="'`."), _table(_ALPHANUMERIC)
IN_EMAILS = _table(_ALPHANUMERIC + "@._+-")


def folded_by(table: UInt8, values: pa.Array) -> pa.Array:
    """ASCII values, byte by byte as the table says (see `fold_bytes`)."""
    data, offset = bytes_of(values)
    out, out_offset = np.empty(max(int(offset[-1]), 1), np.uint8), np.zeros(offset.size, np.int32)
    fold_bytes(data, offset, table, out, out_offset)
    folded = pa.StringArray.from_buffers(len(values), pa.py_buffer(out_offset), pa.py_buffer(out))
    return pc.if_else(pc.is_valid(values), folded, None) if values.null_count else folded


def words_of(values: pa.Array) -> pa.Array:
    """Values as lower-case ASCII words of letters and digits, one blank between; null where nothing is known."""
    return without_nothing(folded_by(WORDS, ascii_of(values)))


def packed_of(values: pa.Array) -> pa.Array:
    """Letters and digits alone, as codes and postcodes are compared; null where nothing is known."""
    return without_nothing(folded_by(PACKED, ascii_of(values)))


def without_nothing(folded: pa.Array) -> pa.Array:
    """Spellings of nothing made null."""
    return pc.if_else(pc.is_in(folded, value_set=NOTHING), pa.scalar(None, pa.string()), folded)


def folded_of(values: pa.Array, role: str) -> pa.Array:
    """Values as those of a role are compared; null where nothing is known."""
    role = role.removeprefix("shown_")
    if role in {"code", "postcode", "phone"}:
        return packed_of(values)
    if role == "email":
        return without_nothing(folded_by(IN_EMAILS, ascii_of(values)))
    if role == "date":
        return written(parts_of(values))
    words = words_of(values)
    if role == "gender":
        letter = pa.array(_GENDER, pa.string()).take(pc.index_in(words, value_set=GENDERS))
        return pc.coalesce(letter, words)
    return words


def distinct(folded: pa.Array) -> tuple[pa.Array, Int64]:
    """Distinct values ascending, and the place of each value given in them (-1 for null)."""
    if not folded.null_count and ascending(
        *bytes_of(folded)
    ):  # as what was sorted before it was folded often is
        return folded, np.arange(len(folded))
    encoded = pc.dictionary_encode(folded)
    values, new = sort_values(encoded.dictionary)
    place = np.append(new, -1)
    return values, place[np.asarray(pc.fill_null(encoded.indices, -1))]


def sort_values(values: pa.Array) -> tuple[pa.Array, Int64]:
    """Distinct values in ascending order of their bytes, and the new place of each old one."""
    order = order_of(values)
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    return values.take(pa.array(order)), place


def order_of(values: pa.Array) -> Int64:
    """Places of distinct values in ascending order of their bytes: by numbers made of eight, then of five more each
    time of those that are still alike, for numbers sort several times faster than text.
    """
    if MANY <= len(values) < MOST and not values.null_count:
        data, offset = bytes_of(values)
        order = np.arange(len(values), dtype=np.int32)
        word, alike = np.empty(order.size, np.uint64), np.arange(order.size)
        more, depth = prefixes(data, offset, order, 0, 8, word), 8
        while True:
            inside = np.argsort(word)
            order[alike], word = order[alike[inside]], word[inside]
            same = np.concatenate([[False], word[1:] == word[:-1], [False]])
            still = np.flatnonzero(same[1:] | same[:-1])
            if not still.size:
                return order.astype(np.int64)
            if not more:
                break  # told apart by their lengths alone
            run = np.cumsum(~same[:-1]).astype(np.uint64)[still]
            alike, word = alike[still], np.empty(still.size, np.uint64)
            more = prefixes(data, offset, order[alike], depth, 5, word)
            word |= run << np.uint64(40)
            depth += 5
    return np.asarray(pc.sort_indices(values)).astype(np.int64)


def bytes_of(values: pa.Array) -> tuple[UInt8, Int32]:
    """The bytes of all values one after another (uint8), and where each begins (int32, one more than values)."""
    values = values.cast(pa.large_string()).cast(pa.string())
    _, offsets, data = values.buffers()
    offset = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    held = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    return np.ascontiguousarray(held), np.ascontiguousarray(offset)
