"""Stage profiles: rows that tell of a person become nodes of their own, and what they tell is read once.

Any row of a records source that tells anything is a profile, of events those with a name or a date of birth. A
profile stands between the identifiers it shows: it is linked to each of them, and what it tells may keep others out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.engine import name, text
from scvgraph.roles import role_of
from scvgraph.seen import NEVER
from scvgraph.store.views import content_key, layouts, stored_rows
from scvgraph.traits.told import told_by
from scvgraph.work import Counts, Profiles, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.store import Segment

    Int32 = npt.NDArray[np.int32]


def profiles(work: Work) -> Counts:
    """Set `work.profiles` and `work.told`; profiles are seen, and of a kind of their own, from here on."""
    parts = [part for first, segments in layouts(work.ledger) if (part := _read(work, first, segments))]
    work.profiles = _together(parts)
    rows = work.profiles.row.size
    code = list(work.project.kinds).index(PROFILE) if rows else -1
    work.kind_code = np.concatenate([work.kind_code, np.full(rows, code, np.int8)])
    at = work.profiles.at
    seen = np.stack([np.ones(rows, np.int64), at, np.where(at == NEVER, -NEVER, at)], axis=1)
    work.seen = np.concatenate([work.seen, seen])
    work.factor = np.concatenate([work.factor, np.ones(rows)])
    _name(work)
    work.told = told_by(work)
    return {"profiles": rows, "told": int(work.told.node.size)}


def _together(parts: list[tuple[pa.Table, Int32]]) -> Profiles:
    import pyarrow as pa

    tables = [table for table, _ in parts]
    whole = pa.concat_tables(
        [pa.table({"row": pa.array([], pa.int64()), "at": pa.array([], pa.int64()), "key": pa.array([], pa.string())}), *tables],
        promote_options="default",
    )
    start, shown = _shown([numbers for _, numbers in parts])
    return Profiles(
        row=whole.column("row").to_numpy(),
        at=whole.column("at").to_numpy(),
        key=whole.column("key").combine_chunks(),
        start=start,
        shown=shown,
        traits={trait: _coded(whole.column(trait)) for trait in whole.column_names[3:]},
    )


def _name(work: Work) -> None:
    """View `nodes` (no, kind, value): identifiers and profiles as resolution numbers them."""
    import pyarrow as pa

    first = work.ledger.next_spelling
    number = np.arange(first, first + work.profiles.row.size, dtype=np.int32)
    work.engine.show("_profile_names", pa.table({"no": number, "value": work.profiles.key}))
    work.engine.view(
        "nodes",
        "SELECT no, kind, raw AS value FROM spellings"
        f" UNION ALL SELECT no, {text(PROFILE)} AS kind, value FROM _profile_names",
    )


def _read(work: Work, first: Segment, segments: list[Segment]) -> tuple[pa.Table, Int32] | None:
    """Profiles of one layout: a table (row, at, traits) and the identifiers they show [r, columns]."""
    wanted = [t for t in first.traits if first.shape == "records" or role_of(t) is not None]
    if not wanted:
        return None
    any_told = " OR ".join(f"{name(trait)} IS NOT NULL" for trait in wanted)
    traits = ", ".join(name(trait) for trait in first.traits)
    places = "".join(f", coalesce(i{n}, -1) AS i{n}" for n in range(len(first.identifiers)))
    key = "key" if first.keyed else content_key(first)
    table = work.engine.arrow(
        f"""SELECT row, coalesce(epoch_us(ts), {NEVER}) AS at, {text(first.source + "/")} || key
                   || CASE WHEN copy > 1 THEN '#' || copy ELSE '' END AS key, {traits}{places}
            FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY row) AS copy
                  FROM (SELECT * REPLACE ({key} AS key) FROM ({stored_rows(work.ledger, segments)}) r WHERE {any_told}))"""
    )
    numbers = np.full((table.num_rows, len(first.identifiers)), -1, np.int32)
    for n in range(len(first.identifiers)):
        raw = table.column(f"i{n}").to_numpy()
        numbers[:, n] = np.where(raw >= 0, work.leads_to[raw], -1)
    return table.select(["row", "at", "key", *first.traits]), numbers


def _shown(parts: list[Int32]) -> tuple[Int32, Int32]:
    """Identifiers of each row, each once, as a list of lists."""
    counts, lists = [np.zeros(1, np.int64)], [np.empty(0, np.int32)]
    for numbers in parts:
        ordered = np.sort(numbers, axis=1)
        fresh = ordered >= 0
        fresh[:, 1:] &= ordered[:, 1:] != ordered[:, :-1]
        counts.append(fresh.sum(axis=1))
        lists.append(ordered[fresh])
    return np.cumsum(np.concatenate(counts)).astype(np.int32), np.concatenate(lists)


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
