"""Time and memory of attribution asked of a store: 1, 5 and 20 million touchpoints, all read from its tables.

    python benchmarks/attribution_store.py [--folder bench-files] [--touches 1000000 5000000 20000000]

For each size events are made, `scvgraph run` resolves them into a store (without the graph), and a process of its own
asks it: prints seconds (wall and CPU) and the peak of memory after reading events, making journeys of them, crediting
conversions under all models, and by campaign and month. A store is deleted when it has answered.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

TOML = """
[graph]
build = false
[sources.web]
shape = "events"
files = "events.parquet"
key = "id"
time = "time"
kind = "kind"
channel = "channel"
campaign = "campaign"
value = "value"
conversion = "kind = 'purchase'"
[sources.web.identifiers]
cookie_id = "cookie"
[sources.web.traits]
referrer = "referrer"
"""
MEDIA = (
    "cpc",
    "email",
    "organic",
    "affiliate",
    "display",
    "referral",
    "sms",
    "paid_social",
    "audio",
    "none",
    "video",
    "push",
)


def make_store(folder, touches):
    """A store of about so many touchpoints: a customer a journey, and a referrer with a path of its own per event."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from attribution import events
    from scvgraph.config import load
    from scvgraph.pipeline import run

    folder.mkdir(parents=True)
    customer, at, channel, converted, value = events(touches // 5)
    number = pa.array(np.arange(customer.size))
    campaign = pa.DictionaryArray.from_arrays(
        pa.array((np.arange(customer.size) * 7919 % 40).astype(np.int32)),
        [f"campaign {n}" for n in range(40)],
    )
    said = {
        "id": number,
        "time": pa.array(at + 1_700_000_000_000_000, pa.timestamp("us")),
        "kind": pa.DictionaryArray.from_arrays(
            pa.array(converted.astype(np.int32)), ["page_view", "purchase"]
        ),
        "channel": pa.DictionaryArray.from_arrays(pa.array(channel), list(MEDIA)),
        "campaign": campaign,
        "value": pa.array(value, mask=~converted),
        "cookie": pa.array(customer),
        "referrer": pa.array(
            np.char.add(
                "https://shop.example/products/item-", (np.arange(customer.size) % 50_000).astype("U6")
            )
        ),
    }
    pq.write_table(pa.table(said), folder / "events.parquet")
    (folder / "scvgraph.toml").write_text(TOML, encoding="utf-8")
    start = time.perf_counter()
    run(load(folder / "scvgraph.toml"))
    (folder / "events.parquet").unlink()
    print(f"{customer.size:,} touchpoints: resolved in {time.perf_counter() - start:.0f} s", flush=True)


def ask(folder):
    """Runs in a process of its own, so that the peak of memory is its own."""
    import scvgraph
    from scvgraph.attribution.credit import credits_of
    from scvgraph.attribution.models import MODELS, asked
    from scvgraph.journeys.build import Options, journeys_of
    from scvgraph.journeys.events import events_of_frame
    from scvgraph.journeys.read import read_events

    models = [asked(spec) for spec in (*MODELS, "markov:2", "markov:3")]
    warm(journeys_of, credits_of, events_of_frame, models)
    options = Options(touches="events")
    with scvgraph.open(folder) as view, view.generation.engine() as engine:
        told = timed("read events of the store", lambda: read_events(engine, others=["campaign"]))
        paths = timed("make journeys, 90 days", partial(journeys_of, told, options))
        timed(f"credit under {len(models)} models", partial(credits_of, paths, models))
        del told, paths
        few = ("last", "linear", "u", "time_decay", "markov")
        asks = {"touches": "events", "by": ("channel", "campaign"), "period": "month"}
        timed("asked by channel, campaign, month", lambda: view.attribute(*few, **asks))
        timed("asked by sessions, all default", view.attribute)
        timed("paths by referrer", lambda: view.journeys("paths", by="referrer"))
        timed("funnel", lambda: view.funnel("page_view", "purchase"))


def warm(journeys_of, credits_of, events_of_frame, models):
    """Compile what is compiled."""
    import pandas as pd

    rows = [(1, "2026-01-01", "a", False, 0.0), (1, "2026-01-02", "b", True, 1.0)]
    frame = pd.DataFrame(rows, columns=["customer", "ts", "channel", "converted", "value"])
    credits_of(journeys_of(events_of_frame(frame)), models)


def timed(label, work):
    start, busy = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  {label:<36} {wall:7.2f} s {cpu:7.2f} CPU s   peak {peak:5.2f} GB", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("bench-files"))
    parser.add_argument("--touches", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--keep", action="store_true", help="keep stores, and ask those that are there")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.ask:
        ask(said.ask)
        return
    for touches in said.touches:
        place = said.folder / f"attribution-{touches}"
        if not place.exists():
            make_store(place, touches)
        subprocess.run([sys.executable, __file__, "--ask", str(place)], check=True)
        if not said.keep:
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
