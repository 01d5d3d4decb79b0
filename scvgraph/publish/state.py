"""The publication as the database itself knows it: one node, and who may write now.

state: `staging` while new nodes are written out of sight, `shown` when the switch has happened and leftovers are still
to be swept, `done`. A publisher claims the node; one whose claim was taken over writes no more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.errors import PublishError
from scvgraph.publish.labels import OWN, PUBLIC

if TYPE_CHECKING:
    import neo4j

    from scvgraph.publish.connection import Server

NAME = "scvgraph"
SWEPT = 5_000  # nodes a transaction deletes, with their relationships


@dataclass(frozen=True, slots=True)
class State:
    """published: name of the publication readers see; next: of one begun and not finished. labels: what readers ask for."""

    published: str | None
    next: str | None
    state: str
    epoch: int
    generation: int | None
    labels: tuple[str, ...]


NOTHING = State(None, None, "done", 0, None, ())


def read_state(server: Server) -> State:
    found = server.rows(
        "MATCH (p:_ScvPublication {name: $name}) RETURN p.published, p.next, p.state, p.epoch, p.generation, p.labels",
        name=NAME,
    )
    if not found:
        return NOTHING
    published, next_, state, epoch, generation, labels = found[0]
    return State(published, next_, state, epoch, generation, tuple(labels or ()))


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


def sweep(server: Server) -> None:
    """Delete marks and every node of ours that is not to be seen, some thousands a transaction."""
    visible = "|".join(sorted(PUBLIC))
    for hidden in ("(n:_ScvBatch)", f"(n:{OWN}) WHERE NOT n:{visible}"):
        with server.session() as session:
            session.run(
                f"MATCH {hidden} CALL {{ WITH n DETACH DELETE n }} IN TRANSACTIONS OF {SWEPT} ROWS"
            ).consume()


def sweep_marks(server: Server) -> None:
    """Delete the marks of batches, where nothing else can be left."""
    server.write("MATCH (n:_ScvBatch) DELETE n")
