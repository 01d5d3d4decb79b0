"""Things that several customers may show without being one for it: kept as customer and thing, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Layout, Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]


def meeting_places(work: Work, state: npt.NDArray[np.int8]) -> Bool:
    """Which identifier numbers customers may meet at: those of kinds that merge nobody, and those blamed to be shared.

    Placeholders and hubs mean nobody, so nobody meets there. state: of every number, 0 where it is neither those nor
    shared. One element longer than there are numbers and false at the end, so that -1, no identifier, is no place.
    """
    place = np.zeros(state.size + 1, np.bool_)
    if work.project.resolve.relations:
        idle = np.array([*(not kind.links for kind in work.project.kinds.values()), False])
        place[:-1] = idle[work.kind_code] & (state == 0)
        place[list(work.solution.shared)] = True
    return place


def meet(work: Work, layout: Layout, customer: Int32, place: Bool) -> None:
    """Add to `work.met` the customer and the place of each row that has both. customer: of every row, -1 for none."""
    codes = np.unique(work.kind_code[np.flatnonzero(place[:-1])]).tolist()
    kinds = list(work.project.kinds)
    held = {kinds[code] for code in codes}
    for (kind, _), numbers in zip(layout.identifiers, layout.numbers, strict=True):
        if kind in held:
            rows = np.flatnonzero(place[numbers])
            rows = rows[customer[rows] >= 0]
            work.met.append((customer[rows], numbers[rows]))
