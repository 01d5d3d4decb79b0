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
    assert next(csv.DictReader(io.StringIO(result.stdout)))["model"] == "last"
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert sum(float(row["spend"] or 0) for row in rows) == 15
    assert sum(float(row["value"]) for row in rows) == 100


def test_says_whether_it_holds(place):
    """Intervals, agreement, positions and the check of orders are printed when asked for."""
    args = (
        "-m",
        "last",
        "-m",
        "markov",
        "--intervals",
        "--draws",
        "10",
        "--agreement",
        "--orders",
        "2",
        "--positions",
    )
    found = said(place, "attribute", *args)
    assert {row["model"] for row in found["positions"]} == {"last"}
    earned = sum(row["conversions"] for row in found["credits"] if row["model"] == "last")
    lost = [
        row["conversions"] for row in found["credits"] if row["model"] == "last" and row["channel"][0] == "("
    ]
    assert sum(row["conversions"] for row in found["positions"]) == pytest.approx(earned - sum(lost))
    assert {row["model"] for row in found["intervals"]} == {"last", "markov"}
    assert found["agreement"][0]["other"] == "markov"
    assert [row["order"] for row in found["orders"]] == [1, 2]
    printed = call(place, "attribute", *args).output
    assert "customers drawn anew" in printed
    assert "which order foretells best" in printed
    assert "credit by position" in printed


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


ALL = ("first", "last", "last_non_direct", "linear", "linear_unique", "u", "j", "inverse_j", "w", "time_decay", "custom",
       "participation", "markov", "shapley", "shapley_ordered", "counterfactual")  # fmt: skip


def test_many_models_fit_a_terminal(place, monkeypatch):
    """What is wider than the terminal stands in parts below each other, each with the channels and the total; all models
    are in them, as they are asked for.
    """
    args = [arg for model in ALL for arg in ("-m", model)]
    monkeypatch.setenv("COLUMNS", "80")
    output = call(place, "attribute", *args, "--value", "--agreement", "--intervals", "--draws", "3").output
    assert max(map(len, output.splitlines())) <= 100  # of lines of words; tables are narrower
    table = output[: output.index("policy")]
    assert max(map(len, table.splitlines())) <= 80
    heads = [line.split() for line in table.splitlines() if line.startswith("  channel")]
    assert len(heads) > 1
    assert [name for head in heads for name in head[1:]] == list(ALL)
    totals = [line.split()[1:] for line in table.splitlines() if line.startswith("  total")]
    assert {figure for line in totals for figure in line} <= {"100", "100.00"}
    monkeypatch.setenv("COLUMNS", "400")
    wide = call(place, "attribute", *args, "--value").output
    assert sum(line.startswith("  channel") for line in wide.splitlines()) == 1


def test_cost_is_told_with_totals_and_notes(place):
    """Spend and credit add up below each model, and what has only one of both is named; spend of another time is said."""
    output = call(
        place, "attribute", "-m", "last", "-m", "linear", "--spend", str(place / "spend.csv")
    ).output
    assert "spend without credit  Radio" in output
    assert "credit without spend  Direct" in output
    totals = [line.split() for line in output.splitlines() if line.split()[1:2] == ["total"]]
    assert [float(line[3]) for line in totals] == [100, 100]
    assert [line[4] for line in totals] == ["15", "15"]
    (place / "dated.csv").write_text(
        "channel,date,spend\nEmail,2025-01-01,10\nEmail,2026-01-02,5\n", encoding="utf-8"
    )
    late = call(
        place, "attribute", "-m", "last", "--spend", str(place / "dated.csv"), "--since", "2026-01-01"
    ).output
    assert "spend of 10.00 is of another time than was asked for" in late


def test_every_form_says_what_it_rests_on(place):
    """Text names policy and the options that are not the usual ones; CSV has the whole stamp on standard error; JSON in
    the answer.
    """
    args = ("-m", "last", "--shared", "--lookback", "30", "--since", "2026-01-02")
    text = call(place, "attribute", *args).stdout
    policy = said(place, "attribute", *args)["policy"]
    assert f"policy       {policy}" in text
    assert "lookback_days 30.0; shared True; since 2026-01-02" in text
    for command in (
        ("attribute", *args),
        ("journeys", "paths", "--lookback", "30"),
        ("funnel", "page", "purchase"),
    ):
        result = call(place, *command, "--csv")
        assert f"generation 1, policy {policy};" in result.stderr, command
        assert "generation" not in result.stdout
    assert '"lookback_days": 30.0' in call(place, "attribute", *args, "--csv").stderr
    options = said(place, "attribute", "-m", "last", "--intervals", "--draws", "4", "--level", "0.9", "--orders", "1",
                   "--folds", "3", "--seed", "7")["options"]  # fmt: skip
    assert options["intervals"] == {"draws": 4, "level": 0.9, "seed": 7}
    assert options["orders"]["folds"] == 3


def test_the_page_has_all_that_was_asked(place, tmp_path):
    """Segments, checks and the period stand on the page too."""
    file = tmp_path / "r.html"
    args = ("-m", "last", "-m", "linear", "--segment", "city", "--intervals", "--draws", "4", "--agreement", "--orders", "1",
            "--spend", str(place / "spend.csv"), "--funnel", "page", "--funnel", "purchase", "--since", "2026-02-01")  # fmt: skip
    result = call(place, "attribute", *args, "--html", str(file))
    assert result.output == f"wrote {file}\n"
    page = file.read_text(encoding="utf-8")
    for part in (
        "By city",
        "York",
        "Intervals",
        "Agreement",
        "Markov orders",
        "Credit beside spend",
        "from 2026-02-01",
    ):
        assert part in page, part


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
        ("attribute", ("--segment", "colour"), "customers have: city"),
        ("attribute", ("--funnel", "page", "--funnel", "purchase"), "name its file with --html"),
        ("attribute", ("--html", "/"), "is a folder; name a file"),
        ("attribute", ("--csv", "--agreement", "--orders", "2"), "--agreement and --orders"),
        ("attribute", ("--orders", "0"), "orders must be"),
        ("attribute", ("--orders", "2", "--folds", "1"), "at least 2 folds"),
        ("attribute", ("--intervals", "--level", "1"), "level between 0 and 1"),
        ("attribute", ("--intervals", "--draws", "1"), "at least 2 draws"),
        ("attribute", ("--since", "2026-02-01", "--until", "2026-01-01"), "not before"),
        ("funnel", ("page", "purchase", "--since", "2026-02-01", "--until", "2026-01-01"), "not before"),
        ("attribute", ("--csv", "--json"), "ask for one"),
        ("journeys", ("--csv", "--json"), "ask for one"),
        ("funnel", ("page", "purchase", "--csv", "--json"), "ask for one"),
        ("journeys", ("--count", "0"), "count must be"),
        ("journeys", ("paths", "--backward"), "--backward is for steps, not for paths"),
        ("journeys", ("lengths", "--count", "3"), "--count is for paths, events, sessions, steps"),
        ("funnel", ("page", "buy", "--gap", "-1"), "gap minutes must be"),
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
