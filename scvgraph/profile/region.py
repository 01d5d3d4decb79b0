"""The country that phone numbers without a country code are dialled in, voted by the numbers themselves."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scvgraph.profile.name_hints import SPOKEN, SPOKEN_TOO, meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scvgraph.profile.column import Column

# Where numbers alone decide, the first of equals is taken; countries whose plans accept almost any length come last.
CANDIDATES = (
    "GB",
    "US",
    "FR",
    "ES",
    "NL",
    "BE",
    "CH",
    "AU",
    "CA",
    "IE",
    "PT",
    "PL",
    "SE",
    "IN",
    "BR",
    "AT",
    "IT",
    "DE",
)
_LOOKED_AT = 120
# Fit is the share of assigned numbers, and as much again where they are dialled as at home, and half as much where
# they are grouped so. A region that comes first may fit so much worse than the best; one that is hinted at, so much.
_NEARLY, _HINTED = 0.2, 0.7
_DIALLED = re.compile(r"[+(]?[\d][\d ()./-]{5,18}\d(?: ?(?:x|ext\.?) ?\d{1,5})?")
_NOT_DIALLED = re.compile(
    r"\d{3}-\d\d-\d{4}|\d{1,3}(\.\d{1,3}){3}|\d+\.\d{1,2}|\d\d?([/.-])\d\d?\2(\d\d){1,2}|\d{4}([/.-])\d\d?\4\d\d?"
)  # social security, IP, amount, dates
_COUNTRY_NAMES = re.compile(r"(.*_)?(country|country_code|land|nation)(_.*)?")
_DOMAINS = {"uk": "GB", "fr": "FR", "de": "DE", "es": "ES", "it": "IT", "nl": "NL", "be": "BE", "ch": "CH", "au": "AU", "ca": "CA", "ie": "IE", "at": "AT", "pl": "PL", "se": "SE", "in": "IN", "br": "BR", "pt": "PT"}  # fmt: skip


def looks_dialled(values: Iterable[str]) -> float:
    """Share of the values that could be phone numbers by their signs alone."""
    listed = list(values)
    good = sum(bool(_DIALLED.fullmatch(value)) and not _NOT_DIALLED.fullmatch(value) for value in listed)
    return good / len(listed) if listed else 0.0


def valid_share(values: Sequence[str], region: str | None) -> float:
    """Share of the values that are assigned numbers when dialled in a region."""
    import phonenumbers

    def valid(value: str) -> bool:
        try:
            return bool(phonenumbers.is_valid_number(phonenumbers.parse(value, region)))
        except phonenumbers.NumberParseException:
            return False

    listed = values[:_LOOKED_AT]
    return sum(map(valid, listed)) / len(listed) if listed else 0.0


def best_region(
    columns: Sequence[Column], hints: Sequence[str] = (), spoken: Sequence[str] = ()
) -> tuple[str | None, str]:
    """The region, and why, from columns of phone numbers; hints are regions that other columns speak for, spoken those
    whose language the headers are in.

    Numbers with a country code vote first. Where there are none, the region counts under which most are assigned.
    Numbering plans overlap: so it counts, too, whether the numbers are written as people there write them, and a
    hinted region is taken before one that fits a little better. Of those that fit alike a spoken one goes first.
    """
    values = [value for column in columns for value in column.some if _DIALLED.fullmatch(value)]
    abroad = [value for value in values if value.startswith(("+", "00"))]
    votes = Counter(region for value in abroad if (region := _country(value)) is not None)
    if votes:
        region, count = max(votes.items(), key=lambda item: (item[1], item[0]))
        if count >= len(abroad) / 2:
            return (
                region,
                f"{count} of {len(abroad)} numbers with a country code that were looked at are from there",
            )
    national = [value for value in values if not value.startswith(("+", "00"))]
    tried = tuple(dict.fromkeys((*hints, *votes, *CANDIDATES, *spoken)))
    if not national:
        return None, "no number without a country code was seen"
    shares = {region: valid_share(national, region) for region in tried}
    fits = {region: shares[region] + _homely(national, region) for region in tried if shares[region] >= 0.5}
    if not fits:
        return None, "the numbers fit no country clearly"
    most = max(fits.values())
    near = [r for r in fits if fits[r] >= most - _NEARLY]
    near.sort(key=lambda r: -fits[r] if r in spoken else 0.0)  # those not spoken stay in their order
    hinted = [r for r in fits if r in hints and fits[r] >= most - _HINTED]
    best, *others = dict.fromkeys((*hinted, *near))
    why = f"{shares[best]:.0%} of the numbers that were looked at are assigned there"
    if others and not hinted:
        why += f", but they fit {' or '.join(others)} as well: check it, or say --region"
    return best, why


def _homely(values: Sequence[str], region: str) -> float:
    """How far numbers are written as a region writes its own, from 0 to 1.5: the same digits, with the national
    prefix where there is one; and half a point for the same grouping.
    """
    import phonenumbers

    points = 0.0
    listed = values[:_LOOKED_AT]
    for value in listed:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            points += (re.sub(r"\D", "", at_home) == re.sub(r"\D", "", value)) + 0.5 * (at_home == value)
    return points / len(listed)


def _country(value: str) -> str | None:
    """The country of a number with a country code; of an unassigned one, the main country of the code."""
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + value[2:] if value.startswith("00") else value, None)
    except phonenumbers.NumberParseException:
        return None
    exact = phonenumbers.region_code_for_number(number)
    region = str(exact or phonenumbers.region_code_for_country_code(number.country_code or 0))
    return region if re.fullmatch("[A-Z]{2}", region) and region != "ZZ" else None


def hints_of(columns: Iterable[Column]) -> list[str]:
    """Regions that country columns and the domains of e-mail addresses speak for, most frequent first."""
    votes: Counter[str] = Counter()
    for column in columns:
        if _COUNTRY_NAMES.fullmatch(column.words):
            for value, count in column.values.items():
                if re.fullmatch("[A-Za-z]{2}", value):
                    votes["GB" if value.upper() == "UK" else value.upper()] += count
        for value in column.some:
            if "@" in value:
                region = _DOMAINS.get(value.rpartition(".")[2].lower())
                votes.update([region] if region else [])
    return [region for region, _ in votes.most_common(3)]


def spoken_in(columns: Iterable[Column]) -> list[str]:
    """Regions whose language the headers are in, the language of most headers first."""
    votes = Counter(place for column in columns if (place := meaning(column.words, SPOKEN)))
    return [region for place, _ in votes.most_common() for region in SPOKEN_TOO.get(place, (place,))]
