"""Precision by the size of customers: errors of large ones rule every count of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.evaluate.intervals import wilson

if TYPE_CHECKING:
    from scvgraph.engine import Engine

# Sizes 1, 2, 3 to 4, 5 to 8, and so on by doubling.
_BY_SIZE = """
SELECT step, min(n)::BIGINT, max(n)::BIGINT, count(*), sum(n)::BIGINT, count(*) FILTER (entities = 1),
       sum(n::HUGEINT * (n - 1))::HUGEINT // 2, sum(held)::HUGEINT
FROM (SELECT *, CASE WHEN n = 1 THEN 0 ELSE ceil(log2(n))::INTEGER END AS step FROM by_customer)
GROUP BY step ORDER BY step
"""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Customers with `least` to `most` labelled rows. pure: those that hold one person only; precision: of pairs of
    rows. interval: at 95 %, of pure / customers, if the persons in truth are a random sample of all.
    """

    least: int
    most: int
    customers: int
    rows: int
    pure: int
    interval: tuple[float, float]
    wrong_pairs: int
    precision: float


def by_size(engine: Engine) -> tuple[SizeClass, ...]:
    """Smallest customers first. Needs the tables that `score` makes."""
    return tuple(
        SizeClass(
            least,
            most,
            customers,
            rows,
            pure,
            wilson(pure / customers, customers),
            int(claimed - held),
            held / claimed if claimed else 1.0,
        )
        for _, least, most, customers, rows, pure, claimed, held in engine.rows(_BY_SIZE)
    )
