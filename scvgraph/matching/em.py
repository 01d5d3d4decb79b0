"""The model's parameters without a single labelled pair.

u comes from pairs drawn at random. m comes first from the candidates of each blocking rule on its own, by expectation
maximisation (Dempster, Laird and Rubin 1977, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B
39) on the columns the rule does not rest on, for those always agree in it; the rules' estimates are averaged. Later
m and the prior are counted in the clusters found.

Both are guarded against households, which agree in so much that a model left to itself comes to think that one person
has many first names: only rules that rest on something personal teach, and in clusters a column's pairs are those
in which other personal columns speak for a match.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from scvgraph.matching.columns import GIVEN_NAME, MIDDLE_NAME, MOST_LEVELS, Column
from scvgraph.matching.features import Features, coincidences
from scvgraph.matching.kernel_compiled import Float64, Int8, Int32
from scvgraph.matching.model import Model
from scvgraph.matching.patterns import Patterns, patterns_of
from scvgraph.matching.rising import rising

LEAST_M, LEAST_U = 1e-4, 1e-8
MOST_PRIOR = 0.5
ROUNDS = 25
PERSONAL = frozenset(
    {GIVEN_NAME, MIDDLE_NAME, "date", "code", "email", "shown_code", "shown_email"}
)  # what a household does not share
UNKNOWN_AT_FIRST = frozenset({"home", "visits"})  # what matches have in common here only the data can tell
ENOUGH = 3.0  # bits of other personal evidence in a pair that m is counted in
FEW = 50.0  # pairs that the m before weighs as much as
LEAST_TAUGHT = 100  # pairs below which a rule teaches nothing


@dataclass(frozen=True, slots=True)
class Lesson:
    """Levels of one blocking rule's pairs."""

    columns: frozenset[str]  # those the rule rests on
    personal: bool  # whether what it rests on says who, and not only where
    level: Int8


def learn(features: Features, random: Int8, lessons: list[Lesson]) -> Model:
    """A first model. random: levels of random pairs."""
    columns = features.columns
    drawn = patterns_of(random)
    u = drawn.shares(drawn.count.astype(float), columns, LEAST_U)
    total, mass = np.zeros_like(u), np.zeros((len(columns), 1))
    for lesson in lessons:
        used = [row for row, column in enumerate(columns) if column.name not in lesson.columns]
        if not lesson.personal or len(used) < 2 or lesson.level.shape[1] < LEAST_TAUGHT:
            continue
        patterns = patterns_of(lesson.level)
        m, matches = _maximise(patterns, columns, u, used)
        share = np.zeros((len(columns), 1))
        share[[row for row in used if patterns.level[row].any()]] = np.sqrt(matches)
        total += m * share
        mass += share
    m = np.where(mass > 0, total / np.maximum(mass, 1e-12), _untaught(columns, u))
    return rising(Model(columns, m, u, _prior(features.size, features.size), features.frequencies))


def _maximise(
    patterns: Patterns, columns: tuple[Column, ...], u: Float64, used: list[int]
) -> tuple[Float64, float]:
    """M of the used columns within one rule's pairs, and the matches expected there."""
    m, prior = _guess(columns), 0.3
    matches = np.zeros(patterns.count.size)
    for _ in range(ROUNDS):
        matches = patterns.count * _chance(patterns.log_odds(m, u, used), prior)
        m = patterns.shares(matches, columns, LEAST_M)
        prior = float(np.clip(matches.sum() / patterns.count.sum(), 1e-6, 0.999))
    return m, float(matches.sum())


def _chance(log_odds: Float64, prior: float) -> Float64:
    """Posterior of a match from the evidence in bits."""
    odds = np.clip(log_odds + np.log2(prior / (1 - prior)), -60, 60)
    chance: Float64 = 1 / (1 + np.exp2(-odds))
    return chance


def _guess(columns: tuple[Column, ...]) -> Float64:
    """M before anything is known: nine in ten agree, the rest evenly."""
    out = np.ones((len(columns), MOST_LEVELS))
    for row, column in enumerate(columns):
        real = column.scale.reached
        out[row, real] = 0.1 / (real.size - 1)
        out[row, real[-1]] = 0.9
    return out


def _untaught(columns: tuple[Column, ...], u: Float64) -> Float64:
    """M of columns nothing was learnt of: as guessed, but what is missing says nothing, nor do homes and visits."""
    out = _guess(columns)
    for row, column in enumerate(columns):
        if column.role in UNKNOWN_AT_FIRST:
            out[row] = u[row]
        if column.scale.telling:
            missing = u[row, 0]
            out[row, 1:] *= (1 - missing) / out[row, 1:].sum()
            out[row, 0] = missing
    return out


def _prior(matches: float, size: int) -> float:
    """Chance that two of so many entities match, if so many pairs do."""
    return float(np.clip(matches / max(size * (size - 1) / 2, 1), 1e-12, MOST_PRIOR))


def settled(model: Model, patterns: Patterns, share: float, size: int) -> Model:
    """The prior that the candidates' own posteriors agree with. share: of candidates that the patterns show."""
    odds, prior = patterns.log_odds(model.m, model.u, list(range(len(model.columns)))), model.prior
    for _ in range(30):
        prior = _prior(float((_chance(odds, prior) * patterns.count).sum()) / share, size)
    return dataclasses.replace(model, prior=prior)


def recounted(model: Model, features: Features, label: Int32, inside: Int8, across: Int8) -> Model:
    """The model counted in clusters: m and prior in the pairs inside them, u in random pairs across and coincidences.

    inside, across: levels of all pairs inside clusters, and of random pairs across.
    """
    drawn = patterns_of(across)
    u = drawn.shares(drawn.count.astype(float), model.columns, LEAST_U)
    m = _inside_shares(model, patterns_of(inside))
    for row, share in enumerate(coincidences(features, label)):
        if model.columns[row].role == "visits":  # two that were seen as often have nothing in common
            continue
        scale = model.columns[row].scale
        *lower, top = scale.reached[scale.telling :]
        known = u[row, lower].sum() + u[row, top]
        same = share * known
        u[row, lower] *= (known - same) / u[row, lower].sum()
        u[row, top] = min(max(same, LEAST_U), m[row, top])  # the same value never speaks against a match
    prior = _prior(max(1, inside.shape[1]), features.size)
    return rising(Model(model.columns, m, u, prior, model.frequencies))


def _inside_shares(model: Model, patterns: Patterns) -> Float64:
    """M counted inside clusters: of each column in the pairs that other personal columns speak for, if any exist.

    Where such pairs are few, m moves little from what it was.
    """
    personal = [row for row, column in enumerate(model.columns) if column.role in PERSONAL]
    m = model.m.copy()
    for row, column in enumerate(model.columns):
        others = [other for other in personal if other != row]
        enough = (
            patterns.log_odds(model.m, model.u, others) > ENOUGH
            if others
            else np.ones(patterns.count.size, bool)
        )
        weight = np.where(enough, patterns.count, 0).astype(float)
        own = Patterns(patterns.level[row : row + 1], patterns.count)
        known = float(weight[own.level[0] > 0].sum() if not column.scale.telling else weight.sum())
        m[row] = (own.shares(weight, (column,), LEAST_M)[0] * known + m[row] * FEW) / (known + FEW)
    return m
