"""IP addresses: evidence of a place, never of a person, so the kind links nobody.

The standard library's `ipaddress` decides what an address is and how it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scvgraph.identifiers.placeholders import IP_PLACEHOLDERS, nothing
from scvgraph.identifiers.text import visible
from scvgraph.identifiers.verdict import RAW_LIMIT, Cleaned, Verdict, refused

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.options import Options

_PORT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}|\[([^\[\]]+)\](?::\d{1,5})?")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")


def clean_ip(raw: str, options: Options) -> Verdict:
    """The address in its canonical spelling: the first of a list, without port, brackets and zone."""
    from ipaddress import IPv6Address, ip_address

    if len(raw) > RAW_LIMIT:
        return refused("too_long")
    text = visible(raw, "NFKC")
    fault = nothing(text, options)
    if fault:
        return refused(fault)
    text = text.partition(",")[0].strip()
    port = _PORT.fullmatch(text)
    if port:
        text = port[1] or port[2]
    text = text.partition("%")[0]
    if ":" not in text:
        text = _LEADING_ZEROS.sub("", text)
    try:
        address = ip_address(text)
    except ValueError:
        return refused("ip_invalid")
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    value = str(address)
    if address.is_loopback:
        return Verdict(value, None, "loopback")
    return Verdict(value, None, "listed" if value in IP_PLACEHOLDERS else None)


def clean_ips(raw: pa.StringArray, options: Options) -> Cleaned:
    """As `clean_ip`, for a column: canonical IPv4 addresses are recognised in bulk."""
    from scvgraph.identifiers import bulk, scans

    plain = scans.scan_ips(raw) & ~bulk.forbidden(raw, options)
    return bulk.completed(raw, (raw, None), plain, clean_ip, options)
