"""What an audit knows before it judges: counts of sources, columns, kinds and pairs of sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Declared:
    """A column as the store's ledger knows it was read; `kind` is None for traits, `name` what it is called there."""

    source: str
    shape: str
    column: str
    name: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Rows and times of one source. A gap is the longest stretch of days without a row between days with rows."""

    name: str
    shape: str
    rows: int
    files: int = 0
    rows_read: int = 0
    rows_refused: int = 0
    first: datetime | None = None
    last: datetime | None = None
    undated: int = 0
    future: int = 0
    ancient: int = 0
    gap_days: int = 0
    gap_from: datetime | None = None
    gap_to: datetime | None = None
    usual_gap_days: float = 0.0
    without_customer: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnHealth:
    """One column of one source; `kind` is the identifier kind, None for traits and event columns.

    filled: rows with a value, refused ones counted in, null words not. accepted: those kept.
    top: rows of the most frequent value that is no placeholder. top_ok: of those, not shared either. second: rows of
    the second most frequent value, of traits. `placeholder` is the most frequent placeholder.
    addresses: accepted values that look like e-mail addresses.
    """

    source: str
    column: str
    kind: str | None
    rows: int
    filled: int
    accepted: int
    distinct: int
    top: int
    refused: Mapping[str, int] = field(default_factory=dict)
    placeholders: int = 0
    placeholder: str | None = None
    placeholder_rows: int = 0
    shared: int = 0
    shared_values: int = 0
    addresses: int = 0
    top_ok: int = 0
    second: int = 0

    @property
    def fill(self) -> float:
        """Share of the rows with a value; refusals of rows that were replaced since do not make it more than all."""
        return min(1.0, self.filled / self.rows) if self.rows else 0.0

    @property
    def validity(self) -> float:
        return self.accepted / self.filled if self.filled else 1.0

    @property
    def duplicates(self) -> float:
        """Share of the accepted values that were there before."""
        return 1 - self.distinct / self.accepted if self.accepted else 0.0


@dataclass(frozen=True, slots=True)
class KindHealth:
    kind: str
    identifiers: int
    placeholders: int
    shared: int
    spellings: int


@dataclass(frozen=True, slots=True)
class PairHealth:
    """What two sources have in common: identifiers by kind, and customers, out of how many on each side."""

    a: str
    b: str
    identifiers: Mapping[str, int]
    of_a: Mapping[str, int]
    of_b: Mapping[str, int]
    customers: int
    customers_a: int
    customers_b: int


@dataclass(frozen=True, slots=True)
class BlockHealth:
    """A rule by which pairs to compare were found: how many it found, and what the cap dropped."""

    rule: str
    traits: str
    pairs: int
    dropped_blocks: int
    dropped_entities: int
    dropped_pairs: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the rules look at. `now` is the moment against which times are in the future.

    clashes: (kind, other kind) -> values that stand under both. mistaken: (source, column) -> kind that its
    refused values would be. exchanged: (source, trait, other trait) whose values other sources hold the other way.
    strange: (trait, why) of traits that a fixed model and the data do not have in common.
    """

    now: datetime
    sources: Mapping[str, SourceHealth]
    columns: tuple[ColumnHealth, ...]
    kinds: Mapping[str, KindHealth]
    pairs: tuple[PairHealth, ...]
    clashes: Mapping[tuple[str, str], int]
    mistaken: Mapping[tuple[str, str], str]
    exchanged: tuple[tuple[str, str, str], ...]
    blocks: tuple[BlockHealth, ...] = ()
    strange: tuple[tuple[str, str], ...] = ()

    @property
    def identifiers(self) -> tuple[ColumnHealth, ...]:
        return tuple(column for column in self.columns if column.kind is not None)
