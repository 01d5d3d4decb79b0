"""Forms of a path: as it is, repeats merged, the first touch of each channel, or how often each.

Channels here stand for whatever touches are told apart by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.kernel_forms import first_of_runs, first_of_states

if TYPE_CHECKING:
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
        return journeys.keep(first_of_runs(journeys.start, journeys.state))
    if form == "frequency":
        return with_counts(journeys)[0]
    kept, _ = first_of_states(journeys.start, journeys.state, len(journeys.states))
    return replace(journeys.keep(kept), ordered=form != "unique")


def with_counts(journeys: Journeys) -> tuple[Journeys, list[tuple[int, int]]]:
    """Journeys in the form `frequency`, and by state the one it was and how often that comes in a path."""
    kept, times = first_of_states(journeys.start, journeys.state, len(journeys.states))
    made = journeys.keep(kept)
    counted = made.state.astype(np.int64) << 32 | times[kept]
    found, state = np.unique(counted, return_inverse=True)
    pairs = [(pair >> 32, pair & 0xFFFFFFFF) for pair in found.tolist()]
    names = [f"{made.states[former]}({often})" for former, often in pairs]
    return made.seen_as(state.astype(np.int32), names), pairs
