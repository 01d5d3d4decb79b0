"""Heuristics asked of the graph are those of the tables."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.api import View
from scvgraph.config.project import ChannelPolicy
from scvgraph.pipeline import run
from scvgraph.store import Store

TOML = """
[sources.web]
shape = "events"
files = "e.csv"
key = "id"
time = "time"
kind = "kind"
channel = "channel"
campaign = "campaign"
value = "value"
conversion = "kind = 'purchase'"
[sources.web.identifiers]
cookie_id = "cookie"
"""


def made_up(size=400):
    """Events of thirty cookies over a year, some of them at one moment."""
    random = np.random.default_rng(4)
    lines = ["id,time,kind,channel,campaign,value,cookie"]
    for number in range(size):
        day, hour = divmod(int(random.integers(0, 365 * 24)), 24)
        kind = "purchase" if random.random() < 0.2 else "page"
        channel = ["search", "email", "shop", ""][random.integers(0, 4)]
        campaign = "spring" if random.random() < 0.3 else ""
        value = f"{random.integers(-5, 90)}" if kind == "purchase" else ""
        moment = np.datetime64("2025-01-01") + day
        lines.append(
            f"e{number:04d},{moment} {hour:02d}:00,{kind},{channel},{campaign},{value},c{random.integers(0, 30)}"
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("days", [30, 90])
def test_heuristics_of_the_graph_are_those_of_the_tables(make_project, days):
    """First, last and linear by channel, conversions and value: the named query and the models agree."""
    project = make_project(TOML, e__csv=made_up())
    run(project)
    with View(Store.open(project.store), channels=ChannelPolicy(shipped=False)) as view:
        graph = view.query("attribution_by_channel", lookback_days=days).set_index("channel").sort_index()
        found = view.attribute("first", "last", "linear", touches="events", shared=True, lookback_days=days)
    for measure, ending in (("conversions", ""), ("value", "_value")):
        table = found.table(measure).drop(index="(unattributed)").sort_index()
        assert table.index.tolist() == graph.index.tolist()
        for model in ("first", "last", "linear"):
            assert table[model].tolist() == pytest.approx(graph[f"{model}{ending}"].tolist(), abs=1e-6)
