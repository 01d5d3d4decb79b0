"""Households: customers held together by strong relations, unless they are too many or too loose for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]

CLOSE = 0.5  # of the pairs in a household at least so many are related, however weakly: a chain of pairs is no home


def households_of(a: Int32, b: Int32, strong: npt.NDArray[np.bool_], most: int) -> tuple[pa.Table, int]:
    """Customers in households (customer, head, size), ascending, and how many groups make none.

    a, b: related customers, each pair once; strong: which relations hold a household together. The head of a household
    is its least customer. A group of more than `most` customers, or a loose one, is no household at all: which part of
    it would be one, nobody can say.
    """
    import pyarrow as pa

    customer, ends = np.unique(np.concatenate([a[strong], b[strong]]), return_inverse=True)
    held = int(strong.sum())
    label = _groups(customer.size, ends[:held], ends[held:])
    size = np.bincount(label, minlength=customer.size)
    fit = (size > 1) & (size <= most)
    fit &= _related(customer, label, (a, b)) >= CLOSE * size * (size - 1) / 2
    chosen = fit[label]
    head = customer[label[chosen]]
    columns = {"customer": customer[chosen], "head": head, "size": size[label[chosen]].astype(np.int32)}
    return pa.table(columns), int(np.count_nonzero((size > 1) & ~fit))


def _related(
    customer: Int32, label: npt.NDArray[np.intp], pairs: tuple[Int32, Int32]
) -> npt.NDArray[np.intp]:
    """How many pairs of each group's customers are related. customer: ascending, with the group of each."""
    places = [np.minimum(np.searchsorted(customer, end), customer.size - 1) for end in pairs]
    if not customer.size:
        return np.zeros(0, np.intp)
    inside = (customer[places[0]] == pairs[0]) & (customer[places[1]] == pairs[1])
    inside &= label[places[0]] == label[places[1]]
    return np.bincount(label[places[0][inside]], minlength=customer.size)


def _groups(size: int, a: npt.NDArray[np.intp], b: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The least node that each node hangs together with. Labels go down along relations, and each label by its own."""
    label = np.arange(size)
    while True:
        least = np.minimum(label[a], label[b])
        lower = label.copy()
        for ends in (a, b, label[a], label[b]):
            np.minimum.at(lower, ends, least)
        lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower
