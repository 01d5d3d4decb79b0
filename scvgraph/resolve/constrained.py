"""Constrained clustering: links over identifiers become groups, and the links not followed say why.

Two invariants. What a caller calls a node has no influence: groups depend on the links, their evidence,
the constraints and the order of the identifiers themselves, so neither the order of rows nor a renumbering
changes them. And a component that breaks no constraint as a whole breaks none in any part, so no order of
following its links can refuse one: it is a group as it stands, and only the others are walked with care.

The greedy walk from the surest link down is that of J. Kruskal, "On the shortest spanning subtree of a graph"
(1956), with a test before each union; cannot-links inherited by groups are those of I. Davidson and
S. Ravi, "Agglomerative hierarchical clustering with constraints" (PKDD 2005).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve import kernel_order, kernel_part, kernel_walk, union
from scvgraph.resolve.kernel_compiled import frozen
from scvgraph.resolve.kernel_walk import CANNOT, CONFLICT, FOLLOWED
from scvgraph.work import NOTHING_TOLD, Told

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.resolve.kernel_compiled import BoolArray, Int8, Int16, Int32, Int64, Scalar
    from scvgraph.resolve.kernel_part import Part

__all__ = ["CANNOT", "CONFLICT", "Clustering", "Constraints", "Links", "cluster"]


@dataclass(frozen=True, slots=True)
class Links:
    """Columns of one length m: a row per unordered pair of nodes that evidence says are one customer's."""

    a: Int32
    b: Int32
    weight: Int32  # probability in millionths; 1_000_000 is sure
    count: Int32  # sightings
    first_seen: Int64  # any unit
    trusted: BoolArray | None = None  # followed even if what the groups tell of a person conflicts


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a group must not hold. A must-link overrides a limit; a cannot-link overrides a must-link."""

    kind: Int8  # [size] index into limits, or -1 for a node whose kind is not limited
    limits: Int32  # [k] most nodes of that kind in a group; 1 is unique
    must: Int32  # [p, 2] human must-links, in the order they are to be followed
    cannot: Int32  # [q, 2] human cannot-links, inherited by whatever group their ends are in
    told: Told = NOTHING_TOLD  # traits of persons over which groups may conflict


@dataclass(frozen=True, slots=True)
class Clustering:
    label: Int32  # [size] least member of the node's group
    refused: Int64  # [r] rows of links not followed because a constraint refused them, ascending
    reason: Int16  # [r] the limited kind that refused, CANNOT, or CONFLICT less the number of the trait
    values: Int32  # [r, 2] for a CONFLICT the codes of a value of either group, the lesser first; else -1
    refused_must: Int64  # [s] rows of must refused by a cannot-link, directly or inherited, ascending
    overruled: Int32  # labels of groups that break a limit because a must-link said so, ascending
    stand_apart: Callable[
        [Int32], BoolArray
    ]  # of pairs of nodes [p, 2], whether a constraint parts their groups
    part: Part | None = None  # the components that break a constraint as a whole, None if there are none


def cluster(
    size: int,
    links: Links,
    constraints: Constraints,
    rank: Callable[[Int32], Int64],
    active: BoolArray | None = None,
) -> Clustering:
    """Groups of nodes under constraints, and every link that a constraint refused.

    Must-links are followed first, in their order, then links by weight descending, count descending, first seen
    ascending and the ranks of their ends (lower, then higher) ascending. A link is followed unless

    - a cannot pair lies between the groups it would join (CANNOT, which is looked for first), or
    - both groups hold a limited kind and together hold more of it than its limit (the least such kind), or
    - both tell a trait of a person and no two values of it are compatible (CONFLICT; the first such trait), unless
      the link is trusted.

    A must-link is stopped by a cannot pair only; a group it takes over a limit is `overruled`, and still
    takes in groups without that kind. A link inside a group is followed. Links and pairs that touch a node not
    `active` are passed over, as are pairs of a node with itself.

    `rank` is called at most once, only if order depends on it, with ascending node numbers; it returns for
    each a number that orders them by kind and value, no two alike.

    Raises ValueError for columns that do not fit together, nodes out of range, limits below 1 and equal ranks.

    Complexity, with n nodes and m links: O(n k + m log n) at worst, in practice linear, for components that
    break nothing; for the c nodes and d links of the others, O(d log d) to sort, O(d (k + log c)) to walk,
    and for each link between two groups with cannot pairs the shorter list of them.

    >>> ids = Links(*(np.array(c) for c in ([0, 1, 2], [1, 2, 3], [9, 5, 8], [1, 1, 1], [0, 0, 0])))
    >>> none = np.empty((0, 2), np.int32)
    >>> cards = Constraints(np.array([0, -1, -1, 0]), np.array([1]), none, none)
    >>> found = cluster(4, ids, cards, lambda nodes: nodes)
    >>> found.label.tolist(), found.refused.tolist()
    ([0, 0, 2, 2], [1])
    """
    links, constraints = _frozen(links, constraints)
    part_taken = None if active is None else frozen(active, np.bool_)
    _check(size, links, constraints, part_taken)
    label = _plain(size, links, constraints, part_taken)
    return _resolve(label, _suspect(label, constraints, part_taken), links, constraints, rank)


def _frozen(links: Links, constraints: Constraints) -> tuple[Links, Constraints]:
    return Links(
        frozen(links.a, np.int32),
        frozen(links.b, np.int32),
        frozen(links.weight, np.int32),
        frozen(links.count, np.int32),
        frozen(links.first_seen, np.int64),
        None if links.trusted is None else frozen(links.trusted, np.bool_),
    ), Constraints(
        frozen(constraints.kind, np.int8),
        frozen(constraints.limits, np.int32),
        frozen(constraints.must, np.int32).reshape(-1, 2),
        frozen(constraints.cannot, np.int32).reshape(-1, 2),
        constraints.told,
    )


def _check(size: int, links: Links, constraints: Constraints, active: BoolArray | None) -> None:
    """Raise ValueError for what a kernel would not survive."""
    union.check_ends(size, links.a, links.b)
    union.check_ends(size, constraints.must[:, 0], constraints.must[:, 1])
    union.check_ends(size, constraints.cannot[:, 0], constraints.cannot[:, 1])
    union.check_ends(size, constraints.told.node, constraints.told.node)
    columns = (links.weight, links.count, links.first_seen, links.trusted)
    if any(column is not None and column.shape != links.a.shape for column in columns):
        raise ValueError("the columns of links differ in length")
    if constraints.kind.shape != (size,) or (active is not None and active.shape != (size,)):
        raise ValueError(f"kind and active need one value for each of {size} nodes")
    if constraints.kind.max(initial=-1) >= constraints.limits.size or constraints.kind.min(initial=-1) < -1:
        raise ValueError(f"a kind is -1 or an index into the {constraints.limits.size} limits")
    if constraints.limits.min(initial=1) < 1:
        raise ValueError("a limit is at least 1: to keep a kind out of every group, leave its nodes inactive")


def _plain(size: int, links: Links, constraints: Constraints, active: BoolArray | None) -> Int32:
    """Connected components of must-links and links alike."""
    label = np.arange(size, dtype=np.int32)
    for a, b in (links.a, links.b), (frozen(c, np.int32) for c in constraints.must.T):
        if active is None:
            union.unite(label, a, b)
        else:
            union.unite_active(label, a, b, active)
    union.flatten(label)
    return label


def _suspect(label: Int32, constraints: Constraints, active: BoolArray | None) -> BoolArray:
    """Which labels name a component that breaks a constraint as a whole."""
    suspect = kernel_part.over_limit(label, constraints.kind, constraints.limits)
    one, other = constraints.cannot.T
    inside = label[one] == label[other]
    suspect[label[one[inside & (one != other)]]] = True
    told = constraints.told
    kernel_part.mark_various(label, told.node, told.trait, told.code, suspect)
    if active is not None:  # one that takes no part may tell two values, and must not be walked for it
        suspect &= active
    return suspect


def _resolve(
    label: Int32, suspect: BoolArray, links: Links, constraints: Constraints, rank: Callable[[Int32], Int64]
) -> Clustering:
    """Walk the suspect components with care; every other one is its own answer."""
    none = _none(np.int64)
    if not suspect.any():
        nothing = _none(np.int32).reshape(0, 2)
        return Clustering(label, none, _none(np.int16), nothing, none, _none(np.int32), _never)
    part = kernel_part.lift(label, suspect, links.a, links.b)
    cannot = kernel_part.pack_pairs(part.inside, constraints.cannot)[1]
    told = told_inside(part, constraints.told)
    groups = kernel_walk.alone(constraints.kind[part.node], constraints.limits, cannot, told)
    must_rows, must_ends = kernel_part.pack_pairs(part.inside, constraints.must)
    must_verdict = kernel_walk.follow_must(groups, must_ends)
    trusted = np.zeros(part.link.size, np.bool_) if links.trusted is None else links.trusted[part.link]
    verdict, values = kernel_walk.follow(groups, part.ends, _order(part, links, rank), trusted)
    label = label.copy()
    kernel_walk.relabel(groups, part.node, label)
    refused = np.flatnonzero(verdict != FOLLOWED)
    overruled = _none(np.int32)
    if must_rows.size:
        over = kernel_part.over_limit(label, constraints.kind, constraints.limits)
        overruled = np.flatnonzero(over).astype(np.int32)

    def stand_apart(pairs: Int32) -> BoolArray:
        rows, ends = kernel_part.pack_pairs(part.inside, pairs)
        apart = _never(pairs)
        apart[rows] = kernel_walk.stand_apart(groups, ends)
        return apart

    return Clustering(
        label=label,
        refused=part.link[refused],
        reason=verdict[refused],
        values=values[refused],
        refused_must=must_rows[must_verdict != FOLLOWED],
        overruled=overruled,
        stand_apart=stand_apart,
        part=part,
    )


def _never(pairs: Int32) -> BoolArray:
    return np.zeros(len(pairs), np.bool_)


def told_inside(part: Part, told: Told) -> Told:
    """What the part's nodes tell, by their numbers in it."""
    node = part.inside[told.node]
    inside = node >= 0
    return replace(told, node=node[inside], trait=told.trait[inside], code=told.code[inside])


def _none(dtype: type[Scalar]) -> npt.NDArray[Scalar]:
    return np.empty(0, dtype)


def _order(part: Part, links: Links, rank: Callable[[Int32], Int64]) -> Int64:
    """Positions of the part's links, surest first; ranks are asked by the callers' own numbers."""

    def rank_inside(numbers: Int64) -> Int64:
        nodes = part.node[numbers]
        ascending = np.argsort(nodes)
        ranks = np.empty(nodes.size, np.int64)
        ranks[ascending] = rank(nodes[ascending])
        if np.unique(ranks).size < ranks.size:
            raise ValueError(
                "rank gave two nodes one place: their numbers would decide which link goes first"
            )
        return ranks

    evidence = links.weight, links.count, links.first_seen
    return kernel_order.surest_first(part.ends, part.group, part.link, evidence, rank_inside)
