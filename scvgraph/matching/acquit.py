"""Identifiers blamed as shared by persons who turned out to be one: they are shared no more.

Blame rests on two of an identifier's witnesses being kept apart. Where what they tell has since made one group of all
of them, and nothing else that it was seen with is another group's, nobody is left whom it could be shared with. What
was seen with nothing but it comes along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.weights import PERSONAL

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Ends = tuple[Int32, Int32]


def acquit(work: Work) -> int:
    """Give blamed identifiers to the group that all they were seen with is of; returns how many.

    Somebody must vouch for that: witnesses are identifiers and profiles that stand for a person. What a human decision
    is about and what would take the group over a limit stays as it is.
    """
    solution = work.solution
    decided = np.zeros(solution.label.size, np.bool_)
    decided[np.concatenate([solution.must.ravel(), solution.cannot.ravel()])] = True
    blamed = np.zeros(solution.label.size, np.bool_)
    blamed[list(solution.shared)] = True
    blamed &= ~decided
    links = _links_of(work, blamed)
    lone = _lone(work, links[1]) & ~decided
    group = _one_group(work, links, lone)
    chosen = np.flatnonzero(group >= 0).astype(np.int32)
    if not chosen.size:
        return 0
    group[chosen[~_within_limits(work, chosen, group[chosen])]] = -1
    group = _with_lone(links, group, lone)
    chosen = np.flatnonzero(group >= 0).astype(np.int32)
    solution.label[chosen] = group[chosen]
    solution.active[chosen] = True
    acquitted = chosen[blamed[chosen]].tolist()
    for number in acquitted:
        del solution.shared[number]
    return len(acquitted)


def _links_of(work: Work, which: Bool) -> Ends:
    """Both ends of the links of some identifiers, those first; a link between two of them is there twice."""
    a, b = work.pairs.column("a").to_numpy(), work.pairs.column("b").to_numpy()
    one, other = np.flatnonzero(which[a]), np.flatnonzero(which[b])
    return np.concatenate([a[one], b[other]]), np.concatenate([b[one], a[other]])


def _witness(work: Work, among: Int32) -> Bool:
    trust = np.array([*(kind.trust for kind in work.project.kinds.values()), 0.0])
    witness: Bool = work.solution.active[among] & (trust[work.kind_code[among]] >= PERSONAL)
    return witness


def _lone(work: Work, among: Int32) -> Bool:
    """Identifiers that stand for no person and were seen with nothing that is in use: groups of their own. Of those
    given; False for all others.
    """
    solution = work.solution
    lone = np.zeros(solution.label.size, np.bool_)
    lone[among[solution.active[among] & (solution.limited[among] < 0) & ~_witness(work, among)]] = True
    own, other = _links_of(work, lone)
    lone[own[solution.active[other]]] = False
    # Matches are no links: what they joined is no group of its own.
    lone &= np.bincount(solution.label, minlength=lone.size)[solution.label] == 1
    return lone


def _one_group(work: Work, links: Ends, lone: Bool) -> Int32:
    """Of every blamed identifier the one group that all it was seen with is of, but for lone ones; -1 for others.

    links: those of blamed identifiers.
    """
    solution, (own, other) = work.solution, links
    least = np.full(lone.size, np.iinfo(np.int32).max, np.int32)
    most, vouched = np.full(lone.size, -1, np.int32), np.zeros(lone.size, np.bool_)
    hit = solution.active[other] & ~lone[other]
    np.minimum.at(least, own[hit], solution.label[other[hit]])
    np.maximum.at(most, own[hit], solution.label[other[hit]])
    vouched[own[hit & _witness(work, other)]] = True
    return np.where(vouched & (least == most), most, np.int32(-1))


def _with_lone(links: Ends, group: Int32, lone: Bool) -> Int32:
    """Lone ones get the group of what they were seen with. What they, or links, would tear between two groups gets none
    and stays shared.

    links: of all that has a group, and more.
    """
    own, other = (side[group[links[0]] >= 0] for side in links)
    least, most = np.full(lone.size, np.iinfo(np.int32).max, np.int32), np.full(lone.size, -1, np.int32)
    torn = np.zeros(lone.size, np.bool_)
    hit = lone[other]
    np.minimum.at(least, other[hit], group[own[hit]])
    np.maximum.at(most, other[hit], group[own[hit]])
    torn[own[(group[other] >= 0) & (group[own] != group[other])]] = True
    torn[own[(least < most)[other]]] = True
    kept = np.where(torn, np.int32(-1), group)
    out = kept.copy()
    hit = lone[other] & (kept[own] >= 0)
    out[other[hit]] = kept[own[hit]]
    return out


def _within_limits(work: Work, chosen: Int32, group: Int32) -> Bool:
    """Which of them their groups may take in, all of a kind or none."""
    solution = work.solution
    fits = np.ones(chosen.size, np.bool_)
    limits = [kind.limit for kind in work.project.kinds.values() if kind.limit]
    for n, limit in enumerate(limits):
        held = solution.label[solution.active & (solution.limited == n)]
        own = solution.limited[chosen] == n
        many = np.bincount(np.concatenate([held, group[own]]), minlength=solution.label.size)
        fits[own] = many[group[own]] <= limit
    return fits
