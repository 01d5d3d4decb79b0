"""Human decisions as the ledger holds them: one ruling a row, and which of several on one pair stands."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from scvgraph.engine import scan
from scvgraph.identifiers.cleaning import clean_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scvgraph.config.project import IdentifierKind
    from scvgraph.engine import Engine
    from scvgraph.store.ledger import Ledger

WITHDRAWN = "withdrawn"
VERDICTS = ("must_link", "cannot_link", WITHDRAWN)
WRITTEN = ("decision", "a", "b", "at", "by", "reason")  # columns of a decisions file

Named = tuple[str, str]  # kind and cleaned value
Pair = tuple[Named, Named]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A row of table `decisions`. `a` and `b` as written, so that other cleaning rules read them anew; `at` in UTC."""

    batch: int
    file: str
    line: int
    decision: str
    a: str
    b: str
    at: datetime | None
    by: str | None
    reason: str | None

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two rulings the same, wherever they stand."""
        return (self.decision, self.a, self.b, self.at, self.by, self.reason)

    @property
    def order(self) -> tuple[object, ...]:
        """The later ruling is the greater: by time, one without a time before all others, then by batch, then by content."""
        said = (self.decision, self.a, self.b, self.by or "", self.reason or "")
        return (self.at is not None, self.at or datetime.min, self.batch, *said)  # noqa: DTZ901 - UTC without a zone

    def pair(self, kinds: Mapping[str, IdentifierKind]) -> Pair | None:
        """Both ends as kind and cleaned value, the lesser first; None where a kind is none of the project's."""
        ends = sorted(end for written in (self.a, self.b) if (end := _named(written, kinds)) is not None)
        return (ends[0], ends[1]) if len(ends) == 2 else None


def _named(written: str, kinds: Mapping[str, IdentifierKind]) -> Named | None:
    kind, _, raw = written.partition(":")
    if kind not in kinds:
        return None
    return kind, clean_one(kind, raw, kinds[kind].options).value or raw


def held_rulings(engine: Engine, ledger: Ledger) -> list[Ruling]:
    """Every ruling of the ledger."""
    if not ledger.decisions:
        return []
    columns = ", ".join(f'"{field.name}"' for field in fields(Ruling))
    return [
        Ruling(*row)
        for row in engine.rows(f"SELECT {columns} FROM {scan([ledger.path(p) for p in ledger.decisions])}")
    ]


def standing(rulings: Iterable[Ruling], kinds: Mapping[str, IdentifierKind]) -> dict[Pair, Ruling]:
    """The last ruling on every pair, also where it withdraws what was said before; the earlier ruling first."""
    last: dict[Pair, Ruling] = {}
    for ruling in sorted(rulings, key=lambda ruling: ruling.order):
        pair = ruling.pair(kinds)
        if pair is not None:
            last.pop(pair, None)
            last[pair] = ruling
    return last
