"""Pairs of identifiers that rows show together: how often under each rule, when first and when last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.graph.kernel_pairs import COUNTS, count_pairs, lay_out, place_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.graph.kernel_pairs import Columns, Int32, Int64, Sighted
    from scvgraph.work import Layout, Work

PROFILE_RULE = "record"  # what a row tells and what it shows stand in one record, however it came about
_ROWS = 1 << 17  # rows passed to a kernel at a time
_PARTS = 8  # at most so many threads share the pairs among them: each looks at all rows


@dataclass(frozen=True, slots=True)
class Pairs:
    """Columns of one length. `a`, `b`: the ends, ordered by kind, those of one kind by number, so that a pair has one
    face. count: [rules, pairs] sightings. first, last: microseconds, NEVER if unknown.
    """

    a: Int32
    b: Int32
    count: Int32
    first: Int64
    last: Int64


def count_layouts(work: Work, rules: list[str]) -> Pairs:
    """All pairs the layouts show. O(sightings of pairs); what is held is the result and a slot or two for each pair."""
    parts = min(work.engine.threads, _PARTS)
    with ThreadPoolExecutor(parts) as pool:
        tables = list(
            pool.map(lambda part: _Table(len(rules)).filled(work, rules, (part, parts)), range(parts))
        )
        starts = np.cumsum([0, *(table.held for table in tables)]).tolist()
        columns = _room(len(rules), starts[-1])
        list(pool.map(lambda table, start: table.lay_out(columns, start), tables, starts))
    return Pairs(*columns)


def _room(rules: int, pairs: int) -> Columns:
    return (
        np.empty(pairs, np.int32), np.empty(pairs, np.int32), np.empty((rules, pairs), np.int32),
        np.empty(pairs, np.int64), np.empty(pairs, np.int64),
    )  # fmt: skip


class _Table:
    """One part of the pairs."""

    def __init__(self, rules: int) -> None:
        self.slots = np.zeros(1 << 10, np.int32)
        self.entries = np.zeros((1 << 9, COUNTS + rules), np.int64)
        self.held = 0

    def filled(self, work: Work, rules: list[str], part: tuple[int, int]) -> _Table:
        for layout in work.layouts:
            rule_at = np.array([rules.index(rule) if rule in rules else 0 for rule in layout.rules], np.int32)
            told_at = np.full(
                rule_at.size, rules.index(PROFILE_RULE) if PROFILE_RULE in rules else 0, np.int32
            )
            for rows, told in _sighted(work, layout):
                self._make_room(rows[0].size)
                at = told_at if told else rule_at
                self.held = count_pairs(rows, at, part, self.slots, self.entries, self.held)
        return self

    def lay_out(self, columns: Columns, start: int) -> None:
        """Write what is held into columns, from a place on, and hold it no more."""
        lay_out(self.entries, self.held, columns, start)
        del self.entries, self.slots

    def _make_room(self, rows: int) -> None:
        needed = self.held + rows + 1
        if needed > len(self.entries):  # pages never written cost nothing
            longer = np.empty((needed * 4, self.entries.shape[1]), np.int64)
            longer[: self.held + 1] = self.entries[: self.held + 1]
            self.entries = longer
        if needed * 3 > self.slots.size * 2:
            self.slots = np.zeros(1 << (needed * 3 - 1).bit_length(), np.int32)
            place_again(self.entries, self.held, self.slots)


def _sighted(work: Work, layout: Layout) -> Iterator[tuple[Sighted, bool]]:
    """Rows of a layout, some at a time, by every two of its columns whose kinds link, and whether one is the profile."""
    columns = [(kind, n) for n, (kind, _) in enumerate(layout.identifiers) if work.project.kinds[kind].links]
    for (one, p), (other, q) in combinations(sorted(columns), 2):
        for start in range(0, layout.at.size, _ROWS):
            rows = slice(start, start + _ROWS)
            a, b = layout.numbers[p][rows], layout.numbers[q][rows]
            if one == other:
                a, b = np.minimum(a, b), np.maximum(a, b)
            yield (a, b, layout.at[rows], layout.rule[rows]), PROFILE in {one, other}
