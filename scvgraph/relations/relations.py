"""Stage relations: customers who share things, by what and how strongly; and the households that follow from them.

Two customers are related where both were seen with one shared identifier or at one place (an IP address), where a link
between their identifiers was refused, or where both tell one home address. Things that many share relate nobody, so
that work and result are linear in what was seen: at most MOST - 1 pairs for every customer on a thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.relations.addresses import make_homes
from scvgraph.relations.households import households_of
from scvgraph.relations.strength import BASE, HOUSEHOLD, MOST, RETURNS, base_of, worth
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]

# Of each thing the customers on it, and how often each was seen with it (RETURNS stands for any more). Identifiers are
# things by their number, homes by numbers below 0.
_SEEN = """
SELECT thing, customer, least(sum(rows), {returns})::INTEGER AS returns FROM (
  SELECT thing, customer, count(*) AS rows FROM _met GROUP BY ALL UNION ALL SELECT thing, customer, rows FROM _crossed)
GROUP BY ALL"""
_ON = """
SELECT h.customer, -(dense_rank() OVER (ORDER BY h.home))::INTEGER AS thing, h.kind, {returns}::INTEGER AS returns, c.customers
FROM _homes h JOIN (SELECT home, count(*) AS customers FROM _homes GROUP BY home HAVING count(*) BETWEEN 2 AND {most}) c USING (home)
UNION ALL
SELECT s.customer, s.thing, k.kind, s.returns, c.customers
FROM _seen s JOIN (SELECT thing, count(*) AS customers FROM _seen GROUP BY thing HAVING count(*) BETWEEN 2 AND {most}) c USING (thing)
JOIN _kind_of k USING (thing)"""
_RELATED = """
SELECT a, b, why, round(1 - exp(-strength / 1e9), 6) AS strength, things, through FROM (
  SELECT x.customer AS a, y.customer AS b, string_agg(DISTINCT x.kind, ', ' ORDER BY x.kind) AS why,
         sum(w.strength)::BIGINT AS strength, count(*)::INTEGER AS things,
         coalesce(list(x.thing ORDER BY x.thing) FILTER (x.thing >= 0), []) AS through
  FROM _on x JOIN _on y ON x.thing = y.thing AND x.customer < y.customer
  JOIN _worth w ON w.kind = x.kind AND w.customers = x.customers AND w.returns = least(x.returns, y.returns)
  GROUP BY x.customer, y.customer)"""
_CROWDED = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM _seen GROUP BY thing HAVING count(*) > {most}))
     + (SELECT count(*) FROM (SELECT 1 FROM _homes GROUP BY home HAVING count(*) > {most}))"""


def relations(work: Work) -> Counts:
    """Make tables relations and households."""
    engine, draft = work.engine, work.draft
    work.tell("relating customers")
    _gather(work)
    numbers = {"returns": RETURNS, "most": MOST}
    engine.make("_seen", _SEEN.format(**numbers))
    engine.con.unregister("_met")
    work.met.clear()
    _name_kinds(work)
    engine.make("_on", _ON.format(**numbers))
    engine.make("_related", _RELATED)
    related = engine.write("SELECT * FROM _related ORDER BY a, b", draft.path("relations"))
    strong = engine.arrow(f"SELECT a, b FROM _related WHERE strength >= {HOUSEHOLD}")
    grouped, crowds = households_of(strong.column("a").to_numpy(), strong.column("b").to_numpy(), MOST)
    engine.write_later(grouped, draft.path("households"))
    counts = {
        "relations": related,
        "households": int((grouped.column("customer").to_numpy() == grouped.column("head").to_numpy()).sum()),
        "crowded_things": int(engine.one(_CROWDED.format(**numbers))),
        "crowded_households": crowds,
    }
    engine.drop("_crossed", "_homes", "_seen", "_kind_of", "_on", "_worth", "_related")
    return counts


def _gather(work: Work) -> None:
    """Tables `_met` and `_crossed` (customer, thing), a row each time, and `_homes`; empty if nobody wants relations."""
    import pyarrow as pa

    wanted = work.project.resolve.relations
    none = pa.array([], pa.int32())
    met = pa.table(
        {
            "customer": pa.chunked_array([none, *(pa.array(customer) for customer, _ in work.met)]),
            "thing": pa.chunked_array([none, *(pa.array(thing) for _, thing in work.met)]),
        }
    )
    work.engine.show("_met", met)
    crossed = _crossed(work)
    work.engine.put("_crossed", crossed if wanted else crossed.slice(0, 0))
    make_homes(work)
    if not wanted:
        work.engine.make("_homes", "SELECT * FROM _homes WHERE false")


def _crossed(work: Work) -> pa.Table:
    """Both customers of each refused link and its less trusted end, with how many rows show the link.

    A profile is no thing: where it is one end, the other is what two customers share.
    """
    import pyarrow as pa

    rows = work.solution.refused
    a, b = (work.pairs.column(end).to_numpy()[rows] for end in ("a", "b"))
    one, other = work.customer_of[a], work.customer_of[b]
    kinds = work.project.kinds.values()
    trust = np.array([*(2.0 if kind.name == PROFILE else kind.trust for kind in kinds), 0.0])
    thing = np.where(trust[work.kind_code[a]] < trust[work.kind_code[b]], a, b)
    apart = (one >= 0) & (other >= 0) & (one != other)
    apart &= ~work.of_kind(PROFILE)[thing]
    count = work.pairs.column("count").to_numpy()[rows][apart]
    return pa.table(
        {
            "customer": np.concatenate([one[apart], other[apart]]),
            "thing": np.concatenate([thing[apart], thing[apart]]),
            "rows": np.concatenate([count, count]),
        }
    )


def _name_kinds(work: Work) -> None:
    """Tables `_kind_of` (thing, kind) and `_worth` (kind, customers, returns, strength)."""
    import pyarrow as pa

    engine, kinds = work.engine, work.project.kinds
    names = pa.array([*kinds, ""], pa.string())
    things = engine.arrow("SELECT DISTINCT thing FROM _seen").column("thing").to_numpy()
    codes = work.kind_code[things].astype(np.int32)
    engine.put("_kind_of", pa.table({"thing": things, "kind": names.take(pa.array(codes % len(names)))}))
    bases = {name: base_of(kind) for name, kind in kinds.items()} | {
        name: (base, False) for name, base in BASE.items()
    }
    listed = [
        (name, customers, returns, worth(base, customers, returns if returning else RETURNS))
        for name, (base, returning) in bases.items()
        for customers in range(2, MOST + 1)
        for returns in range(1, RETURNS + 1)
    ]
    schema = pa.schema([("kind", pa.string()), ("customers", pa.int32()), ("returns", pa.int32()), ("strength", pa.int64())])  # fmt: skip
    columns = [pa.array([row[n] for row in listed], field.type) for n, field in enumerate(schema)]
    engine.put("_worth", pa.Table.from_arrays(columns, schema=schema))
