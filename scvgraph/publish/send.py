"""Batches over several sessions, each in a transaction of its own that leaves a mark: none is written twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from scvgraph.publish.batches import EPOCH
from scvgraph.publish.state import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import neo4j

    from scvgraph.publish.batches import Batch
    from scvgraph.publish.connection import Server

SESSIONS = 2

_MARK = "MATCH (:_ScvPublication {name: $name, claim: $claim}) CREATE (:_ScvBatch {id: $id}) RETURN true"


class Sender:
    """Writes batches side by side. done: ids of batches an earlier try has written; they are passed over."""

    def __init__(self, server: Server, claim: str, done: set[str], sessions: int = SESSIONS) -> None:
        self.server, self.claim, self.done, self.sessions = server, claim, done, sessions
        self.sent = self.passed_over = 0
        self._lock = threading.Lock()
        self._failure: BaseException | None = None

    def send(self, batches: Iterable[Batch], tell: Callable[[int], None]) -> int:
        """Rows that are in the database at the end, those of an earlier try included. Raises what went wrong first."""
        waiting = iter(batches)
        before = self.sent + self.passed_over
        writers = [threading.Thread(target=self._write, args=(waiting, tell)) for _ in range(self.sessions)]
        for writer in writers:
            writer.start()
        try:
            for writer in writers:
                writer.join()
        except BaseException as error:  # a person's Ctrl-C: the writers end with the batch they are at
            self._failure = error
            raise
        if self._failure is not None:
            raise self._failure
        return self.sent + self.passed_over - before

    def _write(self, waiting: Iterable[Batch], tell: Callable[[int], None]) -> None:
        try:
            with self.server.session() as session:
                while (batch := self._next(waiting)) is not None:
                    session.execute_write(_one, batch, batch.rows(), self.claim)
                    with self._lock:
                        self.sent += batch.size
                        tell(self.sent + self.passed_over)
        except BaseException as error:  # noqa: BLE001 - raised again by `send`, in the thread that waits
            with self._lock:
                self._failure = self._failure or error

    def _next(self, waiting: Iterable[Batch]) -> Batch | None:
        """The next batch that is not written yet; None at the end, or when another session has failed."""
        with self._lock:
            for batch in waiting:
                if self._failure is not None:
                    return None
                if batch.id not in self.done:
                    return batch
                self.passed_over += batch.size
            return None


def _one(tx: neo4j.ManagedTransaction, batch: Batch, rows: list[list[object]], claim: str) -> None:
    """Write a batch, unless a try whose answer was lost has written it."""
    from neo4j.exceptions import ConstraintError

    from scvgraph.errors import PublishError

    try:
        marked = tx.run(_MARK, name=NAME, claim=claim, id=batch.id).values()
    except ConstraintError:
        return
    if not marked:
        raise PublishError(
            "another publish to this database has begun; this one has stopped, let that one finish"
        )
    tx.run(batch.cypher, rows=rows, epoch=EPOCH).consume()
