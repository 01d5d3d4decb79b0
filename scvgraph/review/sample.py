"""Pairs to judge for an estimate: drawn at random within strata, by a hash that a seed and the identifiers decide.

The population is every pair the engine decided on: links and matches inside customers, near misses and refusals
between them. Precision and recall over it are of these pairs, each counting once, and not of pairs of rows.
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
    || CASE WHEN p.weight >= 0.99 THEN ' from 0.99' WHEN p.weight >= 0.9 THEN ' from 0.9' WHEN p.weight >= 0.7 THEN ' from 0.7' ELSE ' below 0.7' END AS stratum,
    p.weight
FROM pairs p JOIN held x ON p.a = x.identifier JOIN held y ON p.b = y.identifier
"""
_DRAWN = """
SELECT i.kind || ':' || i.value AS a, j.kind || ':' || j.value AS b, p.stratum, p.weight,
       count(*) OVER (PARTITION BY p.stratum) AS population
FROM population p JOIN identifiers i ON i.no = p.a JOIN identifiers j ON j.no = p.b
QUALIFY row_number() OVER (PARTITION BY p.stratum ORDER BY md5($seed || chr(31) || least(a, b) || chr(31) || greatest(a, b)), a, b) <= $each
ORDER BY md5($seed || a || b)
"""


def draw(engine: Engine, path: Path, count: int, seed: str = "1") -> int:
    """Write about `count` pairs, as many of each stratum where it has them, to a CSV file with an empty column
    `same`; returns how many.
    """
    import pyarrow as pa
    from pyarrow import csv

    engine.make("population", _POPULATION)
    strata = int(engine.one("SELECT count(DISTINCT stratum) FROM population"))
    found = engine.arrow(_DRAWN, {"seed": seed, "each": max(1, count // max(1, strata))})
    found = found.append_column("same", pa.nulls(found.num_rows, pa.string()))
    csv.write_csv(found, path)
    engine.drop("population")
    return int(found.num_rows)
