"""Identifiers blamed as shared by persons who turned out to be one: they are shared no more.

Blame rests on two of an identifier's witnesses being kept apart. Where what they tell has since made one group of all
of them, nobody is left whom it could be shared with.
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
    """Give blamed identifiers whose witnesses are all of one group to that group; returns how many.

    Witnesses are the identifiers and profiles it was seen with that stand for a person. What a human decision is about
    and what would take the group over a limit stays as it is.
    """
    solution = work.solution
    blamed = np.zeros(solution.label.size, np.bool_)
    blamed[list(solution.shared)] = True
    blamed[np.concatenate([solution.must.ravel(), solution.cannot.ravel()])] = False
    chosen, group = _one_group(work, blamed)
    fits = _within_limits(work, chosen, group)
    chosen, group = chosen[fits], group[fits]
    solution.label[chosen] = group
    solution.active[chosen] = True
    for number in chosen.tolist():
        del solution.shared[number]
    return int(chosen.size)


def _one_group(work: Work, blamed: Bool) -> tuple[Int32, Int32]:
    """Blamed identifiers with witnesses of one group, ascending, and that group's label."""
    solution = work.solution
    a, b = work.pairs.column("a").to_numpy(), work.pairs.column("b").to_numpy()
    trust = np.array([*(kind.trust for kind in work.project.kinds.values()), 0.0])[work.kind_code]
    witness = solution.active & (trust >= PERSONAL)
    least = np.full(blamed.size, np.iinfo(np.int32).max, np.int32)
    most = np.full(blamed.size, -1, np.int32)
    for own, other in ((a, b), (b, a)):
        hit = blamed[own] & witness[other]
        np.minimum.at(least, own[hit], solution.label[other[hit]])
        np.maximum.at(most, own[hit], solution.label[other[hit]])
    chosen = np.flatnonzero(least == most).astype(np.int32)
    return chosen, most[chosen]


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
