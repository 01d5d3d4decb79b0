"""Questions over events: cells, segments, periods, cost, and whether the answers hold."""

from __future__ import annotations

import brute
import numpy as np
import pandas as pd
import pytest

from scvgraph.attribution.agreement import agreement
from scvgraph.attribution.ask import question_of
from scvgraph.attribution.attribute import Question, answer, stamp_of, tell
from scvgraph.attribution.cost import NO_CREDIT, NO_SPEND, UNDATED, cost, read_spend
from scvgraph.attribution.foretelling import auc, order_check
from scvgraph.attribution.intervals import intervals
from scvgraph.attribution.models import asked
from scvgraph.attribution.periods import periods
from scvgraph.errors import UsageError
from scvgraph.journeys.build import Options
from scvgraph.journeys.events import Coded, events_of_frame
from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.lines import OVERLAP, UNATTRIBUTED

ROWS = [
    (1, "2026-01-01", "Email", "winter", False, 0),
    (1, "2026-01-02", "Search", None, True, 100),
    (2, "2026-01-30", "Email", "winter", False, 0),
    (2, "2026-02-02", "Email", "spring", True, 40),
    (3, "2026-02-03", "Direct", None, True, 10),
    (4, "2026-02-03", "Search", None, False, 0),
]
EVENTS = events_of_frame(
    pd.DataFrame(ROWS, columns=["customer", "ts", "channel", "campaign", "converted", "value"]),
    others=("campaign",),
)
CITIES = (np.array([0, 1, 2, 3]), Coded(np.array([0, 1, 0, 1], np.int32), ("Bath", "York")))


def ask(segment=None, **question):
    said = Question(**question)
    return answer(tell(EVENTS, said, segment), [asked(m) for m in said.models], stamp_of(said, EVENTS))


def test_models_stand_side_by_side_and_add_up():
    """A column for each model, with a line for what is unattributed; each adds up to the total."""
    found = ask(models=("last", "linear", "markov", "participation"))
    table = found.table("value")
    assert table.sum().tolist() == pytest.approx([150, 150, 150, 150])
    assert table.loc["Search", "last"] == 100
    assert table.loc["Email", "linear"] == 90
    assert table.loc[OVERLAP].tolist() == [0, 0, 0, -100]
    assert found.totals == {"journeys": 4, "touches": 6, "conversions": 3, "value": 150}
    assert found.credits["conversions_share"].groupby(found.credits["model"]).sum().tolist() == pytest.approx(
        [1] * 4
    )
    assert found.stamp["causal"] is False


def test_a_model_asked_twice_is_one():
    """Naming a model again adds no credit."""
    question, _ = question_of(["last", "linear", " last", "LAST"], {})
    assert question.models == ("last", "linear")
    assert ask(models=question.models).table("value").sum().tolist() == pytest.approx([150, 150])


def test_credit_by_campaign_and_channel():
    """Cells are the combinations that occur, and what was not said is a cell of its own."""
    table = ask(models=("linear",), by=("channel", "campaign")).table()["linear"]
    assert table.loc[("Email", "winter")] == 1.0
    assert table.loc[("Email", "spring")] == 0.5
    assert table.loc[("Search", "(not set)")] == 0.5
    assert table.sum() == 3


def test_credit_by_segment_and_month():
    """Segments and months partition the conversions; models are fitted to each."""
    found = ask(segment=CITIES, models=("last", "markov"), period="month")
    assert found.told.within == ("period",)
    said = Question(models=("last", "markov"), segment="city", period="month")
    found = answer(tell(EVENTS, said, CITIES), [asked(m) for m in said.models], {})
    sums = found.credits.groupby(["model", "city", "period"])["value"].sum()
    assert sums["markov"].to_dict() == {
        ("Bath", "2026-01"): 100, ("Bath", "2026-02"): 10, ("York", "2026-01"): 0, ("York", "2026-02"): 40,
    }  # fmt: skip
    assert sums["last"].sum() == 150


def test_segment_of_the_converting_event():
    """A column of events segments by what the conversion says."""
    said = Question(models=("last",), segment="campaign")
    found = answer(tell(EVENTS, said), [asked("last")], {})
    assert found.credits.groupby("campaign")["value"].sum().to_dict() == {"(not set)": 110, "spring": 40}


def test_periods_are_those_of_clocks():
    """Days, weeks from Monday, quarters and years of a zone."""
    at = pd.DatetimeIndex(["2026-06-30 23:30", "2026-01-04 10:00"]).as_unit("us").asi8
    found = {p: [periods(at, p, "Europe/London").names[c] for c in periods(at, p, "Europe/London").code]
             for p in ("day", "week", "month", "quarter", "year")}  # fmt: skip
    assert found == {
        "day": ["2026-07-01", "2026-01-04"],
        "week": ["2026-06-29", "2025-12-29"],
        "month": ["2026-07", "2026-01"],
        "quarter": ["2026-Q3", "2026-Q1"],
        "year": ["2026", "2026"],
    }
    with pytest.raises(UsageError, match="none of day"):
        periods(at, "hour", "UTC")


def test_cost_drops_nothing():
    """Spend without credit and credit without spend are shown, ratios are null where they divide by nothing."""
    found = ask(models=("last",))
    table = cost(found, pd.DataFrame({"channel": ["Search", "Search", "Radio"], "spend": [20, 30, 7]}))
    table = table.set_index("channel")
    assert table.loc["Search", ["conversions", "value", "spend", "cpa", "roas", "note"]].tolist() == [
        1,
        100,
        50,
        50,
        2,
        "",
    ]
    assert table.loc["Radio", ["conversions", "spend", "note"]].tolist() == [0, 7, NO_CREDIT]
    assert np.isnan(table.loc["Radio", "cpa"])
    assert table.loc["Radio", "roas"] == 0
    assert table.loc["Email", "note"] == NO_SPEND
    assert np.isnan(table.loc["Email", "roas"])
    assert (table["spend"].sum(), table["value"].sum()) == (57, 150)


def test_cost_by_month_takes_dates():
    """Dates of spend fall into the periods of credit."""
    found = ask(models=("last",), period="month")
    spend = pd.DataFrame(
        {
            "channel": ["Email", "Email", "Search"],
            "date": ["2026-02-01", "2026-02-09", "2026-03-01"],
            "spend": [1, 3, 5],
        }
    )
    table = cost(found, spend).set_index(["period", "channel"])
    assert table.loc[("2026-02", "Email"), "cpa"] == 4
    assert table.loc[("2026-03", "Search"), "note"] == NO_CREDIT
    with pytest.raises(UsageError, match="no column 'channel'"):
        cost(found, spend.drop(columns="channel"))
    with pytest.raises(UsageError, match="date that is none"):
        cost(found, spend.assign(date="soon"))


def test_cost_is_of_the_time_asked_for():
    """Spend dated before or after does not count; without dates a note says that it may be of another time."""
    found = ask(
        models=("last",), journeys=Options(since="2026-02-01", until="2026-03-01", timezone="Asia/Tokyo")
    )
    dates = ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"]
    spend = pd.DataFrame({"channel": "Email", "date": dates, "spend": [1, 2, 4, 8]})
    assert cost(found, spend).set_index("channel").loc["Email", "spend"] == 6
    table = cost(found, spend.drop(columns="date")).set_index("channel")
    assert table.loc["Email", ["spend", "note"]].tolist() == [15, UNDATED]
    assert table.loc["Direct", "note"] == NO_SPEND


def test_cost_of_the_published_report(known_answers):
    """Spend, credit and ROAS of a package's integration test."""
    folder = known_answers / "snowplow_fractribution_apache2"
    spend = pd.read_csv(folder / "snowplow_fractribution_channel_spend_expected.csv")
    summary = pd.read_csv(folder / "snowplow_fractribution_path_summary_expected.csv").fillna(0)
    paths = [path.split(" > ") for path in summary["transformed_path"]]
    made = from_paths(paths, summary["conversions"], summary["non_conversions"], summary["revenue"])
    told = tell(EVENTS, Question(models=()))
    from scvgraph.attribution.attribute import Told
    from scvgraph.attribution.credit import one_group

    told = Told(made, ("channel",), tuple((s,) for s in made.states), one_group(made), (), ((),))
    found = cost(answer(told, [asked("counterfactual"), asked("last")], {}), spend)
    report = pd.read_csv(folder / "snowplow_fractribution_report_table_expected.csv")
    names = {"shapley": "counterfactual", "last_touch": "last"}
    for row in report.itertuples():
        own = found[(found["model"] == names[row.ATTRIBUTION_TYPE]) & (found["channel"] == row.CHANNEL)].iloc[
            0
        ]
        assert [own["conversions"], own["value"], own["spend"]] == pytest.approx(
            [row.CONVERSIONS, row.REVENUE, row.SPEND], abs=1e-9
        )
        assert own["roas"] == pytest.approx(row.ROAS, abs=1e-9)


def test_dates_of_spend_may_say_a_zone():
    """A day is of the zone asked for; a moment with a zone of its own falls on the day clocks there show, whatever offsets
    a table mixes; times as pandas has them count too.
    """
    said = Question(models=("last",), period="day", journeys=Options(timezone="America/Los_Angeles"))
    found = answer(tell(EVENTS, said), [asked("last")], stamp_of(said, EVENTS))
    dates = ["2026-02-03", "2026-02-03T09:00:00+02:00", "2026-02-03T09:00:00Z", "2026-02-03 23:00"]
    table = found.cost(pd.DataFrame({"channel": "Email", "date": dates, "spend": [1, 2, 4, 8]}))
    spent = table.dropna(subset="spend").set_index("period")["spend"].to_dict()
    assert spent == {"2026-02-02": 2, "2026-02-03": 13}
    moments = pd.DataFrame(
        {"channel": ["Email", None], "date": pd.to_datetime(["2026-02-03", "2026-02-04"]), "spend": [1, 2]}
    )
    table = found.cost(moments).set_index(["period", "channel"])["spend"].dropna()
    assert table.to_dict() == {("2026-02-03", "Email"): 1, ("2026-02-04", "(not set)"): 2}
    for wrong in ("03/04/2026", "", "2026-02-30", None):
        with pytest.raises(UsageError, match="row 1 has"):
            found.cost(pd.DataFrame({"channel": ["Email"], "date": [wrong], "spend": [1]}))


def test_spend_that_cannot_be_read_is_said(tmp_path):
    """A missing or broken spend file is an error that names it."""
    with pytest.raises(UsageError, match="no spend table at"):
        read_spend(tmp_path / "spend.csv")
    (tmp_path / "spend.parquet").write_text("x")
    with pytest.raises(UsageError, match="is not a spend table"):
        read_spend(tmp_path / "spend.parquet")
    (tmp_path / "spend.csv").write_text("channel,spend\nEmail,2\n")
    assert read_spend(tmp_path / "spend.csv")["spend"].tolist() == [2]
    for amount in ("ten", "nan", "inf", ""):
        (tmp_path / "spend.csv").write_text(f"channel,spend\nEmail,2\n\nSearch,{amount}\n")
        with pytest.raises(UsageError, match=rf"spend\.csv, line 4, column spend: '{amount}'"):
            read_spend(tmp_path / "spend.csv")
    with pytest.raises(UsageError, match="it is a folder"):
        read_spend(tmp_path)
    (tmp_path / "spend.csv").write_text("")
    with pytest.raises(UsageError, match="it is empty"):
        read_spend(tmp_path / "spend.csv")
    (tmp_path / "spend.csv").write_text("channel,spend\nEmail,2,000\n")
    with pytest.raises(UsageError, match="more cells"):
        read_spend(tmp_path / "spend.csv")
    (tmp_path / "spend.csv").write_text("channel,spend,spend\nEmail,2,3\n")
    with pytest.raises(UsageError, match="two of its columns are called 'spend'"):
        read_spend(tmp_path / "spend.csv")
    (tmp_path / "spend.csv").write_text("Channel;Spend\nEmail;2\n")
    with pytest.raises(UsageError, match="needs channel, spend and has 'Channel;Spend'"):
        cost(ask(models=("last",)), read_spend(tmp_path / "spend.csv"))
    with pytest.raises(UsageError, match="needs date or period, channel, spend"):
        cost(ask(models=("last",), period="month"), pd.DataFrame({"channel": ["Email"], "spend": [1]}))


def test_spend_of_no_channel_is_a_row(tmp_path):
    """Blank cells are `(not set)`, a channel called NA is one: spend adds up to what the file holds."""
    (tmp_path / "spend.csv").write_text("channel,spend\nEmail,2\n,3\n ,4\nNA,5\n")
    table = cost(ask(models=("last",)), read_spend(tmp_path / "spend.csv")).set_index("channel")
    assert table["spend"].sum() == 14
    assert table.loc["(not set)", "spend"] == 7
    assert table.loc["NA", "spend"] == 5


def crowd(size=600, seed=5):
    """Journeys of people: Email makes the next step Search, and Search sells."""
    random = np.random.default_rng(seed)
    paths, made = [], []
    for _ in range(size):
        path = list(random.choice(["Email", "Search", "Direct"], random.integers(1, 5)))
        path = [step for one in path for step in ([one, "Search"] if one == "Email" else [one])]
        paths.append(path)
        made.append(float(random.random() < (0.6 if path[-2:] == ["Email", "Search"] else 0.1)))
    return from_paths(paths, made, [1 - m for m in made], [20 * m for m in made])


def test_intervals_hold_the_credit_and_repeat():
    """Ends lie around the credit, the same seed gives the same ones, and more customers narrow them."""
    models = [asked(m) for m in ("last", "markov", "shapley")]
    small, large = (intervals(crowd(n), models, draws=60) for n in (200, 3200))
    assert (
        (small["conversions_low"] <= small["conversions"])
        & (small["conversions"] <= small["conversions_high"])
    ).all()
    pd.testing.assert_frame_equal(small, intervals(crowd(200), models, draws=60))
    width = [
        ((t["conversions_high"] - t["conversions_low"]) / t["conversions"]).mean() for t in (small, large)
    ]
    assert width[1] < width[0] / 2
    with pytest.raises(UsageError):
        intervals(crowd(10), models, draws=1)
    assert intervals(from_paths([], []), models, draws=3).empty


def test_a_seed_below_zero_is_refused():
    """Draws and folds need a seed of 0 or above."""
    made = from_paths([["a"], ["b"]], [1, 1])
    with pytest.raises(UsageError, match="seed"):
        intervals(made, [asked("last")], draws=2, seed=-1)
    with pytest.raises(UsageError, match="seed"):
        order_check(made, seed=-1)


def test_intervals_cover_what_is_true():
    """Over many samples about nineteen of twenty intervals hold the credit of a far larger crowd."""
    share = {s: n / 20000 for s, n in zip(crowd().states, _last(crowd(20000, 1)), strict=True)}
    inside = []
    for seed in range(25):
        table = intervals(crowd(300, 100 + seed), [asked("last")], draws=100, seed=seed)
        true = 300 * table["state"].map(share)
        inside += ((table["conversions_low"] <= true) & (true <= table["conversions_high"])).tolist()
    assert 0.85 <= np.mean(inside) <= 1.0


def _last(made):
    from scvgraph.attribution.credit import credit

    return credit(made, asked("last")).credit[0, :, 0].tolist()


def test_agreement_is_of_shares_and_ranks():
    """The same credit moves nothing; opposite credit moves all, and reverses the ranks."""
    made = from_paths([["a", "b"], ["a", "c", "b"]], [1, 1])
    table = agreement(made, [asked(m) for m in ("first", "last", "last_non_direct")])
    table = table.set_index(["model", "other"])
    assert table.loc[("first", "last")].tolist() == pytest.approx([1, -0.5])
    assert table.loc[("last", "last_non_direct")].tolist() == pytest.approx([0, 1])


def test_order_check_finds_the_order_that_was_made():
    """Where the step before the last matters, order 2 foretells better than 1 by far more than it spreads, and 3 no
    better than 2 by much.
    """
    table = order_check(crowd(4000), (1, 2, 3)).set_index("order")
    assert table.loc[2, "auc"] > table.loc[1, "auc"] + 0.1
    assert (
        table.loc[2, "log_likelihood"]
        > table.loc[1, "log_likelihood"] + 3 * table.loc[2, "log_likelihood_spread"] / 5**0.5
    )
    assert table.loc[3, "auc"] < table.loc[2, "auc"] + 0.02
    pd.testing.assert_frame_equal(table, order_check(crowd(4000), (1, 2, 3)).set_index("order"))


def test_chances_of_what_comes_next_sum_to_one():
    """Smoothed chances are a distribution: no step is foretold with more than certainty, and where all that follows a
    context is held out, every kind of step is among what is asked and their chances sum to one.
    """
    from scvgraph.attribution.foretelling import _Tokens

    # in fold 0 everything that can follow the start: a, b, and both ends; what is known of it lies in fold 1
    made = from_paths([["a"], ["b"], [], ["a", "b"], ["b", "b"]], [1, 0, 1, 1, 0], [0, 1, 1, 0, 1])
    tokens = _Tokens(made, 1, np.array([0, 0, 0, 1, 1]))
    held_out = (tokens.fold == 0) & (tokens.context == 0)
    for chance in tokens.chances():
        asked_, place = np.unique(tokens.next[held_out], return_index=True)
        assert asked_.tolist() == [0, 1, 2, 3]
        assert chance[held_out][place].sum() == pytest.approx(1)
        assert (chance > 0).all()
        assert (chance < 1).all()


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_order_check_counts_what_others_did(order):
    """Log-likelihood and AUC are those of counting each fold's transitions in the other folds, one by one."""
    made = crowd(60)
    customers = np.random.default_rng(1).permutation(60)
    folds = [[n for n in range(60) if customers[n] % 5 == part and made.length[n]] for part in range(5)]
    paths = {n: [*made.state[made.start[n] : made.start[n + 1]].tolist()] for part in folds for n in part}
    expected = brute.foretold(paths, made.conversions.tolist(), folds, len(made.states), order)
    found = order_check(made, (order,)).iloc[0]
    assert found[["log_likelihood", "per_transition", "auc"]].tolist() == pytest.approx(expected, rel=1e-12)


def test_auc_is_of_pairs():
    """Ties count by half, and without one side there is none."""
    assert auc(np.array([0.1, 0.5, 0.5]), np.array([0, 1, 0]), np.array([1, 0, 1])) == 0.75
    assert np.isnan(auc(np.array([0.1]), np.array([1.0]), np.array([0.0])))
    assert np.isnan(order_check(from_paths([["a"]], [0], [1]), (1,)).loc[0, "auc"])


def test_unattributed_is_a_line():
    """Conversions that no touch leads to are a line of their own under every model."""
    found = ask(models=("last", "markov"), journeys=Options(converting_session=False))
    table = found.table()
    assert table.loc[UNATTRIBUTED].tolist() == [1, 1]
    assert table.sum().tolist() == [3, 3]


QUIET = events_of_frame(
    pd.DataFrame(
        [
            (1, "2026-01-05", "Email", True, 10),
            (2, "2026-01-06", "Radio", False, 0),
            (2, "2026-04-01", "Search", True, 30),
            (3, "2026-06-30", "Search", False, 0),
        ],
        columns=["customer", "ts", "channel", "converted", "value"],
    )
)


def quiet(period="month", models=("last", "markov"), **options):
    said = Question(models=models, period=period, journeys=Options(**options))
    return answer(tell(QUIET, said), [asked(m) for m in said.models], stamp_of(said, QUIET))


def test_quiet_periods_are_rows_of_zeros():
    """Between the first and the last event every period has a row for every channel and model, also without
    conversions or journeys; since and until cut it; all of it adds up.
    """
    found = quiet(nulls="none")
    months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert found.credits["period"].drop_duplicates().tolist() == months
    sizes = found.credits.groupby(["model", "period"]).size()
    assert set(sizes) == {4}  # Email, Radio, Search and what is unattributed
    wide = found.table().reset_index().groupby("period")["markov"].sum()
    assert wide.tolist() == [1, 0, 0, 1, 0, 0]
    assert found.table("value").sum().tolist() == pytest.approx([40, 40])
    cut = quiet(since="2026-02-01", until="2026-04-01")
    assert cut.credits["period"].drop_duplicates().tolist() == ["2026-02", "2026-03"]
    assert cut.credits["conversions"].sum() == 0
    assert quiet("quarter").credits["period"].drop_duplicates().tolist() == ["2026-Q1", "2026-Q2"]
    assert quiet("year", since="2030-01-01").credits.empty
    said = Question(
        models=("last", "markov"),
        segment="channel",
        by=("campaign",),
        period="month",
        journeys=Options(since="2030-01-01"),
    )
    assert answer(tell(EVENTS, said), [asked(m) for m in said.models], {}).totals["conversions"] == 0


def test_periods_too_many_to_fill_are_those_that_occur(monkeypatch):
    """Where there would be more groups than a table can hold, only those with journeys stand in it."""
    from scvgraph.attribution import attribute

    monkeypatch.setattr(attribute, "MOST_GROUPS", 5)
    found = quiet(nulls="none")
    assert found.credits["period"].drop_duplicates().tolist() == ["2026-01", "2026-04"]


def test_cost_by_period_reconciles():
    """Spend in a month without conversions, without touches, and outside the time of events is a row with a note; credit
    and spend add up under every model.
    """
    found = quiet()
    spend = pd.DataFrame(
        {
            "channel": ["Email", "Radio", "Search", "Search"],
            "date": ["2026-01-31", "2026-02-01", "2026-03-31", "2026-12-01"],
            "spend": [1, 2, 4, 8],
        }
    )
    table = found.cost(spend)
    for model in ("last", "markov"):
        own = table[table["model"] == model].set_index(["period", "channel"])
        assert (own["conversions"].sum(), own["spend"].sum()) == (2, 15)
        assert own["value"].sum() == pytest.approx(40)
        assert own.loc[("2026-02", "Radio"), ["conversions", "spend", "note"]].tolist() == [0, 2, NO_CREDIT]
        assert own.loc[("2026-12", "Search"), ["conversions", "spend", "note"]].tolist() == [0, 8, NO_CREDIT]
        assert own.loc[("2026-05", "Email"), ["conversions", "note"]].tolist() == [0, ""]
    assert (
        table.set_index(["model", "period", "channel"]).loc[("last", "2026-04", "Search"), "note"] == NO_SPEND
    )


def test_every_table_is_stamped():
    """Generation and policy as they were given, the question, and the options of the table itself."""
    said = Question(models=("last", "markov"))
    found = answer(
        tell(QUIET, said), [asked(m) for m in said.models], {"generation": 4, **stamp_of(said, QUIET)}
    )
    spend = pd.DataFrame({"channel": ["Email", "Radio"], "spend": [3, 4]})
    made = {
        "intervals": (found.intervals(draws=5, level=0.5, seed=3), {"draws": 5, "level": 0.5, "seed": 3}),
        "orders": (found.order_check((1, 2), folds=3, seed=2), {"orders": [1, 2], "folds": 3, "customers": 200_000, "seed": 2}),
        "agreement": (found.agreement(), {}),
        "cost": (found.cost(spend), {"rows": 2, "spend": 7, "left_out": 0}),
    }  # fmt: skip
    for name, (frame, options) in made.items():
        assert frame.attrs["generation"] == 4, name
        assert frame.attrs["question"]["models"] == ["last", "markov"], name
        assert frame.attrs["options"] == options, name
    assert found.table().attrs["generation"] == found.credits.attrs["generation"] == 4
    plain = found.to_dict({name: frame for name, (frame, _) in made.items()})
    assert plain["options"] == {name: options for name, (_, options) in made.items()}


def test_columns_of_the_answer_cannot_be_asked_by():
    """A trait called like a column of the answer is refused, with what to do."""
    for column in ("value", "model", "spend"):
        with pytest.raises(UsageError, match="give the trait another name"):
            question_of(["last"], {"by": (column,)})
    with pytest.raises(UsageError, match="give the trait another name"):
        question_of(["last"], {"segment": "period"})


def test_there_is_no_share_of_nothing():
    """Where sales and refunds cancel out what earned has no share of value; what earned nothing has 0."""
    frame = pd.DataFrame({"customer": [1, 2, 3], "ts": pd.to_datetime(["2026-01-01"] * 3), "channel": ["a", "b", "c"],
                          "converted": True, "value": [5.0, -5.0, 0.0]})  # fmt: skip
    made = events_of_frame(frame)
    found = answer(tell(made, Question(models=("last",))), [asked("last")], {}).credits.set_index("channel")
    assert found["value_share"].isna().to_dict() == {"a": True, "b": True, "c": False, UNATTRIBUTED: False}
    assert found["conversions_share"].sum() == pytest.approx(1)


def test_small_credit_has_ranks_too():
    """Credit of paths that weigh next to nothing is ranked like any other."""
    made = from_paths([["a", "b"], ["b"], ["c"]], [1e-12, 3e-12, 2e-12])
    table = agreement(made, [asked("first"), asked("last")])
    assert table["rank_correlation"].tolist() == pytest.approx([1])
