"""Precision, recall and F1 of one clustering against another, from counts.

Nothing enumerates pairs: of a customer with n rows, of which k are one person's, n(n-1)/2 pairs are claimed and
k(k-1)/2 of them hold. Where nothing was claimed nothing claimed is wrong, so precision is 1; likewise recall
where there is nothing to find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Measure:
    """Shares from 0 to 1; `f1` is the harmonic mean of the other two."""

    precision: float
    recall: float
    f1: float


def pairwise(right: int, claimed: int, true: int) -> Measure:
    """Precision and recall over pairs of rows.

    right: pairs in one customer that are one person. claimed: pairs in one customer. true: pairs of one person.

    >>> pairwise(right=1, claimed=2, true=4)
    Measure(precision=0.5, recall=0.25, f1=0.3333333333333333)
    """
    return Measure(
        right / claimed if claimed else 1.0,
        right / true if true else 1.0,
        2 * right / (claimed + true) if claimed + true else 1.0,
    )


def b_cubed(precisions: Iterable[tuple[int, int, int]], recalls: Iterable[tuple[int, int, int]]) -> Measure:
    """B-cubed: of each row, which share of its customer is its own person, and the reverse; the mean over rows.

    Both arguments are (rows shared, rows of the cluster, cells of that kind): a cell is what one customer and one
    person have in common, and each of its rows scores rows shared / rows of the cluster. Summed without rounding
    errors that depend on order (`math.fsum`). Takes O(distinct cell sizes).

    Bagga and Baldwin 1998, "Entity-based cross-document coreferencing using the vector space model", ACL/COLING.
    Amigo, Gonzalo, Artiles and Verdejo 2009, "A comparison of extrinsic clustering evaluation metrics based on
    formal constraints", Information Retrieval 12: the one of their measures that meets all four constraints.

    >>> round(b_cubed([(2, 3, 1), (1, 3, 1)], [(2, 2, 1), (1, 1, 1)]).precision, 4)
    0.5556
    """
    precision, recall = _mean(precisions), _mean(recalls)
    return Measure(precision, recall, 2 * precision * recall / (precision + recall))


def _mean(cells: Iterable[tuple[int, int, int]]) -> float:
    found = list(cells)
    rows = sum(shared * count for shared, _, count in found)
    return math.fsum(count * (shared * shared / size) for shared, size, count in found) / rows
