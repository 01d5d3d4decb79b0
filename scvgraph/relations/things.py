"""What customers share: who was seen with which thing, and what kind of thing each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.errors import ScvgraphError
from scvgraph.relations.addresses import make_homes
from scvgraph.relations.strength import BASE, MOST, RETURNS, base_of, worth

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.work import Work

MOST_KINDS = 63  # a bit each of an integer that has 63 beside its sign
# One row shows a link to each of a customer's identifiers in it: of several links the one that most rows show counts.
_SEEN = f"""
SELECT thing, customer, least(sum(rows), {RETURNS})::INTEGER AS returns FROM (
  SELECT thing, customer, 1::INTEGER AS rows FROM _met UNION ALL
  SELECT thing, customer, max(rows) FROM _crossed GROUP BY thing, customer)
GROUP BY thing, customer"""


def gather(work: Work) -> None:
    """Tables `_seen` (thing, customer, returns: rows, RETURNS for any more) and `_homes` (thing, customer, kind).

    Both are empty where nobody wants relations.
    """
    import pyarrow as pa

    wanted = work.project.resolve.relations
    none = pa.array([], pa.int32())
    met = {
        column: pa.chunked_array([none, *(pa.array(part[n]) for part in work.met)])
        for n, column in enumerate(("customer", "thing"))
    }
    work.engine.show("_met", pa.table(met))
    crossed = _crossed(work)
    work.engine.put("_crossed", crossed if wanted else crossed.slice(0, 0))
    work.engine.make("_seen", _SEEN)
    work.engine.con.unregister("_met")
    work.met.clear()
    make_homes(work, wanted=wanted)


def _crossed(work: Work) -> pa.Table:
    """Both customers of each refused link and its less trusted end, or both ends of equal trust, with how many rows
    show the link. A profile is no thing: where it is one end, the other is what two customers share.
    """
    import pyarrow as pa

    rows = work.solution.refused
    a, b = (work.pairs.column(end).to_numpy()[rows] for end in ("a", "b"))
    one, other = work.customer_of[a], work.customer_of[b]
    kinds = work.project.kinds.values()
    trust = np.array([*(2.0 if kind.name == PROFILE else kind.trust for kind in kinds), 0.0])
    apart = (one >= 0) & (other >= 0) & (one != other)
    count = np.minimum(work.pairs.column("count").to_numpy()[rows], RETURNS).astype(np.int32)
    parts = []
    for thing, against in ((a, b), (b, a)):
        kept = apart & (trust[work.kind_code[thing]] <= trust[work.kind_code[against]])
        kept &= ~work.of_kind(PROFILE)[thing]
        parts += [(owner[kept], thing[kept], count[kept]) for owner in (one, other)]
    columns = [np.concatenate([part[n] for part in parts]) for n in range(3)]
    return pa.table(dict(zip(("customer", "thing", "rows"), columns, strict=True)))


def name_kinds(work: Work) -> list[str]:
    """Tables `_kind_of` (thing, place) for the things in `_on`, and `_worth` (place, customers, returns, strength).

    Returns the kinds in use, in alphabetical order; `place` is a position among them.
    """
    import pyarrow as pa

    engine = work.engine
    things = engine.arrow("SELECT DISTINCT thing FROM _on WHERE thing >= 0").column("thing").to_numpy()
    homes = engine.rows("SELECT DISTINCT kind FROM _homes JOIN _on USING (thing)")
    all_kinds = list(work.project.kinds)
    codes = work.kind_code[things]
    used = [all_kinds[code] for code in np.unique(codes).tolist()]
    names = sorted({*used, *(kind for (kind,) in homes)})
    if len(names) > MOST_KINDS:
        raise ScvgraphError(
            f"customers share things of {len(names)} kinds, and at most {MOST_KINDS} can be told apart; give identifiers"
            " that mean the same one kind, or set `relations = false` in [resolve]"
        )
    place = np.array([names.index(kind) if kind in used else -1 for kind in all_kinds], np.int32)
    engine.put("_kind_of", pa.table({"thing": things, "place": place[codes]}))
    engine.put("_places", pa.table({"kind": pa.array(names, pa.string()), "place": np.arange(len(names), dtype=np.int32)}))  # fmt: skip
    engine.run(
        "INSERT INTO _kind_of SELECT DISTINCT h.thing, p.place FROM _homes h JOIN _places p USING (kind)"
    )
    engine.drop("_places")
    engine.put("_worth", _worth(work, names))
    return names


def _worth(work: Work, names: list[str]) -> pa.Table:
    import pyarrow as pa

    rows = []
    for place, name in enumerate(names):
        kind = work.project.kinds.get(name)
        base, returning = base_of(kind) if kind else (BASE[name], False)
        rows += [
            (place, customers, returns, worth(base, customers, returns if returning else RETURNS))
            for customers in range(2, MOST + 1)
            for returns in range(1, RETURNS + 1)
        ]
    columns = [np.array([row[n] for row in rows], np.int64 if n == 3 else np.int32) for n in range(4)]
    return pa.table(dict(zip(("place", "customers", "returns", "strength"), columns, strict=True)))
