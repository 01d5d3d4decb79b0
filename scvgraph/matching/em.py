"""The model's parameters without a single labelled pair.

u comes from pairs drawn at random. m comes from the candidates of each blocking rule on its own, by expectation
maximisation (Dempster, Laird and Rubin 1977) on the columns that the rule does not rest on, for within one rule
those columns always agree; then the rules' estimates are averaged. Later m and the prior are counted in the
clusters found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.blocking import Block
from scvgraph.matching.features import Column
from scvgraph.matching.kernel_compiled import Float64, Int8, Int64
from scvgraph.matching.model import MOST_LEVELS, Model

LEAST_M, LEAST_U = 1e-4, 1e-8
ROUNDS = 25
PERSONAL = frozenset({"given_name", "middle_name", "date", "code", "email"})  # what a household does not share
PERSONAL_KEYS = frozenset({"date", "code", "email", "mailbox", "tokens", "given", "half", "half1"})
ENOUGH = 3.0  # bits of personal evidence in a pair that m is counted in
FEW = 50.0  # pairs that the m before weighs as much as


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct comparison vectors and how many pairs show each."""

    level: Int8  # [columns, patterns]
    count: Int64


def patterns_of(level: Int8, weight: Int64 | None = None) -> Patterns:
    """Distinct columns of a [columns, pairs] array of levels."""
    words = np.zeros(level.shape[1], np.uint64)
    for row in level:
        words = words << np.uint64(3) | row.astype(np.uint64)
    words = np.sort(words)
    edge = np.flatnonzero(np.concatenate([[True], words[1:] != words[:-1], [True]])) if words.size else np.zeros(1, int)
    found = words[edge[:-1]]
    rows = [(found >> np.uint64(3 * row) & np.uint64(7)).astype(np.int8) for row in range(level.shape[0])]
    return Patterns(np.array(rows[::-1], np.int8).reshape(level.shape[0], -1), np.diff(edge))


def shares_of(
    patterns: Patterns, weight: Float64, columns: tuple[Column, ...], least: float, first: int = 0
) -> Float64:
    """[columns, MOST_LEVELS] share of each level among the weighted pairs where the column is known; 1 for level 0."""
    out = np.ones((len(columns), MOST_LEVELS))
    for row, column in enumerate(columns):
        count = np.bincount(patterns.level[first + row], weights=weight, minlength=MOST_LEVELS)[:MOST_LEVELS].astype(float)
        real = column.reached
        held = count[real] + 0.5 / real.size
        out[row, real] = np.maximum(held / held.sum(), least)
    return out


def learn(
    columns: tuple[Column, ...], random: Int8, rules: list[tuple[Block, Int8]], pairs: int, size: int
) -> Model:
    """A first model. random: levels of random pairs; rules: levels of each rule's pairs; pairs: of candidates in all."""
    drawn = patterns_of(random)
    u = shares_of(drawn, drawn.count.astype(float), columns, LEAST_U)
    total, mass = np.zeros_like(u), np.zeros((len(columns), 1))
    for block, level in rules:
        used = np.array([column.name not in block.columns for column in columns])
        if level.shape[1] < 100 or used.sum() < 2 or not PERSONAL_KEYS & set(block.rule.split(" ")):
            continue
        patterns = patterns_of(level)
        m, matches = _maximise(patterns, columns, u, used)
        known = np.array([[(patterns.level[row] > 0).any()] for row in range(len(columns))])
        share = np.where(used[:, None] & known, np.sqrt(matches), 0.0)
        total += m * share
        mass += share
    m = np.where(mass > 0, total / np.maximum(mass, 1e-12), _guess(columns))
    return Model(columns, m, u, min(0.5, 2 * size / (size * (size - 1) / 2 + 1)))


def inside_shares(model: Model, level: Int8) -> Float64:
    """m counted in the pairs inside clusters. A household taken for one person must not teach the model that a
    person has many first names: a column's pairs are those where the personal columns other than itself speak
    for a match; where there are too few, m moves little from what it was.
    """
    patterns = patterns_of(level)
    ratio = np.log2(model.m / model.u)
    personal = [row for row, column in enumerate(model.columns) if column.role in PERSONAL]
    for_match = sum((ratio[row][patterns.level[row]] for row in personal), np.zeros(patterns.count.size))
    m = model.m.copy()
    for row, column in enumerate(model.columns):
        others = for_match - (ratio[row][patterns.level[row]] if row in personal else 0)
        weight = np.where(others > ENOUGH, patterns.count, 0).astype(float) if personal else patterns.count * 1.0
        counted = shares_of(patterns, weight, (column,), LEAST_M, row)[0]
        known = float(weight[patterns.level[row] > 0].sum())
        m[row] = (counted * known + m[row] * FEW) / (known + FEW)
    return m


def _guess(columns: tuple[Column, ...]) -> Float64:
    """m before anything is known: nine in ten agree, the rest evenly."""
    out = np.ones((len(columns), MOST_LEVELS))
    for row, column in enumerate(columns):
        real = column.reached
        out[row, real] = 0.1 / (real.size - 1)
        out[row, real[-1]] = 0.9
    return out


def _maximise(patterns: Patterns, columns: tuple[Column, ...], u: Float64, used: np.ndarray) -> tuple[Float64, float]:
    """m of the used columns within one rule's pairs, and the matches expected there."""
    m, prior = _guess(columns), 0.3
    count = patterns.count.astype(float)
    posterior = np.zeros(count.size)
    for _ in range(ROUNDS):
        weight = np.full(count.size, np.log(prior / (1 - prior)))
        ratio = np.log(m / u)
        for row in np.flatnonzero(used):
            weight += ratio[row][patterns.level[row]]
        posterior = 1 / (1 + np.exp(-weight))
        m = shares_of(patterns, posterior * count, columns, LEAST_M)
        prior = float(np.clip((posterior * count).sum() / count.sum(), 1e-6, 0.999))
    return m, float((posterior * count).sum())
