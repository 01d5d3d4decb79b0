"""How often people are seen: the events of a group that show an IP address, and how many of them people have.

Two halves of one person are together seen as often as a person is; two persons together are seen too often for one.
How much that says the data itself tells: where some are seen a thousand times and others once it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.matching.homes import IP, groups_of_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Work

    Int64 = npt.NDArray[np.int64]
    Float64 = npt.NDArray[np.float64]

FEW = 100  # groups that too little can be learnt from
EVEN = 1e6  # shape of counts that vary no more than chance makes them (Poisson)


def visits(work: Work) -> Int64:
    """Events with an IP address of every label's group. O(rows with an IP address)."""
    counts = np.zeros(work.solution.label.size, np.int64)
    for layout in work.layouts:
        columns = [n for n, (kind, _) in enumerate(layout.identifiers) if kind == IP]
        if columns and layout.shape == "events":
            group = groups_of_rows(work, layout)
            shown = np.logical_or.reduce([layout.numbers[n] >= 0 for n in columns])
            counts += np.bincount(group[shown & (group >= 0)], minlength=counts.size)
    return counts


@dataclass(frozen=True, slots=True)
class Habit:
    """log_chance [c]: of a person's being counted 0, 1, ... c - 1 times, in nats; 0 throughout where nothing is known."""

    log_chance: Float64

    @staticmethod
    def of_visits(counts: Int64, most: int) -> Habit:
        """A negative binomial by its mean and variance (Fisher 1941), for counts up to most."""
        size, total = counts.size, int(counts.sum())
        if size < FEW or not total:
            return Habit(np.zeros(most + 1))
        mean = total / size
        spread = int((counts * counts).sum()) / size - mean * mean
        shape = min(mean * mean / (spread - mean), EVEN) if spread > mean else EVEN
        steps = np.arange(most)
        ratio = np.log((steps + shape) / (steps + 1)) + np.log(mean / (shape + mean))
        return Habit(shape * np.log(shape / (shape + mean)) + np.concatenate([[0.0], np.cumsum(ratio)]))

    @staticmethod
    def as_counted(counts: Int64, most: int) -> Habit:
        """The shares themselves, half a group added to each, for counts up to most."""
        if counts.size < FEW:
            return Habit(np.zeros(most + 1))
        often = np.bincount(counts, minlength=most + 1) + 0.5
        return Habit(np.log(often / often.sum()))

    def odds_to_join(self, person: Int64, fragment: Int64) -> Float64:
        """Log odds that a person's and a fragment's counts are one person's, against the fragment's being one's all."""
        table = self.log_chance
        odds: Float64 = table[person + fragment] - table[person] - table[fragment]
        return odds
