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


@dataclass(slots=True)
class Taken:
    """What rows show that were just taken in, so that they are not read back: for as many bytes as there is room for.

    parts: by path of a segment, in the order of its rows, (times as in a layout, numbers of spellings ...).
    """

    room: int = 0
    parts: dict[str, list[tuple[npt.NDArray[Any], ...]]] = field(default_factory=dict)

    def begin(self, path: str) -> None:
        """Forget what was kept of a segment that is now written (anew)."""
        for part in self.parts.pop(path, []):
            self.room += sum(column.nbytes for column in part)
        self.parts[path] = []

    def keep(self, path: str, part: tuple[npt.NDArray[Any], ...]) -> None:
        """Keep some rows more; where there is no room left, nothing of the segment is kept."""
        if path not in self.parts:
            return
        self.parts[path].append(part)
        self.room -= sum(column.nbytes for column in part)
        if self.room < 0:
            self.drop(path)

    def drop(self, path: str) -> None:
        self.begin(path)
        del self.parts[path]

    def whole(self, path: str, rows: int) -> bool:
        """Whether what was kept of a segment is what it holds: rows found to be known may have been cut out since."""
        return path in self.parts and sum(part[0].size for part in self.parts[path]) == rows


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
