"""Parquet: names and types stand in the file; rows come from its first row groups and from all over the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from scvgraph.profile.sample import LONGEST_CELL, PARQUET_ROWS, Cells, Sample

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, *, format_needed: bool) -> Sample:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        groups = _groups([file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)])
        schema = file.schema_arrow
        share = PARQUET_ROWS // max(len(groups), 1)
        batches = [next(file.iter_batches(share, row_groups=[group]), None) for group in groups]
        table = pa.Table.from_batches([batch for batch in batches if batch is not None], schema)
        total = file.metadata.num_rows
    counts = Counter(schema.names)
    types = {field.name: kind for field in schema if (kind := _type(field.type)) is not None}
    columns: dict[str, Cells] = {
        name: [None] * table.num_rows if types.get(name) == "nested" else _cells(table.column(name))
        for name in schema.names
        if counts[name] == 1 and name.strip()
    }
    return Sample(
        path=path,
        format="parquet",
        columns=columns,
        rows=table.num_rows,
        whole=table.num_rows == total,
        types=types,
        doubled=tuple(name for name, count in counts.items() if count > 1 or not name.strip()),
        format_needed=format_needed,
    )


def _groups(sizes: list[int]) -> list[int]:
    """Row groups to look into: all while they are few rows, else eight from all over."""
    if sum(sizes) <= PARQUET_ROWS or len(sizes) <= 8:
        return [n for n, size in enumerate(sizes) if size]
    return sorted({n * (len(sizes) - 1) // 7 for n in range(8)})


def _type(kind: Any) -> str | None:
    import pyarrow as pa

    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "time"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    if text or pa.types.is_boolean(kind) or pa.types.is_dictionary(kind):
        return None
    return "nested"


def _cells(column: Any) -> Cells:
    import pyarrow as pa

    return [
        text.strip()[:LONGEST_CELL] or None if text is not None else None
        for text in column.cast(pa.string()).to_pylist()
    ]
