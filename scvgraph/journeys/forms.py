"""Forms of a path: as it is, repeats merged, the first touch of each channel, or how often each.

Channels here stand for whatever touches are told apart by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.kernel_forms import first_of_runs, first_of_states, marks_of_states

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.journeys.journeys import Journeys

FORMS = {
    "full": "every touch",
    "merged": "repeats in a row are one touch",
    "first": "the first touch of every channel",
    "unique": "the same, and paths of the same channels are one path whatever their order",
    "frequency": "the channels in the order of their first touches, with how often each, as `Email(2)`",
}


def formed(journeys: Journeys, form: str) -> Journeys:
    """Journeys with their paths in another form. Touches stay in the order of time, which models go by."""
    if form == "full":
        return journeys
    if form == "merged":
        kept, reached = first_of_runs(journeys.start, journeys.state, journeys.milestone)
        return replace(journeys, milestone=reached).keep(kept)
    if form == "frequency":
        return with_counts(journeys)[0]
    return replace(_first_of_each(journeys)[0], ordered=form != "unique")


def with_counts(journeys: Journeys) -> tuple[Journeys, list[tuple[int, int]]]:
    """Journeys in the form `frequency`, and by state the one it was and how often that comes in a path."""
    made, times = _first_of_each(journeys)
    counted = made.state.astype(np.int64) << 32 | times
    found, state = np.unique(counted, return_inverse=True)
    pairs = [(pair >> 32, pair & 0xFFFFFFFF) for pair in found.tolist()]
    names = [f"{made.states[former]}({often})" for former, often in pairs]
    return made.seen_as(state.astype(np.int32), names), pairs


def _first_of_each(journeys: Journeys) -> tuple[Journeys, npt.NDArray[np.int32]]:
    """The first touch of each state, with the milestones its touches reach, and how many they are."""
    states = len(journeys.states)
    kept, times = first_of_states(journeys.start, journeys.state, states)
    if journeys.milestones:
        reached = marks_of_states(journeys.start, journeys.state, states, journeys.milestone)
        journeys = replace(journeys, milestone=reached)
    return journeys.keep(kept), times[kept]
