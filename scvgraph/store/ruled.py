"""Which pairs of identifiers, by name, a ruling stands on: for readers of a finished generation."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from scvgraph.identifiers.cleaning import clean_named
from scvgraph.store.rulings import WITHDRAWN, Ruling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options


def rulings_of(engine: Engine) -> list[Ruling]:
    """Every ruling of a generation (its engine)."""
    columns = ", ".join(f'"{field.name}"' for field in fields(Ruling))
    return [Ruling(*row) for row in engine.rows(f"SELECT {columns} FROM decisions")]


def ruled_pairs(rulings: Iterable[Ruling], kinds: Mapping[str, Options]) -> set[frozenset[str]]:
    """Pairs (kind:value, cleaned) whose last ruling was not withdrawn, in the order a run has rulings in."""
    last = {
        frozenset((clean_named(ruling.a, kinds), clean_named(ruling.b, kinds))): ruling.decision
        for ruling in sorted(rulings, key=lambda ruling: ruling.order)
    }
    return {pair for pair, decision in last.items() if decision != WITHDRAWN}
