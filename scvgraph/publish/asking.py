"""Cypher asked of the published graph, its rows in the shape the embedded graph gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.graph import Result
from scvgraph.errors import QueryError
from scvgraph.publish.connection import connect
from scvgraph.publish.labels import PUBLIC

if TYPE_CHECKING:
    from scvgraph.publish.connection import Server
    from scvgraph.publish.target import Target


def ask(target: Target, cypher: str, values: dict[str, Any]) -> Result:
    """Rows of a reading statement. Raises PublishError, or QueryError with the server's own words."""
    with connect(target) as server:
        return ask_server(server, cypher, values)


def ask_server(server: Server, cypher: str, values: dict[str, Any]) -> Result:
    import neo4j
    from neo4j.exceptions import ClientError

    def work(tx: neo4j.ManagedTransaction) -> Result:
        found = tx.run(cypher, values)
        columns = tuple(found.keys())
        return Result(columns, tuple(tuple(map(_plain, row)) for row in found.values()))

    try:
        with server.session(read=True) as session:
            return session.execute_read(work)
    except ClientError as error:
        if error.code and ".Statement." in error.code and not error.code.endswith(".AccessMode"):
            raise QueryError(str(error.message)) from None
        raise


def _plain(cell: Any) -> Any:
    """A cell as Python's own values: a node is its label and properties, a path its nodes and relationships."""
    import neo4j.graph

    if isinstance(cell, list):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {key: _plain(item) for key, item in cell.items()}
    if isinstance(cell, neo4j.graph.Path):
        return {"nodes": _plain(list(cell.nodes)), "relationships": _plain(list(cell.relationships))}
    if isinstance(cell, (neo4j.graph.Node, neo4j.graph.Relationship)):
        return {"label": _label(cell)} | _properties(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return cell.to_native() if hasattr(cell, "to_native") else cell


def _label(entity: Any) -> str | None:
    """A relationship's type; a node's label as the embedded graph has it, not the one for its kind."""
    import neo4j.graph

    if isinstance(entity, neo4j.graph.Relationship):
        return str(entity.type)
    return next((label for label in sorted(entity.labels) if label in PUBLIC), None)


def _properties(entity: Any) -> dict[str, Any]:
    return {key: _plain(value) for key, value in entity.items() if not key.startswith("_")}
