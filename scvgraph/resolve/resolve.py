"""Stage resolve: links, constraints and decisions become customers.

A short loop: cluster; blame the identifiers that sit between persons who must not be one; take those out; cluster
again, until nobody is blamed. Marks only grow, so it ends.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.constrained import CANNOT, Clustering, Constraints, Links, cluster
from scvgraph.resolve.decisions import Decisions, read_decisions
from scvgraph.resolve.ids import assign_customers
from scvgraph.resolve.kernel_best import best_followed, members
from scvgraph.weights import MILLION, PERSONAL, weight_of
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

BLAMABLE = 0.9  # kinds trusted less may turn out to be shared; a loyalty card or an e-mail address may not


@dataclass(slots=True)
class _Solution:
    """What the loop works on and what it leaves: the clustering, who takes part, who is shared and why."""

    clustering: Clustering
    active: Bool
    shared: dict[int, str]
    best: Int64


def resolve(work: Work) -> Counts:
    """Make tables identifiers, links, refused_links, memberships, lineage of the generation."""
    engine = work.engine
    decisions = read_decisions(work)
    links = _links(work)
    limited = [kind for kind in work.project.kinds.values() if kind.limit]
    constraints = Constraints(
        kind=_limited(work),
        limits=np.array([kind.limit for kind in limited], np.int32),
        must=decisions.must,
        cannot=decisions.cannot,
    )
    work.tell("resolving")
    if not decisions.spoken:  # what is written does not depend on what follows, and may be written beside it
        work.engine.write_later(_with_decisions(work.pairs, None), work.draft.path("links"))
    solution = _solve(work, links, constraints)
    _mark(work, solution)
    customers = assign_customers(work, solution.clustering.label, solution.active)
    _write_identifiers(work)
    refused = _write_links(work, links, solution, decisions, [(kind.name, kind.limit) for kind in limited])
    _write_memberships(work, solution, decisions)
    shared = int(engine.one("SELECT count(*) FROM marks WHERE status = 'shared'"))
    return {
        "customers": customers,
        "refused_links": refused,
        "shared": shared,
        "overruled": int(solution.clustering.overruled.size),
        "decisions_unmatched": decisions.unmatched,
    }


def _links(work: Work) -> Links:
    pairs = work.pairs
    at = pairs.column("first_seen").cast("int64").fill_null(np.iinfo(np.int64).max)
    counts = np.minimum(pairs.column("count").to_numpy(), np.iinfo(np.int32).max)
    return Links(
        a=pairs.column("a").to_numpy(),
        b=pairs.column("b").to_numpy(),
        weight=pairs.column("weight").to_numpy(),
        count=counts.astype(np.int32),
        first_seen=at.to_numpy(),
    )


def _limited(work: Work) -> npt.NDArray[np.int8]:
    """For every identifier number the position of its kind among the limited kinds, -1 for other kinds."""
    limited = itertools.count()
    codes = [next(limited) if kind.limit else -1 for kind in work.project.kinds.values()]
    return np.array([*codes, -1], np.int8)[work.kind_code]


def _taking_part(work: Work) -> Bool:
    """Identifiers that may merge people: seen, of a linking kind, no placeholder and no hub."""
    links = np.array([*(kind.links for kind in work.project.kinds.values()), False])
    active: Bool = (work.seen[:, 0] > 0) & links[work.kind_code]
    for table in ("placeholders", "hubs"):
        active[work.engine.arrow(f"SELECT identifier FROM {table}").column("identifier").to_numpy()] = False
    return active


def _solve(work: Work, links: Links, constraints: Constraints) -> _Solution:
    active = _taking_part(work)
    shared: dict[int, str] = {}
    strength = work.pairs.column("strength").to_numpy()

    def rank(nodes: Int32) -> Int64:
        return _rank(work, nodes)

    while True:
        clustering = cluster(active.size, links, constraints, rank, active)
        best = best_followed(links.a, links.b, strength, clustering.label, active)
        blamed = _blamed(work, links, clustering, strength, best)
        if not blamed:
            return _Solution(clustering, active, shared, best)
        shared |= blamed
        active[list(blamed)] = False


def _rank(work: Work, nodes: Int32) -> Int64:
    """Order numbers of identifiers by kind and value."""
    import pyarrow as pa

    work.engine.put("_ranked", pa.table({"no": nodes}))
    ranks = work.engine.arrow(
        "SELECT r.no, row_number() OVER (ORDER BY s.kind, s.raw) AS rank FROM _ranked r JOIN spellings s USING (no) ORDER BY r.no"
    )
    work.engine.drop("_ranked")
    result: Int64 = ranks.column("rank").to_numpy()
    return result


def _blamed(work: Work, links: Links, clustering: Clustering, strength: Int64, best: Int64) -> dict[int, str]:
    """Identifiers that a refused link shows to be used by two persons about as surely as by one, and why.

    An end is blamed if its kind may be shared at all, the other end stands for a person, and the refused link
    has at least `shared_ratio` of the strength of the end's best link.
    """
    kinds = list(work.project.kinds.values())
    trust = np.array([kind.trust for kind in kinds])
    rows = clustering.refused[clustering.reason != CANNOT]
    blamed: dict[int, str] = {}
    for end, other in ((links.a[rows], links.b[rows]), (links.b[rows], links.a[rows])):
        own, rival = work.kind_code[end], work.kind_code[other]
        near = strength[rows] >= work.project.resolve.shared_ratio * best[end]
        hit = (trust[own] < BLAMABLE) & (trust[rival] >= PERSONAL) & near & (best[end] >= 0)
        for number, kind in zip(end[hit].tolist(), rival[hit].tolist(), strict=True):
            blamed[number] = max(blamed.get(number, ""), kinds[kind].name)
    return {
        number: f"used by several persons: rival {kind} values, about equally sure"
        for number, kind in blamed.items()
    }


def _mark(work: Work, solution: _Solution) -> None:
    """Table `marks`: identifier, status and why, of all that are not ok."""
    import pyarrow as pa

    schema = pa.schema([("identifier", pa.int32()), ("why", pa.string())])
    blamed = {"identifier": list(solution.shared), "why": list(solution.shared.values())}
    work.engine.put("blamed", pa.table(blamed, schema=schema))
    work.engine.make(
        "marks",
        "SELECT identifier, 'placeholder' AS status, why FROM placeholders"
        " UNION ALL SELECT identifier, 'shared', min(why) FROM (SELECT * FROM hubs UNION ALL SELECT * FROM blamed)"
        " WHERE identifier NOT IN (SELECT identifier FROM placeholders) GROUP BY identifier",
    )


def _write_identifiers(work: Work) -> None:
    import pyarrow as pa

    marks = work.engine.arrow("SELECT identifier, status, why FROM marks ORDER BY identifier")
    counted = work.counted
    number = counted.column("no").to_numpy()
    marked = marks.column("identifier").to_numpy()
    place = np.searchsorted(number, marked)
    seen = place < number.size
    seen[seen] = number[place[seen]] == marked[seen]
    status, why = np.zeros(number.size, np.int8), np.full(number.size, -1, np.int32)
    status[place[seen]] = np.where(
        np.asarray(marks.column("status").to_pylist(), object)[seen] == "shared", 2, 1
    )
    why[place[seen]] = np.flatnonzero(seen)
    columns = {
        "no": counted.column("no"),
        "status": pa.DictionaryArray.from_arrays(status, ["ok", "placeholder", "shared"]),
        "why": pa.DictionaryArray.from_arrays(
            pa.array(why, mask=why < 0), marks.column("why").combine_chunks()
        ),
        **{name: counted.column(name) for name in ("count", "first_seen", "last_seen")},
    }
    work.engine.write_later(pa.table(columns), work.draft.path("identifiers"))


def _write_links(
    work: Work, links: Links, solution: _Solution, decisions: Decisions, limits: list[tuple[str, int]]
) -> int:
    """Tables links and refused_links, human decisions included; returns how many were refused."""
    import pyarrow as pa

    engine, clustering = work.engine, solution.clustering
    refused = {
        "a": links.a[clustering.refused],
        "b": links.b[clustering.refused],
        "code": clustering.reason,
        "weight": links.weight[clustering.refused],
    }
    engine.put("refused", pa.table(refused))
    engine.con.register("_pairs", work.pairs)
    engine.put("spoken", _spoken(decisions, clustering))
    said = engine.arrow(
        "SELECT a, b, decision AS rule, 1::BIGINT AS count, TRY_CAST(ts AS TIMESTAMP) AS first_seen, TRY_CAST(ts AS TIMESTAMP) AS last_seen,"
        " 1.0::DOUBLE AS weight FROM spoken WHERE decision = 'must_link' AND NOT refused"
    )
    if decisions.spoken:
        engine.write_later(_with_decisions(work.pairs, said), work.draft.path("links"))
    names = " ".join(
        f"WHEN {n} THEN '{'unique' if limit == 1 else 'limit'}|at most {limit} {kind} in one customer'"
        for n, (kind, limit) in enumerate(limits)
    )
    words = f"CASE code WHEN {CANNOT} THEN 'cannot_link|a person said they are not one' {names} END"
    return engine.write(
        f"SELECT a, b, split_part(said, '|', 1) AS reason, split_part(said, '|', 2) AS \"constraint\", weight FROM"
        f" (SELECT a, b, {words} AS said, round(weight / 1e6, 6) AS weight FROM refused)"
        " UNION ALL SELECT a, b, 'cannot_link', 'a person said they are not one'"
        " || coalesce(': ' || reason, '') || coalesce(' (' || author || ')', ''), 1.0 FROM spoken"
        " WHERE decision = 'cannot_link' OR refused"
        " UNION ALL SELECT p.a, p.b, 'shared', 'one end is shared: ' || coalesce(m.why, n.why), round(p.weight / 1e6, 6) FROM _pairs p"
        " LEFT JOIN blamed m ON p.a = m.identifier LEFT JOIN blamed n ON p.b = n.identifier WHERE coalesce(m.why, n.why) IS NOT NULL",
        work.draft.path("refused_links"),
        ordered=False,
    )


def _with_decisions(pairs: pa.Table, said: pa.Table | None) -> pa.Table:
    """Links found and links spoken in one table, as it is stored."""
    import pyarrow as pa

    weight = pa.chunked_array([pairs.column("weight").to_numpy() / MILLION])
    found = pairs.select(["a", "b", "rule", "count", "first_seen", "last_seen"]).append_column(
        "weight", weight
    )
    if said is None or not said.num_rows:
        return found
    said = said.cast(pa.schema([(field.name, field.type) for field in found.schema]))
    return pa.concat_tables([found, said]).unify_dictionaries()


def _spoken(decisions: Decisions, clustering: Clustering) -> object:
    """Human decisions as a table, those a cannot-link overruled marked as refused."""
    import pyarrow as pa

    overruled = {tuple(pair) for pair in decisions.must[clustering.refused_must].tolist()}
    rows = [
        {
            "a": a,
            "b": b,
            "decision": row["decision"],
            "ts": str(row["at"] or "") or None,
            "author": row["by"],
            "reason": row["reason"],
            "refused": (a, b) in overruled,
        }
        for (a, b), row in decisions.spoken.items()
    ]
    text = pa.string()
    schema = pa.schema(
        [
            ("a", pa.int32()),
            ("b", pa.int32()),
            ("decision", text),
            ("ts", text),
            ("author", text),
            ("reason", text),
            ("refused", pa.bool_()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _write_memberships(work: Work, solution: _Solution, decisions: Decisions) -> None:
    import pyarrow as pa

    identifier, customer, best = members(work.customer_of, solution.best)
    weight = weight_of(best)
    weight[best < 0] = MILLION
    basis = (best >= 0).astype(np.int8)
    held = np.delete(decisions.must, solution.clustering.refused_must, axis=0)
    held = np.unique(held[solution.active[held].all(axis=1)])
    place = np.searchsorted(identifier, held)
    weight[place], basis[place] = MILLION, 2
    none = pa.nulls(identifier.size, pa.timestamp("us"))
    work.engine.write_later(
        pa.table(
            {
                "identifier": identifier,
                "customer": customer,
                "valid_from": none,
                "valid_to": none,
                "confidence": weight / MILLION,
                "basis": pa.DictionaryArray.from_arrays(basis, ["alone", "linked", "decision"]),
            }
        ),
        work.draft.path("memberships"),
    )
