"""Things that several customers may show without being one for it: kept as customer and thing, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Layout, Work

    Int32 = npt.NDArray[np.int32]


def meet(work: Work, layout: Layout, customer: Int32) -> None:
    """Add to `work.met` the rows of a layout that show what customers may meet at: an identifier of a kind that merges
    nobody, or one blamed to be shared. customer: of every row, -1 for none.
    """
    if not work.project.resolve.relations:
        return
    blamed = np.zeros(work.kind_code.size, np.bool_)
    blamed[list(work.solution.shared)] = True
    used = np.unique(work.kind_code[list(work.solution.shared)])
    shared = {kind for code, kind in enumerate(work.project.kinds) if code in used}
    for (kind, _), numbers in zip(layout.identifiers, layout.numbers, strict=True):
        links = work.project.kinds[kind].links
        if not links or kind in shared:
            shown = (numbers >= 0) & (customer >= 0)
            if links:
                shown[shown] = blamed[numbers[shown]]
            work.met.append((customer[shown], numbers[shown]))
