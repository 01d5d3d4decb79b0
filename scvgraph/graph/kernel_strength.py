"""Compiled passes over pairs of identifiers: their strength, and the company their ends keep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int8 = npt.NDArray[np.int8]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float64 = npt.NDArray[np.float64]
    Ends = tuple[Int32, Int32]

_COUNTED = 1 << 12  # counts whose growth is looked up


@njit(cache=True, nogil=True)
def add_rule(
    ends: Ends, kind: Int8, one: Float64, count: Int32, rule: int, into: tuple[Float64, Float64, Int8]
) -> None:  # pragma: no cover
    """Add what sightings under one rule give to the strength of each pair.

    one: [kinds + 1, kinds + 1] strength of a single sighting by the kinds of its ends, the last for no kind. count:
    sightings under the rule. into: strength so far, the most any rule gave, and which rule that was.
    """
    a, b = ends
    total, best, surest = into
    growth = np.empty(_COUNTED)
    for n in range(1, _COUNTED):
        growth[n] = 1 + math.log2(n) / 2
    for pair in range(a.size):
        n = count[pair]
        strength = 0.0
        if n > 0:
            grown = growth[n] if n < _COUNTED else 1 + math.log2(n) / 2
            strength = one[kind[a[pair]], kind[b[pair]]] * grown
        total[pair] += strength
        if strength > best[pair]:
            best[pair], surest[pair] = strength, rule


@njit(cache=True, nogil=True)
def mates_of_kind(ends: Ends, kind: Int8, code: int, mates: Int32) -> None:  # pragma: no cover
    """Add to `mates` with how many identifiers of kind `code` each identifier of another kind was seen."""
    a, b = ends
    for pair in range(a.size):
        one, other = kind[a[pair]], kind[b[pair]]
        if one != other:
            if other == code:
                mates[a[pair]] += 1
            elif one == code:
                mates[b[pair]] += 1


@njit(cache=True, nogil=True)
def discount(
    ends: Ends, strength: Float64, factor: Float64, unit: float, whole: Int64
) -> None:  # pragma: no cover
    """Fill in `whole`: the strength of each pair, taken from by both ends, in whole units."""
    a, b = ends
    for pair in range(a.size):
        whole[pair] = np.int64(np.rint(strength[pair] * factor[a[pair]] * factor[b[pair]] * unit))
