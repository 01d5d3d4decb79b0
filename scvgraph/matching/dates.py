"""Dates of any usual spelling as year, month and day."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.kernel_compiled import Int32

_SEP = r"[-/. ]"
_SHAPES = (
    rf"^(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})",
    rf"^(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}}){_SEP}(?P<y>\d{{4}})",
    r"^(?P<y>(?:1[6-9]|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])$",
    r"^(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<y>(?:1[6-9]|20)\d{2})$",
    r"^(?P<d>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>(?:1[6-9]|20)\d{2})$",
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$",
    rf"^(?P<y>\d{{4}})(?:{_SEP}(?P<m>\d{{1,2}}))?$",
)
YEAR_LAST = 1  # place of the shape that leaves open whether days or months come first


def days_are_first(values: pa.Array) -> bool:
    """Whether days come before months where the year stands last: what exceeds twelve more often is the day; months
    come first where neither does.
    """
    found = pc.extract_regex(values, _SHAPES[YEAR_LAST])
    month, day = (_numbers(found, part) for part in "md")
    return bool((month > 12).sum() > (day > 12).sum())


def parts_of(values: pa.Array, days_first: bool | None = None) -> Int32:
    """[values, 3] year, month, day of each; 0 for a part unknown, all 0 for what is no date at all.

    days_first: where the year stands last, whether the day comes first; the values together say so if not given.
    """
    parts = np.zeros((len(values), 3), np.int32)
    turned = days_are_first(values) if days_first is None else days_first
    for shape, pattern in enumerate(_SHAPES):
        found = pc.extract_regex(values, pattern)
        fresh = np.asarray(pc.is_valid(found), bool) & (parts[:, 0] == 0)
        read = np.stack([_numbers(found, part) for part in "ymd"], axis=1)
        if shape == YEAR_LAST and turned:
            read = read[:, [0, 2, 1]]
        parts[fresh] = read[fresh]
    return parts


def written(parts: Int32) -> pa.Array:
    """Dates as text, 0000-00-00, ascending as they do; null for none."""
    year, month, day = (
        pc.utf8_lpad(pc.cast(pa.array(part), pa.string()), width, "0")
        for part, width in zip(parts.T, (4, 2, 2), strict=True)
    )
    text = pc.binary_join_element_wise(year, month, day, "-")
    return pc.if_else(pa.array(parts[:, 0] > 0), text, pa.scalar(None, pa.string()))


def _numbers(found: pa.Array, part: str) -> Int32:
    if part not in [field.name for field in found.type]:
        return np.zeros(len(found), np.int32)
    text = pc.struct_field(found, part)
    text = pc.if_else(pc.equal(pc.fill_null(text, ""), ""), "0", text)
    return np.asarray(pc.cast(text, pa.int32()))
