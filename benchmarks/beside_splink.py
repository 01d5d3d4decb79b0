"""Time and score of a whole run beside Splink 5 on the same records, on the same machine, in the same minutes.

    python benchmarks/beside_splink.py --data FOLDER [fake_1000 historical_50k] [--repeat 3] [--python PYTHON]

Prints for every set both seconds (medians, the whole process), CPU seconds, their ratio, pairs Splink compared, and
both scores. The bar: the ratio is at most 1.5.

FOLDER holds NAME.parquet and NAME.truth.parquet (a key and `entity`). Splink is the `bench` extra; where it stands
in an environment of its own, `--python` names that environment's interpreter. Both take turns, a process each:
Splink reads, trains, predicts and clusters with the settings of splink_peer.py; `scvgraph run --no-graph` reads and
builds a fresh store with the project file that `scvgraph init` proposes. One run of each before is not counted, and
is what is scored; ours compiles the kernels. `work` is the time without imports (Splink), the sum of the stages (ours).

Splink's scores are those at the threshold that is best on the truth, which nobody has in life; ours have no
threshold chosen. Of `clusters` Splink's are connected components; of `pairs`, its predictions as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching import measures

HERE = Path(__file__).resolve().parent
SETS = (
    "fake_1000",
    "febrl3",
    "febrl4",
    "people_8_sources",
    "historical_50k",
    "omnichannel_events",
)
BAR = 1.5
BITS = 0.5  # between two thresholds that are tried


def timed(command: list[str], folder: Path) -> dict[str, Any]:
    """Runs a process; its last words as JSON, with its wall and CPU seconds and its peak memory in GB."""
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=folder) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} failed: {errors.read().decode()[-2000:]}")
    found: dict[str, Any] = json.loads(said[said.index("{\n") :] if "{\n" in said else said.splitlines()[-1])
    return found | {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1e6,
    }


def splink(python: str, name: str, folder: Path, *more: str) -> dict[str, Any]:
    return timed([python, str(HERE / "splink_peer.py"), name, "--data", ".", *more], folder)


def ours(folder: Path) -> dict[str, Any]:
    """A run of a fresh store."""
    shutil.rmtree(folder / ".scvgraph", ignore_errors=True)
    found = timed([sys.executable, "-m", "scvgraph", "run", ".", "--no-graph", "--json"], folder)
    return found | {"seconds": sum(stage["seconds"] for stage in found["stages"])}


def scored(folder: Path, truth: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "scvgraph", "evaluate", "-C", ".", "--truth", str(truth), "--json"]
    return timed(command, folder)


def best_of(pairs: Path, truth: Path) -> tuple[float, float, float]:
    """Splink's best pairwise F1 of clusters, B-cubed F1 there, and best F1 of the predicted pairs as they are."""
    told = pq.read_table(truth)
    keys = told[told.column_names[0]].to_numpy(zero_copy_only=False).astype(str)
    entity = np.unique(told["entity"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)[1]
    order = np.argsort(keys)
    table = pq.read_table(pairs)
    a, b = (
        order[np.searchsorted(keys, table[end].to_numpy(zero_copy_only=False).astype(str), sorter=order)]
        for end in ("a", "b")
    )
    weight = table["weight"].to_numpy()
    best = (0.0, 0.0)
    for bar in np.arange(np.floor(weight.min()), np.ceil(weight.max()), BITS):
        kept = weight >= bar
        graph = coo_matrix((np.ones(kept.sum(), np.int8), (a[kept], b[kept])), (keys.size, keys.size))
        pairwise, b_cubed = measures(connected_components(graph, directed=False)[1], entity)
        best = max(best, (pairwise.f1, b_cubed.f1))
    return (*best, _best_of_pairs(weight, entity[a] == entity[b], np.bincount(entity)))


def _best_of_pairs(weight: Any, right: Any, size: Any) -> float:
    """right: which pairs are of one person. size: rows of each person."""
    downwards = np.argsort(-weight, kind="stable")
    found = np.cumsum(right[downwards])
    whole = np.append(np.diff(weight[downwards]) != 0, True)  # a threshold takes all of one weight
    f1 = 2 * found / (np.arange(1, found.size + 1) + (size.astype(np.int64) * (size - 1) // 2).sum())
    return float(f1[whole].max())


def compare(name: str, given: argparse.Namespace) -> bool:
    """Whether the bar was held."""
    truth = (given.data / f"{name}.truth.parquet").resolve()
    with tempfile.TemporaryDirectory(prefix="beside-") as place:
        folder = Path(place)
        shutil.copy(given.data / f"{name}.parquet", folder / f"{name}.parquet")
        proposed = [sys.executable, "-m", "scvgraph", "init", f"{name}.parquet"]
        subprocess.run(proposed, cwd=folder, check=True, capture_output=True)
        ours(folder)  # compiles
        score = scored(folder, truth)
        told = splink(given.python, name, folder, "--out", "pairs.parquet")
        theirs, own = [], []
        for _ in range(given.repeat):
            theirs.append(splink(given.python, name, folder))
            own.append(ours(folder))
        best, cubed, loose = best_of(folder / "pairs.parquet", truth)

    def median(of: list[dict[str, Any]], what: str) -> float:
        return statistics.median(run[what] for run in of)

    print(f"\n{name} ({score['rows']:,} rows); Splink's settings {told['basis']}")
    for who, runs, said in (
        (
            f"Splink {theirs[0]['version']}",
            theirs,
            f"best F1 {best:.4f}, B-cubed {cubed:.4f} (of pairs {loose:.4f}); {told['pairs']:,} pairs compared",
        ),
        ("scvgraph", own, f"F1 {score['pairwise']['f1']:.4f}, B-cubed {score['b_cubed']['f1']:.4f}"),
    ):
        walls = sorted(run["wall"] for run in runs)
        print(
            f"  {who:14}{median(runs, 'wall'):7.2f} s ({walls[0]:.2f} to {walls[-1]:.2f}), work {median(runs, 'seconds'):6.2f} s,"
            f" {median(runs, 'cpu'):6.2f} s cpu, {median(runs, 'peak'):4.1f} GB  {said}"
        )
    ratio = median(own, "wall") / median(theirs, "wall")
    work, cpu = (median(own, what) / median(theirs, what) for what in ("seconds", "cpu"))
    print(f"  ratio {ratio:.2f} (bar {BAR}); of work {work:.2f}, of cpu {cpu:.2f}; load {load()}", flush=True)
    return ratio <= BAR


def load() -> str:
    """How busy the machine is: processes that want a processor, over 1 and 5 minutes."""
    return f"{os.getloadavg()[0]:.1f}, {os.getloadavg()[1]:.1f} on {len(os.sched_getaffinity(0))} processors"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has Splink")
    given = parser.parse_args()
    found = subprocess.run([given.python, "-c", "import splink"], capture_output=True, check=False)
    if found.returncode:
        raise SystemExit(
            f"{given.python} has no Splink: pip install -e '.[bench]', or give --python an interpreter that has it"
        )
    print(f"load {load()}: trust no figure of a machine that was busy before we came", flush=True)
    held = [compare(name, given) for name in given.sets if (given.data / f"{name}.parquet").exists()]
    if not held:
        raise SystemExit(f"none of {', '.join(given.sets)} in {given.data}")
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
