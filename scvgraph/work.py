"""What every stage of a run is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.config.project import IdentifierKind, Project
from scvgraph.engine import Engine
from scvgraph.store import Draft, Ledger, Store

if TYPE_CHECKING:
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

    def by_trust(self, kinds: Mapping[str, IdentifierKind]) -> list[int]:
        """Places of the columns of `numbers`, the most trusted kind first, equals as they stand."""
        return sorted(range(len(self.identifiers)), key=lambda n: (-kinds[self.identifiers[n][0]].trust, n))


@dataclass(frozen=True, slots=True)
class Profiles:
    """Rows that tell of a person: the number of each (several rows may have one) and what they tell.

    traits: by name the code of every row's value (-1 for none) and the values, ascending.
    """

    node: npt.NDArray[np.int32]
    traits: Mapping[str, tuple[npt.NDArray[np.int32], list[str]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What nodes tell of the person behind them in traits that may conflict: a row per node, trait and value.

    node [v]: nodes. trait [v]: 0 the first name, 1 the date of birth. code [v]: values, numbered in the order of their
    text. spelled: by code, what values are compared by: the letters of all of them and where each ends ([c + 1], from
    0), its sound (-1 for none), the classes of names it is short for ([c, 3], -1 for none), and for a date YYYYMMDD,
    else 0. texts: by code, for people.
    """

    node: npt.NDArray[np.int32]
    trait: npt.NDArray[np.int8]
    code: npt.NDArray[np.int32]
    spelled: tuple[
        npt.NDArray[np.uint8],
        npt.NDArray[np.int32],
        npt.NDArray[np.int32],
        npt.NDArray[np.int32],
        npt.NDArray[np.int32],
    ]
    texts: tuple[str, ...] = ()


NOTHING_TOLD = Told(
    np.empty(0, np.int32),
    np.empty(0, np.int8),
    np.empty(0, np.int32),
    (
        np.empty(0, np.uint8),
        np.zeros(1, np.int32),
        np.empty(0, np.int32),
        np.empty((0, 3), np.int32),
        np.empty(0, np.int32),
    ),
)


@dataclass(slots=True)
class Solution:
    """Groups of identifiers, from stage resolve to stage settle; stage match joins some of them.

    label [size]: least member of the group. active [size]: who merges people. shared: who was blamed, and why.
    refused, reason, values: rows of `pairs` not followed and what refused them (see `resolve.constrained`).
    overruled: groups that break a limit because a person said so. limited [size]: position of the identifier's kind
    among the limited ones, -1 for others. must, refused_must, cannot: pairs of human decisions, followed or not;
    spoken: all of them with author and reason.
    """

    label: npt.NDArray[np.int32]
    active: npt.NDArray[np.bool_]
    shared: dict[int, str]
    refused: npt.NDArray[np.int64]
    reason: npt.NDArray[np.int16]
    values: npt.NDArray[np.int32]
    overruled: npt.NDArray[np.int32]
    limited: npt.NDArray[np.int8]
    must: npt.NDArray[np.int32]
    refused_must: npt.NDArray[np.int32]
    cannot: npt.NDArray[np.int32]
    spoken: dict[tuple[int, int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Said:
    """Nodes and what each says: a place among some texts."""

    node: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    texts: list[str]


NOTHING_SAID = Said(np.empty(0, np.int32), np.empty(0, np.int32), [])


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
    met: (customer, identifier) arrays of rows that show what several customers may, from stage owners to stage relations.
    customer_of: customer number of every identifier number, -1 for none, once stage resolve has found them.
    leads_to: identifier of every spelling, -1 for a refused one. factor: what each identifier's company takes from its
    links. profiles, told, named: what rows tell of persons, and the names read in e-mail addresses, from stage profiles.
    fixed: the model that stage match is to use (`matching.fixed`), None where it learns its own.
    solution: groups, from stage resolve to stage settle. matches: links by what persons tell, from stage match.
    refused_matches: (a, b, weight, words) of pairs that what persons tell speaks for and one trait against; None for none.
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
    leads_to: npt.NDArray[np.int32] = None  # type: ignore[assignment]
    factor: npt.NDArray[np.float64] = None  # type: ignore[assignment]
    profiles: Profiles = None  # type: ignore[assignment]
    told: Told = NOTHING_TOLD
    named: tuple[Said, Said] = (NOTHING_SAID, NOTHING_SAID)
    fixed: Any = None
    solution: Solution = None  # type: ignore[assignment]
    matches: pa.Table = None
    refused_matches: pa.Table = None
    customer_of: npt.NDArray[np.int32] = None  # type: ignore[assignment]
    owned_events: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int64]]] = field(
        default_factory=list
    )
    met: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]] = field(default_factory=list)
    rows_of: npt.NDArray[np.int64] = None  # type: ignore[assignment]
    next_customer: int = 1
    lineage: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> npt.NDArray[np.bool_]:
        """Which identifier numbers are of a kind; none where the project has no such kind."""
        return np.isin(self.kind_code, [code for code, each in enumerate(self.project.kinds) if each == kind])
