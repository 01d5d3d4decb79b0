"""Afterwards: every count, and the properties of a random sample of each part, compared with the tables."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scvgraph.engine import Engine, name
from scvgraph.errors import PublishError
from scvgraph.publish.batches import layout
from scvgraph.publish.labels import OWN, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from scvgraph.publish.changes import Plan
    from scvgraph.publish.connection import Server
    from scvgraph.publish.parts import Part

SAMPLE = 100


def verify(server: Server, engine: Engine, plan: Plan, tell: Callable[[str], None]) -> int:
    """How many rows were compared one by one. Raises PublishError naming each part that is not as it should be."""
    faults, compared = [], 0
    for change in plan.changes:
        tell(f"verifying {change.part.name}")
        found = _count(server, change.part, change.rows)
        if found != change.rows:
            faults.append(f"{change.part.name}: {found:,} where {change.rows:,} belong")
            continue
        sample, wrong = _compare(server, engine, change.part)
        compared += sample
        if wrong:
            faults.append(f"{change.part.name}: {wrong} of {sample} sampled differ")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise PublishError(
            f"{server.target} does not hold what was published:\n{listed}\n"
            "  somebody else may have changed it; write everything anew with `scvgraph publish neo4j --anew`"
        )
    return compared


def _count(server: Server, part: Part, expected: int) -> int:
    """Counted at once where nobody else has such nodes or relationships, else one by one."""
    label = quoted(part.name)
    every, ours = (
        (f"MATCH (n:{label}) RETURN count(n)", f"MATCH (n:{OWN}:{label}) RETURN count(n)")
        if part.is_node
        else (
            f"MATCH ()-[r:{label}]->() RETURN count(r)",
            f"MATCH (:{OWN}:{quoted(part.start)})-[r:{label}]->(:{OWN}) RETURN count(r)",
        )
    )
    found = int(server.rows(every)[0][0])
    return found if found == expected else int(server.rows(ours)[0][0])


def _compare(server: Server, engine: Engine, part: Part) -> tuple[int, int]:
    shape = layout(engine, part)
    keys = ["_key"] if part.is_node else ["_a", "_b"]
    columns = ", ".join(map(name, (*keys, *shape.properties)))
    chosen = f"SELECT * FROM {name('_new_' + part.name)} USING SAMPLE {SAMPLE} ROWS"
    if not part.is_node:  # all of the relationships between two nodes, so that both sides have the same
        chosen = f"SELECT * FROM {name('_new_' + part.name)} SEMI JOIN ({chosen}) USING (_a, _b)"
    expected = [tuple(map(_plain, row)) for row in engine.rows(f"SELECT {columns} FROM ({chosen})")]
    cells = ", ".join(f"x.{quoted(p)}" for p in shape.properties)
    found = server.rows(_sampled(part, cells), keys=sorted({row[: len(keys)] for row in expected}))
    wrong = Counter(expected)
    wrong.subtract(Counter(tuple(map(_plain, row)) for row in found))
    return len(expected), sum(count for count in wrong.values() if count > 0)


def _sampled(part: Part, cells: str) -> str:
    cells = f", {cells}" if cells else ""
    label = quoted(part.name)
    if part.is_node:
        return f"UNWIND $keys AS k MATCH (x:{OWN} {{_key: k[0]}}) WHERE x:{label} RETURN k[0]{cells}"
    ends = f"MATCH (a:{OWN} {{_key: k[0]}}) MATCH (b:{OWN} {{_key: k[1]}})"
    return f"UNWIND $keys AS k {ends} MATCH (a)-[x:{label}]->(b) RETURN k[0], k[1]{cells}"


def _plain(cell: Any) -> Any:
    """A cell as both sides can be compared: Neo4j's times as Python's, every NaN the same."""
    if hasattr(cell, "to_native"):
        cell = cell.to_native()
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return "NaN" if isinstance(cell, float) and math.isnan(cell) else cell
