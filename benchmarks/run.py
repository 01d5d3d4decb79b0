"""What a first run costs beside reading the file: our pipeline against DuckDB counting two columns of the same CSV.

    python benchmarks/run.py --folder bench-files --events 10000000
    python benchmarks/run.py --folder bench-files --curve
    python benchmarks/run.py --folder bench-files --names 0.05

Each figure is a process of its own: DuckDB counts distinct cookies and e-mails of the file, scvgraph makes a
complete generation of it (without the Cypher graph), DuckDB counts again, as often as `--repeat` says; the medians
are compared. The processes take turns so that whatever else the machine does falls on both. The bar: at 10 million
events our wall time is at most 6 times DuckDB's, and our peak memory below 8 GB.

`--curve` does so for 1, 3, 10 and 30 million events, a file at a time, deleted afterwards. At 30 million DuckDB is
given `--tight` memory (4GB); the peak must stay below 16 GB. With `--tight 2GB` distinct values do not fit the share
held beside it, and are numbered by joins that spill.

`--names` compares with each other two runs of ours instead: of events a share of which shows a name, compared as the
default policy says, and of the same events without names. The bar at 10 million events and 5%: at most 1.6. Event files that are in the folder already are used as they
are; the store is made anew each time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from generate_events import generate

HERE = Path(__file__).resolve()
COUNT = "SELECT count(DISTINCT cookie), count(DISTINCT email) FROM read_csv(?)"
CURVE = (1_000_000, 3_000_000, 10_000_000, 30_000_000)
PROJECT = """
[project]
name = "bench"
region = "GB"
memory = "{memory}"
[identifiers.loyalty_id]
unique = true
[sources.events]
shape = "events"
files = "events.csv"
time = "time"
channel = "channel"
value = "amount"
[sources.events.identifiers]
email = "email"
cookie_id = "cookie"
loyalty_id = "loyalty"
phone = "phone"
[graph]
build = false
"""
NAMES = """
[sources.events.traits]
name = "name"
"""


def count(folder: Path) -> dict[str, object]:
    """What we are measured against; the import is not counted against DuckDB, nor is ours against us."""
    import duckdb

    started = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
        con.execute(COUNT, [str(folder / "events.csv")]).fetchall()
    return {"seconds": time.perf_counter() - started}


def run(folder: Path) -> dict[str, object]:
    sys.path.insert(0, str(HERE.parent.parent))
    from scvgraph.config import load
    from scvgraph.pipeline import run as run_pipeline

    started = time.perf_counter()
    outcome = run_pipeline(load(folder))
    seconds = time.perf_counter() - started
    assert outcome.fresh
    return {"seconds": seconds, "stages": {report.stage: report.seconds for report in outcome.reports}}


def measured(what: str, folder: Path) -> dict[str, object]:
    """One of the above in a process of its own, with its CPU seconds and its peak memory in GB."""
    with subprocess.Popen(
        [sys.executable, str(HERE), "--only", what, "--folder", str(folder)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{what} failed")
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found | {"cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1e6}


def prepared(folder: Path, events: int, memory: str, names: float = 0) -> Path:
    """A folder with events and a project that reads them."""
    place = folder / (f"{events}-names-{names}" if names else f"{events}")
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "events.csv").exists():
        generate(place / "events.csv", events, names=names)
    (place / "scvgraph.toml").write_text(PROJECT.format(memory=memory) + (NAMES if names else ""))
    return place


def fresh_run(place: Path) -> dict[str, object]:
    shutil.rmtree(place / ".scvgraph", ignore_errors=True)
    return measured("run", place)


def compare(folder: Path, events: int, memory: str, repeat: int) -> None:
    place = prepared(folder, events, memory)
    base, ours = [measured("count", place)], []
    for _ in range(repeat):
        ours.append(fresh_run(place))
        base.append(measured("count", place))
    tell(place, memory, ("DuckDB", base), ("scvgraph", ours))


def compare_names(folder: Path, events: int, memory: str, repeat: int, names: float) -> None:
    plain, named = prepared(folder, events, memory), prepared(folder, events, memory, names)
    base, ours = [], []
    for _ in range(repeat):
        base.append(fresh_run(plain))
        ours.append(fresh_run(named))
    tell(named, memory, ("no names", base), ("names", ours))


Runs = tuple[str, list[dict[str, object]]]


def tell(place: Path, memory: str, first: Runs, second: Runs) -> None:
    """Print the median of each and how often the first goes into the second."""

    def median(of: list[dict[str, object]], what: str) -> float:
        return statistics.median(float(str(each[what])) for each in of)

    size, (base, ours) = (place / "events.csv").stat().st_size / 1e6, (first[1], second[1])
    print(f"{place.name:>11} events, {size:,.0f} MB, memory {memory}, load {os.getloadavg()[0]:.1f}")
    for label, of in (first, second):
        each = ", ".join(f"{float(str(one['seconds'])):.1f}" for one in of)
        print(
            f"  {label:9}{median(of, 'seconds'):7.2f} s ({each}) {median(of, 'cpu'):7.1f} CPU-s {median(of, 'peak'):6.2f} GB"
        )
    print(
        f"  ratio    {median(ours, 'seconds') / median(base, 'seconds'):7.2f}   CPU {median(ours, 'cpu') / median(base, 'cpu'):.2f}"
    )
    print(f"  stages   {ours[-1]['stages']}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="A first run beside DuckDB counting two columns.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--memory", default="7GB")
    parser.add_argument("--tight", default="4GB")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--names", type=float, default=0)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--only", choices=("count", "run"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        print(json.dumps({"count": count, "run": run}[args.only](args.folder)))
        return
    if args.names:
        compare_names(args.folder, args.events, args.memory, args.repeat, args.names)
        return
    for events in CURVE if args.curve else (args.events,):
        compare(args.folder, events, args.tight if events == CURVE[-1] else args.memory, args.repeat)
        if args.curve:
            shutil.rmtree(args.folder / f"{events}")


if __name__ == "__main__":
    main()
