"""What every stage of a run is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scvgraph.config.project import Project
from scvgraph.engine import Engine
from scvgraph.store import Draft, Ledger, Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows of one source that were read alike: what they show, in columns of one length, held as long as the run.

    identifiers: (kind, source column) of each column of `numbers`. `row`: ledger rows. `at`: microseconds, `NEVER`
    if unknown. `numbers`: cleaned identifiers, -1 for none. `rules`: names of the rules that `rule` holds positions of.
    """

    source: str
    shape: str
    identifiers: tuple[tuple[str, str], ...]
    row: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    rule: npt.NDArray[np.int8]
    rules: tuple[str, ...]
    numbers: tuple[npt.NDArray[np.int32], ...]


_AHEAD = 16  # arrays grow to so many times what they hold: pages never written cost nothing, copies do


@dataclass(slots=True)
class Taken:
    """What rows show that were just taken in, so that they are not read back: for as many bytes as there is room for.

    columns: by path of a segment, for its rows in their order: times as in a layout, numbers of spellings; longer
    than the rows they hold. rows: how many these are.
    """

    room: int = 0
    columns: dict[str, tuple[npt.NDArray[Any], ...]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def begin(self, path: str) -> None:
        """A segment is now written, perhaps anew: nothing is kept of it yet."""
        self.columns.pop(path, None)
        self.rows[path] = 0

    def drop(self, path: str) -> None:
        """Keep nothing of a segment."""
        self.columns.pop(path, None)
        self.rows.pop(path, None)

    def keep(self, path: str, part: tuple[npt.NDArray[Any], ...]) -> None:
        """Keep some rows more; where there is no room for all of a segment's rows, none is kept."""
        import numpy as np

        if path not in self.rows:
            return
        start, end = self.rows[path], self.rows[path] + part[0].size
        columns = self.columns.setdefault(path, tuple(np.empty(0, column.dtype) for column in part))
        most = self._room_beside(path) // sum(column.itemsize for column in part)
        if end > most:
            self.drop(path)
            return
        if end > columns[0].size:
            longer = tuple(np.empty(min(end * _AHEAD, most), column.dtype) for column in columns)
            for new, old in zip(longer, columns, strict=True):
                new[:start] = old[:start]
            self.columns[path] = columns = longer
        for column, more in zip(columns, part, strict=True):
            column[start:end] = more
        self.rows[path] = end

    def _room_beside(self, path: str) -> int:
        others = (other for other in self.columns if other != path)
        return self.room - sum(
            self.rows[other] * sum(c.itemsize for c in self.columns[other]) for other in others
        )

    def take(self, path: str, rows: int) -> tuple[npt.NDArray[Any], ...] | None:
        """Give up what was kept of a segment, if that is what it holds: known rows may have been cut out of it since."""
        columns, held = self.columns.pop(path, None), self.rows.pop(path, 0)
        return None if columns is None or held != rows else tuple(column[:rows] for column in columns)


@dataclass(slots=True)
class Work:
    """One run: the project, the store being written, the engine, the ledger as it grows, the generation being built.

    frames: in-memory tables (pandas or Arrow) by source name, in place of that source's files.
    taken: what rows of new segments show, from stage ingest to stage identifiers.
    layouts: what rows show, once stage identifiers has read it.
    kind_code: of every identifier number the position of its kind in the project, from stage links.
    pairs: links with their strength, once stage links has made them.
    seen: [size, 3] sightings, first and last time of every identifier number, from stage identifiers.
    counted: (no, count, first_seen, last_seen) of every identifier seen, ascending; SQL sees it under that name.
    owned_events: (row, customer, time) arrays of events that have a customer, from stage owners to stage touchpoints.
    customer_of: customer number of every identifier number, -1 for none, once stage resolve has found them.
    rows_of: ledger rows of every customer number, from stage owners.
    next_customer, lineage: the next free customer number; the lineage files, oldest first.
    tell: says on a terminal what is going on; costs nothing elsewhere.
    """

    project: Project
    store: Store
    engine: Engine
    ledger: Ledger
    draft: Draft
    tell: Callable[[str], None] = lambda _: None
    frames: Mapping[str, Any] = field(default_factory=dict)
    taken: Taken = field(default_factory=Taken)
    layouts: list[Layout] = field(default_factory=list)
    kind_code: npt.NDArray[np.int8] = None  # type: ignore[assignment]
    pairs: pa.Table = None
    seen: npt.NDArray[np.int64] = None  # type: ignore[assignment]
    counted: pa.Table = None
    customer_of: npt.NDArray[np.int32] = None  # type: ignore[assignment]
    owned_events: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int64]]] = field(
        default_factory=list
    )
    rows_of: npt.NDArray[np.int64] = None  # type: ignore[assignment]
    next_customer: int = 1
    lineage: tuple[str, ...] = ()
