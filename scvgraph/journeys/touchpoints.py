"""Stage touchpoints: a customer's events in time order.

Events at one moment stand in the order of their source and key, so that no order of arrival shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import text
from scvgraph.journeys.kernel_places import places, sequence
from scvgraph.store.views import content_key, layouts, stored_rows
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt

    Int64 = npt.NDArray[np.int64]


def touchpoints(work: Work) -> Counts:
    """Make table touchpoints (customer, seq, row, ts, gap_s)."""
    import pyarrow as pa

    work.tell("placing touchpoints")
    row, customer, ts = (
        np.concatenate([part[n] for part in work.owned_events] or [np.empty(0, kind)])
        for n, kind in enumerate((np.int64, np.int32, np.int64))
    )
    work.owned_events.clear()
    row, customer, ts = places(row, customer, ts, work.next_customer, work.engine.threads)
    seq, gap, tied = sequence(customer, ts)
    if tied.any():
        spots = np.flatnonzero(tied)
        row[spots] = row[spots][_canonical(work, row[spots], customer[spots], ts[spots])]
    table = pa.table(
        {
            "customer": customer,
            "seq": seq,
            "row": row,
            "ts": pa.array(ts).view(pa.timestamp("us")),
            "gap_s": pa.array(gap, mask=gap < 0),
        }
    )
    work.engine.write_later(table, work.draft.path("touchpoints"))
    return {"touchpoints": int(row.size)}


def _canonical(work: Work, row: Int64, customer: npt.NDArray[np.int32], ts: Int64) -> Int64:
    """Positions of tied events by customer and time, then by source and key."""
    import pyarrow as pa

    work.engine.put("ties", pa.table({"row": row}))
    parts = []
    for first, segments in layouts(work.ledger):
        if first.shape == "events":
            key = "r.key" if first.keyed else content_key(first)
            rows = f"SELECT * FROM ({stored_rows(work.ledger, segments)}) SEMI JOIN ties USING (row)"
            parts.append(f"SELECT row, {text(first.source)} AS source, {key} AS key FROM ({rows}) r")
    ranked = work.engine.arrow(
        f"SELECT row, rank() OVER (ORDER BY source, key) AS rank FROM ({' UNION ALL '.join(parts)}) ORDER BY row"
    )
    work.engine.drop("ties")
    ascending = np.argsort(row)
    rank = np.empty(row.size, np.int64)
    rank[ascending] = ranked.column("rank").to_numpy()
    return np.lexsort((rank, ts, customer))
