"""The publication as the database itself knows it: one node, and who may write now.

state: `staging` while new nodes are written out of sight, `shown` when the switch has happened and leftovers are still
to be swept, `done`. A publisher claims the node; one whose claim was taken over writes no more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.errors import PublishError
from scvgraph.publish.labels import RETIRED, quoted

if TYPE_CHECKING:
    import neo4j

    from scvgraph.publish.connection import Server

NAME = "scvgraph"
SWEPT = 10_000  # nodes a transaction deletes


@dataclass(frozen=True, slots=True)
class State:
    """published: name of the publication readers see; next: of one begun and not finished. labels, staged: in use."""

    published: str | None
    next: str | None
    state: str
    epoch: int
    generation: int | None
    labels: tuple[str, ...]
    staged: tuple[str, ...]


NOTHING = State(None, None, "done", 0, None, (), ())


def read_state(server: Server) -> State:
    found = server.rows(
        "MATCH (p:_ScvPublication {name: $name}) RETURN p.published, p.next, p.state, p.epoch, p.generation, p.labels, p.staged",
        name=NAME,
    )
    if not found:
        return NOTHING
    published, next_, state, epoch, generation, labels, staged = found[0]
    return State(published, next_, state, epoch, generation, tuple(labels or ()), tuple(staged or ()))


def claim(server: Server) -> str:
    """Become the one who writes; returns the claim."""
    mine = secrets.token_hex(8)
    server.write(
        "MERGE (p:_ScvPublication {name: $name}) ON CREATE SET p.state = 'done', p.epoch = 0"
        " SET p.claim = $claim, p.claimed_at = localdatetime()",
        name=NAME,
        claim=mine,
    )
    return mine


def note(server: Server, mine: str, **values: Any) -> None:
    """Set properties of the publication, if the claim still holds."""
    with server.session() as session:
        session.execute_write(lambda tx: held(tx, mine, **values))


def held(tx: neo4j.ManagedTransaction, mine: str, **values: Any) -> None:
    """As `note`, within a transaction. Raises PublishError if somebody else publishes now."""
    cypher = "MATCH (p:_ScvPublication {name: $name, claim: $claim}) SET p += $values RETURN p.name"
    if not tx.run(cypher, name=NAME, claim=mine, values=values).values():
        raise PublishError(
            "another publish to this database has begun; this one has stopped, let that one finish"
        )


def sweep(server: Server, labels: tuple[str, ...]) -> int:
    """Delete all nodes of some labels that only the publisher knows, a batch a transaction; returns how many."""
    return sum(_sweep(server, label) for label in labels)


def _sweep(server: Server, label: str) -> int:
    cypher = f"MATCH (n:{quoted(label)}) WITH n LIMIT {SWEPT} DETACH DELETE n RETURN count(*)"
    total = 0
    while count := server.write(cypher)[0][0]:
        total += count
    return total


LEFTOVERS = (RETIRED, "_ScvBatch")
