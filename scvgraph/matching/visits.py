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
TINY = 1e-9  # mean of counts that vary more than any: a logarithmic series
STEPS = 50  # of fitting: a step takes the share of those never seen from the one before


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
        """Of those seen at all: a negative binomial without its zero, by mean and variance, for counts up to most.

        counts: all above 0. Of 0 it says nothing (0 nats): who is never seen is not among those it was learnt from.
        """
        if counts.size < FEW:
            return Habit(np.zeros(most + 1))
        mean, shape, unseen = _fitted(counts)
        steps = np.arange(most)
        ratio = np.log((steps + shape) / (steps + 1)) + np.log(mean / (shape + mean))
        return Habit(np.concatenate([[0.0], np.cumsum(ratio) + unseen - np.log(-np.expm1(unseen))]))

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


def _fitted(counts: Int64) -> tuple[float, float, float]:
    """Mean and shape of a negative binomial (Fisher 1941) that has the mean and variance of counts once it is without
    its zero, and the log chance of that zero.
    """
    seen = int(counts.sum()) / counts.size
    more = (
        int((counts * counts).sum()) / int(counts.sum()) - 1
    )  # mean + mean / shape, with or without the zero
    unseen = -np.inf
    for _ in range(STEPS):
        mean = max(-seen * float(np.expm1(unseen)), TINY)
        shape = min(mean / (more - mean), EVEN) if more > mean else EVEN
        unseen = float(shape * np.log(shape / (shape + mean)))
    return mean, shape, unseen
