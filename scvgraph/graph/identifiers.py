"""Stage identifiers: every distinct identifier, when and how often it was seen, and whether it is a placeholder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from scvgraph.graph.sighted import read_cleaned, read_layouts, read_rules
from scvgraph.seen import NEVER, moments, unseen
from scvgraph.store.views import attach_ledger
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt


@njit(cache=True, nogil=True)
def _see(
    identifier: npt.NDArray[np.int32], at: npt.NDArray[np.int64], seen: npt.NDArray[np.int64]
) -> None:  # pragma: no cover
    """Count each identifier and keep its first and last time. seen: [size, 3], one cache line for the three."""
    for position in range(identifier.size):
        number = identifier[position]
        if number >= 0:
            seen[number, 0] += 1
            time = at[position]
            if time != NEVER:
                seen[number, 1] = min(seen[number, 1], time)
                seen[number, 2] = max(seen[number, 2], time)


@njit(cache=True, nogil=True)
def _seen_ones(
    seen: npt.NDArray[np.int64],
) -> tuple[
    npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]
]:  # pragma: no cover
    """Numbers that were seen, ascending, with their count and times (`NEVER` for both where no time is known)."""
    size = 0
    for number in range(len(seen)):
        size += seen[number, 0] > 0
    found, count = np.empty(size, np.int32), np.empty(size, np.int64)
    first, last = np.empty(size, np.int64), np.empty(size, np.int64)
    place = 0
    for number in range(len(seen)):
        if seen[number, 0] > 0:
            found[place], count[place] = number, seen[number, 0]
            first[place] = seen[number, 1]
            last[place] = seen[number, 2] if first[place] != NEVER else NEVER
            place += 1
    return found, count, first, last


def identifiers(work: Work) -> Counts:
    """Make tables cleaned, rules, the layouts and `identifiers` (without the marks of later stages)."""
    engine = work.engine
    attach_ledger(engine, work.ledger)
    read_cleaned(work)
    read_rules(work)
    work.tell("placing identifiers")
    layouts = read_layouts(work)
    work.layouts = layouts
    seen = unseen(work.ledger.next_spelling)

    def see(kind: str) -> None:
        for layout in layouts:
            for (of, _), numbers in zip(layout.identifiers, layout.numbers, strict=True):
                if of == kind:
                    _see(numbers, layout.at, seen)

    # Kinds share no numbers, so that each may be counted by a thread of its own.
    with ThreadPoolExecutor(engine.threads) as pool:
        list(pool.map(see, {kind for layout in layouts for kind, _ in layout.identifiers}))
    work.seen = seen
    _keep(work, seen)
    return {
        "identifiers": work.counted.num_rows,
        "placeholders": engine.one("SELECT count(*) FROM placeholders"),
    }


def _keep(work: Work, seen: npt.NDArray[np.int64]) -> None:
    """Tables `counted` (no, count, first_seen, last_seen) and `placeholders` (identifier, why)."""
    import pyarrow as pa

    number, count, first, last = _seen_ones(seen)
    work.counted = pa.table(
        {"no": number, "count": count, "first_seen": moments(first), "last_seen": moments(last)}
    )
    work.engine.show("counted", work.counted)
    work.engine.make(
        "placeholders",
        "SELECT identifier, min(placeholder) AS why FROM cleaned WHERE placeholder IS NOT NULL GROUP BY identifier",
    )
