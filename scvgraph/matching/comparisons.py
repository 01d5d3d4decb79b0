"""How each trait is compared: as the project declares, as a fixed model did, else as its name and values say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from scvgraph.matching.dates import days_are_first, parts_of, written

OFF = "off"
DECLARED, FOUND, MODEL = "declared", "found", "model"
NOT_IN_MODEL, NOT_IN_DATA = "not in the model", "not in the data"
DAYS_FIRST, MONTHS_FIRST = "days first", "months first"


@dataclass(frozen=True, slots=True)
class Comparison:
    """role: how values are compared; `off` if they are not. origin: what decided that. written: how dates are, whose
    year stands last.
    """

    trait: str
    role: str
    origin: str
    written: str | None = None


@dataclass(slots=True)
class Comparing:
    """Decides trait by trait, and keeps what it decided.

    declared: the project's own roles. fixed: comparisons of a fixed model; None where the run learns its own.
    """

    declared: Mapping[str, str]
    fixed: tuple[Comparison, ...] | None
    decided: list[Comparison] = field(default_factory=list)

    def of(self, trait: str, find: Callable[[], str], *, shown: bool = False) -> Comparison:
        """How a trait, or an identifier that is shown, is compared. find: its role if nobody says anything."""
        known = None
        for each in self.fixed or ():
            if each.trait == trait and each.role.startswith("shown_") == shown:
                known = each
        if self.declared.get(trait) == OFF:
            decided = Comparison(trait, OFF, DECLARED)
        elif self.fixed is not None:
            decided = replace(known, origin=MODEL) if known else Comparison(trait, OFF, NOT_IN_MODEL)
        else:
            role = find()
            origin = DECLARED if trait in self.declared else FOUND
            decided = Comparison(trait, OFF if role == "ignore" else role, origin)
        self.decided.append(decided)
        return decided

    def dates(self, comparison: Comparison, texts: pa.Array) -> pa.Array:
        """Dates as the model reads them: by what they say together whether days or months come first, or as it did."""
        if comparison.role != "date":
            return texts
        if comparison.written is None:
            order = DAYS_FIRST if days_are_first(texts) else MONTHS_FIRST
            self.decided[self.decided.index(comparison)] = replace(comparison, written=order)
            return texts
        return written(parts_of(texts, days_first=comparison.written == DAYS_FIRST)).fill_null("")

    def all(self) -> list[Comparison]:
        """What was decided, and what a fixed model compares that the data does not hold; by name."""
        held = {(each.trait, each.role) for each in self.decided}
        gone = (each for each in self.fixed or () if each.role != OFF and (each.trait, each.role) not in held)
        off = {each.trait for each in self.decided if each.origin == DECLARED and each.role == OFF}
        missing = [replace(each, origin=NOT_IN_DATA) for each in gone if each.trait not in off]
        return sorted([*self.decided, *missing], key=lambda each: (each.trait, each.role))


def table_of(comparisons: Iterable[Comparison]) -> pa.Table:
    """Table `comparisons`."""
    rows = [(each.trait, each.role, each.origin, each.written) for each in comparisons]
    names = ("trait", "role", "origin", "written")
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}
    )


def comparisons_of(table: pa.Table) -> list[Comparison]:
    """What table `comparisons` says."""
    return [Comparison(**row) for row in table.to_pylist()]
