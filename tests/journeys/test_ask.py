"""Questions about journeys by name."""

from __future__ import annotations

import pytest

from scvgraph.errors import UsageError
from scvgraph.journeys.ask import TABLES, WHAT, journeys
from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[sources.web]
shape = "events"
files = "e.csv"
time = "time"
kind = "kind"
channel = "channel"
conversion = "kind = 'purchase'"
[sources.web.identifiers]
cookie_id = "cookie"
"""
EVENTS = """time,kind,channel,cookie
2026-01-01,page,email,c1
2026-01-02,purchase,email,c1
2026-01-02,page,cpc,c2
"""


@pytest.fixture
def generation(make_project):
    return run(make_project(TOML, e__csv=EVENTS)).generation


def test_customers_are_named_as_everywhere(generation):
    """Rows of events and sessions name their customers by the ids that the table of customers has."""
    with generation.engine() as engine:
        ids = {row[0] for row in engine.rows("SELECT id FROM customers")}
        for what, rows in (("events", 3), ("sessions", 3)):
            found = journeys(engine, generation, what, {})
            assert len(found) == rows
            assert set(found["customer"]) == ids
            assert journeys(engine, generation, what, {"count": 1})["customer"].tolist() == [min(ids)]
        none = journeys(engine, generation, "events", {"conversion": "false", "count": 2})
        assert not none["converted"].any()


def test_every_table_says_what_it_rests_on(generation):
    """Generation, policy and what was asked stand with each table; what is unknown is refused by name."""
    with generation.engine() as engine:
        for what in (*WHAT, *TABLES):
            stamp = journeys(engine, generation, what, {"lookback_days": 7.0}).attrs
            assert stamp["generation"] == 1, what
            assert stamp["policy"], what
            assert stamp["asked"]["table"] == what
            assert stamp["asked"]["journeys"]["lookback_days"] == 7
        with pytest.raises(UsageError, match="no table 'colours'"):
            journeys(engine, generation, "colours", {})
        with pytest.raises(UsageError, match="nothing to ask by 'colour'"):
            journeys(engine, generation, "paths", {"colour": 1})
