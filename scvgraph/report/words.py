"""Values as people read them: days, moments, probabilities, long ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(at: datetime | None) -> str:
    """A day, whatever the locale.

    >>> from datetime import datetime
    >>> day(datetime(2026, 3, 5, 14, 2)), day(None)
    ('5 Mar 2026', '')
    """
    return f"{at.day} {month(at)}" if at is not None else ""


def month(at: datetime) -> str:
    """A month with its year.

    >>> from datetime import datetime
    >>> month(datetime(2026, 3, 5))
    'Mar 2026'
    """
    return f"{_MONTHS[at.month - 1]} {at.year}"


def day_of_year(at: datetime) -> str:
    """A day without its year.

    >>> from datetime import datetime
    >>> day_of_year(datetime(2026, 3, 5))
    '5 Mar'
    """
    return f"{at.day} {_MONTHS[at.month - 1]}"


def moment(at: datetime | None) -> str:
    """A day and the time of it, in UTC as the store has it.

    >>> from datetime import datetime
    >>> moment(datetime(2026, 3, 5, 4, 2, 59))
    '5 Mar 2026 04:02'
    """
    return f"{day(at)} {at:%H:%M}" if at is not None else ""


def span(first: datetime | None, last: datetime | None) -> str:
    """From one day to another, or the one day both are.

    >>> from datetime import datetime
    >>> span(datetime(2026, 3, 5), datetime(2026, 3, 5, 9)), span(None, None)
    ('on 5 Mar 2026', '')
    """
    if first is None or last is None:
        return ""
    return f"on {day(first)}" if day(first) == day(last) else f"{day(first)} to {day(last)}"


def chance(weight: float | None) -> str:
    """A probability in hundredths, finer where it is nearly sure, and never surer than it is.

    >>> chance(0.534), chance(0.998836), chance(0.99999), chance(1.0), chance(None)
    ('53%', '99.8%', '99.9%', '100%', '')
    """
    if weight is None:
        return ""
    if 0.99 <= weight < 1:
        return f"{int(weight * 1000) / 10:.1f}%"
    return f"{weight:.0%}"


def amount(number: float | None) -> str:
    """A number to two digits, a whole one without; nothing for what is missing, or not a number.

    >>> amount(1234.5), amount(3.0), amount(-0.001), amount(float("nan")), amount(None)
    ('1,234.50', '3', '0', '', '')
    """
    if number is None or number != number:  # noqa: PLR0124 - NaN
        return ""
    rounded = round(float(number), 2) + 0.0
    return f"{rounded:,.0f}" if rounded.is_integer() else f"{rounded:,.2f}"


def shortened(value: str, most: int = 21) -> str:
    """A value cut in its middle, for ids differ at both ends.

    >>> shortened("c584133a-c916-4b3c-aee5-789041c98ac3")
    'c584133a-c91…041c98ac3'
    >>> shortened("jane@x.com")
    'jane@x.com'
    """
    return value if len(value) <= most + 1 else f"{value[: most // 2 + 2]}…{value[-(most // 2 - 1) :]}"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "link"), counted(1200, "link"), counted(2, "person")
    ('1 link', '1,200 links', '2 persons')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
