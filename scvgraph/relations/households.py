"""Households: customers held together by strong relations, unless they are too many for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]


def households_of(a: Int32, b: Int32, most: int) -> tuple[pa.Table, int]:
    """Customers in households (customer, head, size), ascending, and how many groups had more than `most` customers.

    a, b: related customers. The head of a household is its least customer. A group that is too large is no household
    at all: which part of it would be one, nobody can say.
    """
    import pyarrow as pa

    customer, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    label = _groups(customer.size, ends[: a.size], ends[a.size :])
    size = np.bincount(label, minlength=customer.size).astype(np.int32)
    fits = size[label] <= most
    head = customer[label[fits]]
    table = pa.table({"customer": customer[fits], "head": head, "size": size[label[fits]]})
    return table, int(np.count_nonzero(size > most))


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
