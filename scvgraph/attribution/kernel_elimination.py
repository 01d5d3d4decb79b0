"""Compiled elimination of the states of an absorbing chain: how often each is visited from each.

After Grassmann, Taksar and Heyman (1985): what leaves a state is summed, never taken from 1, so that nothing cancels
however long journeys stay. Sums are made in one order, whatever the threads of the linear algebra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Float = npt.NDArray[np.float64]

_PIVOTS = 16  # states eliminated together: their rows stay in the cache while they are added to all others


@njit(cache=True, nogil=True)
def visits(share: Float, ends: Float) -> None:  # pragma: no cover
    """Turns chances share [n, n] to go from state to state (0 to itself) into expected visits (I - share)^-1, in place.

    ends [n]: chance to end at once; each row of share and its end sum to 1. It is used up.
    """
    size = ends.size
    inner = np.empty((_PIVOTS, _PIVOTS))
    outer = np.empty(_PIVOTS)
    rows = np.empty((_PIVOTS, size))
    for one in range(0, size, _PIVOTS):
        end = min(one + _PIVOTS, size)
        many = end - one
        rows[:many] = share[one:end]
        inner[:many, :many] = share[one:end, one:end]
        for k in range(many):
            outer[k] = ends[one + k]
            for j in range(end, size):
                outer[k] += share[one + k, j]
        _sweep(inner, outer, many)
        for i in range(size):
            if one <= i < end:
                _mixed(share, rows, inner[i - one], i, many)
            else:
                _added(share, rows, inner, i, one, many)
                if i >= end:
                    for k in range(many):
                        ends[i] += share[i, one + k] * ends[one + k]
        share[one:end, one:end] = inner[:many, :many]


@njit(cache=True, nogil=True)
def _sweep(inner: Float, outer: Float, many: int) -> None:  # pragma: no cover
    """The same of a few states by themselves; outer: chances to leave them all, of states not yet eliminated."""
    for k in range(many):
        leaves = outer[k]
        for j in range(k + 1, many):
            leaves += inner[k, j]
        for i in range(many):
            if i != k:
                via = inner[i, k] / leaves
                for j in range(many):
                    if j != k:
                        inner[i, j] += via * inner[k, j]
                inner[i, k] = via
                if i > k:
                    outer[i] += via * outer[k]
        for j in range(many):
            if j != k:
                inner[k, j] /= leaves
        inner[k, k] = 1.0 / leaves


@njit(cache=True, nogil=True)
def _mixed(share: Float, rows: Float, inner: Float, i: int, many: int) -> None:  # pragma: no cover
    into = share[i]
    into[:] = 0.0
    for k in range(many):
        weight = inner[k]
        from_ = rows[k]
        for j in range(into.size):
            into[j] += weight * from_[j]


@njit(cache=True, nogil=True)
def _added(share: Float, rows: Float, inner: Float, i: int, one: int, many: int) -> None:  # pragma: no cover
    """A row of another state: by way of those eliminated now, and how often it comes to them."""
    into = share[i]
    via = np.zeros(many)
    for k in range(many):
        for j in range(many):
            via[j] += into[one + k] * inner[k, j]
    for k in range(many):
        weight = via[k]
        from_ = rows[k]
        for j in range(into.size):
            into[j] += weight * from_[j]
    for k in range(many):
        into[one + k] = via[k]


@njit(cache=True, nogil=True)
def expected(visits: Float, start: Float, into: Float) -> tuple[Float, Float]:  # pragma: no cover
    """Visits [n] from the start on, and gains [n, c] from each state on."""
    size, kinds = into.shape
    came, gains = np.zeros(size), np.zeros((size, kinds))
    for i in range(size):
        for j in range(size):
            came[j] += start[i] * visits[i, j]
        for j in range(size):
            for kind in range(kinds):
                gains[i, kind] += visits[i, j] * into[j, kind]
    return came, gains


@njit(cache=True, nogil=True)
def lost_without(
    visits: Float, came: Float, gains: Float, members: npt.NDArray[np.int64]
) -> Float:  # pragma: no cover
    """[c] what is gained after the first visit to any of some states: their own block of visits, solved for where
    they are first entered. Such a block is the inverse of an M-matrix, so that no pivots need be sought.
    """
    many, kinds = members.size, gains.shape[1]
    block = np.empty((many, many))
    entered = np.empty(many)
    for j in range(many):  # transposed: entered @ block = came
        entered[j] = came[members[j]]
        for i in range(many):
            block[j, i] = visits[members[i], members[j]]
    for k in range(many):
        for i in range(k + 1, many):
            factor = block[i, k] / block[k, k]
            if factor != 0.0:
                for j in range(k, many):
                    block[i, j] -= factor * block[k, j]
                entered[i] -= factor * entered[k]
    lost = np.zeros(kinds)
    for k in range(many - 1, -1, -1):
        for j in range(k + 1, many):
            entered[k] -= block[k, j] * entered[j]
        entered[k] /= block[k, k]
        for kind in range(kinds):
            lost[kind] += entered[k] * gains[members[k], kind]
    return lost
