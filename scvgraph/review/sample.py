"""Pairs to judge for an estimate: drawn at random within strata, by a hash of a seed and the identifiers' names.

The population is every pair the engine decided on: links and matches inside customers, near misses and refusals
between them. Precision and recall over it are of these pairs, each counting once, and not of pairs of rows.

Whoever judges must not know what the engine thinks: strata have numbers, and weights are not told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.engine import Engine

# Strata: what was decided, and how surely. Equal parts of each, so that rare doubtful ones are seen as well.
_POPULATION = """
WITH held AS (SELECT identifier, customer FROM memberships),
pairs AS (
    SELECT a, b, CASE WHEN rule IN ('match', 'household') THEN rule ELSE 'link' END AS sort, weight FROM links
    WHERE rule <> 'must_link'
    UNION ALL SELECT a, b, 'near_match', weight FROM near_matches)
SELECT p.a, p.b, CASE WHEN x.customer = y.customer THEN p.sort WHEN p.sort = 'near_match' THEN 'near_match' ELSE 'refused' END
    || CASE WHEN p.weight >= 0.99 THEN ' from 0.99' WHEN p.weight >= 0.9 THEN ' from 0.9' WHEN p.weight >= 0.7 THEN ' from 0.7' ELSE ' below 0.7' END AS sort
FROM pairs p JOIN held x ON p.a = x.identifier JOIN held y ON p.b = y.identifier
"""
_STRATA = "SELECT sort, count(*) AS population FROM population GROUP BY sort ORDER BY population, sort"
_DRAWN = """
WITH named AS (
    SELECT least(i.kind || ':' || i.value, j.kind || ':' || j.value) AS a,
           greatest(i.kind || ':' || i.value, j.kind || ':' || j.value) AS b, p.sort
    FROM population p JOIN identifiers i ON i.no = p.a JOIN identifiers j ON j.no = p.b),
hashed AS (SELECT *, md5($seed || chr(31) || a || chr(31) || b) AS hash FROM named)
SELECT a, b, stratum, population FROM (
    SELECT h.*, q.stratum, q.population FROM hashed h JOIN quota q USING (sort)
    QUALIFY row_number() OVER (PARTITION BY h.sort ORDER BY hash, a, b) <= q.quota)
ORDER BY hash, a, b
"""


def draw(engine: Engine, path: Path, count: int, seed: str = "1") -> int:
    """Write `count` pairs, as many of each stratum where it has them and at least one, to a CSV file with an empty
    column `same`; returns how many.
    """
    import pyarrow as pa
    from pyarrow import csv

    engine.make("population", _POPULATION)
    strata = engine.rows(_STRATA)
    order = sorted(sort for sort, _ in strata)
    quotas = shares(count, [population for _, population in strata])
    table = {
        "sort": pa.array([sort for sort, _ in strata], pa.string()),
        "stratum": pa.array([1 + order.index(sort) for sort, _ in strata], pa.int32()),
        "population": pa.array([population for _, population in strata], pa.int64()),
        "quota": pa.array(quotas, pa.int64()),
    }
    engine.put("quota", pa.table(table))
    found = engine.arrow(_DRAWN, {"seed": seed})
    found = found.append_column("same", pa.nulls(found.num_rows, pa.string()))
    csv.write_csv(found, path)
    engine.drop("population", "quota")
    return int(found.num_rows)


def shares(count: int, sizes: list[int]) -> list[int]:
    """How many to draw of each stratum: alike, at least one, and what small ones do not have from larger ones.
    sizes: rising.

    >>> shares(60, [4, 20, 500, 900])
    [4, 18, 19, 19]
    """
    found: list[int] = []
    for place, size in enumerate(sizes):
        left = count - sum(found)
        found.append(min(size, max(1, left // (len(sizes) - place))))
    return found
