"""Any table as a file: ordered, so that the same generation gives the same bytes, and written in one step."""

from __future__ import annotations

import os
import pathlib
from typing import TYPE_CHECKING, TypeVar

from scvgraph.engine import Engine, name, text
from scvgraph.errors import StoreError, UnknownName, UsageError
from scvgraph.store.failures import is_full
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx

    from scvgraph.store import Generation

T = TypeVar("T")

_FORMATS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}


def known_table(table: str) -> str:
    """The name itself. Raises UnknownName, saying which tables there are."""
    if table not in TABLES:
        raise UnknownName(f"no table '{table}'; there are: {', '.join(sorted(TABLES))}")
    return table


def export(engine: Engine, table: str, path: Path) -> int:
    """Write a table to a .csv or .parquet file; returns its rows. A file of that name is replaced at the end only.

    Rows stand in the order of their columns, from the first to the last.
    """
    known_table(table)
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"cannot tell the format of '{path}': end its name in .csv or .parquet")
    query, form = f"SELECT * FROM ({_told(table)}) ORDER BY ALL", _FORMATS[path.suffix.lower()]
    rows = written_aside(path, lambda aside: engine.one(f"COPY ({query}) TO {text(str(aside))} ({form})"))
    return int(rows)


def _told(table: str) -> str:
    """SQL of a table; behind numbers of identifiers stands what they are, as kind:value."""
    columns = [column.name for column in TABLES[table].columns]
    if table == "relations":
        return (
            "SELECT r.*, t.told AS through_identifiers FROM relations r LEFT JOIN"
            " (SELECT n.a, n.b, list(i.kind || ':' || i.value ORDER BY i.kind, i.value) AS told FROM"
            " (SELECT a, b, unnest(through) AS no FROM relations) n JOIN identifiers i USING (no)"
            " GROUP BY n.a, n.b) t ON t.a = r.a AND t.b = r.b"
        )
    if table != "decisions" and {"a", "b"} <= set(columns):
        return (
            "SELECT t.*, x.kind || ':' || x.value AS a_identifier, y.kind || ':' || y.value AS b_identifier"
            f" FROM {name(table)} t LEFT JOIN identifiers x ON x.no = t.a LEFT JOIN identifiers y ON y.no = t.b"
        )
    return f"SELECT * FROM {name(table)}"


def keep_model(generation: Generation, engine: Engine, path: Path) -> None:
    """Write a generation's model as a file that `[resolve] model` can name. Raises UsageError for another ending."""
    from scvgraph.matching.comparisons import comparisons_of
    from scvgraph.matching.fixed import write_fixed

    if path.suffix.lower() != ".parquet":
        raise UsageError(f"a model is kept as Parquet: end the name of '{path}' in .parquet")
    parameters, frequencies, compared = (
        engine.arrow(f"SELECT * FROM {table}") for table in ("model", "model_frequencies", "comparisons")
    )
    policy, comparisons = generation.about["policy"], comparisons_of(compared)
    nicknames, sources = policy["files"]["nicknames"], policy["sources"]
    tables = parameters, frequencies
    written_aside(path, lambda aside: write_fixed(aside, tables, comparisons, nicknames, sources))


def write_graph(network: nx.Graph[str], path: str | Path) -> None:
    """Write a networkx graph to a .graphml or .gexf file, in one step: `write_graph(customer.graph(), "jane.gexf")`."""
    from scvgraph.embedded.graph_files import graph_text

    file = pathlib.Path(path)
    text = graph_text(network, file.suffix)
    write_text(file, text)


def write_text(path: Path, text: str) -> None:
    """Write a file of text, such as a page, in one step."""
    written_aside(path, lambda aside: aside.write_text(text, encoding="utf-8"))


def written_aside(path: Path, write: Callable[[Path], T]) -> T:
    """What `write` makes of a file beside `path`, which then takes its place in one step. Raises StoreError."""
    import duckdb

    if not path.parent.is_dir():
        raise UsageError(f"no folder {path.parent}; make it, or name another file")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        made = write(aside)
        aside.replace(path)
    except (OSError, duckdb.Error) as error:
        said = (
            "disk full" if is_full(error) else getattr(error, "strerror", None) or str(error).split("\n")[0]
        )
        raise StoreError(f"cannot write {path}: {said}; what stood there before is as it was") from None
    finally:
        aside.unlink(missing_ok=True)
    return made
