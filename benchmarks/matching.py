"""Score and time of the matching engine on every labelled set found, or on people made up.

    python benchmarks/matching.py [fake_1000 historical_50k] [--data DIR]
    python benchmarks/matching.py --people 50000 200000 1000000

Prints pairwise precision, recall and F1, B-cubed F1, wall and CPU seconds, and the peak of memory; of people made up also
how the time grows with the rows.

The first form reads NAME.parquet and NAME.truth.parquet (columns record_id, entity) from a folder; the truth is
used for scoring only. The second makes people up (people.py). Kernels are compiled at the first run.
"""

from __future__ import annotations

import argparse
import resource
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from people import records

from scvgraph.evaluate.measures import b_cubed
from scvgraph.evaluate.measures import pairwise as pairwise_measure
from scvgraph.matching.matching import match
from scvgraph.matching.traits import trait_of_column
from scvgraph.roles import role_of

SETS = ("fake_1000", "febrl3", "febrl4", "historical_50k", "people_8_sources")
NO_TRAIT = {"record_id", "entity", "source", "event_date"}


def measures(label, truth):
    """Pairwise and B-cubed measures of two labellings of the same rows."""
    truth = np.unique(truth, return_inverse=True)[1].astype(np.int64)
    label = np.unique(label, return_inverse=True)[1].astype(np.int64)
    cells, shared = np.unique(label << 32 | truth, return_counts=True)
    size, true = np.bincount(label), np.bincount(truth)

    def pairs(counts):
        return int((counts.astype(np.int64) * (counts - 1) // 2).sum())

    def cell(of):
        return [(int(n), int(of_n), 1) for n, of_n in zip(shared, of, strict=True)]

    return (
        pairwise_measure(pairs(shared), pairs(size), pairs(true)),
        b_cubed(cell(size[cells >> 32]), cell(true[cells & 0xFFFFFFFF])),
    )


def traits_of_table(table):
    """Every column but the keys as a trait."""
    out = []
    for name in table.column_names:
        if name in NO_TRAIT:
            continue
        sample = pc.unique(table[name].drop_null())[:500].to_pylist()
        out.append(trait_of_column(name, role_of(name, sorted(map(str, sample))), table[name]))
    return out


def canonical(keys):
    """Rank of every row by the bytes of its key."""
    order = np.empty(len(keys), np.int64)
    order[np.asarray(pc.sort_indices(keys))] = np.arange(len(keys))
    return order


def run(name, table, truth):
    """Match a table's rows and print what came of it; rows, wall and CPU seconds."""
    traits, order = traits_of_table(table), canonical(table["record_id"])
    began, spent = time.perf_counter(), time.process_time()
    found = match(traits, order)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    pair, cubed = measures(found.label, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    dropped = sum(block.dropped_blocks for block in found.blocks)
    print(
        f"{name:18}{table.num_rows:9,} rows  P {pair.precision:.4f} R {pair.recall:.4f} F1 {pair.f1:.4f} B3 {cubed.f1:.4f}"
        f"  {wall:6.1f} s wall {cpu:6.1f} s cpu  {peak:4.1f} GB peak so far  {dropped:,} blocks dropped",
        flush=True,
    )
    return table.num_rows, wall, cpu


def tell_growth(smaller, larger):
    """By which power of the rows the time has grown: 1 is linear."""
    rows, wall, cpu = (np.log(b / a) for a, b in zip(smaller, larger, strict=True))
    print(
        f"    {larger[0] / smaller[0]:.1f} times the rows: {larger[1] / smaller[1]:.1f} times the wall time (rows to the power of"
        f" {wall / rows:.2f}), {larger[2] / smaller[2]:.1f} times the CPU time ({cpu / rows:.2f})",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data/linkage")
    parser.add_argument("--people", type=int, nargs="*", help="match so many made-up records instead")
    given = parser.parse_args()
    if given.people is not None:
        run("people made up", *records(2000))  # compiles
        found = [run("people made up", *records(rows)) for rows in given.people]
        for smaller, larger in pairwise(found):
            tell_growth(smaller, larger)
        return
    for name in given.sets:
        if not (given.data / f"{name}.parquet").exists():
            continue
        table = pq.read_table(given.data / f"{name}.parquet")
        truth = (
            pq.read_table(given.data / f"{name}.truth.parquet").to_pandas().set_index("record_id")["entity"]
        )
        run(name, table, truth.loc[table["record_id"].to_pylist()].to_numpy())


if __name__ == "__main__":
    main()
