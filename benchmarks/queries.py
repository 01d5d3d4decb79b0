"""How long each named query takes on the embedded graph, warm.

    python benchmarks/queries.py --store bench-files/graph-1000000/.scvgraph

Takes a store that benchmarks/graph_build.py has kept. Prints, for each query, the best wall and CPU seconds of three.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from scvgraph.api import View, open_view
from scvgraph.embedded.statements import statements


def samples(view: View) -> dict[str, object]:
    """Values to ask with: of the best-known identifier, the largest customer, a link, a channel."""

    def first(cypher: str) -> tuple[object, ...]:
        return view.ask(cypher).rows[0]

    a, b = first(
        "MATCH (a:Identifier)-[l:LINKED]->(b:Identifier) RETURN a.id, b.id ORDER BY a.id, b.id LIMIT 1"
    )
    household = view.ask(
        "MATCH (c:Customer) WHERE c.household IS NOT NULL"
        " RETURN c.household, count(c) AS people ORDER BY people DESC, c.household LIMIT 1"
    ).rows
    return {
        "identifier": first(
            "MATCH (:Customer)-[:HAS]->(i:Identifier) RETURN i.id ORDER BY i.count DESC, i.id LIMIT 1"
        )[0],
        "customer": first("MATCH (c:Customer) RETURN c.id ORDER BY c.rows DESC, c.id LIMIT 1")[0],
        "a": a,
        "b": b,
        "channel": first("MATCH (c:Channel) RETURN c.name ORDER BY c.name LIMIT 1")[0],
        "channels": "organic,email",
        "since": "2026-01-01",
        "household": household[0][0] if household else "none",
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--store", type=Path, required=True)
    said = options.parse_args()
    slow = []
    with open_view(said.store) as view:
        known = samples(view)
        for name, statement in statements().items():
            given = {
                parameter.name: known[parameter.name]
                for parameter in statement.parameters
                if parameter.name in known
            }
            rows = len(view.ask(name, given).rows)
            took = []
            for _ in range(3):
                wall, cpu = time.perf_counter(), time.process_time()
                view.ask(name, given)
                took.append((time.perf_counter() - wall, time.process_time() - cpu))
            wall, cpu = min(took)
            slow += [name] if wall >= 1 else []
            print(f"{name:30} {wall:7.3f} s  {cpu:7.3f} s CPU  {rows:6,} rows")
    print(f"slower than 1 s: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
