"""`scvgraph attribute`, `journeys` and `funnel` on a small store."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.config import load
from scvgraph.pipeline import run as run_project

TOML = """
[project]
timezone = "Europe/London"
[graph]
build = false
[channels.rules]
"Kiosk" = "channel = 'kiosk'"
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
EVENTS = """id,time,kind,channel,campaign,value,cookie
a,2026-01-01 10:00,page,cpc,x,,c1
b,2026-01-03 10:00,page,email,y,,c1
c,2026-01-03 12:00,purchase,email,y,60,c1
d,2026-02-01 10:00,page,kiosk,,,c2
e,2026-02-02 12:00,purchase,,,40,c2
f,2026-02-02 12:00,page,radio,,,c3
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attribute")
    (folder / "scvgraph.toml").write_text(TOML, encoding="utf-8")
    (folder / "e.csv").write_text(EVENTS, encoding="utf-8")
    (folder / "crm.csv").write_text("id,cookie,city\n1,c1,Bath\n2,c2,York\n", encoding="utf-8")
    (folder / "spend.csv").write_text("channel,spend\nEmail,10\nRadio,5\n", encoding="utf-8")
    run_project(load(folder))
    return folder


def call(place, command, *args):
    return CliRunner().invoke(main, [command, "--project", str(place), *args])


def said(place, command, *args):
    result = call(place, command, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_compares_models(place):
    """A column for each model, a total that reconciles, and the warning that none is causal."""
    result = call(place, "attribute", "-m", "last", "-m", "markov:2", "--value")
    assert result.exit_code == 0, result.output
    assert "no model is causal" in result.output
    lines = {
        line.split("  ")[1]: line.split() for line in result.output.splitlines() if line.startswith("  ")
    }
    assert lines["total"][1:] == ["100", "100"]
    assert lines["Email"][1] == "60"


def test_json_is_stamped_and_adds_up(place):
    """Generation, policy, rules and options stand in the answer; credit adds up under every default model."""
    found = said(place, "attribute")
    assert list(found) == ["generation", "made_at", "version", "policy", "channels", "question", "currencies", "causal", "options", "totals", "credits"]  # fmt: skip
    assert found["channels"]["rules"] == {"Kiosk": "channel = 'kiosk'"}
    assert found["question"]["journeys"]["timezone"] == "Europe/London"
    sums = {}
    for row in found["credits"]:
        sums[row["model"]] = sums.get(row["model"], 0) + row["value"]
    assert sums == {model: pytest.approx(100) for model in found["question"]["models"]}


def test_cells_segments_periods_and_cost(place):
    """Credit by several columns, by a customer's trait and by month, and beside spend."""
    args = ("-m", "last", "--by", "channel", "--by", "campaign", "--segment", "city", "--period", "month")
    rows = said(place, "attribute", *args)["credits"]
    earned = {(r["city"], r["period"], r["channel"], r["campaign"]): r["value"] for r in rows if r["value"]}
    assert earned == {("Bath", "2026-01", "Email", "y"): 60, ("York", "2026-02", "Direct", "(not set)"): 40}
    cost = said(place, "attribute", "-m", "last", "--spend", str(place / "spend.csv"))["cost"]
    by_channel = {row["channel"]: row for row in cost}
    assert by_channel["Email"]["roas"] == 6
    assert by_channel["Radio"] == {
        "model": "last", "channel": "Radio", "conversions": 0, "value": 0, "spend": 5,
        "cpa": None, "roas": 0, "note": "spend without credit",
    }  # fmt: skip
    result = call(place, "attribute", "-m", "last", "--spend", str(place / "spend.csv"), "--csv")
    assert next(csv.DictReader(io.StringIO(result.output)))["model"] == "last"


def test_says_whether_it_holds(place):
    """Intervals, agreement and the check of orders are printed when asked for."""
    args = ("-m", "last", "-m", "markov", "--intervals", "--draws", "10", "--agreement", "--orders", "2")
    found = said(place, "attribute", *args)
    assert {row["model"] for row in found["intervals"]} == {"last", "markov"}
    assert found["agreement"][0]["other"] == "markov"
    assert [row["order"] for row in found["orders"]] == [1, 2]
    printed = call(place, "attribute", *args).output
    assert "customers drawn anew" in printed
    assert "which order foretells best" in printed


def test_journey_tables(place):
    """Every table of journeys prints, as text, JSON and CSV."""
    for what in (
        "paths",
        "assisted",
        "percentiles",
        "times",
        "lengths",
        "transitions",
        "matrix",
        "steps",
        "events",
        "sessions",
    ):
        assert said(place, "journeys", what)["rows"], what
        assert call(place, "journeys", what).exit_code == 0
        assert "," in call(place, "journeys", what, "--csv").output
    found = said(place, "journeys", "--by", "campaign", "--count", "1", "--lookback", "30")
    assert found["generation"] == 1
    assert found["asked"]["journeys"]["lookback_days"] == 30
    rows = found["rows"]
    assert rows[0]["path"] in ("x > y", "(not set) > (not set)")


def test_funnels(place):
    """Steps are kinds of events, or values of another column, per customer or session, in a period."""
    assert [row["paths"] for row in said(place, "funnel", "page", "purchase")["steps"]] == [3, 2]
    args = ("Paid Search|Kiosk", "Email|Direct", "--of", "channel", "--window", "7")
    assert [row["paths"] for row in said(place, "funnel", *args)["steps"]] == [2, 2]
    assert [
        row["paths"] for row in said(place, "funnel", "page", "purchase", "--per", "session")["steps"]
    ] == [4, 0]
    late = said(place, "funnel", "page", "purchase", "--since", "2026-02-01")["steps"]
    assert [row["paths"] for row in late] == [2, 1]
    assert "of entered" in call(place, "funnel", "page", "purchase").output


def test_models_are_listed(place):
    """`--model list` says what there is, and what may follow the name."""
    output = call(place, "attribute", "--model", "list").output
    assert "time_decay" in output
    assert "[:order, 1]" in output
    assert said(place, "attribute", "--model", "list")["models"][0]["model"] == "first"


def test_page_and_json_at_once(place, tmp_path):
    """With `--html` and `--json` the page is written and the answer printed."""
    assert said(place, "attribute", "-m", "last", "--html", str(tmp_path / "r.html"))["credits"]
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!")


def test_a_column_named_twice_is_one(place):
    """`--by channel --by channel` is `--by channel`."""
    once = said(place, "attribute", "-m", "last", "--by", "channel")
    assert said(place, "attribute", "-m", "last", "--by", "channel", "--by", "channel") == once


@pytest.mark.parametrize(
    ("command", "args", "message"),
    [
        ("attribute", ("-m", "lst"), "no model 'lst'"),
        ("attribute", ("--by", "colour"), "no column 'colour'"),
        ("attribute", ("--since", "soon"), "no date or time"),
        ("attribute", ("--timezone", "Mars/Phobos"), "not a time zone"),
        ("journeys", ("--timezone", "Mars/Phobos"), "not a time zone"),
        ("attribute", ("--segment", "channel"), "what credit goes to"),
        ("attribute", ("--csv", "--agreement", "--orders", "2"), "--agreement and --orders"),
        ("attribute", ("--orders", "0"), "orders must be"),
        ("attribute", ("--since", "2026-02-01", "--until", "2026-01-01"), "not before"),
        ("funnel", ("page", "purchase", "--since", "2026-02-01", "--until", "2026-01-01"), "not before"),
        ("attribute", ("--csv", "--json"), "ask for one"),
        ("journeys", ("--csv", "--json"), "ask for one"),
        ("funnel", ("page", "purchase", "--csv", "--json"), "ask for one"),
        ("journeys", ("--count", "0"), "count must be"),
        ("attribute", ("--lookback", "-1"), "lookback days must be"),
        ("attribute", ("--conversion", "x = 1"), "not a condition"),
        ("attribute", ("--spend", "nowhere.csv"), "no spend table at"),
        ("funnel", ("page", "nothing"), "nothing is called 'nothing'"),
        ("funnel", ("page",), "2 to 60 steps"),
    ],
)
def test_what_cannot_be_asked_is_said(place, command, args, message):
    """One line on standard error and an exit code, no stack trace."""
    result = call(place, command, *args)
    assert result.exit_code in (1, 2)
    assert message in result.output
    assert "Traceback" not in result.output
