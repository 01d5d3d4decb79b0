"""First names and dates as they are compared: folded, sounded, led to the names they are short for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

from scvgraph.nicknames import BUILT_IN, groups

NOTHING = frozenset(
    ["", "na", "n/a", "nan", "none", "null", "unknown", "test", "x", "xx", "xxx", "-", "anonymous"]
)
_DATES = (
    (re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ].*)?"), "ymd"),
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"), "mdy"),
)


def fold(name: str) -> str:
    """A name in lower case without accents, marks and doubled blanks; empty if it says nothing.

    >>> fold("  Zoë-Ann "), fold("N/A"), fold("O'Neil")
    ('zoe ann', '', 'oneil')
    """
    plain = unicodedata.normalize("NFKD", name).casefold().strip()
    if plain in NOTHING:
        return ""
    kept = "".join(
        c if c.isalpha() else "" if c in "'\u2019`" or unicodedata.combining(c) else " " for c in plain
    )
    return " ".join(kept.split())


def as_date(value: str, day_first: bool) -> int:
    """A date as YYYYMMDD, 0 where it is none.

    >>> as_date("03/04/1980", day_first=True), as_date("03/24/1980", day_first=True), as_date("1980-04-03", day_first=True)
    (19800403, 19800324, 19800403)
    """
    for pattern, order in _DATES:
        found = pattern.fullmatch(value.strip())
        if found is None:
            continue
        one, two, three = (int(part) for part in found.groups())
        if order == "ymd":
            year, month, day = one, two, three
        else:
            year, (month, day) = three, (two, one) if day_first else (one, two)
            if month > 12:
                month, day = day, month
        try:
            date(year, month, day)
        except ValueError:
            return 0
        return year * 10_000 + month * 100 + day
    return 0


def day_first(values: list[str]) -> bool:
    """Whether dates with slashes begin with the day: no second part is above 12 and some first part is."""
    parts = [found.groups() for value in values if (found := _DATES[1][0].fullmatch(value.strip()))]
    return sum(int(one) > 12 for one, _, _ in parts) > sum(int(two) > 12 for _, two, _ in parts)


def nicknames(file: Path = BUILT_IN) -> dict[str, tuple[int, ...]]:
    """The classes a first name stands in: names of one line of the file may be one person's."""
    classes: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(groups(file)):
        for name in group:
            classes[name] = (*classes.get(name, ()), number)
    return classes
