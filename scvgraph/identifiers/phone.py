"""Phone numbers, in E.164 ('+442079460958').

What a number is, the package `phonenumbers` says. A number of a possible length is kept, valid or not: area
codes are assigned faster than tables are updated, test data is full of unassigned ones, and losing the number
would lose the person. Refused are impossible lengths and numbers without their area code, which many share.
Extensions are dropped.

Where no region is known, '00' is read as '+', and a number without a country code is kept as it was dialled, as
'tel:02079460958': it still meets its equals. So are placeholders that are no possible number ('tel:0000').
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scvgraph.identifiers.placeholders import nothing, phone_placeholder
from scvgraph.identifiers.text import visible
from scvgraph.identifiers.verdict import RAW_LIMIT, Cleaned, Verdict, refused

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.options import Options

LONGEST = 250
"""Characters the package is willing to read."""

UNQUALIFIED = "tel:"
"""Heads a number that was kept as dialled."""

SHORTEST_DIALLED, LONGEST_DIALLED = 7, 15
_EXTENSION = re.compile(r"(?<=\d)[ ,;]*(?:extension|extn?|x|#|,|;).*", re.DOTALL)
_SEPARATORS = str.maketrans("", "", " -.()/\u2010\u2011\u2012\u2013\u2014\u2212")


@lru_cache(maxsize=512)
def known_region(region: str | None) -> str | None:
    """The region as the package spells it, or nothing where there is no such region."""
    from phonenumbers import SUPPORTED_REGIONS

    upper = (region or "").strip().upper()
    return upper if upper in SUPPORTED_REGIONS else None


def clean_phone(raw: str, options: Options) -> Verdict:
    """The number in E.164 if it has a possible length; without region and country code, as dialled."""
    if len(raw) > RAW_LIMIT:
        return refused("too_long")
    text = visible(raw, "NFKC").lower()
    while text.startswith((UNQUALIFIED, " ")):
        text = text.removeprefix(UNQUALIFIED).lstrip(" ")
    fault = nothing(text, options)
    if fault:
        return refused(fault)
    if len(text) > LONGEST:
        return refused("too_long")
    region = known_region(options.region)
    dialled = _EXTENSION.sub("", text, count=1).translate(_SEPARATORS)
    if region is None and not text.startswith(("+", "(+")):
        abroad = _qualified("+" + dialled.lstrip("0"), None) if dialled.startswith("00") else None
        return abroad if abroad is not None and abroad.fault is None else _as_dialled(dialled, options)
    verdict = _qualified(text, region)
    if verdict.fault and _all_digits(dialled) and phone_placeholder(dialled):
        verdict = _qualified(dialled, region)  # without what stood behind it
        return _as_dialled(dialled, options) if verdict.fault else verdict
    return verdict


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _as_dialled(dialled: str, options: Options) -> Verdict:
    """A number whose country is not known."""
    if not _all_digits(dialled):
        return refused("phone_invalid")
    if nothing(dialled, options):
        return refused("null_word")
    placeholder = phone_placeholder(dialled)
    if placeholder is None and not SHORTEST_DIALLED <= len(dialled) <= LONGEST_DIALLED:
        return refused("phone_impossible")
    return Verdict(UNQUALIFIED + dialled, None, placeholder)


def _qualified(text: str, region: str | None) -> Verdict:
    """The number in E.164, read again until it stays the same, so that cleaning it twice changes nothing."""
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
        national_significant_number,
        parse,
    )

    invalid = (NumberParseException.NOT_A_NUMBER, NumberParseException.INVALID_COUNTRY_CODE)
    for _ in range(4):
        try:
            number = parse(text, region)
        except NumberParseException as error:
            return refused("phone_invalid" if error.error_type in invalid else "phone_impossible")
        reason = is_possible_number_with_reason(number)
        if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return refused("phone_local")
        if reason != ValidationResult.IS_POSSIBLE:
            return refused("phone_impossible")
        value = str(format_number(number, PhoneNumberFormat.E164))
        if value == text:
            return Verdict(value, None, phone_placeholder(national_significant_number(number)))
        text, region = value, None
    return refused("phone_impossible")


def clean_phones(raw: pa.StringArray, options: Options) -> Cleaned:
    """As `clean_phone`, for a column: plain digits and separators go through the numbering plans in bulk."""
    from scvgraph.identifiers import bulk, phone_plans, phone_scan

    digits, plain, plus = phone_scan.scan_phones(raw)
    plain &= ~bulk.forbidden(raw, options)
    value, fault, sure = phone_plans.in_e164(digits, plain, plus, known_region(options.region))
    return bulk.completed(raw, (value, fault), sure, clean_phone, options)
