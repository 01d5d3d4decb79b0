"""The switch: one transaction after which readers see the new state, before which they see the old one.

What was staged is shown, and everything that touches nodes already visible is done here: relationships between them,
changed properties, what is gone. If the transaction fails, nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name
from scvgraph.publish.batches import (
    EPOCH,
    Batch,
    changed_nodes,
    gone,
    kinds,
    label_sets,
    new_relationships,
    shown,
)
from scvgraph.publish.labels import OWN, kind_label, pattern, quoted
from scvgraph.publish.parts import EPOCH_SPAN, NODES, RELATIONSHIPS, Part, key_base
from scvgraph.publish.state import held

if TYPE_CHECKING:
    import neo4j

    from scvgraph.publish.changes import Plan
    from scvgraph.publish.connection import Server
    from scvgraph.publish.state import State


@dataclass(frozen=True, slots=True)
class Ends:
    """SQL conditions on new relationships: whether both ends are staged, so that nobody sees them yet."""

    both: str
    not_both: str


def ends(plan: Plan, start: str, end: str) -> Ends:
    """A fresh publication stages all of its nodes; else those in the tables of added nodes."""
    if plan.is_fresh:
        return Ends("true", "false")
    both = " AND ".join(
        f"{key} IN (SELECT _key FROM {name('_added_' + part)})" for key, part in (("_a", start), ("_b", end))
    )
    return Ends(both, f"NOT ({both})")


def labels_in_use(engine: Engine) -> list[str]:
    """The labels readers ask for, in the new state."""
    found = (labels for part in NODES for labels, _ in label_sets(engine, part, f"_new_{part.name}"))
    return sorted({label for labels in found for label in labels} | {part.name for part in NODES})


def switch(
    server: Server, engine: Engine, plan: Plan, before: State, claim: str, tell: Callable[[str], None]
) -> None:
    """Do it. Done again after a lost answer, it finds it has been done."""
    snapshot = plan.snapshot
    values = {
        "published": snapshot.name,
        "next": None,
        "state": "shown",
        "generation": snapshot.generation,
        "epoch": snapshot.epoch,
        "touchpoints": snapshot.touchpoints,
        "labels": labels_in_use(engine),
    }

    def work(tx: neo4j.ManagedTransaction) -> None:
        # Takes the publication's lock first, so that two switches cannot cross.
        held(tx, claim)
        published = tx.run("MATCH (p:_ScvPublication) RETURN p.published").value()
        if published == [snapshot.name]:
            return
        if plan.is_fresh:
            _retire(tx, before.labels)
        for batch in _taken_away_and_changed(engine):
            _run(tx, batch)
        for part in NODES:
            tell(f"switch: showing {part.name}")
            if plan.is_fresh:
                _show_all(tx, engine, part, snapshot.epoch)
            else:
                for batch in shown(engine, part):
                    _run(tx, batch)
        for part in RELATIONSHIPS:
            for batch in new_relationships(engine, part, ends(plan, part.start, part.end).not_both):
                _run(tx, batch)
        held(tx, claim, **values)
        tell("switch: committing")

    with server.session() as session:
        session.execute_write(work)


def _taken_away_and_changed(engine: Engine) -> Iterator[Batch]:
    for part in (*RELATIONSHIPS, *NODES):
        yield from gone(engine, part)
    for part in NODES:
        yield from changed_nodes(engine, part)


def _run(tx: neo4j.ManagedTransaction, batch: Batch) -> None:
    tx.run(batch.cypher, rows=batch.rows(), epoch=EPOCH).consume()


def _show_all(tx: neo4j.ManagedTransaction, engine: Engine, part: Part, epoch: int) -> None:
    """Give all nodes of a part and an epoch their labels; they are found by the range of their keys."""
    first = key_base(part.name, epoch)
    found = f"MATCH (n:{OWN}) WHERE n._key >= $first AND n._key < $beyond"
    wanted: list[tuple[tuple[str, ...], str | None]] = [((part.name,), None)]
    if part.name == "Identifier":
        wanted = [((part.name, kind_label(kind)), kind) for kind in kinds(engine, "_new_Identifier")]
    for labels, kind in wanted:
        narrowed = found if kind is None else f"{found} AND n.kind = $kind"
        tx.run(
            f"{narrowed} SET n{pattern(labels)}", first=first, beyond=first + EPOCH_SPAN, kind=kind
        ).consume()


def _retire(tx: neo4j.ManagedTransaction, labels: tuple[str, ...]) -> None:
    """Take a whole earlier state out of sight; it is swept afterwards."""
    parts = {part.name for part in NODES}
    kinds = [label for label in labels if label not in parts]
    for label in (label for label in labels if label in parts):
        others = kinds if label == "Identifier" else []
        tx.run(f"MATCH (n:{OWN}:{quoted(label)}) REMOVE n{pattern((label, *others))}").consume()
