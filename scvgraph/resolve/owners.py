"""Stage owners: every ledger row gets its customer, or the reason why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_best import own_rows
from scvgraph.work import Counts, Layout, Work

if TYPE_CHECKING:
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
    with pq.ParquetWriter(work.draft.path("owners"), schema, compression="lz4", use_dictionary=["basis"]) as file:
        for layout in work.layouts:
            for table in _own_layout(work, layout, state):
                counts["rows"] += table.num_rows
                counts["owned"] += table.num_rows - table.column("customer").null_count
                file.write_table(table.cast(schema))
    return counts


def _own_layout(work: Work, layout: Layout, state: npt.NDArray[np.int8]) -> list[pa.Table]:
    import pyarrow as pa

    kinds = work.project.kinds
    order = sorted(range(len(layout.identifiers)), key=lambda n: (-kinds[layout.identifiers[n][0]].trust, n))
    names = [layout.identifiers[n][0] for n in order] + list(STATES)
    columns = ", ".join(f"coalesce(i{n}, -1) AS i{n}" for n in order)
    tables = []
    for part in work.engine.con.cursor().sql(f"SELECT row, {columns} FROM {layout.table}").to_arrow_reader(_ROWS):
        numbers = np.stack([part.column(f"i{n}").to_numpy() for n in order])
        customer, basis = own_rows(numbers, work.customer_of, state)
        tables.append(
            pa.table(
                {
                    "row": part.column("row"),
                    "customer": pa.array(customer, mask=customer < 0),
                    "basis": pa.DictionaryArray.from_arrays(basis, names),
                }
            )
        )
    return tables
