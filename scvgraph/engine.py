"""The one place that speaks to DuckDB: make a table from SQL, one value, to Arrow, from Arrow.

Stages use nothing else of the engine, in plain SQL, so that another engine can stand in. Values of rows are
bound or stay in tables; names, paths and the project's own constants are put into the text by `name` and `text`,
which quote them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# Random-looking columns (hashes, numbers) gain nothing from a dictionary and lose time trying one.
_ROW_GROUP = 122_880
_UNPACKED = frozenset(
    {"row", "ts", "customer", "identifier", "no", "a", "b", "first_seen", "last_seen", "weight"}
)
_PARQUET = f"FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 5000, ROW_GROUP_SIZE {_ROW_GROUP}"


def name(identifier: str) -> str:
    """A table or column name, quoted for SQL; a quote in it is doubled."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal, for the few places where SQL takes no parameters (table functions in views)."""
    return "'" + value.replace("'", "''") + "'"


def usable_memory() -> int:
    """Bytes this process may use: the machine's, or the control group's if that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists():
        words = limit.read_text().strip()
        if words.isdigit():
            total = min(total, int(words))
    return total


def _bytes(said: str) -> int:
    """The bytes DuckDB means by '6.5 GiB'."""
    number, unit = said.split()
    return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


class Engine:
    """A private in-memory DuckDB that spills to `spill` when `memory` is used up.

    `threads` defaults to the cores this process may run on, which in containers are fewer than the machine has.
    """

    def __init__(
        self, *, spill: Path | None = None, memory: str | None = None, threads: int | None = None
    ) -> None:
        import duckdb

        self.con: duckdb.DuckDBPyConnection = duckdb.connect()
        self.threads = threads or len(os.sched_getaffinity(0))
        self.run(f"SET threads = {self.threads}")
        self.run(f"SET memory_limit = '{memory or str(usable_memory() // 1_000_000 * 6 // 10) + 'MB'}'")
        self.memory = _bytes(self.one("SELECT current_setting('memory_limit')"))
        self.run("SET TimeZone = 'UTC'")
        self.run("SET enable_progress_bar = false")  # it would print among our own output
        self.run("SET autoinstall_known_extensions = false")
        self._writer = ThreadPoolExecutor(self.threads)
        self._unwritten: list[Future[None]] = []
        self.scratch = spill
        if spill is not None:
            spill.mkdir(parents=True, exist_ok=True)
            self.run(f"SET temp_directory = {text(str(spill))}")

    def close(self) -> None:
        self._writer.shutdown(cancel_futures=True)
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> None:
        self.con.execute(sql, params or []).fetchall()

    def make(self, table: str, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> None:
        """(Re)make a table of this run from a query; it spills like everything else and ends with the engine."""
        self.run(f"CREATE OR REPLACE TABLE {name(table)} AS {sql}", params)

    def view(self, table: str, sql: str) -> None:
        self.run(f"CREATE OR REPLACE VIEW {name(table)} AS {sql}")

    def drop(self, *tables: str) -> None:
        for table in tables:
            self.run(f"DROP TABLE IF EXISTS {name(table)}")

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, params or []).fetchall()

    def one(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> Any:
        """The first column of the only row."""
        rows = self.rows(sql, params)
        assert len(rows) == 1, sql
        return rows[0][0]

    def records(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows as dictionaries; for small results."""
        cursor = self.con.execute(sql, params or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def arrow(self, sql: str, params: dict[str, Any] | None = None) -> pa.Table:
        return self.con.sql(sql, params=params).to_arrow_table()

    def show(self, table: str, data: pa.Table) -> None:
        """Let SQL see an Arrow table under a name, without a copy."""
        self.con.register(table, data)

    def put(self, table: str, data: pa.Table) -> None:
        """(Re)make a table of this run from an Arrow table."""
        self.con.register("_incoming", data)
        try:
            self.make(table, "SELECT * FROM _incoming")
        finally:
            self.con.unregister("_incoming")

    def write(self, sql: str, path: Path, *, ordered: bool = True, as_written: bool = False) -> int:
        """Write a query's result to a Parquet file; returns the rows written.

        ordered: keep the query's row order. Say False only where the order of rows carries nothing: it saves memory.
        as_written: join in the order and on the sides the SQL says. The planner cannot tell how many rows a text
        file holds, and would rather build its hash tables from the file than from the small tables joined to it.
        """
        self.run(f"SET preserve_insertion_order = {ordered}")
        self.run(f"SET disabled_optimizers = '{'join_order,build_side_probe_side' if as_written else ''}'")
        try:
            return int(self.one(f"COPY ({sql}) TO {text(str(path))} ({_PARQUET})"))
        finally:
            self.run("SET preserve_insertion_order = true")
            self.run("SET disabled_optimizers = ''")

    def write_later(self, data: pa.Table | Callable[[], pa.Table], path: Path) -> None:
        """Write an Arrow table to a Parquet file, down to the disk, while the caller goes on; `finish` waits for it.

        What is still to be written stays in memory, so this is for what was there anyway. A function is called beside
        the caller to make the table: it must not speak to the engine, nor read what later stages change.
        """
        self._unwritten.append(self._writer.submit(_write, data, path))

    def finish(self) -> None:
        """Wait until everything is written; raises what went wrong with it. To be called before a file is read
        or published.
        """
        unwritten, self._unwritten = self._unwritten, []
        for each in unwritten:
            each.result()


def _write(data: pa.Table | Callable[[], pa.Table], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = data if isinstance(data, pa.Table) else data()
    # A column known to have no nulls needs no note of each value that it is there.
    whole = [
        field.with_nullable(column.null_count > 0)
        for field, column in zip(data.schema, data.columns, strict=True)
    ]
    data = pa.Table.from_arrays(data.columns, schema=pa.schema(whole))
    coded = [field.name for field in whole if pa.types.is_dictionary(field.type)]
    packing = {column: packing_of(column) for column in data.column_names}
    pq.write_table(
        data,
        path,
        compression=packing,
        use_dictionary=coded,
        row_group_size=_ROW_GROUP,
        # Rows stand in the order of the first column; of others the least and the greatest in a group tell nothing.
        write_statistics=data.column_names[:1],
        store_schema=False,
    )
    with path.open("rb") as file:  # here nobody waits for the disk; at the end of a run everybody would
        os.fsync(file.fileno())


def packing_of(column: str) -> str:
    """Compression of a stored column. Numbers and times that hardly repeat are as long packed as they are plain."""
    return "none" if column in _UNPACKED or re.fullmatch(r"i\d+", column) else "lz4"


def scan(paths: Iterable[Path], options: str = "") -> str:
    """SQL that reads Parquet files as one table."""
    files = ", ".join(text(str(path)) for path in paths)
    return f"read_parquet([{files}]{', ' + options if options else ''})"
