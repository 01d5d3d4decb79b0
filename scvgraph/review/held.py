"""Cases of what holds customers together: each link without which a customer would be two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.review import doubt
from scvgraph.review.kernel_sides import sides
from scvgraph.review.said import LANES, conflicting, said_by_nodes
from scvgraph.sightings import RULES
from scvgraph.weights import of_matches, of_seen

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.engine import Engine
    from scvgraph.review.doubt import Usual
    from scvgraph.review.said import Said

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float64 = npt.NDArray[np.float64]

# Members of customers of several, the rarest first. A row counts at the rarest of its identifiers that its customer
# holds, so that it falls to the side that it tells of.
_NODES = """
SELECT m.identifier, row_number() OVER (ORDER BY i.count, i.kind, i.value)::INTEGER - 1 AS node, m.customer
FROM memberships m SEMI JOIN (SELECT customer FROM memberships GROUP BY customer HAVING count(*) > 1) USING (customer)
JOIN identifiers i ON i.no = m.identifier
"""
_HELD_ROWS = """
SELECT s.row, min(n.node) AS node FROM sightings s JOIN nodes n USING (identifier)
JOIN owners o ON o.row = s.row AND o.customer = n.customer GROUP BY s.row
"""
_COUNTED = "SELECT node, count(*) AS n FROM held_rows GROUP BY node ORDER BY node"
_HOLDING = """
SELECT least(x.node, y.node) AS a, greatest(x.node, y.node) AS b, l.a AS one, l.b AS other, l.rule::VARCHAR AS rule,
       l.count, l.weight, c.rows AS whole
FROM links l JOIN nodes x ON l.a = x.identifier JOIN nodes y ON l.b = y.identifier AND x.customer = y.customer
JOIN customers c ON c.customer = x.customer ANTI JOIN refused_links r ON r.a = l.a AND r.b = l.b
"""


def held(engine: Engine, usual: Usual) -> str:
    """Makes table held_cases, but for decisions; returns SQL of them."""
    import pyarrow as pa

    engine.make("nodes", _NODES)
    engine.make("held_rows", _HELD_ROWS)
    found = engine.arrow(_HOLDING)
    evidence, told = _probability(found)
    order = np.lexsort((found["b"].to_numpy(), found["a"].to_numpy(), -evidence))  # a pair stands once
    said = said_by_nodes(engine, size := int(engine.one("SELECT count(*) FROM nodes")))
    small, large, says = _sides(engine, found.take(pa.array(order)), size, said)
    kept = (small > 0) & ~told[order]
    small, large, says, order = small[kept], large[kept], says[:, kept], order[kept]
    found = found.take(pa.array(order)).select(["one", "other", "rule", "count", "whole"])
    conflict = conflicting(engine, said, says)
    whole = found["whole"].to_numpy()
    probability = doubt.joined(evidence[order], small, whole, conflict.sum(axis=0), usual)
    columns = {"a": found["one"], "b": found["other"], "rule": found["rule"], "count": found["count"]}
    columns |= {"probability": pa.array(probability), "rows": pa.array(small), "beside": pa.array(large)}
    columns |= {"whole": found["whole"], **_told(said, says, conflict)}
    engine.put("held_cases", pa.table(columns))
    engine.drop("nodes", "held_rows")
    sentences = " ".join(f"WHEN '{name}' THEN '{rule.sentence}'" for name, rule in RULES.items())
    return (
        "SELECT CASE h.rule WHEN 'match' THEN 'match' WHEN 'household' THEN 'elimination' ELSE 'link' END AS sort,"
        " h.* EXCLUDE (rule, count), true AS joined,"
        f" coalesce(m.because, h.count || CASE h.count WHEN 1 THEN ' row: ' ELSE ' rows: ' END || CASE h.rule {sentences} ELSE 'rule ' || h.rule END) AS why"
        " FROM held_cases h LEFT JOIN matches m ON m.a = h.a AND m.b = h.b"
    )


def _probability(found: pa.Table) -> tuple[Float64, npt.NDArray[np.bool_]]:
    """Of every link its own probability, and whether a person said so, which is sure."""
    rule, weight = found["rule"].to_numpy(), found["weight"].to_numpy()
    matched, told = np.isin(rule, ("match", "household")), rule == "must_link"
    probability = of_seen(weight)
    probability[matched] = of_matches(weight[matched])
    probability[told] = 1.0
    return probability, told


def _sides(engine: Engine, found: pa.Table, size: int, said: Said) -> tuple[Int64, Int64, Int32]:
    rows, counted = np.zeros(size, np.int64), engine.arrow(_COUNTED)
    rows[counted["node"].to_numpy()] = counted["n"].to_numpy()
    small, large = np.empty(found.num_rows, np.int64), np.empty(found.num_rows, np.int64)
    says = np.empty((len(LANES), found.num_rows, 2), np.int32)
    a, b = (found[end].to_numpy().astype(np.int32) for end in "ab")
    sides(a, b, rows, said.code, said.times, small, large, says)
    return small, large, says


def _told(said: Said, says: Int32, conflict: npt.NDArray[np.bool_]) -> dict[str, pa.Array]:
    """What both sides say where they conflict, null elsewhere: columns first_name_a, first_name_b, date_a, date_b."""
    import pyarrow as pa

    values = pa.array(said.values, pa.string())
    return {
        f"{lane}_{'ab'[side]}": values.take(pa.array(says[n, :, side], pa.int32(), mask=~conflict[n]))
        for n, lane in enumerate(LANES)
        for side in (0, 1)
    }
