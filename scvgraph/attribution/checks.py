"""Which tables are asked for that tell whether credit holds, and how they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.attribution.attribute import Attribution


@dataclass(frozen=True, slots=True)
class Checks:
    """intervals: of credit when customers are drawn anew, so many draws, with a level. agreement: how alike models are.
    orders: Markov orders up to this one, on customers held out in folds. seed: of draws and folds. positions: credit by
    the place of a touch in its journey.
    """

    intervals: bool = False
    agreement: bool = False
    positions: bool = False
    orders: int | None = None
    draws: int = 200
    level: float = 0.95
    folds: int = 5
    seed: int = 1

    def __post_init__(self) -> None:
        if self.orders is not None and self.orders < 1:
            raise UsageError("orders must be at least 1")

    def tables(self, found: Attribution) -> dict[str, pd.DataFrame]:
        """The tables asked for, by name."""
        made = {}
        if self.intervals:
            made["intervals"] = found.intervals(draws=self.draws, level=self.level, seed=self.seed)
        if self.agreement:
            made["agreement"] = found.agreement()
        if self.positions:
            made["positions"] = found.positions()
        if self.orders is not None:
            made["orders"] = found.order_check(range(1, self.orders + 1), folds=self.folds, seed=self.seed)
        return made


NAMES = frozenset(field.name for field in fields(Checks))


def split_checks(asked: Mapping[str, Any]) -> tuple[Checks, dict[str, Any]]:
    """Checks by name, and what else was asked."""
    checks = Checks(**{name: value for name, value in asked.items() if name in NAMES})
    return checks, {name: value for name, value in asked.items() if name not in NAMES}
