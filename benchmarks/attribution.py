"""Time and memory of attribution over made-up journeys, beside the peers that do the same.

    python benchmarks/attribution.py [--journeys 1000000] [--peers PYTHON] [--folder DIR]
    python benchmarks/attribution.py --curve

Prints seconds (wall and CPU) to make journeys of events with a 90-day look-back, of all rules together (conversions
and value), Markov of orders 1, 2 and 3 with all removals, Shapley, and the same of ChannelAttribution and MAM where
`--peers` names a Python that has them (pip install ChannelAttribution==2.2.5 marketing_attribution_models==2.1.1
matplotlib, in an environment of its own). --curve: 1 to 20 million touches, with the peak of memory.

Peers are handed what they take, ready made: path strings in a table; that time is not counted against them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

CHANNELS = 12
DAY = 86_400_000_000


def events(journeys, seed=1):
    """Arrays (customer, at, channel, converted, value): a journey each, of five touches on average."""
    random = np.random.default_rng(seed)
    size = np.minimum(random.geometric(0.2, journeys), 60)
    customer = np.repeat(np.arange(journeys), size)
    popular = 1 / np.arange(1, CHANNELS + 1) ** 0.7
    channel = random.choice(CHANNELS, customer.size, p=popular / popular.sum()).astype(np.int32)
    again = random.random(customer.size) < 0.2  # people stay with a channel
    again[np.cumsum(size) - size] = False
    back = np.maximum.accumulate(np.where(again, 0, np.arange(customer.size)))
    channel = channel[back]
    gap = random.exponential(6 * DAY, customer.size).astype(np.int64)
    at = np.cumsum(gap)
    start = at[np.cumsum(size) - size]
    at = at - np.repeat(start, size) + np.repeat(random.integers(0, 300 * DAY, journeys), size)
    converted = np.zeros(customer.size, np.bool_)
    bought = random.random(journeys) < 0.2
    converted[(np.cumsum(size) - 1)[bought]] = True
    value = np.where(converted, np.round(random.lognormal(4, 0.7, customer.size), 2), 0.0)
    return customer, at, channel, converted, value


def timed(label, work, results, least=3):
    """The best of a few runs: wall and CPU seconds."""
    best = (float("inf"), 0.0)
    for _ in range(least):
        start, busy = time.perf_counter(), time.process_time()
        out = work()
        best = min(best, (time.perf_counter() - start, time.process_time() - busy))
    results[label] = best
    print(f"  {label:<34} {best[0]:7.3f} s  {best[1]:7.3f} CPU s", flush=True)
    return out


def made(journeys):
    from scvgraph.journeys.build import Options
    from scvgraph.journeys.events import Coded, Events

    customer, at, channel, converted, value = events(journeys)
    names = tuple(f"c{number:02d}" for number in range(CHANNELS))
    columns = {"channel": Coded(channel, names)}
    flags = np.ones(at.size, np.bool_)
    told = Events(customer, at, channel == 0, flags, converted, value, columns)
    return told, Options(touches="events")


def ours(journeys, least=3):
    from scvgraph.attribution.credit import credit, credits_of
    from scvgraph.attribution.models import MODELS, asked
    from scvgraph.journeys.build import journeys_of

    results = {}
    small, options = made(1000)
    for spec in MODELS:
        credit(journeys_of(small, options), asked(spec))  # kernels are compiled here
    told, options = made(journeys)
    print(f"scvgraph: {journeys:,} journeys, {told.at.size:,} touches, {CHANNELS} channels")
    paths = timed("journeys of events, 90 days", lambda: journeys_of(told, options), results, least)
    rules = [asked(spec) for spec, model in MODELS.items() if model.shape == "rule" and "shapley" not in spec]
    timed(f"{len(rules)} rules together", lambda: credits_of(paths, rules), results, least)
    for spec in ("markov:1", "markov:2", "markov:3", "shapley", "counterfactual"):
        found = timed(spec, lambda spec=spec: credit(paths, asked(spec)), results, least)
        assert np.allclose(found.credit.sum(axis=1) + found.unattributed, found.total, rtol=1e-9)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  peak of memory {peak:.2f} GB")
    return results, peak


def paths_file(journeys, folder):
    """What peers take: path, conversions, nulls, value; journeys within the look-back as ours makes them."""
    import pandas as pd

    from scvgraph.journeys.build import journeys_of

    told, options = made(journeys)
    paths = journeys_of(told, options)
    names = np.array(paths.states, object)[paths.state]
    text = [" > ".join(names[a:b]) for a, b in zip(paths.start[:-1], paths.start[1:], strict=True)]
    frame = pd.DataFrame(
        {"path": text, "conversions": paths.conversions, "nulls": paths.nulls, "value": paths.value}
    )
    frame.to_parquet(folder / "paths.parquet")


def peer(place):
    """Runs in the peers' environment."""
    import ChannelAttribution
    import pandas as pd
    from mam import MAM

    frame, results = pd.read_parquet(place), {}
    print("ChannelAttribution", flush=True)
    columns = {
        "var_path": "path",
        "var_conv": "conversions",
        "var_value": "value",
        "sep": ">",
        "flg_pro": False,
    }
    timed("CA 3 rules", lambda: ChannelAttribution.heuristic_models(frame, **columns), results, 2)
    for order in (1, 2, 3):
        options = {**columns, "var_null": "nulls", "order": order, "ncore": 2, "verbose": False, "seed": 1}
        timed(f"CA markov:{order}", lambda o=options: ChannelAttribution.markov_model(frame, **o), results, 2)
    print("MAM", flush=True)
    taken = pd.DataFrame({"path": frame["path"], "converted": frame["conversions"] > 0, "occurrences": 1})
    mam = timed("MAM load", lambda: loaded(MAM, taken), results, 1)
    calls = (
        "first_click",
        "last_click",
        "linear",
        "position_based",
    )  # its decay needs times, which paths have not
    timed("MAM 4 rules, conversions only", lambda: [tried(mam, call) for call in calls], results, 2)
    timed("MAM markov:1", lambda: tried(mam, "markov"), results, 1)
    timed("MAM shapley (size 4)", lambda: tried(mam, "shapley"), results, 2)
    Path(place).with_suffix(".json").write_text(json.dumps(results), encoding="utf-8")


def loaded(kind, frame):
    return kind(
        frame,
        format_type="format_3",
        channels_colname="path",
        journey_with_conv_colname="converted",
        path_separator=" > ",
    )


def tried(mam, call):
    try:
        return getattr(mam, f"run_{call}")()
    except Exception as error:  # noqa: BLE001 - whatever a peer does
        print(f"  MAM {call}: {type(error).__name__}: {str(error)[:100]}", flush=True)
        return None


def curve():
    """Each size in a process of its own, so that the peak of memory is its own."""
    for journeys in (250_000, 1_000_000, 2_000_000, 4_000_000):
        subprocess.run([sys.executable, __file__, "--journeys", str(journeys), "--least", "1"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--least", type=int, default=3, help="runs of which the best counts")
    parser.add_argument("--peers", help="a Python that has the peers")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.peer:
        peer(said.peer)
    elif said.curve:
        curve()
    else:
        results, _ = ours(said.journeys, said.least)
        if said.peers:
            with tempfile.TemporaryDirectory(dir=said.folder) as folder:
                compare(said, results, Path(folder))


def compare(said, results, folder):
    paths_file(said.journeys, folder)
    place = folder / "paths.parquet"
    command = [said.peers, __file__, "--peer", str(place)]
    subprocess.run(command, check=True, env={**os.environ, "MPLBACKEND": "Agg"})
    theirs = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    making = results["journeys of events, 90 days"][0]
    rules = next(label for label in results if label.endswith("rules together"))
    pairs = [
        ("all rules", making + results[rules][0], ("CA 3 rules", "MAM 4 rules, conversions only")),
        *((f"markov:{k}", making + results[f"markov:{k}"][0], (f"CA markov:{k}",)) for k in (1, 2, 3)),
        ("shapley", making + results["shapley"][0], ("MAM shapley (size 4)",)),
    ]
    print("times faster than the fastest peer, the making of journeys counted for us:")
    for what, own, peers in pairs:
        best = min(theirs[label][0] for label in peers)
        print(f"  {what:<12} {own:7.3f} s  peer {best:7.3f} s  {best / own:6.1f} times")


if __name__ == "__main__":
    main()
