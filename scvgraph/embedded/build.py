"""Build the embedded graph of a generation: every part written as Parquet by the engine, copied in bulk, counted.

The graph is a projection: made new in the generation's own folder, never changed afterwards. It is copied from
Parquet because that is several times faster here than from Arrow tables. First everything is written, then everything
is copied: both keep every core busy, and side by side they take longer than one after the other.
"""

from __future__ import annotations

import errno
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.projection import (
    PARTS,
    Part,
    part_sql,
    prepare,
    tidy,
    trait_columns,
)
from scvgraph.embedded.statements import schema_statement
from scvgraph.embedded.values import write_values
from scvgraph.engine import Engine, text, usable_memory
from scvgraph.errors import StoreError
from scvgraph.store.failures import is_full
from scvgraph.store.generation import GRAPH_FILE, INDEX_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import ladybug

    from scvgraph.config.project import GraphPolicy

BUFFER_LIMIT = 4_000_000_000


def build(engine: Engine, folder: Path, policy: GraphPolicy, tell: Callable[[str], None]) -> dict[str, int]:
    """Write the graph and the index of values into a folder; rows of each part by its name.

    engine: has every table of the generation by name. Raises StoreError where the graph cannot be built whole.
    """
    loading = folder / "graph-load"
    loading.mkdir()
    try:
        prepare(engine)
        written = [_write(engine, part, loading, policy) for part in PARTS]
        tidy(engine)
        write_values(engine, folder / INDEX_FILE)
        return _load(folder / GRAPH_FILE, written, tell)
    finally:
        tidy(engine)
        shutil.rmtree(loading)


def _load(path: Path, parts: list[_Written], tell: Callable[[str], None]) -> dict[str, int]:
    """Copy part after part, and count what has arrived."""
    import ladybug

    memory = min(BUFFER_LIMIT, usable_memory() // 4)
    with (
        ladybug.Database(path, buffer_pool_size=memory) as database,
        ladybug.Connection(database) as connection,
    ):
        for written in parts:
            started = time.perf_counter()
            _copy(connection, written)
            tell(f"{written.part.name}: {written.rows:,} in {time.perf_counter() - started:.1f} s")
        connection.execute("CHECKPOINT")
        for written in parts:
            _verify(connection, written.part, written.rows)
    return {written.part.name: written.rows for written in parts}


@dataclass(frozen=True, slots=True)
class _Written:
    """A part as a Parquet file, ready to be copied."""

    part: Part
    traits: list[str]
    file: Path
    rows: int


def _write(engine: Engine, part: Part, loading: Path, policy: GraphPolicy) -> _Written:
    traits = trait_columns(engine, part.traits) if part.traits else []
    file = loading / f"{part.name}.parquet"
    return _Written(part, traits, file, engine.write(part_sql(part, traits, policy), file))


def _copy(connection: ladybug.Connection, written: _Written) -> None:
    name = written.part.name
    try:
        connection.execute(schema_statement(name, written.traits))
        if written.rows:
            connection.execute(f"COPY {name} FROM {text(str(written.file))}")
    except RuntimeError as error:
        if is_full(error):
            raise OSError(
                errno.ENOSPC, "no room for the graph"
            ) from None  # as whoever writes the store explains it
        raise StoreError(f"{name} cannot be copied into the graph: {error}") from None
    finally:
        written.file.unlink()


def _verify(connection: ladybug.Connection, part: Part, expected: int) -> None:
    pattern = f"(x:{part.name})" if part.is_node else f"()-[x:{part.name}]->()"
    result: Any = connection.execute(f"MATCH {pattern} RETURN count(x)")
    found = result.get_next()[0]
    if found != expected:
        raise StoreError(
            f"the graph holds {found} {part.name} where {expected} were written; run `scvgraph run` again"
        )
