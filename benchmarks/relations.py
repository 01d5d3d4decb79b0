"""How far relations and households are right, where the truth names the household of every row.

    scvgraph run examples/retail
    python benchmarks/relations.py examples/retail examples/retail/data/truth.csv

The truth (CSV or Parquet) has columns household, entity, and the rows' key (`--key`), with their source if keys of
several sources may be equal. A customer is whom most of its rows are of. Pairs of customers: precision is the share
whose true household is one, recall the share of all pairs of a true household that were found; once over all pairs,
once over those of two persons (a person may be several customers, who then are of one household as a matter of
course). True households of more than `--most` persons (halls, homes) are left out of recall.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from scvgraph.api import open_view
from scvgraph.engine import name

TRUTH = """
CREATE TABLE _truth AS WITH counted AS (
  SELECT r.customer AS id, t.entity, t.household, count(*) AS n FROM rows r JOIN {file} t ON r.key = CAST(t.{key} AS VARCHAR) {source}
  WHERE r.customer IS NOT NULL GROUP BY ALL)
SELECT id, arg_max(entity, (n, entity)) AS entity, arg_max(household, (n, entity)) AS household FROM counted GROUP BY id"""
TRUE = """
CREATE TABLE _true AS SELECT x.id AS a, y.id AS b, x.entity <> y.entity AS two FROM _truth x
JOIN _truth y ON x.household = y.household AND x.id < y.id
WHERE x.household IN (SELECT household FROM {file} GROUP BY household HAVING count(DISTINCT entity) <= {most})"""
FOUND = {
    "relations": "SELECT customer AS a, other AS b FROM relations",
    "relations of 0.5 or more": "SELECT customer AS a, other AS b FROM relations WHERE strength >= 0.5",
    "households": "SELECT x.id AS a, y.id AS b FROM households x JOIN households y ON x.household = y.household AND x.id < y.id",
}
SCORE = """
WITH found AS ({found}), judged AS (SELECT f.a, f.b, x.household = y.household AS one, x.entity <> y.entity AS two
  FROM found f JOIN _truth x ON x.id = f.a JOIN _truth y ON y.id = f.b WHERE {which}),
hit AS (SELECT count(*) AS n FROM _true SEMI JOIN found USING (a, b) WHERE {which})
SELECT count(*), avg(one::INT), (SELECT n FROM hit) / (SELECT count(*) FROM _true WHERE {which}) FROM judged"""
WHY = """
SELECT r.why, count(*) AS pairs, round(avg((x.household = y.household)::INT), 3) AS precision, round(avg(r.strength), 3) AS strength
FROM relations r JOIN _truth x ON x.id = r.customer JOIN _truth y ON y.id = r.other GROUP BY 1 ORDER BY 2 DESC LIMIT 12"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Score relations and households against the truth.")
    parser.add_argument("project", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--key", default="key")
    parser.add_argument("--most", type=int, default=10)
    args = parser.parse_args()
    reader = "read_parquet" if args.truth.suffix == ".parquet" else "read_csv"
    with open_view(args.project) as view, view.generation.engine() as engine:
        engine.make("_file", f"SELECT * FROM {reader}($path)", {"path": str(args.truth)})
        columns = [row["column_name"] for row in engine.records("DESCRIBE _file")]
        source = "AND r.source = t.source" if "source" in columns else ""
        engine.run(TRUTH.format(file="_file", key=name(args.key), source=source))
        engine.run(TRUE.format(file="_file", most=args.most))
        for label, found in FOUND.items():
            for which, condition in (("all pairs", "true"), ("of two persons", "two")):
                pairs, precision, recall = engine.rows(SCORE.format(found=found, which=condition))[0]
                print(
                    f"{label:26}{which:16}{pairs:9,} pairs  precision {precision or 0:.3f}  recall {recall:.3f}"
                )
        print(engine.con.sql(WHY).df().to_string(index=False))


if __name__ == "__main__":
    main()
