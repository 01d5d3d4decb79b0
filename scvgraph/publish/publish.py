"""Publish a generation: plan, stage, switch, sweep, verify. Stopped at any moment, it goes on when called again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.projection import prepare
from scvgraph.embedded.statements import shipped
from scvgraph.engine import Engine
from scvgraph.errors import PublishError
from scvgraph.publish.batches import new_nodes, new_relationships
from scvgraph.publish.changes import Plan, work_out, write_snapshot
from scvgraph.publish.parts import NODES, RELATIONSHIPS
from scvgraph.publish.send import SESSIONS, Sender
from scvgraph.publish.snapshot import Snapshot, Snapshots, new_name
from scvgraph.publish.state import NOTHING, State, claim, note, read_state, sweep, sweep_marks
from scvgraph.publish.switch import ends, switch
from scvgraph.publish.verify import verify
from scvgraph.store.generation import attach

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.config.project import GraphPolicy
    from scvgraph.publish.batches import Batch
    from scvgraph.publish.connection import Server
    from scvgraph.store import Generation, Store

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What was done. nodes, relationships: rows staged or switched; seconds: of staging and of the switch."""

    plan: Plan
    verified: int
    seconds: float
    switch_seconds: float
    resumed: int

    def to_dict(self) -> dict[str, Any]:
        return {
            **plan_dict(self.plan),
            "verified": self.verified,
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
            "switch_seconds": round(self.switch_seconds, 3),
        }


def plan_dict(plan: Plan) -> dict[str, Any]:
    return {
        "generation": plan.snapshot.generation,
        "anew": plan.is_fresh,
        "replaces": plan.replaces,
        "parts": [
            {"part": c.part.name, "rows": c.rows, "added": c.added, "changed": c.changed, "gone": c.gone}
            for c in plan.changes
        ],
    }


@contextmanager
def tables(store: Store, generation: Generation) -> Iterator[Engine]:
    """An engine with the generation's tables and `_journeys`; it may spill beside the store's publications."""
    spill = store.folder / "published" / "spill"
    with Engine(spill=spill) as engine:
        lineage = [store.folder / relative for relative in generation.about["lineage"]]
        attach(engine, generation.folder, generation.ledger, lineage)
        prepare(engine)
        yield engine


def plan(
    server: Server,
    engine: Engine,
    store: Store,
    generation: Generation,
    policy: GraphPolicy,
    *,
    anew: bool = False,
) -> Plan:
    """What a publication would do; writes nothing."""
    known = Snapshots(store)
    return work_out(
        engine, _snapshot(engine, known, read_state(server), generation, policy, anew=anew), known, policy
    )


def publish(
    server: Server,
    store: Store,
    generation: Generation,
    policy: GraphPolicy,
    tell: Tell,
    *,
    sessions: int = SESSIONS,
    anew: bool = False,
) -> Published:
    """Bring the database to the generation's state, sending only what differs where it is known what is there."""
    started = time.perf_counter()
    tell("making constraints and indexes")
    make_schema(server)
    mine = claim(server)
    state = _finish_earlier(server, mine, tell)
    known = Snapshots(store)
    with tables(store, generation) as engine:
        tell("comparing with what is published")
        wanted = _snapshot(engine, known, state, generation, policy, anew=anew)
        begun = known.find(state.next)
        goes_on = begun is not None and begun.same_work(wanted)
        if goes_on and begun is not None:
            wanted = begun
        elif state.next:
            tell("sweeping an earlier try")
            sweep(server)
            known.forget(state.next)
            note(server, mine, next=None, state="done")
        todo = work_out(engine, wanted, known, policy)
        _not_emptied(server, todo, anew=anew)
        resumed, switched = 0, 0.0
        if todo.written or todo.is_fresh:
            write_snapshot(engine, todo, known)
            resumed = _stage(server, engine, todo, mine, tell, sessions)
            switched_at = time.perf_counter()
            switch(server, engine, todo, state, mine, tell)
            switched = time.perf_counter() - switched_at
            _after(server, mine, known, todo, state, tell)
        verified = verify(server, engine, todo, tell)
    return Published(todo, verified, time.perf_counter() - started, switched, resumed)


def _not_emptied(server: Server, todo: Plan, *, anew: bool) -> None:
    """Raises PublishError where a store of nothing would take away what another one has published."""
    if todo.replaces and todo.is_empty and not anew:
        raise PublishError(
            f"{server.target} holds what another store, or a forgotten publish of this one, has published, and this"
            " store has nothing: publishing would empty it; give --anew if that is meant"
        )


def make_schema(server: Server) -> None:
    """Constraints and indexes, a statement a file; those that are there stay."""
    for path in schema_files():
        statement = "\n".join(
            line for line in path.read_text("utf-8").splitlines() if not line.startswith("//")
        )
        with server.session() as session:
            session.run(statement).consume()
    with server.session() as session:
        session.run("CALL db.awaitIndexes(600)").consume()


def schema_files() -> list[Path]:
    return sorted((shipped() / "schema" / "neo4j").glob("*.cypher"))


def _snapshot(
    engine: Engine, known: Snapshots, state: State, generation: Generation, policy: GraphPolicy, *, anew: bool
) -> Snapshot:
    """What is to be published, and from which known state. An unknown one is left for a new epoch."""
    hasher = str(engine.one("SELECT version()"))
    base = None if anew else known.find(state.published)
    if base is not None and base.hasher != hasher:
        base = None
    epoch = base.epoch if base else state.epoch + (1 if state != NOTHING and state.published else 0)
    return Snapshot(
        new_name(), generation.number, epoch, base.name if base else None, policy.touchpoints, hasher
    )


def _finish_earlier(server: Server, mine: str, tell: Tell) -> State:
    """Sweep what a publication left that was stopped after its switch."""
    state = read_state(server)
    if state.state == "shown":
        tell("sweeping what the last publish left")
        sweep(server)
        note(server, mine, state="done")
        state = read_state(server)
    return state


def _stage(server: Server, engine: Engine, todo: Plan, mine: str, tell: Tell, sessions: int) -> int:
    """Write what nobody can see yet; returns the rows an earlier try had written."""
    note(server, mine, next=todo.snapshot.name, state="staging")
    done = {batch for (batch,) in server.rows("MATCH (b:_ScvBatch) RETURN b.id")}
    sender = Sender(server, mine, done, sessions)
    total = sum(change.added for change in todo.changes)
    for part in (*NODES, *RELATIONSHIPS):
        _told(tell, part.name, total, sender.sent + sender.passed_over)
        sender.send(_staged_batches(engine, todo, part.name), partial(_told, tell, part.name, total))
    return sender.passed_over


def _told(tell: Tell, part: str, total: int, rows: int) -> None:
    tell(f"{part}: {rows:,} of {total:,} rows")


def _staged_batches(engine: Engine, todo: Plan, name: str) -> Iterator[Batch]:
    part = todo.of(name).part
    if part.is_node:
        return new_nodes(engine, part)
    return new_relationships(engine, part, ends(todo, part.start, part.end).both)


def _after(server: Server, mine: str, known: Snapshots, todo: Plan, before: State, tell: Tell) -> None:
    tell("sweeping")
    if todo.is_fresh and before.published:
        sweep(server)
    sweep_marks(server)
    note(server, mine, state="done")
    known.forget(todo.snapshot.base)
