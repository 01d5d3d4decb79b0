"""Journeys in columns: the paths of touches, and what each led to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.kernel_ranges import spread
from scvgraph.journeys.lines import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Journeys:
    """j journeys over t touches; journey n owns the touches from start[n] to start[n + 1], in time order.

    start [j + 1]. state [t]: what a touch counts as (its channel, its campaign ...), a place among `states`.
    at [t], end [j]: microseconds since 1970; `end` is when the journey converted, or its last touch.
    direct [t]: whether nothing is known to have brought the customer there. milestone [t]: bit m is set where
    milestone m was first reached. touch [t]: places in the table of touches the journeys were made of.
    conversions, nulls, value [j]: how often the path converted and how often it did not, and the value of the
    conversions; one customer's journey has 1 and 0, or 0 and 1; a path with counts may have both.
    customer [j]: whose; what intervals are drawn over. event [j]: the place, in the table of events, of the event
    that converted, else of the last touch. milestones: how many were asked for, whether reached or not.
    ordered: whether paths of the same states in another order are other paths.
    """

    start: Int64
    state: Int32
    states: tuple[str, ...]
    at: Int64
    direct: Flags
    milestone: npt.NDArray[np.int64]
    touch: Int64
    conversions: Float
    nulls: Float
    value: Float
    customer: Int64
    event: Int64
    end: Int64
    milestones: int = 0
    ordered: bool = True

    @property
    def length(self) -> Int64:
        """[j] touches of each journey."""
        return np.diff(self.start)

    @property
    def of(self) -> Int64:
        """[t] the journey of each touch."""
        return np.repeat(np.arange(self.conversions.size), self.length)

    def choose(self, journeys: npt.NDArray[np.generic]) -> Journeys:
        """Some journeys (numbers, or a flag for each), whole."""
        chosen = np.flatnonzero(journeys) if journeys.dtype == np.bool_ else journeys.astype(np.int64)
        start, touches = spread(self.start[:-1][chosen], self.start[1:][chosen])
        return replace(
            self._at_touches(touches, start),
            conversions=self.conversions[chosen],
            nulls=self.nulls[chosen],
            value=self.value[chosen],
            customer=self.customer[chosen],
            event=self.event[chosen],
            end=self.end[chosen],
        )

    def keep(self, touches: Flags) -> Journeys:
        """The same journeys with some of their touches only."""
        before = np.zeros(touches.size + 1, np.int64)
        np.cumsum(touches, out=before[1:])
        return self._at_touches(np.flatnonzero(touches), before[self.start])

    def seen_as(self, state: Int32, states: Sequence[str]) -> Journeys:
        """The same journeys with touches told apart by something else."""
        return replace(self, state=state, states=tuple(states))

    def weighted(self, weight: Float) -> Journeys:
        """The same journeys, each counted so many times. weight [j]."""
        return replace(
            self,
            conversions=self.conversions * weight,
            nulls=self.nulls * weight,
            value=self.value * weight,
        )

    def _at_touches(self, touches: Int64, start: Int64) -> Journeys:
        return replace(
            self,
            start=start,
            state=self.state[touches],
            at=self.at[touches],
            direct=self.direct[touches],
            milestone=self.milestone[touches],
            touch=self.touch[touches],
        )


def from_paths(
    paths: Sequence[Sequence[str]],
    conversions: Sequence[float],
    nulls: Sequence[float] | None = None,
    value: Sequence[float] | None = None,
    *,
    direct: str = "Direct",
) -> Journeys:
    """Journeys of counted paths, such as peers take them: each a list of channels, in order, without times.

    Steps without a name are left out. A path stands for a customer of its own where intervals are drawn.
    """
    steps = [[spelled(step.strip()) for step in path if step.strip()] for path in paths]
    states = tuple(sorted({step for path in steps for step in path}))
    code = {state: number for number, state in enumerate(states)}
    state = np.array([code[step] for path in steps for step in path], np.int32)
    start = np.zeros(len(steps) + 1, np.int64)
    np.cumsum([len(path) for path in steps], out=start[1:])
    none = np.zeros(len(steps))
    return Journeys(
        start=start,
        state=state,
        states=states,
        at=np.zeros(state.size, np.int64),
        direct=state == code.get(direct, -1),
        milestone=np.zeros(state.size, np.int64),
        touch=np.arange(state.size),
        conversions=np.asarray(conversions, np.float64),
        nulls=none if nulls is None else np.asarray(nulls, np.float64),
        value=none if value is None else np.asarray(value, np.float64),
        customer=np.arange(len(steps)),
        event=np.arange(len(steps)),
        end=np.zeros(len(steps), np.int64),
    )
