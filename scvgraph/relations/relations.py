"""Stage relations: customers who share things, by what and how strongly; and the households that follow from them.

Two customers are related where both were seen with one shared identifier or at one place (an IP address), where a link
between their identifiers was refused, or where both tell one home address. Things that many share relate nobody, so
that work and result are linear in what was seen: at most MOST - 1 pairs for every customer on a thing.
"""

from __future__ import annotations

from scvgraph.relations.households import households_of
from scvgraph.relations.strength import HOUSEHOLD, MOST, RETURNS
from scvgraph.relations.things import gather, name_kinds
from scvgraph.work import Counts, Work

# Homes get numbers below 0, identifiers have their own. Placeholders and hubs mean nobody, so nobody meets there.
_FEW = """
SELECT thing, count(*)::INTEGER AS customers FROM _seen
WHERE thing NOT IN (SELECT identifier FROM marks ANTI JOIN blamed USING (identifier))
GROUP BY thing HAVING count(*) > 1 UNION ALL
SELECT thing, count(*)::INTEGER FROM _homes GROUP BY thing HAVING count(*) > 1"""
_ON = f"""
SELECT e.customer, thing, e.returns, f.customers FROM
(SELECT customer, thing, returns FROM _seen UNION ALL SELECT customer, thing, {RETURNS}::INTEGER FROM _homes) e
JOIN _few f USING (thing) WHERE f.customers <= {MOST}"""
# One bit for every kind in use: texts of so many pairs, sorted and made distinct, would cost more than all the rest.
_RELATED = """
SELECT x.customer AS a, y.customer AS b, bit_or(1::BIGINT << k.place) AS kinds, sum(w.strength)::BIGINT AS strength,
       count(*)::INTEGER AS things, coalesce(list(x.thing) FILTER (x.thing >= 0), []) AS through
FROM _on x JOIN _on y ON x.thing = y.thing AND x.customer < y.customer JOIN _kind_of k ON k.thing = x.thing
JOIN _worth w ON w.place = k.place AND w.customers = x.customers AND w.returns = least(x.returns, y.returns)
GROUP BY x.customer, y.customer"""
_WRITTEN = """
SELECT a, b, t.why, round(1 - exp(-strength / 1e9), 6) AS strength, things, list_sort(through) AS through
FROM _related JOIN _why t USING (kinds) ORDER BY a, b"""
_TABLES = ("_crossed", "_homes", "_seen", "_few", "_on", "_kind_of", "_worth", "_related", "_why")


def relations(work: Work) -> Counts:
    """Make tables relations and households."""
    engine, draft = work.engine, work.draft
    work.tell("relating customers")
    gather(work)
    engine.make("_few", _FEW)
    engine.make("_on", _ON)
    names = name_kinds(work)
    engine.make("_related", _RELATED)
    _put_reasons(work, names)
    related = engine.write(_WRITTEN, draft.path("relations"))
    pairs = engine.arrow(
        f"SELECT a, b, round(1 - exp(-strength / 1e9), 6) >= {HOUSEHOLD} AS strong FROM _related"
    )
    a, b, strong = (column.to_numpy() for column in pairs.columns)
    grouped, unfit = households_of(a, b, strong, MOST)
    engine.write_later(grouped, draft.path("households"))
    counts = {
        "relations": related,
        "households": int((grouped.column("customer").to_numpy() == grouped.column("head").to_numpy()).sum()),
        "crowded_things": int(engine.one(f"SELECT count(*) FROM _few WHERE customers > {MOST}")),
        "unfit_households": unfit,
    }
    engine.drop(*_TABLES)
    return counts


def _put_reasons(work: Work, names: list[str]) -> None:
    """Table `_why` (kinds, why): every set of kinds in words."""
    import pyarrow as pa

    found = work.engine.arrow("SELECT DISTINCT kinds FROM _related").column("kinds")
    words = [", ".join(name for n, name in enumerate(names) if kinds >> n & 1) for kinds in found.to_pylist()]
    work.engine.put("_why", pa.table({"kinds": found, "why": pa.array(words, pa.string())}))
