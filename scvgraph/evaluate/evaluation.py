"""Everything that known truth says of a generation: the score, and on demand what lies behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.evaluate.calibration import Calibration, calibration
from scvgraph.evaluate.curve import Point, curve
from scvgraph.evaluate.score import SHOWN, Score, score
from scvgraph.evaluate.sizes import SizeClass, by_size
from scvgraph.evaluate.worst import Wrong, wrongly_merged, wrongly_split

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.engine import Engine


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to work out beside the score. worst: of how many errors the reasons; None for none."""

    calibration: bool = False
    curve: bool = False
    by_size: bool = False
    worst: int | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score, and what else was wanted; None where it was not."""

    score: Score
    calibration: Calibration | None = None
    curve: tuple[Point, ...] | None = None
    by_size: tuple[SizeClass, ...] | None = None
    merged_because: tuple[Wrong, ...] | None = None
    split_because: tuple[Wrong, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The score's keys, and one for each thing wanted."""
        said = asdict(self)
        score: dict[str, Any] = said.pop("score")
        return score | {key: value for key, value in said.items() if value is not None}


def evaluate(
    engine: Engine,
    truth: Path,
    wanted: Wanted | None = None,
    *,
    key: str | None = None,
    entity: str | None = None,
) -> Evaluation:
    """A generation (its engine) against a truth file. key, entity: its columns, where not found by name."""
    wanted = wanted or Wanted()
    found = score(
        engine, truth, key=key, entity=entity, worst=SHOWN if wanted.worst is None else wanted.worst
    )
    return Evaluation(
        found,
        calibration(engine) if wanted.calibration else None,
        curve(engine) if wanted.curve else None,
        by_size(engine) if wanted.by_size else None,
        wrongly_merged(engine, found.merged) if wanted.worst is not None else None,
        wrongly_split(engine, found.split) if wanted.worst is not None else None,
    )
