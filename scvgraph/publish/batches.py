"""Rows of the engine as batches of parameters, and the statements that write them.

Times travel as microseconds since 1970 and become local date-times in the database: the driver packs whole numbers a
hundred times faster than Python's date-times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scvgraph.engine import Engine, name, text
from scvgraph.publish.labels import OWN, kind_label, pattern, quoted
from scvgraph.publish.parts import Part

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - times are UTC without a zone


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for one statement, as lists of cells. id: the same for the same rows of the same publication."""

    id: str
    cypher: str
    columns: pa.Table

    @property
    def size(self) -> int:
        return int(self.columns.num_rows)

    def rows(self) -> list[Any]:
        return list(map(list, zip(*(column.to_pylist() for column in self.columns.columns), strict=True)))


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a part's table behind its keys, and which of them are times."""

    properties: tuple[str, ...]
    times: frozenset[str]

    def cell(self, property_: str, place: int) -> str:
        cell = f"r[{place}]"
        if property_ not in self.times:
            return cell
        return f"CASE WHEN {cell} IS NOT NULL THEN $epoch + duration({{microseconds: {cell}}}) END"

    def listed(self, keys: int) -> str:
        """The properties as a map's inside, from cells behind so many keys."""
        return ", ".join(f"{quoted(p)}: {self.cell(p, n)}" for n, p in enumerate(self.properties, keys))

    def select(self, keys: str) -> str:
        cells = [f"epoch_us({name(p)})" if p in self.times else name(p) for p in self.properties]
        return ", ".join([keys, *cells])


def layout(engine: Engine, part: Part) -> Layout:
    found = engine.records(f"DESCRIBE {name('_new_' + part.name)}")
    columns = {row["column_name"]: row["column_type"] for row in found if row["column_name"][0] != "_"}
    return Layout(tuple(columns), frozenset(c for c, type_ in columns.items() if type_ == "TIMESTAMP"))


def label_sets(engine: Engine, part: Part, table: str) -> list[tuple[tuple[str, ...], str]]:
    """The labels that nodes of a table get, and the condition that tells which nodes: by kind for identifiers."""
    if part.name != "Identifier":
        return [((part.name,), "true")]
    return [(("Identifier", kind_label(kind)), f"kind = {text(kind)}") for kind in kinds(engine, table)]


def kinds(engine: Engine, table: str) -> list[str]:
    """The kinds of identifiers in a table."""
    return [kind for (kind,) in engine.rows(f"SELECT DISTINCT kind FROM {name(table)} ORDER BY kind")]


def new_nodes(engine: Engine, part: Part) -> Iterator[Batch]:
    """Nodes to be staged: with their properties, and no label but the publisher's."""
    shape = layout(engine, part)
    table = f"_added_{part.name}"
    for labels, condition in label_sets(engine, part, table):
        cypher = f"UNWIND $rows AS r CREATE (:{OWN} {{_key: r[0], {shape.listed(1)}}})"
        sql = f"SELECT {shape.select('_key')} FROM {name(table)} WHERE {condition} ORDER BY _key"
        yield from batches(engine, ":".join(labels), cypher, sql)


def new_relationships(engine: Engine, part: Part, condition: str) -> Iterator[Batch]:
    shape = layout(engine, part)
    inside = f" {{{shape.listed(2)}}}" if shape.properties else ""
    cypher = (
        f"UNWIND $rows AS r MATCH (a:{OWN} {{_key: r[0]}}) MATCH (b:{OWN} {{_key: r[1]}})"
        f" CREATE (a)-[:{part.name}{inside}]->(b)"
    )
    sql = f"SELECT {shape.select('_a, _b')} FROM {name('_added_' + part.name)} WHERE {condition} ORDER BY ALL"
    yield from batches(engine, part.name, cypher, sql)


def changed_nodes(engine: Engine, part: Part) -> Iterator[Batch]:
    shape = layout(engine, part)
    cypher = f"UNWIND $rows AS r MATCH (n:{OWN} {{_key: r[0]}}) SET n += {{{shape.listed(1)}}}"
    sql = f"SELECT {shape.select('_key')} FROM {name('_changed_' + part.name)} ORDER BY _key"
    yield from batches(engine, part.name, cypher, sql)


def gone(engine: Engine, part: Part) -> Iterator[Batch]:
    """Nodes or relationships to be taken away. What others have tied to a node goes with it."""
    if part.is_node:
        cypher = f"UNWIND $rows AS r MATCH (n:{OWN} {{_key: r[0]}}) DETACH DELETE n"
        keys = "_key"
    else:
        ends = f"MATCH (a:{OWN} {{_key: r[0]}}) MATCH (b:{OWN} {{_key: r[1]}})"
        cypher = f"UNWIND $rows AS r {ends} MATCH (a)-[x:{part.name}]->(b) DELETE x"
        keys = "_a, _b"
    sql = f"SELECT {keys} FROM {name('_gone_' + part.name)} ORDER BY ALL"
    yield from batches(engine, part.name, cypher, sql)


def shown(engine: Engine, part: Part) -> Iterator[Batch]:
    """Staged nodes of a part that get their labels, by key."""
    table = f"_added_{part.name}"
    for labels, condition in label_sets(engine, part, table):
        cypher = f"UNWIND $rows AS r MATCH (n:{OWN} {{_key: r[0]}}) SET n{pattern(labels)}"
        sql = f"SELECT _key FROM {name(table)} WHERE {condition} ORDER BY _key"
        yield from batches(engine, part.name, cypher, sql)


def batches(engine: Engine, what: str, cypher: str, sql: str) -> Iterator[Batch]:
    table = engine.arrow(sql)
    for number, start in enumerate(range(0, table.num_rows, BATCH)):
        yield Batch(f"{what}/{number}", cypher, table.slice(start, BATCH))
