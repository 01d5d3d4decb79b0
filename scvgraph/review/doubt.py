"""How likely both ends of a case are one person's: what the evidence says, and what the shape of things says besides.

The evidence between two identifiers knows nothing of the customers around them. Three signs do:

- Both sides are rich. Of one person seen often on both sides more would be known in common than one step. Rows of
  the smaller side count in units of the usual customer.
- The whole is unlikely large: beyond 95 of 100 customers.
- First names, or dates of birth, of both sides are not those of one person.

Numbers are round ones among those that ordered four labelled sets well; benchmarks/review.py measures them, and
docs/evaluation.md has the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Float64 = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]

SUREST = 0.999  # more than that the labelled sets cannot vouch for
CONFLICT = 4.0  # odds against, for each of both names and dates that differ
# Odds for one person at a smaller side of the usual size, found in labelled sets: where a match would be even; where
# a sighting was refused; of the two surest customers around an identifier that is blamed for being shared.
NEAR, REFUSED, SHARED = 0.01, 1 / 3, 0.03


class Usual(NamedTuple):
    """Customers that hold several identifiers. rows: of one, on average; most: what 95 of 100 do not exceed."""

    rows: float
    most: float


def joined(
    evidence: Float64, small: Int64, whole: Int64, conflicts: npt.NDArray[np.int_], usual: Usual
) -> Float64:
    """Probability that the two sides of what holds a customer together are one person's.

    evidence: the link's own probability. small: rows of the smaller side; whole: of the customer. conflicts: how many
    of both names and dates differ.
    """
    sure = np.clip(evidence, 1e-6, SUREST)
    against = (1 - sure) / sure * np.sqrt(_size(small, usual)) * _beyond(whole, usual) * CONFLICT**conflicts
    return np.asarray(1 / (1 + against))


def near(weight: Float64, small: Int64, whole: Int64, usual: Usual) -> Float64:
    """Probability that two customers are one person's that came near to a match of this weight and were not joined.
    small: rows of the smaller one; whole: of both.
    """
    weight = np.clip(weight, 1e-6, 1 - 1e-9)
    odds = NEAR * np.sqrt(weight / (1 - weight)) / _size(small, usual) ** 2 / _beyond(whole, usual)
    return np.asarray(odds / (1 + odds))


def apart(odds: Float64, small: Int64, whole: Int64, usual: Usual) -> Float64:
    """The same of customers that something else keeps apart. odds: REFUSED or SHARED."""
    odds = odds / np.sqrt(_size(small, usual)) / _beyond(whole, usual)
    return np.asarray(odds / (1 + odds))


def _size(rows: Int64, usual: Usual) -> Float64:
    return np.asarray(np.maximum(rows, 1) / usual.rows)


def _beyond(whole: Int64, usual: Usual) -> Float64:
    return np.asarray(np.maximum(whole / usual.most, 1.0) ** 2)


def signs(
    small: int,
    large: int,
    whole: int,
    usual: Usual,
    firsts: tuple[str, str] | None,
    dates: tuple[str, str] | None,
) -> tuple[str, ...]:
    """In words, what besides the evidence speaks for two persons. firsts, dates: of both sides, where they conflict."""
    found = []
    if small >= usual.rows:
        found.append(
            f"both sides are whole customers: {small:,} and {large:,} rows, {usual.rows:.0f} are usual"
        )
    if whole > usual.most:
        found.append(f"together {whole:,} rows, 95 of 100 customers have at most {usual.most:,.0f}")
    if firsts:
        found.append(f"most rows say {firsts[0]} on one side, {firsts[1]} on the other")
    if dates:
        found.append(f"most rows say born {dates[0]} on one side, {dates[1]} on the other")
    return tuple(found)
