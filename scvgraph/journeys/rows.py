"""Columns of a table in memory as events need them, and an order of rows that does not depend on how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    Int64 = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


def moments(column: pd.Series) -> Int64:
    """Microseconds since 1970; times without a zone are UTC. Raises UsageError for what is no time, or missing."""
    import pandas as pd

    try:
        times = pd.to_datetime(column, utc=True, format="ISO8601")
    except (ValueError, TypeError, OverflowError):
        raise UsageError(f"column '{column.name}' holds what is no time") from None
    missing = int(times.isna().sum())
    if missing:
        raise UsageError(f"column '{column.name}' has no time in {missing} rows; leave these out")
    at: Int64 = times.dt.as_unit("us").to_numpy("datetime64[us]").astype(np.int64)
    return at


def flags(column: pd.Series) -> Flags:
    """Truth values; missing ones are false. Raises UsageError for texts, of which "False" would be true."""
    there = column.notna().to_numpy()
    said = column[there].astype(object)
    if not said.isin([True, False]).all():
        raise UsageError(f"column '{column.name}' holds what is neither true nor false")
    found = np.zeros(there.size, np.bool_)
    found[there] = (said == True).to_numpy()  # noqa: E712 - 1 and 1.0 are true as well
    return found


def amounts(column: pd.Series) -> npt.NDArray[np.float64]:
    """Numbers; missing ones are 0. Raises UsageError for what is no number, or has no end."""
    import pandas as pd

    try:
        numbers: npt.NDArray[np.float64] = pd.to_numeric(column).to_numpy(
            np.float64, copy=True, na_value=np.nan
        )
    except (ValueError, TypeError):
        raise UsageError(f"column '{column.name}' holds what is no number") from None
    endless = int(np.isinf(numbers).sum())
    if endless:
        raise UsageError(
            f"column '{column.name}' is infinite in {endless} rows; no total would mean anything"
        )
    numbers[np.isnan(numbers)] = 0.0
    return numbers


def in_order(customer: Int64, at: Int64, content: Sequence[npt.NDArray[np.generic]]) -> Int64 | None:
    """The order of events by customer and time; those of one moment by their content, the first column first.

    None where they stand so already.
    """
    order = None
    later = (customer[1:] > customer[:-1]) | ((customer[1:] == customer[:-1]) & (at[1:] >= at[:-1]))
    if not later.all():
        order = np.lexsort((at, customer))
        customer, at = customer[order], at[order]
    same = (customer[1:] == customer[:-1]) & (at[1:] == at[:-1])
    if same.any():
        order = np.arange(customer.size) if order is None else order
        spots = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
        rows = order[spots]
        keys = [column[rows] for column in reversed(content)]
        order[spots] = rows[np.lexsort((*keys, at[spots], customer[spots]))]
    return order
