"""Stage profiles: what profiles tell, and what can be read in e-mail addresses, for all that compares persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import name
from scvgraph.store.views import has_profiles, layouts, profiles_sql, stored_rows
from scvgraph.traits.told import told_by
from scvgraph.work import Counts, Profiles, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.store import Segment

    Int32 = npt.NDArray[np.int32]


def profiles(work: Work) -> Counts:
    """Set `work.profiles` and `work.told`."""
    import pyarrow as pa

    parts = [part for first, alike in layouts(work.ledger) if (part := _read(work, first, alike)) is not None]
    whole = pa.concat_tables([pa.table({"no": pa.array([], pa.int32())}), *parts], promote_options="default")
    traits = {trait: _coded(whole.column(trait)) for trait in whole.column_names[1:]}
    work.profiles = Profiles(whole.column("no").to_numpy(), traits)
    work.told = told_by(work)
    return {"profiles": whole.num_rows, "told": int(work.told.node.size)}


def _read(work: Work, first: Segment, alike: list[Segment]) -> pa.Table | None:
    """Profiles of one layout: number and traits."""
    if not has_profiles(work.ledger, first):
        return None
    traits = ", ".join(f"r.{name(trait)}" for trait in first.traits)
    return work.engine.arrow(
        f"SELECT p.no, {traits} FROM ({stored_rows(work.ledger, alike)}) r JOIN ({profiles_sql(work.ledger)}) p USING (row)"
    )


def _coded(column: pa.ChunkedArray) -> tuple[Int32, list[str]]:
    """A code for every row, -1 for none, and the values in ascending order."""
    import pyarrow.compute as pc

    coded = column.dictionary_encode().combine_chunks()
    values = coded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    place = np.empty(len(values) + 1, np.int32)
    place[order], place[-1] = np.arange(len(values), dtype=np.int32), -1
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return place[codes], [values[n] for n in order]
