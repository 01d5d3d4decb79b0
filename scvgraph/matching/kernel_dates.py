"""Compiled comparison of dates by their parts and digits."""

from __future__ import annotations

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, compiled

DATE_NONE, DATE_YEAR, DATE_PARTS, DATE_CLOSE, DATE_EXACT = 1, 2, 3, 4, 5  # levels, rising; 0: no date


@compiled
def slip(x: int, y: int, parts: Int32) -> bool:  # pragma: no cover
    """Whether two distinct dates differ by one digit, or by two swapped ones in one part."""
    digits, balance, same = 0, 0, 0
    for part in range(3):
        one, other = parts[x, part], parts[y, part]
        same += one == other
        while one > 0 or other > 0:
            digits += one % 10 != other % 10
            balance += one % 10 - other % 10
            one, other = one // 10, other // 10
    return digits == 1 or (digits == 2 and balance == 0 and same == 2)


@compiled
def date_level(x: int, y: int, parts: Int32) -> int:  # pragma: no cover
    """Level of agreement of two distinct dates. parts: [dates, 3] year, month, day; 0 where not known.

    New Year's Day often stands for a year alone, so it agrees in nothing but the year.
    """
    year = parts[x, 0] == parts[y, 0] and parts[x, 0] > 0
    month = parts[x, 1] == parts[y, 1] and parts[x, 1] > 0
    day = parts[x, 2] == parts[y, 2] and parts[x, 2] > 0
    vague = parts[x, 1] == 1 and parts[x, 2] == 1
    if year and vague != (parts[y, 1] == 1 and parts[y, 2] == 1):
        return DATE_YEAR
    turned = year and parts[x, 1] == parts[y, 2] and parts[x, 2] == parts[y, 1]
    if turned or ((year or month or day) and slip(x, y, parts)):
        return DATE_CLOSE
    if year + month + day == 2 and (year or not vague):
        return DATE_PARTS
    return DATE_YEAR if year else DATE_NONE


@compiled
def compare_dates(
    rows: tuple[Int32, Int32], parts: Int32, bits: Int16, a: Int32, b: Int32, level: Int8, gain: Int16
) -> None:  # pragma: no cover
    """As `compare_values`, of dates."""
    start, code = rows
    for pair in range(a.size):
        best, surprise = 0, 0
        for i in range(start[a[pair]], start[a[pair] + 1]):
            x = code[i]
            for j in range(start[b[pair]], start[b[pair] + 1]):
                y = code[j]
                found = DATE_EXACT if x == y else date_level(x, y, parts)
                held = min(bits[x], bits[y])
                if found > best or (found == best and held > surprise):
                    best, surprise = found, held
        level[pair] = best
        gain[pair] = surprise
