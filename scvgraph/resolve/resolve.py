"""Stage resolve: links, constraints and decisions become groups of identifiers.

A short loop: cluster; blame the identifiers that sit between persons who must not be one; take those out; cluster
what broke a constraint again, until nobody is blamed. Marks only grow, so it ends.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.resolve.again import Broken
from scvgraph.resolve.blame import BLAMABLE, contested, rivals
from scvgraph.resolve.constrained import CONFLICT, Clustering, Constraints, Links, cluster
from scvgraph.resolve.decisions import read_decisions
from scvgraph.resolve.kernel_best import best_followed
from scvgraph.resolve.links import only_seen, write_seen
from scvgraph.work import Counts, Solution, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Best = tuple[Int64, Callable[[Int32], Int64]]


def resolve(work: Work) -> Counts:
    """Set `work.solution`."""
    decisions = read_decisions(work)
    links = _links(work)
    limited = [kind for kind in work.project.kinds.values() if kind.limit]
    constraints = Constraints(
        kind=_limited(work),
        limits=np.array([kind.limit for kind in limited], np.int32),
        must=decisions.must,
        cannot=decisions.cannot,
        told=work.told,
    )
    work.tell("resolving")
    if only_seen(work, decisions=bool(decisions.spoken)):
        write_seen(work)
    clustering, active, shared = _solve(work, links, constraints)
    work.solution = Solution(
        label=clustering.label,
        active=active,
        shared=shared,
        refused=clustering.refused,
        reason=clustering.reason,
        values=clustering.values,
        overruled=clustering.overruled,
        limited=constraints.kind,
        must=np.delete(decisions.must, clustering.refused_must, axis=0),
        refused_must=decisions.must[clustering.refused_must],
        cannot=decisions.cannot,
        spoken=decisions.spoken,
    )
    return {
        "refused": int(clustering.refused.size),
        "blamed": len(shared),
        "overruled": int(clustering.overruled.size),
        "decisions_unmatched": decisions.unmatched,
    }


def _links(work: Work) -> Links:
    pairs = work.pairs
    at = pairs.column("first_seen").cast("int64").fill_null(np.iinfo(np.int64).max)
    counts = np.minimum(pairs.column("count").to_numpy(), np.iinfo(np.int32).max)
    a, b = pairs.column("a").to_numpy(), pairs.column("b").to_numpy()
    return Links(
        a=a,
        b=b,
        weight=pairs.column("weight").to_numpy(),
        count=counts.astype(np.int32),
        first_seen=at.to_numpy(),
        trusted=_trusted(work, a, b),
    )


def _trusted(work: Work, a: Int32, b: Int32) -> Bool | None:
    """Links between a profile and a sure identifier it shows: whatever the two tell, one person entered both."""
    kinds = list(work.project.kinds.values())
    profile = np.array([*(kind.name == PROFILE for kind in kinds), False])
    if not profile.any():
        return None
    sure = np.array([*(kind.trust >= BLAMABLE for kind in kinds), False])
    one, other = work.kind_code[a], work.kind_code[b]
    trusted: Bool = (profile[one] & sure[other]) | (profile[other] & sure[one])
    return trusted


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


def _solve(work: Work, links: Links, constraints: Constraints) -> tuple[Clustering, Bool, dict[int, str]]:
    """Groups nobody stands between any more, who takes part, and who is shared and why."""
    active = _taking_part(work)
    shared: dict[int, str] = {}

    def rank(nodes: Int32) -> Int64:
        return _rank(work, nodes)

    clustering = cluster(active.size, links, constraints, rank, active)
    broken = Broken.of(clustering, links, constraints)
    while broken is not None and work.project.resolve.blame:
        best = _best(work, broken, clustering, active)
        blamed = _blamed(work, links, clustering, best)
        if not blamed:
            break
        shared |= blamed
        active[list(blamed)] = False
        clustering = broken.cluster(rank, active)
    return clustering, active, shared


def _best(work: Work, broken: Broken, clustering: Clustering, active: Bool) -> Best:
    """Strengths of links by row; and of nodes in broken components, of the surest link that holds each in its group."""
    part = broken.part
    strength = work.pairs.column("strength").to_numpy()
    label, takes_part = clustering.label[part.node], active[part.node]
    best = best_followed(broken.links.a, broken.links.b, strength[part.link], label, takes_part)

    def of(nodes: Int32) -> Int64:
        surest: Int64 = best[part.inside[nodes]]
        return surest

    return strength, of


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


def _blamed(work: Work, links: Links, clustering: Clustering, best: Best) -> dict[int, str]:
    """Identifiers that refused links show to be used by several persons, and why.

    Of a kind that may be shared at all, one is blamed in either of two cases. A limit refused a link that has at least
    `shared_ratio` of the strength of the end's best link, and the other end stands for a person. Or a trait refused
    one, and two of the identifier's own witnesses (sure identifiers and profiles it was seen with) are kept apart.
    """
    rows = clustering.refused[clustering.reason >= 0]
    strength, best_of = best
    blamed = rivals(work, (links.a[rows], links.b[rows]), strength[rows], best_of)
    rows = clustering.refused[clustering.reason <= CONFLICT]
    accused = np.unique(np.concatenate([links.a[rows], links.b[rows]]))
    return blamed | contested(work, links, clustering, accused)
