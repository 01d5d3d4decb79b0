"""Stage owners: every ledger row gets its customer, or the reason why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from scvgraph.resolve.kernel_best import own_rows
from scvgraph.resolve.meetings import meet
from scvgraph.work import Counts, Layout, Work

if TYPE_CHECKING:
    import numpy.typing as npt

_SCHEMA = pa.schema(
    [("row", pa.int64()), ("customer", pa.int32()), ("basis", pa.dictionary(pa.int8(), pa.string()))]
)
STATES = ("none", "placeholder", "shared")


def owners(work: Work) -> Counts:
    """Make table `owners` (row, customer, basis): the customer of the most trusted identifier a row shows; set
    `work.met`.
    """
    state = np.zeros(work.ledger.next_spelling, np.int8)
    marks = work.engine.arrow(
        "SELECT identifier, CASE status WHEN 'shared' THEN 2 ELSE 1 END::TINYINT AS state FROM marks"
    )
    state[marks.column("identifier").to_numpy()] = marks.column("state").to_numpy()
    counted = np.zeros(work.next_customer + 1, np.int64)
    tables = [_own_layout(work, layout, state, counted) for layout in work.layouts]
    work.layouts.clear()
    owned = pa.concat_tables([_SCHEMA.empty_table(), *tables]).unify_dictionaries()
    work.engine.write_later(owned, work.draft.path("owners"))
    work.rows_of = counted[1:]
    return {"rows": owned.num_rows, "owned": owned.num_rows - owned.column("customer").null_count}


def _own_layout(
    work: Work, layout: Layout, state: npt.NDArray[np.int8], counted: npt.NDArray[np.int64]
) -> pa.Table:
    order = layout.by_trust(work.project.kinds)
    names = [layout.identifiers[n][0] for n in order] + list(STATES)
    customer, basis = own_rows(tuple(layout.numbers[n] for n in order), work.customer_of, state, counted)
    meet(work, layout, customer)
    if layout.shape == "events":
        work.owned_events.append((layout.row, customer, layout.at))
    columns = [
        pa.array(layout.row),
        pa.array(customer, mask=customer < 0),
        pa.DictionaryArray.from_arrays(basis, names),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)
