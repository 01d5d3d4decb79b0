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
    lone = _lone(work) & ~decided
    group = _one_group(work, blamed, lone)
    chosen = np.flatnonzero(group >= 0).astype(np.int32)
    group[chosen[~_within_limits(work, chosen, group[chosen])]] = -1
    group = _with_lone(work, group, lone)
    chosen = np.flatnonzero(group >= 0).astype(np.int32)
    solution.label[chosen] = group[chosen]
    solution.active[chosen] = True
    acquitted = chosen[blamed[chosen]].tolist()
    for number in acquitted:
        del solution.shared[number]
    return len(acquitted)


def _ends(work: Work) -> tuple[tuple[Int32, Int32], tuple[Int32, Int32]]:
    """Both ends of every link, each first once."""
    a, b = work.pairs.column("a").to_numpy(), work.pairs.column("b").to_numpy()
    return (a, b), (b, a)


def _witness(work: Work) -> Bool:
    trust = np.array([*(kind.trust for kind in work.project.kinds.values()), 0.0])[work.kind_code]
    witness: Bool = work.solution.active & (trust >= PERSONAL)
    return witness


def _lone(work: Work) -> Bool:
    """Identifiers that stand for no person and were seen with nothing that is in use: groups of their own."""
    solution = work.solution
    lone: Bool = solution.active & (solution.limited < 0) & ~_witness(work)
    for own, other in _ends(work):
        lone[own[solution.active[other]]] = False
    # Matches are no links: what they joined is no group of its own.
    lone &= np.bincount(solution.label, minlength=lone.size)[solution.label] == 1
    return lone


def _one_group(work: Work, blamed: Bool, lone: Bool) -> Int32:
    """Of every blamed identifier the one group that all it was seen with is of, but for lone ones; -1 for others."""
    solution, witness = work.solution, _witness(work)
    least = np.full(blamed.size, np.iinfo(np.int32).max, np.int32)
    most, vouched = np.full(blamed.size, -1, np.int32), np.zeros(blamed.size, np.bool_)
    for own, other in _ends(work):
        hit = blamed[own] & solution.active[other] & ~lone[other]
        np.minimum.at(least, own[hit], solution.label[other[hit]])
        np.maximum.at(most, own[hit], solution.label[other[hit]])
        vouched[own[hit & witness[other]]] = True
    return np.where(vouched & (least == most), most, np.int32(-1))


def _with_lone(work: Work, group: Int32, lone: Bool) -> Int32:
    """Lone ones get the group of what they were seen with. What they, or links, would tear between two groups gets none
    and stays shared.
    """
    least, most = np.full(lone.size, np.iinfo(np.int32).max, np.int32), np.full(lone.size, -1, np.int32)
    torn = np.zeros(lone.size, np.bool_)
    for own, other in _ends(work):
        hit = lone[own] & (group[other] >= 0)
        np.minimum.at(least, own[hit], group[other[hit]])
        np.maximum.at(most, own[hit], group[other[hit]])
        torn[own[(group[own] >= 0) & (group[other] >= 0) & (group[own] != group[other])]] = True
    for own, other in _ends(work):
        torn[own[(group[own] >= 0) & (least < most)[other]]] = True
    kept = np.where(torn, np.int32(-1), group)
    out = kept.copy()
    for own, other in _ends(work):
        hit = lone[own] & (kept[other] >= 0)
        out[own[hit]] = kept[other[hit]]
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
