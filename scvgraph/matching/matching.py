"""Who is who among entities that share no identifier: the engine's front door."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from scvgraph.matching.blocking import Block, blocks_of, candidates
from scvgraph.matching.em import LEAST_U, inside_shares, learn, patterns_of, shares_of
from scvgraph.matching.features import Features, features_of
from scvgraph.matching.kernel_blocks import mixed
from scvgraph.matching.kernel_compiled import Int8, Int32, Int64, UInt64
from scvgraph.matching.linkage import Constraints, average_linkage, joined_groups
from scvgraph.matching.model import BIT, Model
from scvgraph.matching.scoring import score
from scvgraph.matching.traits import Trait


@dataclass(frozen=True, slots=True)
class Policy:
    """What a user may set; bits are binary logarithms of odds."""

    cap: int = 100  # largest block that is compared
    sample: int = 1_000_000  # random pairs that u is counted in
    rounds: int = 3  # times the model is counted again in the clusters found
    clip: int = 14 * BIT  # most a single pair counts in a mean, either way
    missing: int = -4 * BIT  # what a pair never compared counts in a mean
    least: int = round(5.8 * BIT)  # mean best score at which two groups are joined after all
    floor: int = round(-4.3 * BIT)  # and the mean of all their scores
    trained: int = 200_000  # pairs of a rule that its parameters are learnt from


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome. Entities are numbered as the caller gave them."""

    label: Int32  # [n] the group's least member in canonical order
    a: Int32  # pairs scored above `Policy.missing`, the canonically lower first, in canonical order
    b: Int32
    score: Int32  # thousandths of a bit
    model: Model
    blocks: tuple[Block, ...]
    features: Features = field(repr=False)


def match(
    traits: list[Trait],
    order: Int64,
    constraints: Constraints | None = None,
    policy: Policy | None = None,
    model: Model | None = None,
) -> Matching:
    """Group entities by their traits.

    order: distinct rank of each entity, from what it is and not from where it stands. All work is done on
    entities put in that order, so how the caller numbers them cannot matter.
    """
    policy = policy or Policy()
    rank = np.argsort(order, kind="stable")
    features = features_of([trait.take(rank) for trait in traits])
    size = features.size
    limits = _ordered(constraints or Constraints.none(size), rank)
    blocks = blocks_of(features, policy.cap)
    words = candidates(blocks)
    a, b = ends(words)
    level, gain = features.compare(a, b)
    drawn = random_pairs(size, policy.sample)
    chance = features.compare(*drawn)[0]
    fixed = model is not None
    if model is None:
        rules = [(block, level[:, np.searchsorted(words, sampled(block.pairs, policy.trained))]) for block in blocks]
        model = learn(features.columns, chance, rules, a.size, size)
        model = _settled(model, level, size)
    scores = score(model, level, gain)
    label = average_linkage(size, (a, b, scores), limits, policy.clip, policy.missing)
    for _ in range(0 if fixed else policy.rounds):
        model = recounted(model, features, label, (drawn, chance))
        scores = score(model, level, gain)
        label = average_linkage(size, (a, b, scores), limits, policy.clip, policy.missing)
    label = joined_groups(
        label, (a, b, scores), limits, policy.clip, policy.missing, policy.least, policy.floor
    )
    kept = scores > policy.missing
    back = np.empty(size, np.int32)
    back[rank] = rank[label]
    return Matching(back, rank[a[kept]].astype(np.int32), rank[b[kept]].astype(np.int32), scores[kept], model, tuple(blocks), features)


def ends(words: UInt64) -> tuple[Int32, Int32]:
    """The two entities of each pair."""
    return (words >> np.uint64(32)).astype(np.int32), (words & np.uint64(0xFFFFFFFF)).astype(np.int32)


def random_pairs(size: int, count: int) -> tuple[Int32, Int32]:
    """Pairs drawn by a hash of their number: all there are if they are few."""
    if size * (size - 1) // 2 <= count:
        return tuple(side.astype(np.int32) for side in np.triu_indices(size, 1))  # type: ignore[return-value]
    word = np.arange(2 * count, dtype=np.uint64)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    side = ((word ^ (word >> np.uint64(31))) >> np.uint64(1)) % np.uint64(size)
    one, other = side[:count].astype(np.int32), side[count:].astype(np.int32)
    apart = one != other
    return np.minimum(one, other)[apart], np.maximum(one, other)[apart]


def sampled(pairs: UInt64, most: int) -> UInt64:
    """At most so many of the pairs, evenly spread."""
    return pairs[:: max(1, -(-pairs.size // most))]


def _settled(model: Model, level: Int8, size: int) -> Model:
    """The prior that the candidates' own posteriors agree with."""
    patterns = patterns_of(level)
    ratio = np.log(model.m / model.u)
    weight = sum(ratio[row][patterns.level[row]] for row in range(len(model.columns)))
    prior = model.prior
    for _ in range(30):
        posterior = 1 / (1 + np.exp(-(weight + np.log(prior / (1 - prior)))))
        prior = float(np.clip((posterior * patterns.count).sum() / (size * (size - 1) / 2), 1e-12, 0.5))
    return replace(model, prior=prior)


def recounted(model: Model, features: Features, label: Int32, random: tuple[tuple[Int32, Int32], Int8]) -> Model:
    """The model counted in the clusters: m and prior in pairs inside, u in random pairs across."""
    (one, other), chance = random
    a, b = pairs_inside(label)
    level, _ = features.compare(a, b)
    across = patterns_of(chance[:, label[one] != label[other]])
    size = features.size
    u = shares_of(across, across.count.astype(float), model.columns, LEAST_U)
    for row, same in enumerate(features.coincidences(label)):
        top = model.columns[row].reached
        rest = u[row, top[:-1]].sum()
        u[row, top[:-1]] *= (1 - same) / rest
        u[row, top[-1]] = max(same, LEAST_U)
    m = inside_shares(model, level)
    for row, column in enumerate(model.columns):  # that a value is the same never speaks against a match
        top = column.reached[-1]
        u[row, top] = min(u[row, top], m[row, top])
    return Model(
        model.columns,
        m,
        u,
        min(0.5, max(1, a.size) / (size * (size - 1) / 2)),
    )


def pairs_inside(label: Int32) -> tuple[Int32, Int32]:
    """All pairs of entities of one group (of groups up to a thousand entities)."""
    from scvgraph.matching.blocking import Atom, _block

    size = label.size
    words = _block("", Atom(np.arange(size + 1, dtype=np.int32), label.astype(np.uint64), frozenset()), 1000).pairs
    return ends(words)


def _ordered(constraints: Constraints, rank: Int64) -> Constraints:
    place = np.empty(rank.size, np.int32)
    place[rank] = np.arange(rank.size, dtype=np.int32)
    return Constraints(constraints.held[rank], constraints.limits, place[constraints.cannot])
