"""What an audit says of channels."""

from __future__ import annotations

from scvgraph.audit import channel_findings
from scvgraph.config.project import ChannelPolicy
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
[sources.web.identifiers]
cookie_id = "cookie"
"""
EVENTS = """time,kind,channel,cookie
2026-01-01,page,radio,c1
2026-01-02,page,radio,c1
2026-01-02,page,kiosk,c2
2026-01-03,page,email,c2
2026-01-04,page,,c2
"""


def test_channels_without_a_rule_are_a_note(make_project):
    """Origins that no rule holds for are one note for each source, with their touchpoints; those the project has a rule
    for are none, nor is what says nothing.
    """
    outcome = run(make_project(TOML, e__csv=EVENTS))
    with outcome.generation.engine() as engine:
        (found,) = channel_findings(engine)
        assert (found.severity, found.rule, found.source, found.rows) == ("note", "channels", "web", 3)
        assert "3 touchpoints of web: 'radio', 'kiosk'" in found.finding
        rules = ChannelPolicy(rules={"Audio": "channel = 'radio'", "Store": "channel = 'kiosk'"})
        assert channel_findings(engine, rules) == []
