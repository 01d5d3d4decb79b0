"""Who is who among entities that share no identifier: the engine's front door.

The order of work: features of the traits, candidate pairs, comparison vectors, a model by EM, scores, groups by
average linkage; then model, scores and groups again with the model counted in the groups before; then a second pass
that joins groups whose records each have a good partner; last groups that meet where any of their members lives. All work is done on entities put in the
caller's canonical order, so how they are numbered cannot matter; sums that decide anything are of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scvgraph.matching.blocking import Block, candidates, pairs_inside
from scvgraph.matching.copies import Copies, copies_of
from scvgraph.matching.em import Lesson, learn, recounted, settled
from scvgraph.matching.features import Features, features_of
from scvgraph.matching.generations import Births, two_people
from scvgraph.matching.kernel_compiled import Bool, Int8, Int16, Int32, Int64, UInt64
from scvgraph.matching.linkage import Constraints, average_linkage, joined_groups
from scvgraph.matching.model import BIT, Model
from scvgraph.matching.patterns import patterns_of
from scvgraph.matching.pooling import more_at_home, neighbours, pooled
from scvgraph.matching.sampling import ends, random_pairs, spaced
from scvgraph.matching.scoring import score
from scvgraph.matching.traits import Trait, distinct_words
from scvgraph.nicknames import BUILT_IN

COPIES = 10  # sets of equal entities that a block has room for
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
    generations: bool = True  # whether a generation between birthdays keeps equal names under one roof apart
    bar: int = 0  # what a score must reach to speak for a match; 0 is as likely as not
    nicknames: Path = BUILT_IN


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome. Entities are numbered as the caller gave them."""

    label: Int32  # [n] the group: its least member in canonical order
    a: Int32  # pairs that score above `Policy.missing`, the canonically lower first, in canonical order
    b: Int32
    score: Int32  # thousandths of a bit
    refused: (
        Bool  # pairs that score as one person's and are not, for they are of two generations under one roof
    )
    model: Model
    blocks: tuple[Block, ...]
    place: Int32 = field(
        repr=False
    )  # [n] of each entity, or of the one it is a copy of, among the k of features
    features: Features = field(repr=False)  # in canonical order, without copies
    met: Features = field(repr=False)  # the same, with the homes of each entity's group
    before: Int32 = field(repr=False)  # [k] that group, as a place

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
    if rank.size and (np.diff(np.asarray(order)[rank]) == 0).any():
        raise ValueError("the order of entities to match has ties: give each its own rank")
    place = np.empty(rank.size, np.int32)
    place[rank] = np.arange(rank.size, dtype=np.int32)
    given = constraints or Constraints.none(rank.size)
    limits = Constraints(given.held[rank], given.limits, place[given.cannot])
    told = [trait.take(rank) for trait in traits]
    copies = copies_of(told, limits, most=max(1, policy.cap // COPIES))
    if copies.copy.size:
        told = [trait.take(copies.kept) for trait in told]
        at = copies.place.astype(np.int32)
        limits = Constraints(limits.held[copies.kept], limits.limits, at[limits.cannot])
    found = _matched(told, copies.content[copies.kept], limits, policy, model)
    return _of_caller(_with_copies(found, copies, policy), rank, place)


def _matched(
    traits: list[Trait], content: UInt64, limits: Constraints, policy: Policy, model: Model | None
) -> Matching:
    """As `match`, of entities in canonical order, copies set aside. content: a word for all that each tells."""
    known = model.frequencies if model is not None else None
    features = features_of(traits, known, policy.nicknames)
    size = content.size
    found = candidates(features, content, policy.cap, policy.taught) if size else None
    if found is None or not found.pairs.size:
        return _nothing(features, size, model, found.blocks if found is not None else ())
    compared = Compared(*(sides := ends(found.pairs)), *features.compare(*sides))
    grouping = _Grouping(limits, policy, Births.of(features))
    if model is None:
        lessons = _lessons(found.pairs, found.blocks, found.samples, compared.level)
        model, label, scores = _learnt(features, compared, lessons, grouping)
    else:
        model = model.aligned(features.columns)
        scores = score(model, compared.level, compared.gain) - policy.bar
        label = grouping.by_mean(features, (compared.a, compared.b, scores))
    pairs = compared.a, compared.b, scores
    label = grouping.by_partners(features, pairs, label)
    met = pooled(features, label)
    pairs = _met(model, features, met, label, pairs, policy)
    final = grouping.by_mean(met, pairs, label)
    a, b, scores = (each[pairs[2] > policy.missing] for each in pairs)
    refused = grouping.refused(met, (a, b, scores)) & (final[a] != final[b])
    place = np.arange(size, dtype=np.int32)
    return Matching(
        final, a, b, scores + policy.bar, refused, model, found.blocks, place, features, met, label
    )


@dataclass(frozen=True, slots=True)
class _Grouping:
    """How pairs make groups: under limits, and with two generations of one name kept apart."""

    limits: Constraints
    policy: Policy
    births: Births

    def by_mean(self, features: Features, pairs: Scored, start: Int32 | None = None) -> Int32:
        """Groups by average linkage. start: groups to begin with; every entity alone if not given."""
        clip, missing = self.policy.clip, self.policy.missing
        size = self.limits.held.shape[0]
        return average_linkage(size, self._counted(features, pairs), self.limits, clip, missing, start)

    def by_partners(self, features: Features, pairs: Scored, label: Int32) -> Int32:
        """Groups joined again where each record of the smaller has a good partner in the other."""
        policy, counted = self.policy, self._counted(features, pairs)
        return joined_groups(
            label, counted, self.limits, policy.clip, policy.missing, policy.least, policy.floor
        )

    def _counted(self, features: Features, pairs: Scored) -> Scored:
        """The pairs as they count in means: what is refused speaks against as much as any pair may."""
        a, b, scores = pairs
        return a, b, np.where(self.refused(features, pairs), np.int32(-self.policy.clip), scores)

    def refused(self, features: Features, pairs: Scored) -> Bool:
        """Which pairs score as one person's, and are refused because they are of two generations under one roof."""
        a, b, scores = pairs
        refused = np.zeros(a.size, np.bool_)
        if self.policy.generations:
            one = np.flatnonzero(scores >= 0)
            one = one[self.births.apart(a[one], b[one])]
            refused[one] = two_people(features, features.compare(a[one], b[one])[0])
        return refused


def _with_copies(found: Matching, copies: Copies, policy: Policy) -> Matching:
    """A matching of those kept as one of all entities: a copy goes where its original goes if the two score as one."""
    if not copies.copy.size:
        return found
    place = copies.place.astype(np.int32)
    first = place[copies.original]
    own = score(found.model, *found.features.compare(first, first))
    label = copies.all_labels(found.label, own >= policy.bar)
    told = own - policy.bar > policy.missing
    words = np.concatenate(
        [
            copies.kept[found.a] << 32 | copies.kept[found.b],
            copies.original[told] << 32 | copies.copy[told],
        ]
    )
    order = np.argsort(words)
    a, b = ends(words[order].astype(np.uint64))
    scores = np.concatenate([found.score, own[told]])[order]
    refused = np.concatenate([found.refused, np.zeros(int(told.sum()), np.bool_)])[order]
    return replace(found, label=label, a=a, b=b, score=scores, refused=refused, place=place)


def _of_caller(found: Matching, rank: Int64, place: Int32) -> Matching:
    """A matching of entities in canonical order in the caller's numbers."""
    label = np.empty(rank.size, np.int32)
    label[rank] = rank[found.label]
    a, b = rank[found.a].astype(np.int32), rank[found.b].astype(np.int32)
    return replace(found, label=label, a=a, b=b, place=found.place[place])


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


def _nothing(features: Features, size: int, model: Model | None, blocks: tuple[Block, ...]) -> Matching:
    """The outcome where no two entities are worth comparing: every one alone."""
    none = np.empty(0, np.int32)
    model = model or learn(features, np.zeros((len(features.columns), 0), np.int8), [])
    alone = np.arange(size, dtype=np.int32)
    return Matching(
        alone, none, none, none, none.astype(np.bool_), model, blocks, alone, features, features, alone
    )


def _lessons(
    pairs: UInt64, blocks: tuple[Block, ...], samples: tuple[UInt64, ...], level: Int8
) -> list[Lesson]:
    return [
        # In ascending order, so that each search begins in what the one before left in the processor's caches.
        Lesson(block.columns, block.personal, level[:, np.searchsorted(pairs, np.sort(sample))])
        for block, sample in zip(blocks, samples, strict=True)
    ]


def _learnt(
    features: Features, compared: Compared, lessons: list[Lesson], grouping: _Grouping
) -> tuple[Model, Int32, Int32]:
    """The model, the groups it makes, and the scores of the candidates."""
    policy = grouping.policy
    one, other = random_pairs(features.size, min(policy.random, policy.random_each * features.size))
    chance = features.compare(one, other)[0]
    model = learn(features, chance, lessons)
    step = spaced(compared.a.size, 4 * policy.random)
    sample = compared.level[:, ::step]
    model = settled(model, patterns_of(sample), sample.shape[1] / compared.a.size, features.size)
    scores = score(model, compared.level, compared.gain) - policy.bar
    label = grouping.by_mean(features, (compared.a, compared.b, scores))
    for _ in range(policy.rounds):
        inside = features.compare(*pairs_inside(label))[0]
        model = recounted(model, features, label, inside, chance[:, label[one] != label[other]])
        scores = score(model, compared.level, compared.gain) - policy.bar
        label = grouping.by_mean(features, (compared.a, compared.b, scores))
    return model, label, scores
