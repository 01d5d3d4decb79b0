"""Stage owners: every ledger row gets its customer, or the reason why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_best import own_rows
from scvgraph.work import Counts, Layout, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

_ROWS = 1_000_000
STATES = ("none", "placeholder", "shared")


def owners(work: Work) -> Counts:
    """Make table `owners` (row, customer, basis): the customer of the most trusted identifier a row shows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    state = np.zeros(work.ledger.next_spelling, np.int8)
    marks = work.engine.arrow("SELECT identifier, CASE status WHEN 'shared' THEN 2 ELSE 1 END::TINYINT AS state FROM marks")
    state[marks.column("identifier").to_numpy()] = marks.column("state").to_numpy()
    schema = pa.schema([("row", pa.int64()), ("customer", pa.int32()), ("basis", pa.dictionary(pa.int8(), pa.string()))])
    counts = {"rows": 0, "owned": 0}
    counted = np.zeros(work.next_customer + 1, np.int64)
    with pq.ParquetWriter(work.draft.path("owners"), schema, compression="lz4", use_dictionary=["basis"]) as file:
        for layout in work.layouts:
            for table in _own_layout(work, layout, state, counted):
                counts["rows"] += table.num_rows
                counts["owned"] += table.num_rows - table.column("customer").null_count
                file.write_table(table.cast(schema))
    work.rows_of = counted[1:]
    return counts


def _own_layout(
    work: Work, layout: Layout, state: npt.NDArray[np.int8], counted: npt.NDArray[np.int64]
) -> Iterator[pa.Table]:
    import pyarrow as pa

    kinds = work.project.kinds
    order = sorted(range(len(layout.identifiers)), key=lambda n: (-kinds[layout.identifiers[n][0]].trust, n))
    names = [layout.identifiers[n][0] for n in order] + list(STATES)
    columns = ", ".join(f"coalesce(i{n}, -1) AS i{n}" for n in order)
    sql = f"SELECT row, coalesce(epoch_us(ts), 0) AS ts, {columns} FROM {layout.table}"
    for part in work.engine.con.cursor().sql(sql).to_arrow_reader(_ROWS):
        numbers = np.stack([part.column(f"i{n}").to_numpy() for n in order])
        customer, basis = own_rows(numbers, work.customer_of, state)
        if layout.shape == "events":
            owned = customer >= 0
            row, ts = part.column("row").to_numpy(), part.column("ts").to_numpy()
            work.owned_events.append((row[owned], customer[owned], ts[owned]))
        counted += np.bincount(customer + 1, minlength=counted.size)
        yield pa.table(
            {
                "row": part.column("row"),
                "customer": pa.array(customer, mask=customer < 0),
                "basis": pa.DictionaryArray.from_arrays(basis, names),
            }
        )
