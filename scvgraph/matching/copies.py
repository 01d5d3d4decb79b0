"""Entities equal in every trait: of each such set some are matched, and the others go where the first of them goes.

All of a set share every key, so a large one would fill every block that it is in, and the cap would drop them all;
and what one person was told to be a thousand times would pass for common. So what exceeds some is set aside before
anything is counted or compared. That costs no more than sorting the entities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.kernel_compiled import Bool, Int32, Int64, UInt64
from scvgraph.matching.linkage import Constraints
from scvgraph.matching.sampling import stirred
from scvgraph.matching.traits import Trait


@dataclass(frozen=True, slots=True)
class Copies:
    """Of n entities. content [n]: a word for all that each tells, 0 for nothing. kept: those to be matched, ascending.
    copy: the others, ascending. original: of each copy the least entity that is equal to it.
    """

    content: UInt64
    kept: Int64
    copy: Int64
    original: Int64

    @property
    def place(self) -> Int64:
        """[n] the place among those kept of each entity, or of its original."""
        place = np.zeros(self.content.size, np.int64)
        place[self.kept] = np.arange(self.kept.size)
        place[self.copy] = place[self.original]
        return place

    def all_labels(self, label: Int32, follows: Bool) -> Int32:
        """[n] least members of groups, by those of the kept ones (as places among them), and which copies follow."""
        out = np.arange(self.content.size)
        out[self.kept] = self.kept[label]
        out[self.copy[follows]] = out[self.original[follows]]
        return out.astype(np.int32)


def copies_of(traits: list[Trait], constraints: Constraints, most: int) -> Copies:
    """Sets aside all but so many of each set of equal entities, but none that holds anything limited, is kept apart from others by decision, or tells
    nothing.
    """
    free = constraints.held.sum(axis=1) == 0
    free[constraints.cannot.ravel()] = False
    content = np.zeros(free.size, np.uint64)
    for trait in traits:
        content = stirred(content + _summed(trait.start, trait.code))
    order = np.argsort(content, kind="stable")
    fresh = np.ones(order.size, np.bool_)
    fresh[1:] = content[order][1:] != content[order][:-1]
    place = np.arange(order.size)
    first = np.maximum.accumulate(np.where(fresh, place, 0))
    further, original = np.zeros(order.size, np.bool_), np.empty(order.size, np.int64)
    further[order], original[order] = place - first >= most, order[first]
    aside = free & further & (content != 0)
    copy = np.flatnonzero(aside)
    return Copies(content, np.flatnonzero(~aside), copy, original[copy])


def _summed(start: Int32, code: Int32) -> UInt64:
    """Of every row the sum of its codes, each stirred; 0 for an empty one."""
    total = np.zeros(code.size + 1, np.uint64)
    np.cumsum(stirred(code.astype(np.uint64) + np.uint64(1)), out=total[1:])
    found: UInt64 = total[start[1:]] - total[start[:-1]]
    return found
