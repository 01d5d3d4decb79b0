"""Human decisions: which identifiers are one person's, and which are not, whatever the evidence says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.engine import Engine
from scvgraph.store.rulings import WITHDRAWN, Named, held_rulings, standing
from scvgraph.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs of identifier numbers. `must` is in the order to follow: the earlier decision first.

    spoken: for every pair its decision's kind, author and reason. unmatched: decisions that name an identifier no source showed.
    """

    must: npt.NDArray[np.int32]
    cannot: npt.NDArray[np.int32]
    spoken: dict[tuple[int, int], dict[str, Any]]
    unmatched: int


def read_decisions(work: Work) -> Decisions:
    """The ledger's rulings that stand, of several on one pair the last."""
    last = standing(held_rulings(work.engine, work.ledger), work.project.kinds)
    stands = {pair: ruling for pair, ruling in last.items() if ruling.decision != WITHDRAWN}
    numbers = _numbers(work.engine, {end for pair in stands for end in pair})
    spoken: dict[tuple[int, int], dict[str, Any]] = {}
    for pair, ruling in stands.items():
        ends = sorted({numbers[end] for end in pair if end in numbers})
        if len(ends) == 2:  # under other cleaning rules than it was taken in with, both may be one identifier
            spoken[ends[0], ends[1]] = asdict(ruling)
    must = [pair for pair, row in spoken.items() if row["decision"] == "must_link"]
    cannot = [pair for pair, row in spoken.items() if row["decision"] == "cannot_link"]
    return Decisions(_array(must), _array(cannot), spoken, len(stands) - len(spoken))


def _array(pairs: list[tuple[int, int]]) -> npt.NDArray[np.int32]:
    return np.array(pairs, np.int32).reshape(-1, 2)


def _numbers(engine: Engine, identifiers: Iterable[Named]) -> dict[Named, int]:
    """Numbers of identifiers by kind and cleaned value."""
    if not identifiers:
        return {}
    import pyarrow as pa

    ordered = sorted(identifiers)
    engine.put(
        "_named", pa.table({"kind": [kind for kind, _ in ordered], "value": [value for _, value in ordered]})
    )
    found = engine.rows(
        "SELECT n.kind, n.value, s.no FROM _named n JOIN spellings s ON n.kind = s.kind AND n.value = s.raw"
        " SEMI JOIN counted c ON s.no = c.no"
    )
    engine.drop("_named")
    return {(kind, value): number for kind, value, number in found}
