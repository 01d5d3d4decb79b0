"""Events of customers in columns, as journeys are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.lines import RESERVED
from scvgraph.journeys.rows import amounts, flags, in_order, moments

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
    milestones: how many were asked for. left_out: rows of a table that named no customer.
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
    left_out: int = 0

    def coded(self, name: str) -> Coded:
        if name not in self.columns:
            raise UsageError(f"events have no column '{name}' here; there are: {', '.join(self.columns)}")
        return self.columns[name]

    def choose(self, chosen: npt.NDArray[np.bool_] | Int64) -> Events:
        """Some events (a flag for each), or all in the order of their numbers; the same where none is left out."""
        if chosen.dtype == np.bool_ and chosen.all():
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
            left_out=self.left_out,
        )


def coded(values: pa.Array | pa.ChunkedArray) -> Coded:
    """Texts as numbers; nulls become `(not set)`, and what reads like a line of an answer is spelled otherwise.

    Memory is that of the distinct texts, and a number a row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    column = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    else:
        column = column.cast(pa.large_string()).dictionary_encode()
    if not column.num_chunks:
        return Coded(np.empty(0, np.int32), ())
    code = np.concatenate([pc.fill_null(c.indices.cast(pa.int32()), -1).to_numpy() for c in column.chunks])
    said = column.chunk(0).dictionary.cast(pa.large_string())
    texts = pa.concat_arrays([_spelled(said.fill_null(NOT_SET)), pa.array([NOT_SET], pa.large_string())])
    known = texts.dictionary_encode()  # NOT_SET may be said too
    order = pc.sort_indices(known.dictionary)
    rank = np.empty(len(order), np.int32)
    rank[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    code = rank[known.indices.to_numpy()][code]  # the last text stands for -1
    used = np.bincount(code, minlength=rank.size) > 0
    narrowed = np.cumsum(used, dtype=np.int32) - 1
    names = known.dictionary.take(order).filter(pa.array(used)).to_pylist()
    return Coded(narrowed[code].astype(np.int32), tuple(names))


def _spelled(texts: pa.Array) -> pa.Array:
    """Each as `scvgraph.journeys.lines.spelled` has it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.utf8_ltrim(texts, characters="\\")
    taken = pc.is_in(plain, value_set=pa.array(sorted(RESERVED), pa.large_string()))
    backslash = pa.scalar("\\", pa.large_string())
    return pc.if_else(
        taken, pc.binary_join_element_wise(backslash, texts, pa.scalar("", pa.large_string())), texts
    )


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
    key: str | None = None,
    direct: str = DIRECT,
) -> Events:
    """Events of a table in memory, whatever the order of its rows.

    Rows of one customer and moment stand by `key` if there is one, then those that convert last, then by channel,
    others, value and touch. Rows without a customer are left out, and counted in `left_out`.
    customer, time, channel ...: names of columns. touch: a column of flags, whether an event may stand in a path.
    others: further columns that credit may be asked by.
    """
    named = (customer, time, channel, converted, value, touch, key, *others)
    missing = [name for name in named if name and name not in frame]
    if missing:
        raise UsageError(
            f"the table has no column '{missing[0]}'; there are: {', '.join(map(str, frame.columns))}"
        )
    known = frame[frame[customer].notna()]
    size = len(known)
    columns = {
        said: _coded(known[name]) for said, name in {"channel": channel, **{n: n for n in others}}.items()
    }
    channels = columns["channel"]
    events = Events(
        customer=_numbered(known[customer]),
        at=moments(known[time]),
        direct=np.array([name == direct for name in channels.names], np.bool_)[channels.code],
        touch=np.ones(size, np.bool_) if touch is None else flags(known[touch]),
        converted=flags(known[converted]),
        value=np.zeros(size) if value is None else amounts(known[value]),
        columns=columns,
        left_out=len(frame) - size,
    )
    content = [events.converted, *(c.code for c in columns.values()), events.value, events.touch]
    if key is not None:
        content.insert(0, _numbered(known[key]))
    order = in_order(events.customer, events.at, content)
    return events if order is None else events.choose(order)


def _numbered(column: pd.Series) -> Int64:
    """Values as their rank; -1 where there is none."""
    import pandas as pd

    return pd.factorize(column, sort=True)[0].astype(np.int64)


def _coded(column: pd.Series) -> Coded:
    import pyarrow as pa

    return coded(pa.Array.from_pandas(column.to_numpy()))
