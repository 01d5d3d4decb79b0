"""Values that read like lines of an answer never mix with these."""

from __future__ import annotations

import pandas as pd

from scvgraph.api import View
from scvgraph.journeys.events import events_of_frame
from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.lines import CONVERSION, OTHERS, RESERVED, START, UNATTRIBUTED, spelled
from scvgraph.journeys.transitions import matrix, transitions
from scvgraph.pipeline import run
from scvgraph.store import Store

TOML = """
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
[sources.crm.identifiers]
cookie_id = "cookie"
[sources.crm.traits]
city = "city"
[sources.web]
shape = "events"
files = "e.csv"
time = "time"
kind = "kind"
channel = "channel"
campaign = "campaign"
value = "value"
conversion = "kind = 'purchase'"
[sources.web.identifiers]
cookie_id = "cookie"
[channels]
touch = "kind <> 'purchase'"
[channels.rules]
"(overlap)" = "channel = 'kiosk'"
"""
EVENTS = """time,kind,channel,campaign,value,cookie
2026-01-01 10:00,page,(unattributed),(overlap),,c1
2026-01-01 10:05,page,kiosk,,,c1
2026-01-01 10:10,purchase,,,60,c1
2026-01-05 10:10,purchase,,,7,c2
"""


def test_spellings_stay_apart():
    """No value is spelled like a line, and no two alike, whatever stands before them."""
    values = [prefix + name for name in (*RESERVED, "Email") for prefix in ("", "\\", "\\\\")]
    found = [spelled(value) for value in values]
    assert len(set(found)) == len(values)
    assert not RESERVED & set(found)
    assert spelled("(not set)") == "(not set)"


def test_a_channel_called_like_a_line_is_another(make_project):
    """Channels of sources and of rules, campaigns and traits that read like lines stand beside these in credit, and spend
    for such a channel goes to it.
    """
    project = make_project(
        TOML, e__csv=EVENTS, crm__csv="id,cookie,city\n1,c1,(not known)\n"
    )  # fmt: skip
    run(project)
    with View(Store.open(project.store), channels=project.channels) as view:
        found = view.attribute("linear", "participation", touches="events", segment="city")
        credit = found.credits.set_index(["model", "city", "channel"])["value"]
        assert credit["linear"].to_dict() == {
            ("\\(not known)", "\\(unattributed)"): 30, ("\\(not known)", "\\(overlap)"): 30,
            ("\\(not known)", UNATTRIBUTED): 0, ("(not set)", UNATTRIBUTED): 7,
        }  # fmt: skip
        assert credit["participation", "\\(not known)", "(overlap)"] == -60
        spend = pd.DataFrame({"channel": ["(unattributed)", "(overlap) "], "spend": [3, 4]})
        cost = found.cost(spend).set_index(["model", "channel"])["spend"]
        assert cost["linear"].dropna().to_dict() == {"\\(unattributed)": 3, "\\(overlap)": 4}
        by = view.attribute("linear", touches="events", by=("campaign",)).table()["linear"]
        assert by["\\(overlap)"] == 0.5


def test_paths_and_flows_keep_them_apart():
    """A channel called like an end is a state of its own in transitions and steps."""
    made = from_paths([["(start)", "(conversion)"], ["(others)"]], [1, 0], [0, 1])
    edges = transitions(made).set_index(["source", "target"])["count"]
    assert edges[START, "\\(start)"] == 1
    assert edges["\\(conversion)", CONVERSION] == 1
    assert matrix(made).loc["\\(start)", "\\(conversion)"] == 1
    assert OTHERS not in made.states
    frame = pd.DataFrame(
        {"customer": [1], "ts": ["2026-01-01"], "channel": ["(start)"], "converted": [True], "value": [1]}
    )
    assert events_of_frame(frame).columns["channel"].names == ("\\(start)",)
