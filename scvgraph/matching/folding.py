"""Text made comparable whatever its script, case and punctuation: only distinct values are ever folded.

Most values are ASCII and are folded by Arrow in bulk; only the others are transliterated one by one.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from scvgraph.matching.dates import parts_of, written
from scvgraph.matching.kernel_compiled import Int32, Int64, UInt8

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


def words_of(values: pa.Array) -> pa.Array:
    """Values as lower-case ASCII words of letters and digits, one blank between; null where nothing is known."""
    folded = pc.replace_substring_regex(ascii_of(values), "['`.]+", "")
    folded = pc.ascii_trim_whitespace(pc.replace_substring_regex(folded, "[^a-z0-9]+", " "))
    return without_nothing(folded)


def packed_of(values: pa.Array) -> pa.Array:
    """Letters and digits alone, as codes and postcodes are compared; null where nothing is known."""
    return without_nothing(pc.replace_substring_regex(ascii_of(values), "[^a-z0-9]+", ""))


def without_nothing(folded: pa.Array) -> pa.Array:
    """Spellings of nothing made null."""
    return pc.if_else(pc.is_in(folded, value_set=NOTHING), pa.scalar(None, pa.string()), folded)


def folded_of(values: pa.Array, role: str) -> pa.Array:
    """Values as those of a role are compared; null where nothing is known."""
    role = role.removeprefix("shown_")
    if role in {"code", "postcode", "phone"}:
        return packed_of(values)
    if role == "email":
        return without_nothing(pc.replace_substring_regex(ascii_of(values), r"[^a-z0-9@._+-]+", ""))
    if role == "date":
        return written(parts_of(values))
    words = words_of(values)
    if role == "gender":
        letter = pa.array(_GENDER, pa.string()).take(pc.index_in(words, value_set=GENDERS))
        return pc.coalesce(letter, words)
    return words


def distinct(folded: pa.Array) -> tuple[pa.Array, Int64]:
    """Distinct values ascending, and the place of each value given in them (-1 for null)."""
    encoded = pc.dictionary_encode(folded)
    order = np.asarray(pc.sort_indices(encoded.dictionary)).astype(np.int64)
    place = np.empty(order.size + 1, np.int64)
    place[order] = np.arange(order.size)
    place[-1] = -1
    return encoded.dictionary.take(pa.array(order)), place[np.asarray(pc.fill_null(encoded.indices, -1))]


def bytes_of(values: pa.Array) -> tuple[UInt8, Int32]:
    """The bytes of all values one after another (uint8), and where each begins (int32, one more than values)."""
    values = values.cast(pa.large_string()).cast(pa.string())
    _, offsets, data = values.buffers()
    offset = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    held = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    return np.ascontiguousarray(held), np.ascontiguousarray(offset)
