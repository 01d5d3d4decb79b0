"""Cases of customers that are two and might be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.review import doubt

if TYPE_CHECKING:
    from scvgraph.engine import Engine
    from scvgraph.review.doubt import Usual

# The surest pair of each two. rows: of the smaller one, beside: of the other.
_APART = """
WITH held AS (SELECT m.identifier, c.customer, c.rows FROM memberships m JOIN customers c USING (customer)),
near AS (
    SELECT 'near_match' AS sort, a, b, weight, because AS why FROM near_matches
    UNION ALL SELECT 'refused', a, b, weight, "constraint" FROM refused_links WHERE reason NOT IN ('cannot_link', 'shared')
    UNION ALL SELECT 'shared', a, b, weight, why FROM around)
SELECT n.sort, n.a, n.b, n.weight, n.why, least(x.rows, y.rows) AS rows, greatest(x.rows, y.rows) AS beside,
       x.rows + y.rows AS whole
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


def apart(engine: Engine, usual: Usual) -> str:
    """Makes table apart_cases; returns SQL of them."""
    import pyarrow as pa

    engine.make("around", _AROUND)
    found = engine.arrow(_APART)
    engine.drop("around")
    sort, small, whole = (found[column].to_numpy() for column in ("sort", "rows", "whole"))
    odds = np.where(sort == "refused", doubt.REFUSED, doubt.SHARED)
    probability = np.where(
        sort == "near_match",
        doubt.near(found["weight"].to_numpy(), small, whole, usual),
        doubt.apart(odds, small, whole, usual),
    )
    engine.put("apart_cases", found.append_column("probability", pa.array(probability)))
    return "SELECT * EXCLUDE (weight), false AS joined FROM apart_cases"
