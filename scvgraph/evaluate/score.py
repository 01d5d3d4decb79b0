"""Customers against the truth, by SQL over the contingency table customer x entity: O(rows), never over pairs.

A row without a customer is a cluster of its own. Counts of pairs are whole numbers however large (HUGEINT).
Only rows that stand both in the ledger and in the truth are compared.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.errors import UsageError
from scvgraph.evaluate.measures import Measure, b_cubed, pairwise
from scvgraph.evaluate.truth import Columns, read_truth

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.engine import Engine

SHOWN = 5

# 1. One row per ledger row that the truth knows.
_COMPARED = """
SELECT r.customer, t.entity, r.basis FROM rows r JOIN truth t
ON r.key = t.key AND (t.source IS NULL OR r.source = t.source)
"""

# 2. Cells: rows that a customer and an entity share. Each row without a customer is a cell of one.
_CELLS = """
SELECT customer, entity, count(*) AS n FROM compared WHERE customer IS NOT NULL GROUP BY customer, entity
"""

# 3. Clusters on either side, with the pairs of theirs that hold; `loose` are an entity's rows without customer.
_CUSTOMERS = """
SELECT customer, sum(n) AS n, count(*) AS entities, sum(n::HUGEINT * (n - 1)) // 2 AS held FROM cells GROUP BY customer
"""
_ENTITIES = """
SELECT entity, count(*) AS n, count(DISTINCT customer) AS customers, count(*) FILTER (customer IS NULL) AS loose
FROM compared GROUP BY entity
"""

_PAIRS = """
SELECT coalesce((SELECT sum(held) FROM by_customer), 0)::HUGEINT,
       coalesce((SELECT sum(n::HUGEINT * (n - 1)) FROM by_customer), 0)::HUGEINT // 2,
       coalesce((SELECT sum(n::HUGEINT * (n - 1)) FROM by_entity), 0)::HUGEINT // 2
"""
_PRECISIONS = """
SELECT c.n::BIGINT, k.n::BIGINT, count(*) FROM cells c JOIN by_customer k USING (customer) GROUP BY 1, 2
"""
_RECALLS = """
SELECT n::BIGINT, size::BIGINT, count(*) FROM (
    SELECT c.n, e.n AS size FROM cells c JOIN by_entity e USING (entity)
    UNION ALL SELECT 1, e.n FROM compared r JOIN by_entity e USING (entity) WHERE r.customer IS NULL)
GROUP BY 1, 2
"""
_UNKNOWN = """
SELECT DISTINCT source FROM truth WHERE source IS NOT NULL AND source NOT IN (SELECT source FROM rows) ORDER BY source
"""
_MERGED = """
SELECT customer, n::BIGINT AS rows, entities, n::HUGEINT * (n - 1) // 2 - held AS wrong_pairs
FROM by_customer WHERE entities > 1 ORDER BY wrong_pairs DESC, customer LIMIT ?
"""
_SPLIT = """
SELECT e.entity, e.n AS rows, e.customers, e.loose, e.n::HUGEINT * (e.n - 1) // 2 - coalesce(h.held, 0) AS missed_pairs
FROM by_entity e LEFT JOIN (SELECT entity, sum(n::HUGEINT * (n - 1)) // 2 AS held FROM cells GROUP BY entity) h USING (entity)
WHERE e.customers + e.loose > 1 ORDER BY missed_pairs DESC, e.entity LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """A customer that holds rows of several persons."""

    customer: str
    rows: int
    entities: int
    wrong_pairs: int


@dataclass(frozen=True, slots=True)
class Split:
    """A person whose rows lie in several customers; `loose` rows are in none."""

    entity: str
    rows: int
    customers: int
    loose: int
    missed_pairs: int


@dataclass(frozen=True, slots=True)
class Score:
    """What the comparison found. Pairs are of rows; `without_customer` counts compared rows by basis.

    unknown_sources: named in the truth, not in the store; their rows are among `truth_only`.
    """

    key: str
    rows: int
    truth_only: int
    ledger_only: int
    customers: int
    entities: int
    without_customer: dict[str, int]
    unknown_sources: tuple[str, ...]
    right_pairs: int
    claimed_pairs: int
    true_pairs: int
    pairwise: Measure
    b_cubed: Measure
    merged: tuple[Merged, ...]
    split: tuple[Split, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score(
    engine: Engine, truth: Path, *, key: str | None = None, entity: str | None = None, worst: int = SHOWN
) -> Score:
    """The customers of table `rows` (source, key, customer, basis) against a truth file.

    key, entity: columns of the truth file, where they are not found by name (`key`, `entity`). worst: how many of
    the worst customers and persons to name.
    """
    columns = read_truth(engine, truth, key, entity)
    engine.make("compared", _COMPARED)
    rows, known, held = engine.rows(
        "SELECT (SELECT count(*) FROM compared), (SELECT count(*) FROM truth), (SELECT count(*) FROM rows)"
    )[0]
    if rows == 0:
        raise UsageError(_nothing_matches(engine, truth, columns))
    engine.make("cells", _CELLS)
    engine.make("by_customer", _CUSTOMERS)
    engine.make("by_entity", _ENTITIES)
    right, claimed, true = engine.rows(_PAIRS)[0]
    customers, entities = engine.rows(
        "SELECT (SELECT count(*) FROM by_customer), (SELECT count(*) FROM by_entity)"
    )[0]
    loose = engine.rows(
        "SELECT coalesce(basis, 'none'), count(*) FROM compared WHERE customer IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    alone = sum(count for _, count in loose)
    matched = engine.one("SELECT count(*) FROM truth t WHERE EXISTS (SELECT 1 FROM rows r WHERE r.key = t.key AND (t.source IS NULL OR r.source = t.source))")  # fmt: skip
    precisions = [*engine.rows(_PRECISIONS), *([(1, 1, alone)] if alone else [])]
    return Score(
        key=columns.key,
        rows=rows,
        truth_only=known - matched,
        ledger_only=held - rows,
        customers=customers,
        entities=entities,
        without_customer=dict(loose),
        unknown_sources=tuple(row[0] for row in engine.rows(_UNKNOWN)),
        right_pairs=int(right),
        claimed_pairs=int(claimed),
        true_pairs=int(true),
        pairwise=pairwise(int(right), int(claimed), int(true)),
        b_cubed=b_cubed(precisions, engine.rows(_RECALLS)),
        merged=tuple(Merged(**found) for found in engine.records(_MERGED, [worst])),
        split=tuple(Split(**found) for found in engine.records(_SPLIT, [worst])),
    )


def _nothing_matches(engine: Engine, path: Path, columns: Columns) -> str:
    sources = [row[0] for row in engine.rows("SELECT DISTINCT source FROM rows ORDER BY 1")]
    named = [
        row[0] for row in engine.rows("SELECT DISTINCT source FROM truth WHERE source IS NOT NULL ORDER BY 1")
    ]
    if named and not set(named) & set(sources):
        return (
            f"no source named in {path} ({', '.join(named[:10])}) is one of the store's ({', '.join(sources)});"
            " rename them in column 'source'"
        )
    return (
        f"no key in column '{columns.key}' of {path} is a row of the store; a row's key is what `key` names in the"
        " project file; name another column with --key"
    )
