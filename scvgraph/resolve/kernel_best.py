"""Compiled passes over identifiers, links and rows that need no order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def best_followed(
    a: Int32, b: Int32, strength: Int64, label: Int32, active: npt.NDArray[np.bool_]
) -> Int64:  # pragma: no cover
    """For every node the strength of the surest link that holds it in its group; -1 where none does."""
    best = np.full(label.size, -1, np.int64)
    for link in range(a.size):
        one, other = a[link], b[link]
        if active[one] and active[other] and label[one] == label[other]:
            best[one] = max(best[one], strength[link])
            best[other] = max(best[other], strength[link])
    return best


def members(customer_of: Int32, sure: Int32) -> tuple[Int32, Int32, Int32]:
    """Identifiers that have a customer, ascending, with their customer and how sure they are of it."""
    size = np.count_nonzero(customer_of >= 0)
    found = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    _members(customer_of, sure, found)
    return found


@njit(cache=True, nogil=True)
def _members(customer_of: Int32, sure: Int32, into: tuple[Int32, Int32, Int32]) -> None:  # pragma: no cover
    identifier, customer, known = into
    place = 0
    for number in range(customer_of.size):
        if customer_of[number] >= 0:
            identifier[place], customer[place] = number, customer_of[number]
            known[place] = sure[number]
            place += 1


@njit(cache=True, nogil=True)
def own_rows(
    columns: tuple[Int32, ...], customer_of: Int32, state: npt.NDArray[np.int8], counted: Int64
) -> tuple[Int32, npt.NDArray[np.int8]]:  # pragma: no cover
    """Customer (-1 for none) and basis of each row. columns: identifier numbers, the most trusted kind first, -1 for none.

    basis: position of the column that decided; without a customer, their number plus the row's gravest state:
    0 none, 1 placeholder, 2 shared. counted: rows of each customer, one place up, are added to.
    """
    rows = columns[0].size
    customer = np.full(rows, -1, np.int32)
    basis = np.empty(rows, np.int8)
    for row in range(rows):
        gravest = 0
        basis[row] = -1
        for column in range(len(columns)):
            number = columns[column][row]
            if number < 0:
                continue
            if customer_of[number] >= 0:
                customer[row] = customer_of[number]
                basis[row] = column
                break
            gravest = max(gravest, state[number])
        if basis[row] < 0:
            basis[row] = len(columns) + gravest
        counted[customer[row] + 1] += 1
    return customer, basis
