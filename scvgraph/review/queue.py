"""The doubtful cases of a generation, the most valuable to look at first.

Ties are broken by what identifiers are, never by their numbers, which tell in what order rows came.

value = rows x probability that the engine is wrong x 4 p (1 - p): the rows expected in the wrong place, times how
little the evidence decides (1 at even odds, 0 where it is sure). A question is worth asking where both are high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.kernel_parts import joins
from scvgraph.review.case import Case
from scvgraph.review.ends import ends_of
from scvgraph.sightings import RULES
from scvgraph.weights import of_matches, of_seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scvgraph.engine import Engine

Pair = frozenset[str]

DOUBTED = (
    0.99  # customers with a membership less sure than this are taken apart to see what holds them together
)
# How often cases of two sorts were one person in labelled sets (docs/evaluation.md): what was refused although seen
# together, and the two surest customers around an identifier blamed for being shared.
REFUSED, SHARED = 0.25, 0.08
NEAR = 0.4  # of its weight is left to a near match: the groups as wholes spoke against it

# 1. What holds doubtful customers together, nodes in the order of their names. A row counts at the least of its
# identifiers that its customer holds.
_DOUBTFUL = f"SELECT DISTINCT customer FROM memberships WHERE confidence < {DOUBTED}"
_NODES = """
SELECT m.identifier, row_number() OVER (ORDER BY i.kind, i.value)::INTEGER - 1 AS node, m.customer
FROM memberships m SEMI JOIN doubtful USING (customer) JOIN identifiers i ON i.no = m.identifier
"""
_HELD_ROWS = """
SELECT node, count(*) AS n FROM (
    SELECT s.row, min(n.node) AS node FROM sightings s JOIN nodes n USING (identifier)
    JOIN owners o ON o.row = s.row AND o.customer = n.customer GROUP BY s.row) GROUP BY node ORDER BY node
"""
_HOLDING = """
SELECT least(x.node, y.node) AS a, greatest(x.node, y.node) AS b, l.a AS one, l.b AS other, l.rule::VARCHAR AS rule, l.count, l.weight
FROM links l JOIN nodes x ON l.a = x.identifier JOIN nodes y ON l.b = y.identifier AND x.customer = y.customer
ANTI JOIN refused_links r ON r.a = l.a AND r.b = l.b
"""

# 2. Customers that are two and might be one: the surest pair of each two. rows: of the smaller one.
_APART = """
WITH held AS (SELECT m.identifier, c.customer, c.rows FROM memberships m JOIN customers c USING (customer)),
near AS (
    SELECT 'near_match' AS sort, a, b, weight, because AS why FROM near_matches
    UNION ALL SELECT 'refused', a, b, weight, "constraint" FROM refused_links WHERE reason NOT IN ('cannot_link', 'shared')
    UNION ALL SELECT 'shared', a, b, weight, why FROM around)
SELECT n.sort, n.a, n.b, n.weight, n.why, least(x.rows, y.rows) AS rows
FROM near n JOIN held x ON n.a = x.identifier JOIN held y ON n.b = y.identifier
JOIN identifiers i ON i.no = n.a JOIN identifiers j ON j.no = n.b
WHERE x.customer <> y.customer
QUALIFY row_number() OVER (PARTITION BY least(x.customer, y.customer), greatest(x.customer, y.customer)
    ORDER BY n.sort <> 'near_match', n.sort <> 'refused', n.weight DESC,
        least((i.kind, i.value), (j.kind, j.value)), greatest((i.kind, i.value), (j.kind, j.value)), n.why) = 1
"""
# The two surest customers around each identifier whose links were refused because it is shared (and not for another
# status of its own), by what each of them showed with it.
_AROUND = """
WITH refused AS (SELECT a AS no, b AS other, weight FROM refused_links WHERE reason = 'shared'
                 UNION ALL SELECT b, a, weight FROM refused_links WHERE reason = 'shared'),
ends AS (SELECT b.no, b.kind || ':' || b.value AS name, b.why, r.other, r.weight, (i.kind, i.value) AS known
         FROM refused r JOIN identifiers b ON b.no = r.no AND b.status = 'shared' JOIN identifiers i ON i.no = r.other),
best AS (SELECT e.no, any_value(e.name) AS name, any_value(e.why) AS why, m.customer,
                first(e.other ORDER BY e.weight DESC, e.known) AS other, first(e.known ORDER BY e.weight DESC, e.known) AS known,
                max(e.weight) AS weight
         FROM ends e JOIN memberships m ON m.identifier = e.other GROUP BY e.no, m.customer),
two AS (SELECT no, any_value(name) AS name, any_value(why) AS why, list(other ORDER BY weight DESC, known)[1:2] AS ends,
               list(weight ORDER BY weight DESC)[2] AS weight FROM best GROUP BY no HAVING count(*) > 1)
SELECT ends[1] AS a, ends[2] AS b, weight, 'both were seen with ' || name || ': ' || why AS why FROM two
"""

_CASES = """
WITH named AS (SELECT k.*, i.kind || ':' || i.value AS one, j.kind || ':' || j.value AS other
               FROM valued k JOIN identifiers i ON i.no = k.a JOIN identifiers j ON j.no = k.b)
SELECT * EXCLUDE (one, other) REPLACE (CASE WHEN one < other THEN a ELSE b END AS a, CASE WHEN one < other THEN b ELSE a END AS b),
       least(one, other) AS a_name, greatest(one, other) AS b_name
FROM named ORDER BY value DESC, a_name, b_name
"""


def review(engine: Engine, limit: int | None = 20, *, decided: Iterable[Pair] = ()) -> list[Case]:
    """The doubtful cases of a generation (its engine), the most valuable first; limit None: all.

    decided: pairs of identifiers (kind:value) that are ruled on and do not come again.
    """
    engine.make("doubtful", _DOUBTFUL)
    engine.make("nodes", _NODES)
    engine.make("around", _AROUND)
    engine.make(
        "cases", f"SELECT * FROM ({_joined(engine)}) UNION ALL BY NAME SELECT * FROM ({_apart(engine)})"
    )
    engine.make(
        "valued",
        "SELECT *, rows * (CASE WHEN joined THEN 1 - probability ELSE probability END) * 4 * probability * (1 - probability) AS value FROM cases",
    )
    known = frozenset(decided)
    found = [
        row
        for row in engine.records(_first(limit, len(known)))
        if frozenset((row["a_name"], row["b_name"])) not in known
    ][:limit]
    ends = ends_of(engine, sorted({no for row in found for no in (row["a"], row["b"])}))
    engine.drop("doubtful", "nodes", "around", "cases", "valued", "joined_cases", "apart_cases")
    return [
        Case(
            row["sort"],
            ends[row["a"]],
            ends[row["b"]],
            row["joined"],
            row["why"],
            round(row["probability"], 6),
            row["rows"],
            round(row["value"], 6),
        )
        for row in found
    ]


def _first(limit: int | None, decided: int) -> str:
    """As many cases as there can be among those wanted if all that are decided stand before them."""
    return _CASES if limit is None else f"{_CASES} LIMIT {limit + decided}"


def _joined(engine: Engine) -> str:
    """Makes the cases of what holds doubtful customers together, but for decisions; returns SQL of them."""
    import pyarrow as pa

    found = engine.arrow(_HOLDING)
    size = int(engine.one("SELECT count(*) FROM nodes"))
    rows = np.zeros(size, np.int64)
    held = engine.arrow(_HELD_ROWS)
    rows[held["node"].to_numpy()] = held["n"].to_numpy()
    rule = found["rule"].to_numpy()
    matched, told = np.isin(rule, ("match", "household")), rule == "must_link"
    weight = found["weight"].to_numpy()
    seen = of_seen(weight)
    seen[matched] = of_matches(weight[matched])
    seen[told] = 1.0
    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    order = np.lexsort((b, a, -seen))  # a pair stands once
    holds = np.empty(order.size, np.int64)
    joins(a[order], b[order], rows, holds)
    kept = order[(holds > 0) & ~told[order]]
    sorts = np.where(rule == "match", "match", np.where(rule == "household", "elimination", "link"))
    columns = {"sort": pa.array(sorts[kept], pa.string()), "a": found["one"].take(pa.array(kept))}
    columns |= {"b": found["other"].take(pa.array(kept)), "probability": seen[kept]}
    columns |= {"rows": holds[(holds > 0) & ~told[order]], "rule": pa.array(rule[kept], pa.string())}
    columns["count"] = found["count"].take(pa.array(kept))
    engine.put("joined_cases", pa.table(columns))
    sentences = " ".join(f"WHEN '{name}' THEN '{rule.sentence}'" for name, rule in RULES.items())
    return (
        "SELECT j.sort, j.a, j.b, j.probability, j.rows, true AS joined,"
        f" coalesce(m.because, j.count || CASE j.count WHEN 1 THEN ' row: ' ELSE ' rows: ' END || CASE j.rule {sentences} ELSE 'rule ' || j.rule END) AS why"
        " FROM joined_cases j LEFT JOIN matches m ON m.a = j.a AND m.b = j.b"
    )


def _apart(engine: Engine) -> str:
    """Makes the cases of customers that might be one; returns SQL of them."""
    import pyarrow as pa

    found = engine.arrow(_APART)
    sort = found["sort"].to_numpy()
    near = NEAR * found["weight"].to_numpy()
    probability = np.where(sort == "near_match", near, np.where(sort == "refused", REFUSED, SHARED))
    engine.put("apart_cases", found.append_column("probability", pa.array(probability)))
    return "SELECT sort, a, b, probability, rows, false AS joined, why FROM apart_cases"
