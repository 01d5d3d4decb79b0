"""The model of a generation as it can be shown: what each level of each trait is worth, without any value."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.errors import ScvgraphError
from scvgraph.matching.comparisons import NOT_IN_DATA, Comparison
from scvgraph.matching.features import LETTERS
from scvgraph.matching.model import BIT, EXPECTED, PRIOR, RAREST
from scvgraph.matching.scoring import CLIP, INITIAL_RIGHT

if TYPE_CHECKING:
    from scvgraph.engine import Engine
    from scvgraph.store import Generation


@dataclass(frozen=True, slots=True)
class Level:
    """m, u: how often the level is seen between records of one person, and of different ones.

    bits: log2(m / u); of an initial, what its letter says. least, most: bits of the commonest and the rarest value,
    where that makes a difference.
    """

    level: str
    m: float
    u: float
    bits: float
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """A column of the comparison. levels: from the one that speaks most against to the strongest agreement.

    counts: whether two customers tell it; where they do not, its numbers are guesses that nothing rests on.
    """

    trait: str
    role: str
    levels: tuple[Level, ...]
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ShownModel:
    """prior: chance that two customers drawn at random are one person; prior_bits: the same as log-odds.
    bar: the probability, bar_bits: the score from which two are one. model: the file of a fixed model, or None.
    """

    generation: int
    prior: float
    prior_bits: float
    bar: float
    bar_bits: float
    model: str | None
    traits: tuple[Trait, ...]
    comparisons: tuple[Comparison, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values of a stable shape."""
        return asdict(self)


def probability(bits: float) -> float:
    """The chance that a score speaks of: the score is the binary logarithm of its odds.

    >>> probability(0), round(probability(10), 3)
    (0.5, 0.999)
    """
    return 1 / (1 + 2.0**-bits) if bits > -1000 else 0.0


def shown_model(generation: Generation, engine: Engine) -> ShownModel:
    """What a generation's model is. Raises ScvgraphError where nothing was compared."""
    rows = engine.rows("SELECT trait, role, level, m, u, bits FROM model")
    if not rows:
        raise ScvgraphError(
            "this generation has no model: nothing was compared; it needs two customers that tell of a person"
            " (traits such as first_name), and [resolve] match = true"
        )
    resolve = generation.about["policy"]["resolve"]
    (prior,) = (row for row in rows if row[0] == PRIOR)
    comparisons = tuple(
        Comparison(*row) for row in engine.rows("SELECT trait, role, origin, written FROM comparisons")
    )
    return ShownModel(
        generation=generation.number,
        prior=prior[3],
        prior_bits=prior[5],
        bar=resolve["bar"],
        bar_bits=round(math.log2(resolve["bar"] / (1 - resolve["bar"])), 3),
        model=resolve.get("model"),  # no key of generations made before models were kept
        traits=_traits([row for row in rows if row[0] != PRIOR], _surprise(engine), comparisons),
        comparisons=comparisons,
    )


def _traits(
    rows: list[tuple[Any, ...]], surprise: dict[str, Surprise], comparisons: tuple[Comparison, ...]
) -> tuple[Trait, ...]:
    gone = {each.trait for each in comparisons if each.origin == NOT_IN_DATA}
    held: dict[tuple[str, str], list[Level]] = defaultdict(list)
    for trait, role, level, m, u, bits in rows:
        held[trait, role].append(_level(surprise, trait, (level, m, u, bits)))
    untold = {trait for trait, found in surprise.items() if not found.told}
    return tuple(
        Trait(*key, tuple(levels), key[0] not in untold and key[0] not in gone)
        for key, levels in held.items()
    )


def _level(surprise: dict[str, Surprise], trait: str, row: tuple[str, float, float, float]) -> Level:
    level, m, u, bits = row
    own, letters = surprise.get(trait), surprise.get(trait + LETTERS)
    if own is None or level not in ("same", "initial"):
        return Level(level, m, u, bits)
    if level == "initial" and letters is not None:  # what it says follows from its letter alone
        least, usual, most = (
            round((own.expected + INITIAL_RIGHT + own.more(letter)) / BIT, 3)
            for letter in (letters.commonest, letters.expected, letters.rarest)
        )
        return Level(level, m, u, usual, least, most)
    least, most = (round(bits + own.more(value) / BIT, 3) for value in (own.commonest, own.rarest))
    return Level(level, m, u, bits, min(bits, least), max(bits, most))


@dataclass(frozen=True, slots=True)
class Surprise:
    """Surprise of a trait's values in thousandths of a bit: of an agreement by chance, and at both ends.

    listed: how many values have one of their own.
    """

    expected: int
    rarest: int
    commonest: int
    listed: int

    @property
    def told(self) -> bool:
        """Whether two hold a value: that of one alone has no surprise. Counts have none, and are all listed."""
        return bool(self.rarest or self.listed)

    def more(self, value: int) -> int:
        """What a value of some surprise counts more than the average, as scores bound it."""
        return max(-CLIP, min(CLIP, value - self.expected))


def _surprise(engine: Engine) -> dict[str, Surprise]:
    found = engine.rows(
        "SELECT trait, max(bits) FILTER (value = $expected), max(bits) FILTER (value = $rarest),"
        " min(bits) FILTER (value NOT IN ($expected)), count(*) FILTER (value NOT IN ($expected, $rarest))"
        " FROM model_frequencies GROUP BY trait",
        {"expected": EXPECTED, "rarest": RAREST},
    )
    return {trait: Surprise(*numbers) for trait, *numbers in found}
