"""Tables in memory (pandas or Arrow) as a source."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scvgraph.engine import Engine, name
from scvgraph.errors import SourceError
from scvgraph.sources.files import SourceFile
from scvgraph.sources.reading import Feed, require, typed_feed

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.config.project import Source


def arrow_of(called: str, frame: Any) -> pa.Table:
    """A table in memory as an Arrow table. Raises SourceError, naming it as `called`, for anything else."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    try:
        if hasattr(frame, "iloc"):
            return pa.Table.from_pandas(frame, preserve_index=False)
        return pa.table(frame)
    except (TypeError, AttributeError, ValueError, pa.ArrowException) as error:
        raise SourceError(
            f"{called}: cannot use this {type(frame).__name__} as a pandas or Arrow table: {error}"
        ) from None


def frame_label(source: Source) -> str:
    return f"<{source.name} table>"


def frame_file(source: Source, frame: Any) -> SourceFile:
    """Stands for a table in memory; its content's hash plays the part of a file's."""
    import pyarrow as pa

    table = arrow_of(f"source {source.name}", frame).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema.remove_metadata()) as stream:
        stream.write_table(table.replace_schema_metadata())
    return SourceFile(Path(), frame_label(source), "frame", hashlib.sha256(sink.getvalue()).hexdigest())


def frame_feed(engine: Engine, source: Source, file: SourceFile, frame: Any) -> Feed:
    table = arrow_of(f"source {source.name}", frame)
    require(source, file, table.column_names)
    engine.con.register(f"frame_{source.name}", table.select(list(source.columns)))
    return typed_feed(engine, source, file, name(f"frame_{source.name}"))
