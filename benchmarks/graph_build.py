"""How long the embedded graph takes, as a multiple of the rest of the run.

    python benchmarks/graph_build.py --folder bench-files [--events 10000000]

Makes the event file if it is not there, runs the whole pipeline with the graph in a process of its own and prints
the seconds of every stage, the ratio graph / rest, the graph's size and the peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from generate_events import generate

PROJECT = """
[project]
region = "GB"
memory = "6GB"
[identifiers.loyalty_id]
unique = true
[sources.events]
shape = "events"
files = "{file}"
time = "time"
channel = "channel"
value = "amount"
conversion = "value > 0"
[sources.events.identifiers]
email = "email"
cookie_id = "cookie"
loyalty_id = "loyalty"
phone = "phone"
"""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--events", type=int, default=10_000_000)
    options.add_argument("--keep", action="store_true", help="keep the store, for benchmarks/lookup.py")
    said = options.parse_args()
    folder = said.folder / f"graph-{said.events}"
    folder.mkdir(parents=True, exist_ok=True)
    file = said.folder / f"events-{said.events}.csv"
    if not file.exists():
        generate(file, said.events)
    (folder / "scvgraph.toml").write_text(PROJECT.format(file=file.resolve()))
    shutil.rmtree(folder / ".scvgraph", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "scvgraph", "run", str(folder), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    stages = json.loads(done.stdout)["stages"]
    for stage in stages:
        print(f"{stage['stage']:12} {stage['seconds']:8.2f} s")
    graph = next(stage["seconds"] for stage in stages if stage["stage"] == "embed")
    rest = sum(stage["seconds"] for stage in stages) - graph
    size = sum(path.stat().st_size for path in (folder / ".scvgraph").rglob("graph.lbug")) / 1e9
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(
        f"graph {graph:.1f} s, rest {rest:.1f} s: ratio {graph / rest:.2f} (bar: 3); file {size:.2f} GB; peak {peak:.1f} GB"
    )
    if not said.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
