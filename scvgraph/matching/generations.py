"""Two people of one name under one roof: parent and child, told apart by when they were born.

Names and address speak so strongly for one person that a birthday that differs does not outweigh them, and in most
such pairs one date is mistaken. What is clear is a generation between complete dates that more than two slips of a pen
part, if nothing that only one person has (a code, an e-mail address) agrees: then the pair is refused, whatever it
scores. A gap longer than a life tells of a wrong date and not of two people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.features import Feature, Features
from scvgraph.matching.kernel_compare import CLOSE, SIMILAR
from scvgraph.matching.kernel_compiled import Bool, Int8, Int32
from scvgraph.matching.kernel_dates import DATE_NONE
from scvgraph.matching.traits import owners, rows_of

GENERATION, LIFETIME = 14, 100  # years
SLIPS = 2  # digits that may be mistaken
ROOF = frozenset({"address", "home"})
OWN = frozenset({"code", "email", "shown_code", "shown_email"})


@dataclass(frozen=True, slots=True)
class Births:
    """Dates of birth: entity i tells day[start[i]:start[i + 1]], as YYYYMMDD. first, last [n]: the years they are in; 0
    where none is told or one is not complete.
    """

    start: Int32
    day: Int32
    first: Int32
    last: Int32

    @staticmethod
    def of(features: Features) -> Births:
        """What entities tell in all columns of dates together."""
        told = [(owners(each.start), each.parts[each.code]) for each in _dates(features)]
        owner = np.concatenate([np.empty(0, np.int64), *(each for each, _ in told)])
        year, month, day = np.concatenate([np.empty((0, 3), np.int32), *(parts for _, parts in told)]).T
        # New Year's Day often stands for a year alone.
        vague = np.zeros(features.size, np.bool_)
        vague[owner[(year == 0) | (month == 0) | (day == 0) | ((month == 1) & (day == 1))]] = True
        start, days = rows_of(owner, (year * 10_000 + month * 100 + day).astype(np.int64), features.size)
        first, last = np.zeros(features.size, np.int32), np.zeros(features.size, np.int32)
        held = ~vague & (np.diff(start) > 0)
        first[held] = days[start[:-1][held]] // 10_000
        last[held] = days[start[1:][held] - 1] // 10_000
        return Births(start, days, first, last)

    def apart(self, a: Int32, b: Int32) -> Bool:
        """Whether all dates of either side of a pair are a generation from all of the other, and no more than a life, and
        more than two digits lie between any two.
        """
        told = (self.last[a] > 0) & (self.last[b] > 0)
        gap = np.maximum(self.first[a], self.first[b]) - np.minimum(self.last[a], self.last[b])
        found: Bool = told & (gap >= GENERATION) & (gap <= LIFETIME)
        pairs = np.flatnonzero(found)
        many = np.diff(self.start)
        every = many[a[pairs]] * many[b[pairs]]
        pair = np.repeat(np.arange(pairs.size), every)
        nth = np.arange(pair.size) - np.repeat(np.cumsum(every) - every, every)
        one, other = a[pairs][pair], b[pairs][pair]
        x = self.day[self.start[one] + nth // many[other]]
        y = self.day[self.start[other] + nth % many[other]]
        digits = sum((x // 10**place % 10 != y // 10**place % 10).astype(np.int8) for place in range(8))
        found[pairs[pair[digits <= SLIPS]]] = False
        return found


def two_people(features: Features, level: Int8) -> Bool:
    """Which pairs live under one roof, were not born on nearly the same day, and agree in nothing only one person has.

    level: [columns, pairs].
    """
    roof, own, born = (np.zeros(level.shape[1], np.int8) for _ in range(3))
    for row, column in enumerate(features.columns):
        if column.role in ROOF:
            np.maximum(roof, level[row], out=roof)
        elif column.role in OWN:
            np.maximum(own, level[row], out=own)
        elif column.role == "date":
            np.maximum(born, level[row], out=born)
    found: Bool = (roof >= CLOSE) & (own < SIMILAR) & (born == DATE_NONE)
    return found


def told_births(features: Features, a: Int32, b: Int32) -> list[tuple[str, str]]:
    """Of each pair of entities the least date either tells, in the first column in which both do."""
    found = []
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        held = (
            tuple(feature.values[int(feature.code[feature.start[end]])].as_py() for end in (one, other))
            for feature in _dates(features)
            if all(feature.start[end] < feature.start[end + 1] for end in (one, other))
        )
        found.append(next(held, ("", "")))
    return found


def _dates(features: Features) -> list[Feature]:
    return [feature for feature in features.plain if feature.column.role == "date"]
