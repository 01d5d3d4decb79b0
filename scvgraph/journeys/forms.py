"""Forms of a path: as it is, repeats merged, the first touch of each channel, the set of channels, or how often each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.kernel_forms import first_of_runs, first_of_states, sort_paths

if TYPE_CHECKING:
    from scvgraph.journeys.journeys import Journeys

FORMS = {
    "full": "every touch",
    "merged": "repeats in a row are one touch",
    "first": "the first touch of every channel",
    "unique": "the channels, whatever their order",
    "frequency": "the channels in the order of their first touches, with how often each, as `Email(2)`",
}


def formed(journeys: Journeys, form: str) -> Journeys:
    """Journeys with their paths in another form."""
    if form == "full":
        return journeys
    if form == "merged":
        return journeys.keep(first_of_runs(journeys.start, journeys.state))
    kept, times = first_of_states(journeys.start, journeys.state, len(journeys.states))
    made = journeys.keep(kept)
    if form == "unique":
        order = sort_paths(made.start, made.state)
        return replace(
            made,
            state=made.state[order],
            at=made.at[order],
            direct=made.direct[order],
            milestone=made.milestone[order],
            touch=made.touch[order],
        )
    if form == "frequency":
        counted = made.state.astype(np.int64) << 32 | times[kept]
        pairs, state = np.unique(counted, return_inverse=True)
        names = [f"{made.states[pair >> 32]}({pair & 0xFFFFFFFF})" for pair in pairs.tolist()]
        return made.seen_as(state.astype(np.int32), names)
    return made
