"""From events to journeys: sessions, touches, look-back, splits, policies, forms; cases with known answers."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journey_world import BASKET, choices, events, many, minute, texts

from scvgraph.attribution.credit import credit
from scvgraph.attribution.models import asked
from scvgraph.errors import UsageError
from scvgraph.journeys.build import (
    DAY,
    Options,
    journeys_of,
    local_time,
    moment,
    sessions_of,
)
from scvgraph.journeys.events import events_of_frame
from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.measures import (
    assisted,
    path_lengths,
    percentiles,
    time_to_convert,
    top_paths,
)
from scvgraph.journeys.sessions import events_table, sessions_table


def test_sessions_make_touches():
    """A session is a touch under one channel; a direct event goes on with it; another channel opens another touch."""
    made = journeys_of(BASKET)
    assert texts(made) == ["Email > Search", "Direct", "Email", "Search"]
    assert made.conversions.tolist() == [1, 1, 0, 0]
    assert made.value.tolist() == [50, 20, 0, 0]
    assert texts(journeys_of(BASKET, Options(touches="events"))) == [
        "Email > Direct > Search > Direct", "Direct > Direct", "Email", "Search",
    ]  # fmt: skip


def test_conversions_share_touches_or_split_at_each():
    """Shared, a later conversion sees all touches in its look-back; else its path begins after the one before."""
    assert texts(journeys_of(BASKET, Options(shared=True)))[1] == "Email > Search > Direct"
    two = events(
        (1, minute(0), "Email", False, 0), (1, minute(1), "Email", True, 1), (1, minute(2), "Email", True, 2)
    )
    assert texts(journeys_of(two)) == ["Email", "Email"], "one session earns both"
    assert texts(journeys_of(two, Options(touches="events"))) == ["Email > Email", "Email"]


def test_converting_session_may_be_left_out():
    """Without the converting session, what came before earns it, or nothing does."""
    made = journeys_of(BASKET, Options(converting_session=False, shared=True))
    assert texts(made)[:2] == ["", "Email > Search"]
    assert credit(made, asked("last")).unattributed.tolist() == [[1, 50]]


def test_lookback_and_steps_limit_paths():
    """Touches before the look-back do not count, one exactly as old does; of the rest so many last ones may."""
    rows = [(1, f"2026-01-{day:02d}", f"c{day}", day == 9, 0) for day in range(1, 10)]
    assert texts(journeys_of(events(*rows), Options(lookback_days=3))) == ["c6 > c7 > c8 > c9"]
    assert texts(journeys_of(events(*rows), Options(steps=2))) == ["c8 > c9"]
    assert len(texts(journeys_of(events(*rows), Options(steps=10**30)))[0].split(" > ")) == 9
    assert texts(journeys_of(events(*rows), Options(lookback_days=0))) == ["c9"]


def test_null_journeys():
    """All ends without a conversion count, or only those of customers who never convert, or none."""
    assert [journeys_of(BASKET, Options(nulls=n)).nulls.sum() for n in ("all", "never", "none")] == [2, 1, 0]


def test_period_is_of_conversions_in_the_zone():
    """Since and until are of conversions, on the clocks of the zone; touches before count all the same."""
    told = events((1, "2026-06-30 21:00", "Email", False, 0), (1, "2026-06-30 23:30", "Search", True, 1))
    assert texts(journeys_of(told, Options(since="2026-07-01"))) == []
    assert texts(journeys_of(told, Options(since="2026-07-01", timezone="Europe/London"))) == [
        "Email > Search"
    ]
    assert texts(journeys_of(told, Options(until="2026-07-01T00:30:00+01:00"))) == []


def test_midnight_and_campaigns_may_cut_sessions():
    """Sessions end at midnight of the zone, or where another campaign is said, if asked to; a campaign goes on."""
    told = events(
        (1, "2026-06-30 22:50", "Email", False, 0, "a"),
        (1, "2026-06-30 23:10", "Email", False, 0, None),
        (1, "2026-06-30 23:20", "Email", False, 0, "a"),
        (1, "2026-06-30 23:30", "Email", False, 0, "b"),
        others=("campaign",),
    )
    assert sessions_of(told, Options()).tolist() == [0, 0, 0, 0]
    assert sessions_of(told, Options(midnight=True, timezone="Europe/London")).tolist() == [0, 1, 1, 1]
    assert sessions_of(told, Options(campaign_change=True)).tolist() == [0, 0, 0, 1]
    assert journeys_of(told).state.size == 2, "another campaign is another touch"


def test_clocks_of_a_zone_follow_its_summer():
    """Local times are those of the zone at the moment, summer time included."""
    at = pd.DatetimeIndex(["2026-01-01 12:00", "2026-07-01 12:00"]).as_unit("us").asi8
    assert ((local_time(at, "Europe/Berlin") - at) // 3_600_000_000).tolist() == [1, 2]


def test_a_moment_is_said_in_full():
    """Nothing, words and times alone are no moments; one that clocks skip or show twice has a meaning."""
    for text in ("", " ", "now", "today", "NaT", "10:00"):
        with pytest.raises(UsageError, match="no date or time"):
            moment(text, "UTC")
    assert moment("2026-03-29T01:30", "Europe/London") == moment("2026-03-29T01:00Z", "UTC")
    assert moment("2026-10-25T01:30", "Europe/London") == moment("2026-10-25T00:30Z", "UTC")


def test_direct_policies():
    """Direct stays, goes unless alone, goes at the end, or counts as what came shortly before it."""
    paths = [["A", "Direct", "B", "Direct", "Direct"], ["Direct", "Direct"]]
    rows = [
        (n, pd.Timestamp("2026-01-01") + pd.Timedelta(hours=10 * (k + 1) ** 2), step, k == len(path) - 1, 0)
        for n, path in enumerate(paths)
        for k, step in enumerate(path)
    ]
    told = events(*rows)
    found = {p: texts(journeys_of(told, Options(touches="events", direct=p)))
             for p in ("keep", "drop", "drop_tail", "overwrite")}  # fmt: skip
    assert found == {
        "keep": ["A > Direct > B > Direct > Direct", "Direct > Direct"],
        "drop": ["A > B", "Direct > Direct"],
        "drop_tail": ["A > Direct > B", "Direct > Direct"],
        "overwrite": ["A > Direct > B > Direct > Direct", "Direct > Direct"],
    }
    wide = Options(touches="events", direct="overwrite", overwrite_hours=80)
    assert texts(journeys_of(told, wide))[0] == "A > A > B > B > Direct"


def test_path_transformations_of_a_published_package(known_answers):
    """Forms of paths and policies for Direct, as a package under a permissive licence expects them."""
    place = known_answers / "snowplow_fractribution_apache2" / "path_transformations_expected.json"
    names = {
        "exposure_path": Options(path="merged", touches="events"),
        "first_path": Options(path="first", touches="events"),
        "frequency_path": Options(path="frequency", touches="events"),
        "unique_path": Options(touches="events"),
        "remove_if_not_all": Options(direct="drop", touches="events"),
        "remove_if_last_and_not_all": Options(direct="drop_tail", touches="events"),
        "trim_long_path": Options(steps=1, touches="events"),
        "trim_long_path2": Options(steps=2, touches="events"),
    }
    for row in json.loads(place.read_text(encoding="utf-8"))["rows"]:
        steps = [step.strip() for step in row["raw_array"].split(">") if step.strip()]
        if not steps:
            continue
        told = events(*[(1, minute(n), step, n == len(steps) - 1, 0) for n, step in enumerate(steps)])
        for name, options in names.items():
            expected = [s.strip() for s in row[name].split(">") if s.strip() not in ("", "(1)")]
            if len(expected) == len(row[name].split(">")):
                assert texts(journeys_of(told, options)) == [" > ".join(expected)], (row["raw_array"], name)


def test_events_to_credit_as_published(known_answers):
    """Visits and purchases of a package's integration test become its paths, and its last-touch credit."""
    folder = known_answers / "snowplow_fractribution_apache2"

    def table(name):
        return pd.read_csv(folder / f"snowplow_fractribution_{name}_expected.csv").rename(columns=str.lower)

    visits = table("sessions_by_customer_id").rename(columns={"visit_start_tstamp": "ts"})
    sales = table("conversions_by_customer_id").rename(
        columns={"conversion_tstamp": "ts", "revenue": "value"}
    )
    visits = visits.assign(converted=False, value=0.0, touch=True)[
        ["customer_id", "ts", "channel", "converted", "value", "touch"]
    ]
    sales = sales.assign(converted=True, channel="", touch=False)[visits.columns]
    told = events_of_frame(pd.concat([visits, sales]), customer="customer_id", touch="touch")
    made = journeys_of(told, Options(touches="events", lookback_days=30, nulls="never", path="merged"))
    found = top_paths(made, None)[["path", "conversions", "nulls", "value"]]
    expected = table("path_summary").fillna(0.0)
    expected.columns = ["path", "conversions", "nulls", "value"]
    order = ["path"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True),
        expected.sort_values(order, ignore_index=True),
        check_dtype=False,
    )
    published = table("channel_attribution")
    published = published[published["attribution_type"] == "last_touch"].set_index("channel")
    last = credit(made, asked("last"))
    for channel, earned in zip(made.states, last.credit[0].tolist(), strict=True):
        if channel:
            assert earned == pytest.approx(
                [published["conversions"][channel], published["revenue"][channel]], abs=1e-9
            )


def test_filter_after_attribution(shared_data):
    """Last touch with a 30-day look-back, counted after credit is given, as a product documents it."""
    cases = json.loads((shared_data / "attribution" / "toy" / "cases.json").read_text(encoding="utf-8"))
    case = cases["mixpanel_filter_after_attribution"]
    rows = [
        (user, f"2026-{when} 0{n}:00", channel, n == len(said["touches"]) - 1, 0)
        for user, said in case["purchases"].items()
        for n, (channel, when) in enumerate(said["touches"])
    ]
    made = journeys_of(events(*rows), Options(lookback_days=30, touches="events"))
    last = dict(zip(made.states, credit(made, asked("last")).credit[0, :, 0].tolist(), strict=True))
    assert last["Google"] == case["last_touch_google"]
    assert sum(n for c, n in last.items() if c != "Direct") == case["non_direct_last_touch_count"]
    part = dict(zip(made.states, credit(made, asked("participation")).credit[0, :, 0].tolist(), strict=True))
    assert part["Google"] == case["any_touch_google"]


def test_one_conversion_per_customer(shared_data):
    """Of each customer the first or the last conversion in the period counts, as a product documents it."""
    cases = json.loads((shared_data / "attribution" / "toy" / "cases.json").read_text(encoding="utf-8"))
    case = cases["mixpanel_unique_users"]
    told = events(*[(1, f"2026-{when}", channel, True, 1) for when, channel in case["purchases"]])
    for which in ("first", "last"):
        made = journeys_of(told, Options(conversions=which, nulls="none"))
        assert [text.split(" > ")[-1] for text in texts(made)] == [
            case[f"unique_last_touch({which} qualifying conversion)"]
        ]
    late = Options(conversions="first", since="2026-05-02", until="2026-05-09")
    assert journeys_of(told, late).end.size == 1
    assert journeys_of(events(), Options(conversions="last")).end.size == 0


def test_tables_of_events_and_sessions():
    """Events with session, gap to the next and value; sessions with channel, counts, value and gap."""
    table = events_table(BASKET)
    assert table["session"].tolist() == [0, 0, 0, 0, 1, 1, 2, 3]
    assert table["opens_touch"].tolist() == [True, False, True, False, True, False, True, True]
    assert table["gap_to_next_s"].tolist()[:4] == [600, 600, 300, 3900]
    assert table["gap_to_next_s"].isna().tolist() == [False] * 6 + [True] * 2
    assert table["value"].sum() == 70
    table = sessions_table(BASKET)
    assert table["channel"].tolist() == ["Email", "Direct", "Email", "Search"]
    assert table[["events", "touches", "conversions"]].to_numpy().tolist() == [
        [4, 2, 1],
        [2, 1, 1],
        [1, 1, 0],
        [1, 1, 0],
    ]
    assert table["gap_to_next_s"].tolist()[:2] == [3900, 24300]
    assert (events_table(events()).empty, sessions_table(events()).empty) == (True, True)


@settings(deadline=None, max_examples=120)
@given(many, choices, st.sampled_from(["last", "last_non_direct", "u", "time_decay", "markov:2", "shapley"]))
def test_no_option_loses_a_conversion(rows, options, spec):
    """Under every option credit and what is unattributed are the conversions and the value of the events."""
    told = events(*[(c, minute(m), ch, made, v) for c, m, ch, made, v in rows])
    made = journeys_of(told, options)
    found = credit(made, asked(spec))
    expected = [sum(r[3] for r in rows), sum(r[4] for r in rows if r[3])]
    assert found.total[0].tolist() == expected
    assert found.credit.sum(axis=1) + found.unattributed == pytest.approx(found.total, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(many)
def test_windows_are_those_of_a_plain_loop(rows):
    """Paths of events within a look-back, split at each conversion, are what a loop over customers finds."""
    told = events(*[(c, minute(m), ch, made, v) for c, m, ch, made, v in rows])
    found = texts(journeys_of(told, Options(touches="events", lookback_days=0.1)))
    names, expected = told.columns["channel"].names, []
    for customer in sorted(set(told.customer.tolist())):
        own = [n for n in range(told.customer.size) if told.customer[n] == customer]
        path = []
        for n in own:
            path.append(n)
            if told.converted[n] or n == own[-1]:
                near = [p for p in path if told.at[n] - told.at[p] <= 0.1 * DAY]
                expected.append(" > ".join(names[told.columns["channel"].code[p]] for p in near))
                path = []
    assert found == expected


def test_order_of_rows_does_not_matter():
    """Shuffled rows with distinct times make the same journeys."""
    random = np.random.default_rng(3)
    rows = [(int(random.integers(0, 9)), minute(n), "ABC"[n % 3], n % 7 == 0, 1.0) for n in range(300)]
    shuffled = [rows[n] for n in random.permutation(300)]
    one, other = (journeys_of(events(*r)) for r in (rows, shuffled))
    assert (texts(one), one.end.tolist()) == (texts(other), other.end.tolist())


def test_measures_of_journeys():
    """Top paths by conversions, lengths, days to convert and percentiles, assisted against last."""
    made = from_paths([["a", "b"], ["b"], ["a", "b", "a"]], [2, 1, 0], [0, 3, 5], [10, 5, 0])
    top = top_paths(made)
    assert top["path"].tolist() == ["a > b", "b", "a > b > a"]
    assert top["conversion_rate"].tolist() == [1, 0.25, 0]
    assert path_lengths(made)[["touches", "journeys", "conversions"]].to_numpy().tolist() == [
        [1, 4, 1],
        [2, 2, 2],
        [3, 5, 0],
    ]
    table = assisted(made).set_index("channel")
    assert table.loc["b", ["first", "assisted", "last"]].tolist() == [1, 0, 3]
    assert table.loc["a", ["first", "assisted", "last"]].tolist() == [2, 2, 0]
    told = events(
        (1, "2026-01-01", "a", False, 0),
        (1, "2026-01-03 12:00", "a", True, 0),
        (2, "2026-01-01", "a", True, 0),
    )
    assert time_to_convert(journeys_of(told))[["days", "conversions"]].to_numpy().tolist() == [[0, 1], [2, 1]]
    assert percentiles(journeys_of(told)).set_index("percentile").loc[50, "days_to_convert"] == 1.25
    assert top_paths(made, 1)["path"].tolist() == ["a > b"]
    assert top_paths(from_paths([], [])).empty


def test_what_cannot_be_done_is_said():
    """Options that mean nothing and columns that are not there are usage errors."""
    for options in (
        Options(direct="x"),
        Options(path="x"),
        Options(steps=0),
        Options(lookback_days=-1),
        Options(since="soon"),
    ):
        with pytest.raises(UsageError):
            journeys_of(BASKET, options)
    with pytest.raises(UsageError, match="no column 'channel'"):
        events_of_frame(pd.DataFrame({"customer": [1], "ts": ["2026-01-01"]}))
