"""Events of customers in columns, as journeys are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.lines import spelled

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

DIRECT = "Direct"
NOT_SET = "(not set)"


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts as numbers: code [n] is a place among `names`, which ascend."""

    code: Int32
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """n events by customer, then time; events of one moment in a stable order.

    customer [n]: ascending. at [n]: microseconds since 1970, UTC. direct [n]: whether nothing says what brought the
    customer. touch [n]: whether the event may stand in a path. converted [n], value [n]: what it brought, as given.
    columns: channel, and whatever else credit is asked by. milestone [n]: bits of the milestones it reaches.
    milestones: how many were asked for.
    """

    customer: Int64
    at: Int64
    direct: npt.NDArray[np.bool_]
    touch: npt.NDArray[np.bool_]
    converted: npt.NDArray[np.bool_]
    value: npt.NDArray[np.float64]
    columns: Mapping[str, Coded]
    milestone: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    milestones: int = 0

    def coded(self, name: str) -> Coded:
        if name not in self.columns:
            raise UsageError(f"events have no column '{name}' here; there are: {', '.join(self.columns)}")
        return self.columns[name]

    def choose(self, chosen: npt.NDArray[np.bool_]) -> Events:
        """Some events; the same where none is left out."""
        if chosen.all():
            return self
        return Events(
            customer=self.customer[chosen],
            at=self.at[chosen],
            direct=self.direct[chosen],
            touch=self.touch[chosen],
            converted=self.converted[chosen],
            value=self.value[chosen],
            columns={name: Coded(column.code[chosen], column.names) for name, column in self.columns.items()},
            milestone=self.milestone[chosen] if self.milestone.size else self.milestone,
            milestones=self.milestones,
        )


def coded(values: pa.Array | pa.ChunkedArray) -> Coded:
    """Texts as numbers; nulls become `(not set)`, and what reads like a line of an answer is spelled otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    texts = [NOT_SET if text is None else spelled(str(text)) for text in column.dictionary.to_pylist()]
    code = pc.fill_null(column.indices.cast(pa.int32()), len(texts)).to_numpy()
    names, place = np.unique(np.array([*texts, NOT_SET], object).astype(str), return_inverse=True)
    code = place.astype(np.int32)[code]
    used = np.bincount(code, minlength=names.size) > 0
    narrowed = np.cumsum(used, dtype=np.int32) - 1
    return Coded(narrowed[code].astype(np.int32), tuple(map(str, names[used])))


def events_of_frame(
    frame: pd.DataFrame,
    *,
    customer: str = "customer",
    time: str = "ts",
    channel: str = "channel",
    converted: str = "converted",
    value: str | None = "value",
    touch: str | None = None,
    others: Sequence[str] = (),
    direct: str = DIRECT,
) -> Events:
    """Events of a table in memory, in whatever order; rows of one customer and moment keep theirs.

    customer, time, channel ...: names of columns. touch: a column of flags, whether an event may stand in a path.
    others: further columns that credit may be asked by.
    """
    import pandas as pd
    import pyarrow as pa

    missing = [n for n in (customer, time, channel, converted, value, touch, *others) if n and n not in frame]
    if missing:
        raise UsageError(
            f"the table has no column '{missing[0]}'; there are: {', '.join(map(str, frame.columns))}"
        )
    whose = pd.factorize(frame[customer], sort=True)[0].astype(np.int64)
    moments = (
        pd.to_datetime(frame[time], utc=True, format="ISO8601")
        .dt.as_unit("us")
        .to_numpy("datetime64[us]")
        .astype(np.int64)
    )
    order = in_order(whose, moments)

    def column(name: str) -> Any:
        return frame[name].to_numpy() if order is None else frame[name].to_numpy()[order]

    columns = {
        said: coded(pa.Array.from_pandas(column(name)))
        for said, name in {"channel": channel, **{name: name for name in others}}.items()
    }
    known = columns["channel"]
    return Events(
        customer=whose if order is None else whose[order],
        at=moments if order is None else moments[order],
        direct=np.array([name == direct for name in known.names], np.bool_)[known.code],
        touch=np.ones(len(frame), np.bool_) if touch is None else column(touch).astype(np.bool_),
        converted=column(converted).astype(np.bool_),
        value=np.zeros(len(frame)) if value is None else np.nan_to_num(column(value).astype(np.float64)),
        columns=columns,
    )


def in_order(customer: Int64, at: Int64) -> Int64 | None:
    """The order of events by customer and time, equals as they stand; None where they stand so already."""
    if customer.size < 2:
        return None
    later = (customer[1:] > customer[:-1]) | ((customer[1:] == customer[:-1]) & (at[1:] >= at[:-1]))
    return None if later.all() else np.lexsort((at, customer))
