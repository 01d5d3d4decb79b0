"""Which way times are written, decided by evidence.

The result says what the project file's `time_format` must be; ISO 8601 needs none. Where day and month could stand either way, a first part above 12 anywhere says day first, a
second part above 12 says month first; with neither the region decides, and the reason says that it is a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MONTH_FIRST_REGIONS = frozenset({"US", "PH", "PR"})
_CLOCK = r"(?P<clock>[T ]+\d{1,2}:\d\d(?P<seconds>:\d\d(?P<part>\.\d+)?)?(?P<half> ?[AaPp][Mm])?)?"
_ZONE = r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d|[+-]\d\d)?"
_ISO = re.compile(r"(?P<a>\d{4})-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<s>[/.])(?P<a>\d{1,2})(?P=s)(?P<b>\d{1,2})" + _CLOCK + _ZONE)
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?P=s)(?P<year>\d{4}|\d\d)" + _CLOCK + _ZONE
)
_NAMED = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[ -])(?P<month>[A-Za-z]{3,9})(?P=s)(?P<year>\d{4})" + _CLOCK + _ZONE
)
_NAMED_FIRST = re.compile(
    r"(?P<month>[A-Za-z]{3,9}) (?P<a>\d{1,2})(?P<s>,? )(?P<year>\d{4})" + _CLOCK + _ZONE
)
_PACKED = re.compile(
    r"(?P<year>(19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?P<clock>([01]\d|2[0-3])[0-5]\d[0-5]\d)?"
)
_PACKED_LAST = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?P<year>(19|20)\d\d)")
_EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000}
_EARLIEST = 978_307_200  # 2001-01-01, in seconds
_ENOUGH = 0.85


@dataclass(frozen=True, slots=True)
class Written:
    """How a column's times are written.

    format: for `time_format`, None where times are ISO 8601. why: the evidence, in words. years: the first and last
    year seen; `clock`: whether there is a time of day. guessed: day and month could be the other way round.
    """

    format: str | None
    why: str
    years: tuple[int, int]
    clock: bool
    share: float
    guessed: bool = False


def written(values: Sequence[str], region: str | None) -> Written | None:
    """The way most of the values are written as times, or None if they are not times."""
    if not values:
        return None
    for reader in (_iso, _epoch, _year_first, _day_or_month_first, _named, _packed):
        found = reader(values, region)
        if found is not None and found.share >= _ENOUGH:
            return found
    return None


def _matches(values: Sequence[str], pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return [match for value in values if (match := pattern.fullmatch(value))]


def _years(matches: Sequence[re.Match[str]], group: str = "year") -> tuple[int, int]:
    years = [int(match[group]) for match in matches]
    return span(year + (2000 if year < 70 else 1900) if year < 100 else year for year in years)


def span(years: Iterable[int]) -> tuple[int, int]:
    """First and last year, a twentieth at either end left out: typing errors reach far."""
    ordered = sorted(years)
    cut = len(ordered) // 20
    return (ordered[cut], ordered[-1 - cut])


def _iso(values: Sequence[str], region: str | None) -> Written | None:
    del region
    found = _matches(values, _ISO)
    if not found:
        return None
    return Written(
        None, "ISO 8601", _years(found, "a"), any(match[2] for match in found), len(found) / len(values)
    )


def _epoch(values: Sequence[str], region: str | None) -> Written | None:
    """Seconds, milliseconds or microseconds since 1970, all of them between 2001 and a year from now."""
    del region
    latest = datetime.now(UTC).timestamp() + 366 * 86_400
    for form, unit in _EPOCHS.items():
        numbers = [
            float(value) / unit for value in values if re.fullmatch(r"[1-9]\d{8,15}(\.\d{1,9})?", value)
        ]
        if (
            numbers
            and all(_EARLIEST <= number <= latest for number in numbers)
            and len(numbers) == len(values) > 1
        ):
            years = tuple(datetime.fromtimestamp(extreme(numbers), UTC).year for extreme in (min, max))
            return Written(
                form, f"numbers that are {form[6:]} since 1970", (years[0], years[1]), clock=True, share=1.0
            )
    return None


def _year_first(values: Sequence[str], region: str | None) -> Written | None:
    del region
    found = _matches(values, _YEAR_FIRST)
    if not found:
        return None
    sign = found[0]["s"]
    return _written(found, f"%Y{sign}%m{sign}%d", "year first", len(values))


def _day_or_month_first(values: Sequence[str], region: str | None) -> Written | None:
    found = _matches(values, _YEAR_LAST)
    if not found:
        return None
    day = sum(int(match["a"]) > 12 for match in found)
    month = sum(int(match["b"]) > 12 for match in found)
    if day != month:
        day_first, clear = day > month, "above 12"
        which = "first" if day_first else "second"
        why = f"{'day' if day_first else 'month'} first: the {which} number is {clear} in {max(day, month)} of {len(found)} values looked at"
        if min(day, month):
            why += f", the other one in {min(day, month)}, which will be refused"
    else:
        day_first = region not in MONTH_FIRST_REGIONS
        why = f"{'day' if day_first else 'month'} first is a GUESS: no value tells day from month"
    sign = found[0]["s"]
    year = "%Y" if len(found[0]["year"]) == 4 else "%y"
    form = f"%d{sign}%m{sign}{year}" if day_first else f"%m{sign}%d{sign}{year}"
    return _written(found, form, why, len(values), guessed=day == month)


def _named(values: Sequence[str], region: str | None) -> Written | None:
    del region
    for pattern, form in ((_NAMED, "%d{s}{month}{s}%Y"), (_NAMED_FIRST, "{month} %d{s}%Y")):
        found = _matches(values, pattern)
        if found:
            month = "%b" if all(len(match["month"]) == 3 for match in found) else "%B"
            return _written(
                found, form.format(s=found[0]["s"], month=month), "the month is a word", len(values)
            )
    return None


def _packed(values: Sequence[str], region: str | None) -> Written | None:
    """20260131, 20260131235959, or 01312026. Only where every value fits: other numbers look alike."""
    del region
    for pattern, form in ((_PACKED, "%Y%m%d"), (_PACKED_LAST, "%m%d%Y")):
        found = _matches(values, pattern)
        if len(found) == len(values) > 1:
            clock = pattern is _PACKED and all(match["clock"] for match in found)
            return Written(form + ("%H%M%S" if clock else ""), "digits only", _years(found), clock, 1.0)
    return None


def _written(
    found: Sequence[re.Match[str]], form: str, why: str, count: int, *, guessed: bool = False
) -> Written:
    """The date format completed with the most frequent way the clock is written."""
    clocks = Counter(_clock(match) for match in found)
    clock = max(clocks, key=lambda c: (clocks[c], c))
    return Written(form + clock, why, _years(found), bool(clock), len(found) / count, guessed)


def _clock(match: re.Match[str]) -> str:
    text = match["clock"]
    if not text:
        return ""
    form = ("T" if text.startswith("T") else " ") + ("%I" if match["half"] else "%H") + ":%M"
    form += (":%S" if match["seconds"] else "") + (".%f" if match["part"] else "")
    if match["half"]:
        form += " %p" if " " in match["half"] else "%p"
    return form + ("%z" if match["zone"] and match["zone"] not in ("Z", "UTC") else match["zone"] or "")
