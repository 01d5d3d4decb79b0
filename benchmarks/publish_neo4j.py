"""How fast a generation is published to a real Neo4j Community, and the next one after a change of 1%.

    python benchmarks/publish_neo4j.py --folder bench-files [--events 1000000] [--heap 4g]

Starts a server from Maven's artefacts (tests/neo4j_server) on this machine and prints: a plain loader (one session,
MERGE, 1,000 rows a transaction) on a share of the relationships; everything published over Bolt; the next generation,
1% later; and Neo4j's own importer on the exported files.
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import shutil
import sys
import time
from dataclasses import astuple, dataclass, replace
from itertools import pairwise
from pathlib import Path

from generate_events import generate
from graph_build import PROJECT

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from neo4j_server.server import Server
from scvgraph.config import load
from scvgraph.pipeline import run
from scvgraph.publish.admin import export_files
from scvgraph.publish.changes import Plan
from scvgraph.publish.connection import connect
from scvgraph.publish.parts import RELATIONSHIPS
from scvgraph.publish.publish import publish, tables
from scvgraph.publish.target import Target
from scvgraph.store import Store

PLAIN = {
    "LINKED": (
        (
            "SELECT a.kind || ':' || a.value AS a, b.kind || ':' || b.value AS b, l.weight, l.rule, l.count, l.first_seen, l.last_seen"
            " FROM links l JOIN identifiers a ON a.no = l.a JOIN identifiers b ON b.no = l.b WHERE l.a < {n} AND l.b < {n}"
        ),
        (
            "MATCH (a:Identifier {id: row.a}) MATCH (b:Identifier {id: row.b}) MERGE (a)-[r:LINKED]->(b) SET r.weight = row.weight,"
            " r.rule = row.rule, r.count = row.count, r.first_seen = row.first_seen, r.last_seen = row.last_seen"
        ),
    ),
    "HAS": (
        (
            "SELECT c.id AS a, i.kind || ':' || i.value AS b, m.confidence, m.basis FROM memberships m"
            " JOIN identifiers i ON i.no = m.identifier JOIN customers c ON c.customer = m.customer WHERE i.no < {n}"
        ),
        (
            "MATCH (a:Customer {id: row.a}) MATCH (b:Identifier {id: row.b}) MERGE (a)-[r:HAS]->(b)"
            " SET r.confidence = row.confidence, r.basis = row.basis"
        ),
    ),
}


@dataclass(frozen=True)
class Moment:
    """Seconds: of the clock, of CPU here, of CPU in the server's process."""

    wall: float
    here: float
    there: float

    @classmethod
    def now(cls, server: Server) -> Moment:
        return cls(time.perf_counter(), time.process_time(), server.cpu_seconds())


class Phases:
    """When each part of a publish was first told of."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.seen: dict[str, Moment] = {}

    def __call__(self, said: str) -> None:
        word = said.split(":", maxsplit=1)[0]
        if word not in self.seen:
            self.seen[word] = Moment.now(self.server)

    def by_part(self, plan: Plan) -> None:
        """What a relationship of each type took."""
        names = [part.name for part in RELATIONSHIPS]
        for name, following in pairwise([*names, "switch"]):
            rows = plan.of(name).rows
            if rows > 1_000:
                print(f"  {name:14} {rows:10,} {_each(self.seen[name], self.seen[following], rows)}")


def _each(since: Moment, until: Moment, rows: int) -> str:
    wall, here, there = (
        (after - before) / rows * 1e6 for before, after in zip(astuple(since), astuple(until), strict=True)
    )
    return f"{wall:5.1f} us each; CPU {here:5.1f} here, {there:5.1f} in the server"


def plain_loader(target: Target, store: Store, generation, share: int) -> float:
    """Relationships a second."""
    with connect(target) as server, tables(store, generation) as engine:
        for label in ("Customer", "Identifier"):
            server.write(
                f"CREATE CONSTRAINT plain_{label} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
            )
        ids = engine.rows(
            f"SELECT DISTINCT c.id FROM memberships m JOIN customers c USING (customer) WHERE m.identifier < {share}"
        )
        values = engine.rows(f"SELECT kind || ':' || value FROM identifiers WHERE no < {share}")
        for label, rows in (("Customer", ids), ("Identifier", values)):
            for start in range(0, len(rows), 10_000):
                chunk = [row[0] for row in rows[start : start + 10_000]]
                server.write(f"UNWIND $ids AS id CREATE (:{label} {{id: id}})", ids=chunk)
        work = [
            (engine.records(sql.format(n=share)), f"UNWIND $rows AS row {cypher}")
            for sql, cypher in PLAIN.values()
        ]
        started, count = time.perf_counter(), 0
        with server.session() as session:
            for rows, cypher in work:
                for start in range(0, len(rows), 1_000):
                    chunk = rows[start : start + 1_000]
                    session.execute_write(lambda tx, c=cypher, r=chunk: tx.run(c, rows=r).consume())
                    count += len(chunk)
        seconds = time.perf_counter() - started
        for label in ("Customer", "Identifier"):
            server.write(f"DROP CONSTRAINT plain_{label}")
            while server.write(f"MATCH (n:{label}) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*)")[0][0]:
                pass
    print(f"plain loader     {count:,} relationships in {seconds:.1f} s: {count / seconds:,.0f} a second")
    return count / seconds


def relationships(done) -> int:
    return sum(done.plan.of(part.name).rows for part in RELATIONSHIPS)


def over_bolt(server: Server, target: Target, store: Store, policy) -> tuple[float, object]:
    phases = Phases(server)
    with connect(target) as connected:
        done = publish(connected, store, store.generation(), policy, phases)
    count = relationships(done)
    spent = phases.seen["switch"].wall - phases.seen["LINKED"].wall
    nodes = sum(change.rows for change in done.plan.changes) - count
    staged = phases.seen["LINKED"].wall - phases.seen["Customer"].wall
    print(
        f"over Bolt        {count:,} relationships in {spent:.1f} s: {count / spent:,.0f} a second; {nodes:,} nodes in"
        f" {staged:.1f} s; the switch {done.switch_seconds:.1f} s; in all {done.seconds:.1f} s with verification"
    )
    print(f"  {'all':14} {count:10,} {_each(phases.seen['LINKED'], phases.seen['switch'], count)}")
    phases.by_part(done.plan)
    return count / spent, done


def project_in(folder: Path, events: int):
    file = folder.parent / f"events-{events}.csv"
    if not file.exists():
        generate(file, events)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    shutil.copy(file, folder / "data" / "events.csv")
    (folder / "scvgraph.toml").write_text(PROJECT.format(file="data/*.csv") + "[graph]\nbuild = false\n")
    return load(folder)


def later(folder: Path, events: int) -> None:
    """One event in a hundred more, a month later, in a file of its own."""
    generate(folder / "more.csv", events // 100, seed=1)
    text = (folder / "more.csv").read_text().replace("2025-", "2027-").replace("2026-", "2028-")
    (folder / "data" / "more.csv").write_text(text)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--heap", default="4g")
    said = options.parse_args()
    folder = said.folder / f"publish-{said.events}"
    shutil.rmtree(folder, ignore_errors=True)
    project = project_in(folder, said.events)
    run(project)
    store = Store.open(project.store)
    with contextlib.ExitStack() as at_end:
        at_end.callback(shutil.rmtree, folder)
        server = Server(folder / "home", heap=said.heap, pagecache="1g", flags=())
        at_end.callback(server.stop)
        server.start()
        target = Target(server.uri, server.user, server.password)
        plain = plain_loader(target, store, store.generation(), said.events // 4)
        rate, first = over_bolt(server, target, store, project.graph)
        later(folder, said.events)
        project = load(folder)
        run(project)
        started = time.perf_counter()
        with connect(target) as connected:
            second = publish(connected, store, store.generation(), project.graph, lambda _: None)
        again = time.perf_counter() - started
        sent = sum(change.count for change in second.plan.changes)
        whole = sum(change.rows for change in second.plan.changes)
        print(f"1% later         {sent:,} of {whole:,} rows sent in {again:.1f} s")
        started = time.perf_counter()
        exported = export_files(store, store.generation(), replace(project.graph), folder / "files")
        wrote = time.perf_counter() - started
        server.stop()
        started = time.perf_counter()
        server.import_command(shlex.split(exported.command)[1:])
        loaded = time.perf_counter() - started
        importer = exported.relationships / loaded
        print(
            f"importer         {exported.relationships:,} relationships, {exported.nodes:,} nodes in {loaded:.1f} s:"
            f" {importer:,.0f} a second; the files took {wrote:.1f} s"
        )
    print(f"over Bolt / plain loader: {rate / plain:.2f} (bar: 2.2; and 25,000 a second)")
    print(f"1% later / first publish: {again / first.seconds:.3f} (bar: 0.10)")
    print(
        f"first publish / (files and importer): {first.seconds / (wrote + loaded):.2f}; importer alone {first.seconds / loaded:.2f} (bar: 4)"
    )


if __name__ == "__main__":
    main()
