"""E-mail addresses.

The canonical form is lower case, in Unicode's NFKC, with the domain in ASCII (IDNA 2003, 'xn--...', as the
standard library has it): one spelling for a domain that exports write in two. Validity is lenient where mail
systems are: local parts with odd dots exist. It is strict where a typing error shows: one '@', a domain with a
dot and a plausible last label.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scvgraph.identifiers.placeholders import email_placeholder, nothing
from scvgraph.identifiers.text import recased, visible
from scvgraph.identifiers.verdict import RAW_LIMIT, Cleaned, Verdict, refused

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.options import Options

LONGEST = 254
LONGEST_LOCAL = 64
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")
_FORBIDDEN_IN_LOCAL = re.compile(r"[\s\"(),:;<>\[\\\]]")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{0,57}[a-z0-9]")


def clean_email(raw: str, options: Options) -> Verdict:
    """The address in lower case without wrapping; at Gmail also without dots and plus-tags."""
    if len(raw) > RAW_LIMIT:
        return refused("too_long")
    text = visible(raw, "NFKC")
    fault = nothing(text, options)
    if fault is None:
        text = unwrapped(recased(text, "lower", "NFKC"))
        fault = nothing(text, options)
    return _judged(text, options) if fault is None else refused(fault)


def _judged(text: str, options: Options) -> Verdict:
    if "@" not in text:
        return refused("email_no_at")
    local, _, domain = text.partition("@")
    if "@" in domain:
        return refused("email_many_at")
    ascii_domain = _ascii_domain(domain)
    if ascii_domain is None:
        return refused("email_bad_domain")
    local, domain = _without_tags(local, ascii_domain, options)
    if len(local) > LONGEST_LOCAL or len(local) + 1 + len(domain) > LONGEST:
        return refused("too_long")
    if _FORBIDDEN_IN_LOCAL.search(local) or not any(map(str.isalnum, local)):
        return refused("email_bad_local")
    return Verdict(f"{local}@{domain}", None, email_placeholder(local))


def unwrapped(text: str) -> str:
    """What is left of `Jane <mailto:jane@x.com>`; without the quotes, brackets and full stop around it."""
    before = ""
    while text != before:
        before = text
        text = text.strip(",; ").rstrip(".")
        if text.endswith(">"):
            text = text[text.rfind("<") + 1 : -1]
        text = text.lstrip("<").strip("\"'`()[]")
        if text.startswith("mailto:"):
            text = text[len("mailto:") :].partition("?")[0]
    return text


def _ascii_domain(domain: str) -> str | None:
    """The domain in ASCII, or nothing where it cannot be one."""
    if not domain.isascii():
        try:
            labels = domain.translate(_FULL_STOPS).split(".")
            domain = ".".join(label.encode("idna").decode("ascii") for label in labels).lower()
        except UnicodeError:
            return None
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or not _LAST_LABEL.fullmatch(labels[-1]):
        return None
    return domain


def _without_tags(local: str, domain: str, options: Options) -> tuple[str, str]:
    gmail = options.gmail and domain in _GMAIL
    if gmail or options.plus_tags:
        local = local.partition("+")[0]
    if gmail:
        return local.replace(".", ""), "gmail.com"
    return local, domain


def clean_emails(raw: pa.StringArray, options: Options) -> Cleaned:
    """As `clean_email`, for a column: plain ASCII addresses are written in bulk."""
    from scvgraph.identifiers import bulk, email_scan

    value, plain = email_scan.scan_emails(raw, gmail=options.gmail, plus_tags=options.plus_tags)
    plain &= ~bulk.forbidden(raw, options)
    return bulk.completed(raw, (value, None), plain, clean_email, options)
