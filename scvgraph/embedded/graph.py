"""The graph file of a finished generation, opened for reading. Any number of processes may do so at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from scvgraph.errors import QueryError, StoreError, StoreMissing

if TYPE_CHECKING:
    from pathlib import Path

    import ladybug
    import pandas as pd

# What people who know Neo4j write and the embedded engine does not read, and what to write instead.
_HINTS = (
    (
        "shortestpath",
        "the embedded graph has no shortestPath(); write -[:LINKED* SHORTEST 1..6]- or use `scvgraph explain`",
    ),
    ("read-only", "the graph is read-only; it is made anew by `scvgraph run`"),
    (
        "does not exist",
        "the labels and properties there are stand in docs/architecture.md, or try: CALL show_tables() RETURN *",
    ),
    (
        "parser exception",
        "the embedded graph reads a subset of Cypher; see docs/commands.md for what differs",
    ),
    ("buffer pool", "the query needs more memory than there is; narrow it, or add a LIMIT"),
)


# Read-only keeps the graph from being changed, not the engine from writing files or loading code.
_REACHES_OUT = re.compile(
    r"^\s*(explain\s+|profile\s+)?(copy|export|import|load|install|attach|detach\s+\w+\s*;?$|use)\b|\bload\s+from\b",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"'(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a query, with the names of their columns. Nodes and relationships are dictionaries of properties."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame([list(row) for row in self.rows], columns=list(self.columns))


QUICK_POOL = 256_000_000  # bytes: opening takes longer the more there are


class Graph:
    """Open it, ask, close it; or use it in a `with`.

    quick: for a few look-ups and no more; opens in half the time, with little memory for large queries.
    """

    def __init__(self, path: Path, *, quick: bool = False) -> None:
        if not path.exists():
            raise StoreMissing(
                f"{path.parent} holds no graph; set build = true under [graph] in scvgraph.toml and run `scvgraph run`"
            )
        import ladybug

        try:
            self._database = ladybug.Database(
                path, read_only=True, buffer_pool_size=QUICK_POOL if quick else 0
            )
            self._lookups = ladybug.Connection(self._database, num_threads=1)
        except RuntimeError as error:
            raise StoreError(f"{path} cannot be opened: {error}; make it anew with `scvgraph run`") from None

    def rows(self, cypher: str, **values: Any) -> list[Any]:
        """Rows as lists, as the engine gives them; for our own statements."""
        found = self._ask(self._lookups, cypher, values)
        try:
            return found.get_all()
        finally:
            found.close()

    def query(self, cypher: str, values: dict[str, Any] | None = None) -> Result:
        """Any Cypher. Raises QueryError with the engine's own words and a hint."""
        for name in sorted(_parameters(cypher) - (values or {}).keys()):
            raise QueryError(
                f"${name} has no value; give it with -p {name}=VALUE (the engine would take it for null)"
            )
        found = self._ask(self._queries, cypher, values or {})
        rows = tuple(tuple(_plain(cell) for cell in row) for row in found.get_all())
        return Result(tuple(found.get_column_names()), rows)

    @cached_property
    def _queries(self) -> ladybug.Connection:
        """With a thread a core; made when somebody asks, a look-up never does."""
        import ladybug

        return ladybug.Connection(self._database)

    def _ask(
        self, connection: ladybug.Connection, cypher: str, values: dict[str, Any]
    ) -> ladybug.QueryResult:
        if _REACHES_OUT.search(_QUOTED.sub("''", cypher)):
            raise QueryError(
                "a query may only read the graph: no COPY, EXPORT, IMPORT, LOAD, INSTALL or ATTACH"
            )
        try:
            found = connection.execute(cypher, values)
        except (RuntimeError, ValueError, TypeError) as error:
            raise QueryError(_explained(str(error))) from None
        if isinstance(found, list):
            raise QueryError("one statement at a time, please; the text holds several (look for `;`)")
        return found

    def close(self) -> None:
        self._lookups.close()
        if "_queries" in self.__dict__:
            self._queries.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _parameters(cypher: str) -> set[str]:
    r"""The parameters a statement names, outside of comments and quoted text.

    >>> sorted(_parameters("MATCH (c {id: $id}) // $not\nWHERE c.x <> 'a $b' RETURN $n"))
    ['id', 'n']
    """
    bare = re.sub(
        r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`", " ", cypher, flags=re.DOTALL
    )
    return set(re.findall(r"\$(\w+)", bare))


def _explained(said: str) -> str:
    hint = next((hint for word, hint in _HINTS if word in said.lower()), None)
    return f"{said.strip()}\n  hint: {hint}" if hint else said.strip()


def _plain(cell: Any) -> Any:
    """A cell without the engine's own ids: a node is its label and properties, a path its nodes and relationships."""
    if isinstance(cell, list):
        return [_plain(item) for item in cell]
    if isinstance(cell, float) and not math.isfinite(cell):
        return None  # JSON has no NaN
    if isinstance(cell, Decimal):  # sums of whole numbers come as such
        return int(cell)
    if not isinstance(cell, dict):
        return cell
    if "_NODES" in cell:
        return {"nodes": _plain(cell["_NODES"]), "relationships": _plain(cell["_RELS"])}
    plain = {"label": cell["_LABEL"]} if "_LABEL" in cell else {}
    return plain | {key: _plain(value) for key, value in cell.items() if not key.startswith("_")}
