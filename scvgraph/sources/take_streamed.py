"""Take a file in by reading it once: rows stream by, their values are numbered, the segment is written beside.

DuckDB parses on its threads, the values of a kind are numbered by one of two, another one keeps and writes. What is
held is a few batches and the distinct values (see `spelled`).
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from scvgraph.config.project import Source
from scvgraph.engine import Engine, name, packing_of
from scvgraph.seen import NEVER
from scvgraph.sources import cells
from scvgraph.sources.reading import Feed
from scvgraph.sources.spelled import Spellings
from scvgraph.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

_ROWS = 122_880  # a batch, and a row group of the segment


def take_streamed(
    work: Work,
    spellings: Spellings,
    source: Source,
    feed: Feed,
    faults: list[cells.Fault],
    target: tuple[int, Path],
) -> tuple[int, int]:
    """Write a feed's fit rows to a segment; returns rows read and rows written.

    Raises Overfull (see `spelled`): the segment is then to be written by other means.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number, path = target
    work.taken.begin(str(path))
    schema = _schema(source)
    texts = ["file", *(field.name for field in schema if field.type == pa.string() and field.name != "key")]
    packing = {field.name: packing_of(field.name) for field in schema}

    def write(rows: pa.RecordBatch, numbers: list[npt.NDArray[np.int32]]) -> None:
        work.taken.keep(str(path), (_times(rows.column("ts")), *numbers))
        table = pa.Table.from_arrays(_columns(source, rows, numbers, number), schema=schema)
        file.write_table(table, _ROWS)

    read = added = 0
    previous: Future[None] | None = None
    with (
        pq.ParquetWriter(
            path,
            schema,
            compression=packing,
            use_dictionary=texts,
            write_statistics=["ts"],
            store_schema=False,
        ) as file,
        ThreadPoolExecutor(1) as writer,
    ):
        for batch in _ahead(_batches(work.engine, source, feed, faults)):
            read += batch.num_rows
            fit = batch.column("fit")
            rows = batch if fit.true_count == batch.num_rows else batch.filter(fit)
            if rows.num_rows:
                added += rows.num_rows
                numbers = _numbers(spellings, source, rows)
                if previous is not None:
                    previous.result()
                previous = writer.submit(write, rows, numbers)
        if previous is not None:
            previous.result()
    return read, added


def _schema(source: Source) -> pa.Schema:
    """The columns of a segment, as `store.ledger.Segment` says."""
    import pyarrow as pa

    types = {"ts": pa.timestamp("us"), "value": pa.float64()}
    fields = [("file", pa.int32()), *((column, types.get(column, pa.string())) for column in _plain(source))]
    fields += [(f"i{n}", pa.int32()) for n in range(len(source.identifiers))]
    if source.shape == "events":
        fields.append(("converted", pa.bool_()))
    return pa.schema(fields)


def _plain(source: Source) -> list[str]:
    """Names of a ledger row's columns but file, identifiers and converted, as `cells.row` gives them."""
    own = (
        ["key", "ts", "kind", "channel", "campaign", "value"]
        if source.shape == "events"
        else ["key", "ts", "kind"]
    )
    return own + [trait for trait, _ in source.traits]


def _batches(
    engine: Engine, source: Source, feed: Feed, faults: list[cells.Fault]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    engine.run("SET preserve_insertion_order = false")
    try:
        # On the main connection, where the reader leaves its notes on lines it could not parse.
        yield from engine.con.sql(_rows_sql(source, feed, faults)).to_arrow_reader(_ROWS)
    except (pa.ArrowException, OSError) as error:
        raise duckdb.InvalidInputException(str(error)) from None  # what it was before it came through Arrow
    finally:
        engine.run("SET preserve_insertion_order = true")


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches, each fetched and turned into Arrow while the caller works on the one before."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _rows_sql(source: Source, feed: Feed, faults: list[cells.Fault]) -> str:
    """Ledger rows with their raw identifiers c0, c1 ... and whether they are fit.

    CASE looks at a condition's second half only where its first holds, and AND in a result does not.
    """
    plain = ", ".join(f"{sql} AS {name(column)}" for column, sql in cells.row(source, feed))
    unfit = " ".join(f"WHEN {fault.condition} THEN false" for fault in faults)
    fit = f"CASE {unfit} ELSE true END" if faults else "true"
    columns = list(dict.fromkeys(column for _, column in source.identifiers))
    raw = "".join(f", {cells.as_text(feed, column)} AS _c{n}" for n, column in enumerate(columns))
    sql = f"SELECT {plain}{raw}, {fit} AS fit FROM ({feed.sql}) s"
    if source.shape == "records":
        return sql
    return f"SELECT *, coalesce(CAST(({source.conversion or 'false'}) AS BOOLEAN), false) AS converted FROM ({sql})"


def _numbers(spellings: Spellings, source: Source, rows: pa.RecordBatch) -> list[npt.NDArray[np.int32]]:
    columns = list(dict.fromkeys(column for _, column in source.identifiers))
    return spellings.numbers(
        [(kind, rows.column(f"_c{columns.index(column)}")) for kind, column in source.identifiers]
    )


def _times(ts: pa.Array) -> npt.NDArray[np.int64]:
    """Microseconds, NEVER where there are none."""
    micros = ts.view("int64")
    times: npt.NDArray[np.int64] = (micros.fill_null(NEVER) if ts.null_count else micros).to_numpy()
    return times


def _columns(
    source: Source, rows: pa.RecordBatch, numbers: list[npt.NDArray[np.int32]], number: int
) -> list[pa.Array]:
    import pyarrow as pa

    arrays = [
        pa.array(np.full(rows.num_rows, number, np.int32)),
        *(rows.column(column) for column in _plain(source)),
    ]
    arrays += [pa.array(column, mask=column < 0) for column in numbers]
    if source.shape == "events":
        arrays.append(rows.column("converted"))
    return arrays
