"""Weights of links, and what makes a kind of identifier stand for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

MILLION, BILLION = 1_000_000, 1_000_000_000
# Kinds trusted at least so far stand for a person: how many of them surround an identifier tells how many use it.
PERSONAL = 0.85
# A weight speaks of a sighting by itself, before anything that could contradict it was looked at. That a link was
# followed means that no limit, name, date or decision did, and raises its odds.
STOOD = 25.0
# Weights of matches multiply what traits say as if each were told anew. Misspelled or inherited together they are
# not: of the logarithm of the odds about half holds. Links of rule `household` are taken the same way: that reason is
# not theirs, but the number was fitted over both (benchmarks/calibration.py), as a map for these few alone would rest
# on one set.
SHRUNK = 0.5


def weight_of(strength: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Weight in millionths for strengths in billionths: 1 - exp(-strength), never quite 1, which is a person's word."""
    weight: npt.NDArray[np.int32] = np.clip(
        np.rint(-np.expm1(strength / -1e9) * MILLION), 1, MILLION - 1
    ).astype(np.int32)
    return weight


def of_seen(weight: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probability of a followed link between identifiers seen together, from its weight.

    >>> of_seen(np.array([0.5, 0.9])).round(3).tolist()
    [0.962, 0.996]
    """
    return np.asarray(STOOD * weight / (1 + (STOOD - 1) * weight))


def of_matches(weight: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probability of a link between persons who tell alike, from its weight; even odds stay even.

    >>> of_matches(np.array([0.5, 0.99])).round(3).tolist()
    [0.5, 0.909]
    """
    return np.asarray(1 / (1 + ((1 - weight) / weight) ** SHRUNK))
