"""Ids given out by systems: devices, cookies, loyalty cards, users, CRM keys and whatever else is named.

Nothing is known about their spelling, so little is done to them: what cannot be seen goes, letters keep their
case unless told otherwise, and a UUID is written in lower case because its letters are digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.identifiers.placeholders import id_placeholder, is_uuid, nothing
from scvgraph.identifiers.text import recased, visible
from scvgraph.identifiers.verdict import RAW_LIMIT, Cleaned, Verdict, refused

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.options import Options

LONGEST = 512


def clean_id(raw: str, options: Options) -> Verdict:
    """The id without unseen characters and outer blanks, in the case asked for."""
    if len(raw) > RAW_LIMIT:
        return refused("too_long")
    text = visible(raw, "NFC")
    fault = nothing(text, options)
    if fault:
        return refused(fault)
    if is_uuid(text):
        text = text.lower()
    if options.strip:
        text = visible("".join(letter for letter in text if letter not in options.strip), "NFC")
        fault = nothing(text, options)
        if fault:
            return refused(fault)
    text = text.lower() if is_uuid(text) else recased(text, options.case, "NFC")
    if len(text) > LONGEST:
        return refused("too_long")
    return Verdict(text, None, id_placeholder(text))


def clean_ids(raw: pa.StringArray, options: Options) -> Cleaned:
    """As `clean_id`, for a column: plain ids are recognised in bulk and returned as they are."""
    import pyarrow.compute as pc

    from scvgraph.identifiers import bulk, scans

    kind, value = scans.scan_ids(raw), raw
    plain = (kind != scans.ODD) & ~bulk.forbidden(raw, options)
    if options.strip:
        value = bulk.where(kind == scans.UUID, pc.ascii_lower(raw), raw)
        for letter in options.strip:
            value = pc.replace_substring(value, letter, "")
        kind = scans.scan_ids(value)
        plain &= (kind != scans.ODD) & ~bulk.forbidden(value, options)
    uuids, lower = kind == scans.UUID, options.case == "lower"
    if options.case != "keep":
        value = bulk.where(uuids | lower, pc.ascii_lower(value), pc.ascii_upper(value))
    elif uuids.any():
        value = bulk.where(uuids, pc.ascii_lower(value), value)
    return bulk.completed(raw, (value, None), plain, clean_id, options)
