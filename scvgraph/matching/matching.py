"""Who is who among entities that share no identifier: the engine's front door.

The order of work: features of the traits, candidate pairs, comparison vectors, a model by EM, scores, groups by
average linkage; then model, scores and groups again with the model counted in the groups before; then a second pass
that joins groups whose records each have a good partner; last groups that meet where any of their members lives. All work is done on entities put in the
caller's canonical order, so how they are numbered cannot matter; sums that decide anything are of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scvgraph.matching.blocking import Block, candidates, pairs_inside
from scvgraph.matching.em import Lesson, learn, recounted, settled
from scvgraph.matching.features import Features, features_of
from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, Int64, UInt64
from scvgraph.matching.linkage import Constraints, average_linkage, joined_groups
from scvgraph.matching.model import BIT, Model
from scvgraph.matching.patterns import patterns_of
from scvgraph.matching.pooling import more_at_home, neighbours, pooled
from scvgraph.matching.sampling import ends, random_pairs, spaced
from scvgraph.matching.scoring import score
from scvgraph.matching.traits import Trait, distinct_words
from scvgraph.nicknames import BUILT_IN

Scored = tuple[Int32, Int32, Int32]  # pairs and their scores


@dataclass(frozen=True, slots=True)
class Policy:
    """What a user may set. Scores are thousandths of a bit: binary logarithms of the odds of a match."""

    cap: int = 100  # largest block whose pairs are compared
    rounds: int = 3  # times the model is counted again in the groups found
    clip: int = 14 * BIT  # most that one pair counts in a mean, either way
    missing: int = -4 * BIT  # what a pair never compared counts in a mean
    least: int = round(5.8 * BIT)  # mean best score at which two groups are joined in the second pass
    floor: int = round(-4.3 * BIT)  # and what the mean of all their scores must reach
    random: int = 1_000_000  # random pairs that u is counted in, at most
    random_each: int = 50  # and for each entity: few entities' values are soon counted
    taught: int = 200_000  # pairs of a blocking rule that its parameters are learnt from
    bar: int = 0  # what a score must reach to speak for a match; 0 is as likely as not
    nicknames: Path = BUILT_IN


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome. Entities are numbered as the caller gave them."""

    label: Int32  # [n] the group: its least member in canonical order
    a: Int32  # pairs that score above `Policy.missing`, the canonically lower first, in canonical order
    b: Int32
    score: Int32  # thousandths of a bit
    model: Model
    blocks: tuple[Block, ...]
    place: Int32 = field(repr=False)  # [n] each entity's place in canonical order, which features are in
    features: Features = field(repr=False)
    met: Features = field(repr=False)  # the same, with the homes of each entity's group
    before: Int32 = field(repr=False)  # [n] that group, in canonical order

    def features_of(self, one: int, other: int) -> Features:
        """What a pair of places was compared by: two of one group by their own homes, others by those of their groups."""
        return self.features if self.before[one] == self.before[other] else self.met

    def compare(self, one: Int32, other: Int32) -> tuple[Int8, Int16]:
        """Levels and surprise, each [columns, pairs], of pairs of places, as they were scored."""
        level, gain = self.features.compare(one, other)
        across = np.flatnonzero(self.before[one] != self.before[other])
        level[:, across], gain[:, across] = self.met.compare(one[across], other[across])
        return level, gain


@dataclass(frozen=True, slots=True)
class Compared:
    """Candidate pairs, the lower first, ascending, and their comparison vectors [columns, pairs]."""

    a: Int32
    b: Int32
    level: Int8
    gain: Int16


def match(
    traits: list[Trait],
    order: Int64,
    constraints: Constraints | None = None,
    policy: Policy | None = None,
    model: Model | None = None,
) -> Matching:
    """Group n entities by their traits.

    order: [n] distinct rank of each entity, from what it is and not from where it stands. constraints: what no
    group may hold. model: of an earlier run, to be used as it is; learnt from these entities if not given.
    """
    policy = policy or Policy()
    rank = np.argsort(order, kind="stable")
    place = np.empty(rank.size, np.int32)
    place[rank] = np.arange(rank.size, dtype=np.int32)
    if rank.size and (np.diff(np.asarray(order)[rank]) == 0).any():
        raise ValueError("the order of entities to match has ties: give each its own rank")
    known = model.frequencies if model is not None else None
    features = features_of([trait.take(rank) for trait in traits], known, policy.nicknames)
    given = constraints or Constraints.none(rank.size)
    limits = Constraints(given.held[rank], given.limits, place[given.cannot])
    found = candidates(features, policy.cap, policy.taught) if rank.size else None
    if found is None or not found.pairs.size:
        return _nothing(features, rank, place, model, found.blocks if found is not None else ())
    compared = Compared(*(sides := ends(found.pairs)), *features.compare(*sides))
    if model is None:
        lessons = _lessons(found.pairs, found.blocks, found.samples, compared.level)
        model, label, scores = _learnt(features, compared, lessons, limits, policy)
    else:
        model = model.aligned(features.columns)
        scores = score(model, compared.level, compared.gain) - policy.bar
        label = _grouped(rank.size, compared, scores, limits, policy)
    pairs = compared.a, compared.b, scores
    label = joined_groups(label, pairs, limits, policy.clip, policy.missing, policy.least, policy.floor)
    met = pooled(features, label)
    pairs = _met(model, features, met, label, pairs, policy)
    final = average_linkage(rank.size, pairs, limits, policy.clip, policy.missing, label)
    kept = pairs[2] > policy.missing
    a, b = (rank[side[kept]].astype(np.int32) for side in pairs[:2])
    return Matching(
        _back(final, rank), a, b, pairs[2][kept] + policy.bar, model, found.blocks, place, features, met, label
    )  # fmt: skip


def _met(
    model: Model, features: Features, met: Features, label: Int32, pairs: Scored, policy: Policy
) -> Scored:
    """The pairs, and those that meet in their groups' homes; scored anew where these say more than their own."""
    more, (a, b, scores) = more_at_home(features, met), pairs
    if not more.any():
        return pairs
    words: UInt64 = a.astype(np.uint64) << np.uint64(32) | b.astype(np.uint64)
    every: UInt64 = distinct_words(np.concatenate([words, neighbours(met, label, policy.cap)]))
    known = np.searchsorted(every, words)
    every_score = np.empty(every.size, np.int32)
    every_score[known] = scores
    one, other = ends(every)
    anew = (label[one] != label[other]) & (more[one] | more[other])
    every_score[anew] = score(model, *met.compare(one[anew], other[anew])) - policy.bar
    return one, other, every_score


def _nothing(
    features: Features, rank: Int64, place: Int32, model: Model | None, blocks: tuple[Block, ...]
) -> Matching:
    """The outcome where no two entities are worth comparing: every one alone."""
    none = np.empty(0, np.int32)
    model = model or learn(features, np.zeros((len(features.columns), 0), np.int8), [])
    alone = np.arange(rank.size, dtype=np.int32)
    return Matching(alone, none, none, none, model, blocks, place, features, features, alone)


def _back(label: Int32, rank: Int64) -> Int32:
    """Labels in the caller's numbers."""
    out = np.empty(rank.size, np.int32)
    out[rank] = rank[label]
    return out


def _lessons(
    pairs: UInt64, blocks: tuple[Block, ...], samples: tuple[UInt64, ...], level: Int8
) -> list[Lesson]:
    return [
        # In ascending order, so that each search begins in what the one before left in the processor's caches.
        Lesson(block.columns, block.personal, level[:, np.searchsorted(pairs, np.sort(sample))])
        for block, sample in zip(blocks, samples, strict=True)
    ]


def _grouped(size: int, compared: Compared, scores: Int32, limits: Constraints, policy: Policy) -> Int32:
    return average_linkage(size, (compared.a, compared.b, scores), limits, policy.clip, policy.missing)


def _learnt(
    features: Features, compared: Compared, lessons: list[Lesson], limits: Constraints, policy: Policy
) -> tuple[Model, Int32, Int32]:
    """The model, the groups it makes, and the scores of the candidates."""
    one, other = random_pairs(features.size, min(policy.random, policy.random_each * features.size))
    chance = features.compare(one, other)[0]
    model = learn(features, chance, lessons)
    step = spaced(compared.a.size, 4 * policy.random)
    sample = compared.level[:, ::step]
    model = settled(model, patterns_of(sample), sample.shape[1] / compared.a.size, features.size)
    scores = score(model, compared.level, compared.gain) - policy.bar
    label = _grouped(features.size, compared, scores, limits, policy)
    for _ in range(policy.rounds):
        inside = features.compare(*pairs_inside(label))[0]
        model = recounted(model, features, label, inside, chance[:, label[one] != label[other]])
        scores = score(model, compared.level, compared.gain) - policy.bar
        label = _grouped(features.size, compared, scores, limits, policy)
    return model, label, scores
