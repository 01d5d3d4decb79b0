"""From the answers of a scan to a whole column: odd values one by one, plain ones untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.identifiers.placeholders import lasting, null_words
from scvgraph.identifiers.verdict import Cleaned

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scvgraph.identifiers.options import Options
    from scvgraph.identifiers.verdict import Verdict

    Mask = NDArray[np.bool_]


def where(mask: Mask, yes: pa.StringArray, no: pa.StringArray) -> pa.StringArray:
    return pc.if_else(pa.array(mask), yes, no)


def forbidden(texts: pa.StringArray, options: Options) -> Mask:
    """Which plain texts may be one of the user's own null words; the scalar rule decides."""
    if not options.null_words:
        return np.zeros(len(texts), np.bool_)
    words = null_words(options)
    words = pa.array(sorted(words | {f"tel:{word}" for word in words}), pa.string())
    return np.asarray(pc.is_in(pc.ascii_lower(texts), words))


def completed(
    raw: pa.StringArray,
    answers: tuple[pa.StringArray, pa.StringArray | None],
    plain: Mask,
    one: Callable[[str, Options], Verdict],
    options: Options,
) -> Cleaned:
    """The column whose plain rows are `answers` (values, faults) and whose other rows the scalar rule judges."""
    value, fault = answers
    nothing = pa.nulls(len(raw), pa.string())
    fault = nothing if fault is None else fault
    plain = plain & ~forbidden(value, options)
    if plain.all():
        return Cleaned(value, fault, nothing)
    odd = pa.array(~plain)
    verdicts = [lasting(one(text, options), options) for text in raw.filter(odd).to_pylist()]

    def patched(column: pa.StringArray, position: int) -> pa.StringArray:
        return pc.replace_with_mask(column, odd, pa.array([v[position] for v in verdicts], pa.string()))

    return Cleaned(patched(value, 0), patched(fault, 1), patched(nothing, 2))
