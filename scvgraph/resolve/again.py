"""Clustering again after some nodes were taken out: only components that broke a constraint are looked at.

Invariant: a component that broke none breaks none in any part (see `constrained`), so whoever is taken out of the
others, what is clustered anew is all that can come out otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.constrained import Clustering, Constraints, Links, cluster, told_inside
from scvgraph.resolve.kernel_part import pack_pairs
from scvgraph.resolve.kernel_walk import NODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scvgraph.resolve.kernel_compiled import BoolArray, Int32, Int64
    from scvgraph.resolve.kernel_part import Part

    Rank = Callable[[Int32], Int64]


@dataclass(frozen=True, slots=True)
class Broken:
    """The components of a first clustering that broke a constraint, as a smaller question of the same sort. Nodes and
    links are numbered as in the part. must: rows of the must-links inside.
    """

    first: Clustering
    part: Part
    links: Links
    constraints: Constraints
    must: Int64

    @classmethod
    def of(cls, first: Clustering, links: Links, constraints: Constraints) -> Broken | None:
        """None if no component broke anything."""
        part = first.part
        if part is None:
            return None
        must_rows, must = pack_pairs(part.inside, constraints.must)
        return cls(
            first,
            part,
            Links(
                *_halves(part.ends),
                links.weight[part.link],
                links.count[part.link],
                links.first_seen[part.link],
                None if links.trusted is None else links.trusted[part.link],
            ),
            Constraints(
                constraints.kind[part.node],
                constraints.limits,
                _pairs(must),
                _pairs(pack_pairs(part.inside, constraints.cannot)[1]),
                told_inside(part, constraints.told),
            ),
            must_rows,
        )

    def cluster(self, rank: Rank, active: BoolArray) -> Clustering:
        """What `cluster` says of all nodes; those active in the components that broke nothing must be so still."""
        node = self.part.node
        found = cluster(node.size, self.links, self.constraints, _ranked_as(rank, node), active[node])
        label = self.first.label.copy()
        label[node] = node[found.label]  # in a component the part's numbers ascend as the nodes do
        return replace(
            found,
            label=label,
            refused=self.part.link[found.refused],
            refused_must=self.must[found.refused_must],
            overruled=np.sort(node[found.overruled]),
            stand_apart=self._stand_apart(found),
            part=self.part,
        )

    def _stand_apart(self, found: Clustering) -> Callable[[Int32], BoolArray]:
        def stand_apart(pairs: Int32) -> BoolArray:
            rows, ends = pack_pairs(self.part.inside, pairs)
            apart = np.zeros(len(pairs), np.bool_)
            apart[rows] = found.stand_apart(_pairs(ends))
            return apart

        return stand_apart


def _halves(ends: Int64) -> tuple[Int32, Int32]:
    return (ends >> 32).astype(np.int32), (ends & NODE).astype(np.int32)


def _pairs(ends: Int64) -> Int32:
    return np.stack(_halves(ends), axis=1)


def _ranked_as(rank: Rank, node: Int32) -> Rank:
    """The order of the part's nodes, which are to be asked for in ascending order of their own numbers."""

    def ranked(numbers: Int32) -> Int64:
        nodes = node[numbers]
        ascending = np.argsort(nodes)
        ranks = np.empty(nodes.size, np.int64)
        ranks[ascending] = rank(nodes[ascending])
        return ranks

    return ranked
