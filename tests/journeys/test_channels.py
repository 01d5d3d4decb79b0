"""Channels by rule, and events read from a store."""

from __future__ import annotations

import pytest

from scvgraph.config import parse
from scvgraph.config.project import ChannelPolicy
from scvgraph.engine import Engine
from scvgraph.errors import ConfigError, UnknownName, UsageError
from scvgraph.journeys.build import journeys_of
from scvgraph.journeys.channels import channel_sql, lowered_columns
from scvgraph.journeys.measures import path_text
from scvgraph.journeys.read import read_events, trait_of_customers, unmatched
from scvgraph.pipeline import run

TOML = """
[graph]
build = false
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
[sources.web.traits]
utm_source = "from"
currency = "currency"
"""
EVENTS = """id,time,kind,channel,campaign,value,cookie,from,currency
a,2026-01-01 10:00,page,cpc,,,c1,google,
b,2026-01-01 10:05,page,,,,c1,,
c,2026-01-01 12:00,purchase,,,5.5,c1,,EUR
d,2026-01-01 10:00,page,kiosk,,,c2,,
e,2026-01-01 12:00,lead,email,news,,c2,,
f,2026-01-02 12:00,purchase,,,,c2,,GBP
"""


def channel(policy=None, **said):
    """The channel of one event that says so."""
    columns = {
        **dict.fromkeys(("kind", "channel", "campaign", "source", "medium", "referrer", "system")),
        **said,
    }
    with Engine() as engine:
        plain = ", ".join(f"CAST($t{n} AS VARCHAR) AS {c}" for n, c in enumerate(columns))
        values = {f"t{n}": value for n, value in enumerate(columns.values())}
        row = f"SELECT *, {lowered_columns()} FROM (SELECT {plain}, CAST(NULL AS DOUBLE) AS value)"
        return engine.one(f"SELECT {channel_sql(policy or ChannelPolicy())} FROM ({row})", values)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("Direct", {}),
        ("Direct", {"source": "(direct)", "medium": "(none)"}),
        ("Paid Search", {"source": "Google", "medium": "CPC"}),
        ("Paid Search", {"medium": "ppc"}),
        ("Paid Social", {"source": "m.facebook.com", "medium": "paid"}),
        ("Paid Social", {"medium": "paid_social"}),
        ("Paid Shopping", {"source": "idealo", "medium": "cpc"}),
        ("Paid Shopping", {"campaign": "shop", "medium": "cpc"}),
        ("Paid Video", {"source": "youtube.com", "medium": "cpv"}),
        ("Display", {"source": "somewhere", "medium": "banner"}),
        ("Paid Other", {"source": "blog.example", "medium": "cpc"}),
        ("Organic Search", {"source": "bing", "medium": "organic"}),
        ("Organic Search", {"referrer": "https://www.google.com/"}),
        ("Organic Social", {"referrer": "https://t.co/x"}),
        ("Organic Video", {"source": "youtube.com", "medium": "referral"}),
        ("Email", {"source": "newsletter", "medium": "e-mail"}),
        ("Affiliates", {"medium": "affiliate"}),
        ("SMS", {"medium": "sms"}),
        ("Mobile Push Notifications", {"medium": "web push"}),
        ("Audio", {"medium": "audio"}),
        ("Referral", {"source": "quora.com", "medium": "referral"}),
        ("Referral", {"referrer": "https://blog.example/post"}),
        ("Referral", {"referrer": "https://forum.example.com/threads/12"}),
        ("Referral", {"referrer": "https://example.com/ask"}),
        ("Referral", {"referrer": "https://example.com/blog/amazon"}),
        ("Referral", {"referrer": "https://www.example.com/?u=a.google.com"}),
        ("Organic Search", {"referrer": "google.co.uk/search?q=x"}),
        ("Organic Social", {"source": "https://m.facebook.com/story"}),
        ("kiosk", {"channel": "kiosk", "medium": "kiosk"}),
        ("(other)", {"medium": "word of mouth"}),
    ],
)
def test_shipped_rules(expected, said):
    """Origins fall into the usual channels; what no rule knows keeps what its source says, or is other."""
    assert channel(**said) == expected


def test_own_rules_come_first():
    """The first of the project's rules wins; the shipped ones follow, or not."""
    rules = {"Brand": "campaign = 'brand'", "Search": "medium = 'cpc'"}
    policy = ChannelPolicy(rules=rules)
    assert channel(policy, campaign="brand", medium="cpc") == "Brand"
    assert channel(policy, medium="cpc") == "Search"
    assert channel(policy, medium="email") == "Email"
    assert channel(ChannelPolicy(rules=rules, shipped=False), medium="email") == "(other)"


def test_project_file_names_rules(tmp_path):
    """Rules keep their order; a rule that is no condition is a fault with its place."""
    source = TOML[TOML.index("[sources.web]") :]
    said = parse(
        source + '[channels.rules]\n"Z" = "kind = \'a\'"\n"A" = "medium = \'b\'"\n',
        tmp_path / "scvgraph.toml",
    )
    assert list(said.channels.rules) == ["Z", "A"]
    for wrong in (
        '[channels.rules]\n"Z" = "colour = 1"',
        '[channels]\ntouch = "kind ="',
        "[channels]\nrule = 1",
    ):
        with pytest.raises(ConfigError, match="channels"):
            parse(source + wrong, tmp_path / "scvgraph.toml")


@pytest.fixture
def engine(make_project):
    with run(make_project(TOML, e__csv=EVENTS)).generation.engine() as opened:
        yield opened


def test_events_of_a_store(engine):
    """Touchpoints come in order with channels by rule; direct ones go on with their session."""
    told = read_events(engine, others=["campaign", "kind", "currency"])
    made = journeys_of(told)
    assert [path_text(made, n) for n in range(2)] == ["Paid Search > Direct", "kiosk > Email > Direct"]
    assert made.value.tolist() == [5.5, 0]
    assert told.columns["currency"].names == ("(not set)", "EUR", "GBP")


def test_conversions_milestones_and_touches_may_be_asked(engine):
    """Another condition makes conversions, kinds of events are milestones, and a rule says what is no touch."""
    told = read_events(
        engine, ChannelPolicy(touch="kind = 'page'"), conversion="kind = 'lead'", milestones=("lead",)
    )
    assert told.converted.tolist() == [False, False, False, False, True, False]
    made = journeys_of(told)
    assert [path_text(made, n) for n in range(2)] == ["Paid Search", "kiosk"]
    assert made.milestone.tolist() == [0, 1]
    twice = read_events(engine, milestones=("lead", "lead"))
    assert (twice.milestones, int(twice.milestone.max())) == (1, 1)
    with pytest.raises(UsageError, match="conversion is not a condition"):
        read_events(engine, conversion="colour = 1")
    with pytest.raises(UsageError, match="without sub-queries"):
        read_events(engine, conversion="kind IN (SELECT 1)")
    with pytest.raises(UnknownName, match="no column 'colour'"):
        read_events(engine, others=["colour"])
    with pytest.raises(UnknownName, match="no trait 'colour'"):
        read_events(engine, ChannelPolicy(medium="colour"))


def test_unmatched_origins_are_listed(engine):
    """What says something that no rule holds for is counted by source; direct events say nothing."""
    assert [(row["system"], row["channel"], row["events"]) for row in unmatched(engine, ChannelPolicy())] == [
        ("web", "kiosk", 1)
    ]
    assert unmatched(engine, ChannelPolicy(rules={"Kiosk": "channel = 'kiosk'"})) == []


def test_traits_of_customers(engine):
    """Golden records' traits by customer; none where they have no such trait."""
    assert trait_of_customers(engine, "colour") is None
