"""How fast the embedded graph is built, and how fast a value finds its customer in it.

    python benchmarks/lookup.py --store DIR                                  # a store there already is
    python benchmarks/lookup.py --make DIR [--customers 2000000]             # make a big one first
        [--cold 15] [--values 2000]

Prints: seconds and bytes of the graph's build (with --make), the median of cold `scvgraph lookup VALUE`
processes, and p50/p99 of warm look-ups of random values in one process.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from scvgraph.config.project import GraphPolicy
from scvgraph.engine import Engine, text
from scvgraph.store import FileEntry, Segment, Store
from scvgraph.store.generation import FILES, LATER, attach
from scvgraph.store.views import no_rows

KINDS = ("email", "phone", "cookie_id", "device_id", "loyalty_id")
CHANNELS = ("search", "email", "display", "social", "store", "direct", "affiliate", "app")

# Numbers are given as a run would: scattered, with no relation between an identifier's and its customer's.
TABLES = {
    "spellings": """
        SELECT no::INTEGER AS no, kind,
               CASE kind WHEN 'email' THEN 'user' || no || '@example.com' WHEN 'phone' THEN '+4474' || lpad(no::VARCHAR, 8, '0')
                         ELSE left(md5(no::VARCHAR), 20) END AS raw
        FROM (SELECT range AS no, list_value({kinds})[1 + (hash(range) % {n_kinds})::INTEGER] AS kind
              FROM range({identifiers})) ORDER BY no""",
    "identifiers": """
        SELECT range::INTEGER AS no, CASE WHEN range % 50000 = 7 THEN 'shared' ELSE 'ok' END AS status,
               CASE WHEN range % 50000 = 7 THEN 'seen with 40 surer identifiers' END AS why,
               (1 + range % 9)::BIGINT AS count, TIMESTAMP '2025-01-01' + to_seconds(range * 3) AS first_seen,
               TIMESTAMP '2025-09-01' + to_seconds(range * 3) AS last_seen
        FROM range({identifiers}) ORDER BY no""",
    "memberships": """
        SELECT identifier::INTEGER AS identifier, customer::INTEGER AS customer, NULL::TIMESTAMP AS valid_from,
               NULL::TIMESTAMP AS valid_to, 0.97::DOUBLE AS confidence, 'linked' AS basis
        FROM (SELECT range AS identifier, (hash(range + 1) % {customers})::INTEGER AS customer FROM range({identifiers}))
        ORDER BY identifier""",
    "links": """
        SELECT least(a, b) AS a, greatest(a, b) AS b, 'login' AS rule, (1 + a % 5)::BIGINT AS count,
               TIMESTAMP '2025-01-01' + to_seconds(a) AS first_seen, TIMESTAMP '2025-10-01' + to_seconds(a) AS last_seen,
               round(0.5 + (hash(a) % 500)::DOUBLE / 1001, 6) AS weight
        FROM (SELECT identifier AS a, lead(identifier, step::INTEGER) OVER (PARTITION BY step, customer ORDER BY identifier) AS b, step
              FROM {memberships}, (SELECT unnest([1, 2]) AS step) WHERE step = 1 OR identifier % 4 = 0)
        WHERE b IS NOT NULL ORDER BY a, b""",
    "refused_links": """
        SELECT a, b, 'unique' AS reason, 'loyalty_id is unique' AS "constraint", 0.6::DOUBLE AS weight
        FROM (SELECT range::INTEGER AS a, ((range + 3) % {identifiers})::INTEGER AS b FROM range(0, {identifiers}, 100))
        ORDER BY a, b""",
    "customers": """
        SELECT c.range::INTEGER AS customer, 3::INTEGER AS identifiers,
               6::BIGINT AS rows, TIMESTAMP '2025-01-01' AS first_seen, TIMESTAMP '2025-12-01' AS last_seen,
               'First' || c.range % 1000 AS first_name, 'Last' || c.range % 7919 AS last_name, NULL::VARCHAR AS birth_date
        FROM range({customers}) c ORDER BY customer""",
    "segment": """
        SELECT 0::INTEGER AS file, NULL::VARCHAR AS key, TIMESTAMP '2025-01-01' + to_seconds(row * 3) AS ts,
               'page_view' AS kind, list_value({channels})[1 + (hash(row) % {n_channels})::INTEGER] AS channel,
               'c' || row % 40 AS campaign, CASE WHEN row % 50 = 0 THEN 12.5::DOUBLE END AS value, row % 50 = 0 AS converted,
               i0, i1
        FROM (SELECT e.range AS row, m.identifier AS i0, CASE WHEN e.range % 3 = 0 THEN n.identifier END AS i1, m.customer AS c
              FROM range({events}) e JOIN {memberships} m ON m.identifier = (hash(e.range + 5) % {identifiers})::INTEGER
              LEFT JOIN (SELECT customer, min(identifier) AS identifier FROM {memberships} GROUP BY customer) n
                ON n.customer = m.customer AND n.identifier <> m.identifier)
        ORDER BY row""",
    "touchpoints": """
        SELECT customer, seq::INTEGER AS seq, row, ts,
               date_diff('second', lag(ts) OVER (PARTITION BY customer ORDER BY seq), ts)::BIGINT AS gap_s FROM (
          SELECT m.customer, row_number() OVER (PARTITION BY m.customer ORDER BY s.ts, s.row) AS seq, s.row, s.ts
          FROM (SELECT file_row_number AS row, ts, i0 FROM {segment_rows}) s JOIN {memberships} m ON m.identifier = s.i0)
        ORDER BY customer, seq""",
    "owners": "SELECT row, customer, 'cookie_id' AS basis FROM {touchpoints} ORDER BY row",
    "provenance": """
        SELECT customer, 'first_name' AS trait, first_name AS value, 'crm' AS source, customer::VARCHAR AS key,
               first_seen AS ts, 'most_recent' AS rule, 0::INTEGER AS rivals FROM {customers_table}""",
    "relations": """
        SELECT range::INTEGER AS a, (range + 1)::INTEGER AS b, 'phone' AS why, 0.6::DOUBLE AS strength,
               1::INTEGER AS things, [range::INTEGER] AS through
        FROM range(0, {customers} - 1) WHERE range % 10 < 2""",
    "households": """
        SELECT range::INTEGER AS customer, (range - range % 10)::INTEGER AS head, 3::INTEGER AS size
        FROM range({customers}) WHERE range % 10 < 3""",
    "cleaned": "SELECT 0::INTEGER AS spelling, 0::INTEGER AS identifier WHERE false",
    "rules": "SELECT 'page_view' AS kind, 'page' AS rule, 0.7::DOUBLE AS weight",
    "lineage": """
        SELECT customer, 'created' AS change, NULL::INTEGER AS other, 1::INTEGER AS generation, 'new' AS why
        FROM {customers_table}""",
}


def make(folder: Path, customers: int) -> None:
    """A store with one generation: 3 identifiers and 5 events a customer, the graph built and timed."""
    from scvgraph.embedded.build import build

    store = Store.create(folder)
    ledger = store.ledger()
    batch = ledger.new_batch_folder()
    draft = store.draft()
    engine = Engine(spill=folder / "spill")
    sizes = {"customers": customers, "identifiers": customers * 295 // 100, "events": customers * 5}
    names = {
        **{key: str(value) for key, value in sizes.items()},
        "kinds": ", ".join(map(text, KINDS)), "n_kinds": str(len(KINDS)),
        "channels": ", ".join(map(text, CHANNELS)), "n_channels": str(len(CHANNELS)),
        "memberships": text(str(draft.path("memberships"))), "touchpoints": text(str(draft.path("touchpoints"))),
        "customers_table": text(str(draft.path("customers"))),
        "segment_rows": f"read_parquet({text(str(batch / 'segment.parquet'))}, file_row_number = true)",
    }  # fmt: skip
    places = {
        "spellings": batch / "spellings.parquet",
        "segment": batch / "segment.parquet",
        "lineage": folder / "lineage" / "000001.parquet",
    }
    for table, sql in TABLES.items():
        engine.write(sql.format(**names), places.get(table, draft.path(table)))
    for table in FILES:
        if table not in TABLES and table not in LATER:
            engine.write(no_rows(table), draft.path(table))
    engine.close()
    segment = Segment("000001/segment.parquet", 1, "web", "events", keyed=False, first_row=0, rows=sizes["events"],
                      identifiers=(("cookie_id", "cookie"), ("email", "mail")), traits=())  # fmt: skip
    file = FileEntry(0, 1, "web", "web.csv", "0" * 64, "", sizes["events"], sizes["events"], 0, 0, 0)
    ledger = replace(ledger, batch=1, next_row=sizes["events"], next_spelling=sizes["identifiers"], files=(file,),
                     segments=(segment,), spellings=("000001/spellings.parquet",))  # fmt: skip
    ledger.commit(batch)
    with Engine(spill=folder / "spill") as engine:
        attach(engine, draft.folder, ledger, [folder / "lineage" / "000001.parquet"])
        started = time.perf_counter()
        said = build(engine, draft.folder, GraphPolicy(), lambda line: print("   ", line, flush=True))
        seconds = time.perf_counter() - started
    size = sum(file.stat().st_size for file in draft.folder.glob("graph.lbug*"))
    print(
        f"built in {seconds:.1f} s, {size / 1e6:,.0f} MB, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB: {said}"
    )
    kinds = {kind: {"region": "GB"} for kind in KINDS}
    store.publish(
        draft,
        {
            "batch": 1,
            "policy": {"sources": ["web"]},
            "made_at": "2025-12-31T00:00:00+00:00",
            "kinds": kinds,
            "lineage": ["lineage/000001.parquet"],
        },
    )


def cold(folder: Path, values: list[str]) -> None:
    """Whole processes: what an operator waits for."""
    took = []
    for value in values:
        started = time.perf_counter()
        command = [
            sys.executable,
            "-c",
            "from scvgraph.cli import main; main()",
            "lookup",
            value,
            "--store",
            str(folder),
        ]
        subprocess.run(command, check=True, capture_output=True)
        took.append(time.perf_counter() - started)
    print(f"cold  {len(took)} processes: median {statistics.median(took):.3f} s, worst {max(took):.3f} s")


def warm(folder: Path, values: list[str]) -> None:
    """Look-ups in one process that has the graph open."""
    import scvgraph.api

    took = []
    with scvgraph.api.open_view(folder) as view:
        for value in values[:20]:
            view.lookup(value)
        for value in values:
            started = time.perf_counter()
            view.lookup(value)
            took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(
        f"warm  {len(took)} values: p50 {took[len(took) // 2]:.2f} ms, p99 {took[len(took) * 99 // 100]:.2f} ms, worst {took[-1]:.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path)
    parser.add_argument("--make", type=Path)
    parser.add_argument("--customers", type=int, default=2_000_000)
    parser.add_argument("--cold", type=int, default=15)
    parser.add_argument("--values", type=int, default=2000)
    given = parser.parse_args()
    if given.make:
        make(given.make, given.customers)
    folder = given.make or given.store or parser.error("name a store with --store, or make one with --make")
    generation = Store.open(folder).generation()
    with generation.engine() as engine:
        found = engine.rows(
            f"SELECT value FROM (SELECT value FROM identifiers WHERE status = 'ok') USING SAMPLE {given.values} (reservoir, 5)"
        )
    values = [value for (value,) in found]
    random.Random(5).shuffle(values)
    cold(folder, values[: given.cold])
    warm(folder, values)


if __name__ == "__main__":
    main()
