"""Why two entities were, or were not, taken for one: what was compared and what it counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.features import PARTS, Feature
from scvgraph.matching.kernel_compare import FAMILY, GIVEN, MIDDLE
from scvgraph.matching.matching import Matching
from scvgraph.matching.model import BIT
from scvgraph.matching.names import Names
from scvgraph.matching.scoring import weights_of_pair


@dataclass(frozen=True, slots=True)
class Reason:
    """One column of one pair. left, right: the values that agreed best, as they are compared; None for none."""

    trait: str
    left: str | None
    right: str | None
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """prior and the reasons' bits add up to score, in bits: the binary logarithm of the odds of a match."""

    prior: float
    reasons: tuple[Reason, ...]
    score: float


def explain(matching: Matching, a: int, b: int) -> Explanation:
    """What speaks for and against two entities (as the caller numbers them) being one. left is a's."""
    one, other = int(matching.place[a]), int(matching.place[b])
    features, model = matching.features_of(one, other), matching.model
    ends = np.array([[min(one, other)], [max(one, other)]], np.int32)
    level, gain = features.compare(ends[0], ends[1])
    bits = weights_of_pair(model, level, gain)
    shown: list[tuple[str | None, str | None]] = []
    if features.name is not None:
        names = features.name.names
        for (part, column), reached in zip(PARTS, level[:, 0].tolist(), strict=False):
            moved = column.scale.levels[reached] == "moved"
            places = GIVEN | MIDDLE | FAMILY if moved else part
            shown.append((_tokens(names, one, places), _tokens(names, other, places)))
    shown += [_best(feature, one, other) for feature in features.plain]
    reasons = tuple(
        Reason(column.name, *values, column.scale.levels[reached], int(counted) / BIT)
        for column, values, reached, counted in zip(
            model.columns, shown, level[:, 0].tolist(), bits, strict=True
        )
    )
    return Explanation(model.base / BIT, reasons, (model.base + int(bits.sum())) / BIT)


def _tokens(names: Names, entity: int, places: int) -> str | None:
    """The entity's tokens that may stand in some of the places."""
    held = slice(names.start[entity], names.start[entity + 1])
    chosen = names.token[held][(names.place[held] & places) > 0]
    return " ".join(names.tokens.values.take(chosen).to_pylist()) or None


def _best(feature: Feature, one: int, other: int) -> tuple[str | None, str | None]:
    """The two values that agree best, of equals the first; any value where the other side has none."""
    left, right = (feature.code[feature.start[entity] : feature.start[entity + 1]] for entity in (one, other))
    if not (left.size and right.size):
        return tuple(feature.values[int(side[0])].as_py() if side.size else None for side in (left, right))  # type: ignore[return-value]
    both = feature.holding(
        np.arange(left.size + right.size + 1, dtype=np.int32), np.concatenate([left, right])
    )
    a = np.repeat(np.arange(left.size, dtype=np.int32), right.size)
    b = np.tile(np.arange(left.size, left.size + right.size, dtype=np.int32), left.size)
    level, gain = np.zeros(a.size, np.int8), np.zeros(a.size, np.int16)
    both.compare(a, b, level, gain)
    best = int(np.lexsort((np.arange(a.size), -gain, -level))[0])
    return feature.values[int(both.code[a[best]])].as_py(), feature.values[int(both.code[b[best]])].as_py()
