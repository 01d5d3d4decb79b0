"""A project on disk for tests: files, a project file, runs, and questions to the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.config import load
from scvgraph.pipeline import run
from scvgraph.store import Store

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = """
[sources.web]
shape = "events"
files = "web.csv"
key = "id"
time = "at"
value = "amount"
[sources.web.identifiers]
email = "mail"
cookie_id = "cookie"
[sources.web.traits]
note = "note"
"""
HEAD = '[project]\nname = "shop"\nthreads = 1\n[graph]\nbuild = false\n'


class Shop:
    """A project in a folder."""

    def __init__(self, folder: Path, sources: str = EVENTS, head: str = HEAD) -> None:
        self.folder = folder
        self.declare(sources, head)

    def declare(self, sources: str, head: str = HEAD) -> None:
        (self.folder / "scvgraph.toml").write_text(head + sources, encoding="utf-8")

    def put(self, file: str, content: str | bytes) -> Path:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, **also: Any) -> Any:
        return run(load(self.folder), **also)

    @property
    def store(self) -> Store:
        return Store.open(self.folder / ".scvgraph")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.generation().engine() as engine:
            return engine.rows(sql)

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows(
            'SELECT line, "column", reason, text FROM rejects ORDER BY file, line, "column", text'
        )

    def files(self) -> list[tuple[Any, ...]]:
        """(file, read, added, refused, known), having checked that they add up."""
        found = self.rows(
            "SELECT file, rows_read, rows_added, rows_refused, rows_known FROM files ORDER BY batch, file"
        )
        assert all(read == added + refused + known for _, read, added, refused, known in found)
        return found

    def keys(self) -> list[str]:
        return [
            key
            for (key,) in self.rows(
                "SELECT key FROM (SELECT key FROM records UNION ALL SELECT key FROM events) ORDER BY key"
            )
        ]

    def partition(self) -> set[frozenset[str]]:
        """The customers, as sets of kind:value."""
        return partition(self.store)


def partition(store: Store) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    with store.generation().engine() as engine:
        for customer, identifier in engine.rows(
            "SELECT m.customer, i.kind || ':' || i.value FROM memberships m JOIN identifiers i ON m.identifier = i.no"
        ):
            groups.setdefault(customer, set()).add(identifier)
    return {frozenset(group) for group in groups.values()}
