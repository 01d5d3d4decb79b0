"""What other bars would have done: precision and recall of the customers, cut where matches are weaker than a bar.
Fragments given out by elimination have fixed weights, which no bar rules: they hold at every bar.

The curve takes the customers as they are, leaves out the matches below the bar, and scores the parts. Table
`matches` holds the surest pairs that hold each customer together, so the parts are those of single linkage at that
bar inside the customers found. A run with `resolve.bar` at that value learns and groups anew by means of scores and
may differ; and what lies below the bar of the run is not known. So the curve tells where to try, not what you get.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.evaluate.measures import Measure, pairwise
from scvgraph.kernel_parts import parts

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.engine import Engine

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

BARS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)

# Customers that a match or elimination holds together; the others are the same at every point.
_MATCHED = "SELECT DISTINCT m.customer FROM memberships m JOIN matches x ON m.identifier = x.a"
_NODES = """
SELECT m.identifier, row_number() OVER (ORDER BY m.identifier)::INTEGER - 1 AS node, m.customer
FROM memberships m SEMI JOIN matched USING (customer)
"""
# Inside a customer: what was seen together or decided holds at every point (weight 2), what elimination gave it at
# every bar (1.2), a match up to its weight.
_EDGES = """
SELECT x.node AS a, y.node AS b, CASE l.rule WHEN 'match' THEN l.weight WHEN 'household' THEN 1.2 ELSE 2 END::DOUBLE AS weight
FROM links l JOIN nodes x ON l.a = x.identifier JOIN nodes y ON l.b = y.identifier AND x.customer = y.customer
ORDER BY 3 DESC, 1, 2
"""
# Rows by part: a row is where the least of its identifiers is that its customer holds; all of them were seen together.
_CELLS = """
WITH placed AS (
    SELECT l.row, any_value(l.entity) AS entity, min(n.node) AS node
    FROM rows_known l JOIN customers c ON c.id = l.customer JOIN nodes n ON n.customer = c.customer
    JOIN sightings s ON s.row = l.row AND s.identifier = n.identifier GROUP BY l.row)
SELECT node, dense_rank() OVER (ORDER BY entity) - 1 AS entity, count(*) AS n
FROM placed GROUP BY node, entity ORDER BY node, 2
"""
_KNOWN = """
SELECT r.row, r.customer, t.entity FROM rows r JOIN truth t
ON r.key = t.key AND (t.source IS NULL OR r.source = t.source)
"""


@dataclass(frozen=True, slots=True)
class Point:
    """The customers with matches of at least `bar` only. customers: those with labelled rows. matches: how many
    count, elimination not among them. bar None: no match at all, and nothing given by elimination.
    """

    bar: float | None
    matches: int
    customers: int
    pairwise: Measure


def curve(engine: Engine) -> tuple[Point, ...]:
    """A point for each bar from the lowest that changes nothing, and one without any match; empty if nothing was
    matched. Needs the tables that `score` makes.
    """
    weights = engine.arrow("SELECT weight FROM matches WHERE rule = 'match' ORDER BY weight")[
        "weight"
    ].to_numpy()
    if not weights.size:
        return ()
    bars = [bar for n, bar in enumerate(BARS) if bar > weights[0] or n == 0]
    for table, sql in (("matched", _MATCHED), ("nodes", _NODES), ("rows_known", _KNOWN)):
        engine.make(table, sql)
    edges, cells = engine.arrow(_EDGES), engine.arrow(_CELLS)
    size = int(engine.one("SELECT count(*) FROM nodes"))
    fixed = _fixed(engine)
    engine.drop("matched", "nodes", "rows_known")
    least = np.array([1.5, *reversed(bars)])
    until = np.searchsorted(-edges["weight"].to_numpy(), -least, "right")
    out = np.empty((least.size, size), np.int32)
    parts(edges["a"].to_numpy(), edges["b"].to_numpy(), until, out)
    node, entity, rows = (cells[name].to_numpy() for name in ("node", "entity", "n"))
    found = []
    for bar, label in zip([None, *reversed(bars)], out, strict=True):
        right, claimed, customers = _counted(label[node], entity, rows)
        at_least = 0 if bar is None else int(weights.size - np.searchsorted(weights, bar))
        found.append(
            Point(
                bar, at_least, fixed[3] + customers, pairwise(fixed[0] + right, fixed[1] + claimed, fixed[2])
            )
        )
    return tuple(reversed(found))


def _fixed(engine: Engine) -> tuple[int, int, int, int]:
    """Right and claimed pairs of the customers without matches, true pairs of all, and how many such customers."""
    others = "FROM by_customer b ANTI JOIN (SELECT c.id FROM customers c JOIN matched USING (customer)) m ON b.customer = m.id"
    right, claimed, count = engine.rows(
        f"SELECT coalesce(sum(held), 0)::HUGEINT, coalesce(sum(n::HUGEINT * (n - 1)), 0)::HUGEINT // 2, count(*) {others}"
    )[0]
    true = engine.one("SELECT coalesce(sum(n::HUGEINT * (n - 1)), 0)::HUGEINT // 2 FROM by_entity")
    return int(right), int(claimed), int(true), int(count)


def _counted(label: Int32, entity: Int64, rows: Int64) -> tuple[int, int, int]:
    """Right pairs, claimed pairs and customers of cells (label, entity) with so many rows."""
    most = int(entity.max(initial=0)) + 1
    _, cell = np.unique(label.astype(np.int64) * most + entity, return_inverse=True)
    _, part = np.unique(label, return_inverse=True)
    shared, whole = _sums(cell, rows), _sums(part, rows)
    return _pairs(shared), _pairs(whole), whole.size


def _sums(place: npt.NDArray[np.intp], rows: Int64) -> Int64:
    total = np.zeros(int(place.max(initial=-1)) + 1, np.int64)
    np.add.at(total, place, rows)
    return total


def _pairs(counts: Int64) -> int:
    return int((counts * (counts - 1) // 2).sum())
