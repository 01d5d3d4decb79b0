"""Which touches a conversion sees: splits, sessions with several conversions, and those that count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from journey_world import BASKET, choices, events, many, minute, texts

from scvgraph.attribution.credit import credit
from scvgraph.attribution.models import asked
from scvgraph.errors import UsageError
from scvgraph.journeys import layout
from scvgraph.journeys.build import DAY, Options, journeys_of, sessions_of, touches_of
from scvgraph.journeys.events import events_of_frame


def test_a_long_session_splits_at_each_conversion():
    """A conversion earns for what was opened since the one before in its session; if nothing was, for the last touch."""
    told = events(
        (1, minute(0), "Email", False, 0),
        (1, minute(1), "Search", True, 1),
        (1, minute(2), "Social", True, 2),
        (1, minute(3), "Direct", True, 4),
        (1, minute(300), "Direct", True, 8),
    )
    made = journeys_of(told)
    assert texts(made) == ["Email > Search", "Social", "Social", "Direct"]
    assert made.value.tolist() == [1, 2, 4, 8]


def test_conversions_of_a_session_left_out_have_one_path():
    """Without the converting session its second conversion has the path of the first, which led to the session."""
    told = events(
        (1, minute(0), "Email", False, 0),
        (1, minute(100), "Search", True, 1),
        (1, minute(110), "Social", True, 2),
        (1, minute(111), "Social", False, 0),
        (1, minute(115), "Affiliates", False, 0),
        (1, minute(300), "Direct", True, 4),
        (1, minute(301), "Direct", True, 8),
    )
    for touches in ("sessions", "events"):
        made = journeys_of(told, Options(converting_session=False, touches=touches))
        after = "Affiliates" if touches == "sessions" else "Social > Affiliates"
        assert texts(made) == ["Email", "Email", after, after]
        assert credit(made, asked("last")).unattributed.tolist() == [[0, 0]]


def test_journeys_hold_no_more_than_there_is():
    """One customer's long session with thousands of conversions makes journeys of as many touches as there are."""
    number = np.arange(20_000)
    frame = pd.DataFrame(
        {
            "customer": 1,
            "ts": pd.Timestamp("2026-01-01") + pd.to_timedelta(number, unit="min"),
            "channel": np.array(["Email", "Search"], object)[number % 2],
            "converted": number % 4 == 0,
            "value": 1.0,
        }
    )
    made = journeys_of(events_of_frame(frame))
    assert (made.conversions.sum(), made.state.size) == (5000, 20_000)
    alone = events_of_frame(frame.assign(channel="Email"))
    assert journeys_of(alone).state.size == 5000, "the one touch of the session earns each"
    held = journeys_of(events_of_frame(frame), Options(shared=True, steps=100))
    assert held.state.size < 100 * 5001
    assert credit(held, asked("linear")).credit.sum(axis=1)[0] == pytest.approx([5000, 5000])


def test_journeys_that_would_not_fit_are_refused(monkeypatch):
    """Where conversions share more touches than memory holds, it is said before, with what to ask instead."""
    monkeypatch.setattr(layout, "MOST_TOUCHES", 1000)
    rows = [(1, minute(n), "Email", True, 1) for n in range(100)]
    with pytest.raises(UsageError, match="would hold 5,050 touches where there are 100"):
        journeys_of(events(*rows), Options(shared=True, touches="events"))
    assert journeys_of(events(*rows), Options(shared=True, touches="events", steps=9)).state.size < 1000


def test_milestones_lie_at_or_before_the_conversion():
    """What is reached after a conversion did not lead to it; a form of paths loses no milestone that did."""
    rows = [("Email", 0), ("Search", 1), ("Email", 0), ("Email", 2), ("Email", 4)]
    told = events(*[(1, minute(n), step, n == 3, 1) for n, (step, _) in enumerate(rows)])
    told = replace(told, milestone=np.array([bits for _, bits in rows]), milestones=3)
    assert journeys_of(told).milestone.tolist() == [0, 1, 2]
    assert journeys_of(told, Options(path="first")).milestone.tolist() == [2, 1]
    earlier = replace(told, converted=np.array([False, False, True, False, True]))
    assert journeys_of(earlier).milestone.tolist() == [0, 1, 0, 6]
    merged = journeys_of(told, Options(touches="events", path="merged", nulls="none"))
    assert (texts(merged), merged.milestone.tolist()) == (["Email > Search > Email"], [0, 1, 2])


def test_which_conversions_count_is_decided_before_paths_are_split():
    """The last conversion sees what came before an earlier one that does not count; what led to one that does not
    count is no journey without a conversion; a conversion outside the period ends a path as ever.
    """
    last = journeys_of(BASKET, Options(conversions="last"))
    assert texts(last) == ["Email > Search > Direct", "Email", "Search"]
    assert (last.value.tolist(), last.nulls.tolist()) == ([20, 0, 0], [0, 1, 1])
    first = journeys_of(BASKET, Options(conversions="first"))
    assert (texts(first), first.value.tolist()) == (["Email > Search", "Email", "Search"], [50, 0, 0])
    late = journeys_of(BASKET, Options(conversions="last", since="2026-01-01T01:00", nulls="none"))
    assert texts(late) == ["Direct"]


def plain_windows(told, options):
    """The touches of each conversion, by number of their events, found by a loop over conversions."""
    session, opens = sessions_of(told, options), touches_of(told, sessions_of(told, options), options)
    found, counting = [], []
    for n in np.flatnonzero(told.converted).tolist():
        own = [p for p in range(n + 1) if told.customer[p] == told.customer[n] and opens[p]]
        before = [p for p in counting if told.customer[p] == told.customer[n]]
        if not options.converting_session:
            own = [p for p in own if session[p] != session[n]]
            before = [p for p in before if session[p] != session[n]]
        since = max(before, default=-1)
        path = own if options.shared else [p for p in own if p > since]
        same = bool(before) and session[since] == session[n]
        if options.touches == "sessions" and not path and same:
            path = own[-1:]
        path = [p for p in path if told.at[n] - told.at[p] <= options.lookback_days * DAY]
        found.append(path[-options.steps :] if options.steps else path)
        counting.append(n)
    return found


@settings(deadline=None, max_examples=200)
@given(many, choices)
def test_paths_of_conversions_are_those_of_a_plain_loop(rows, options):
    """With and without the converting session, shared or split, by sessions or by events."""
    told = events(*[(c, minute(m), ch, made, v) for c, m, ch, made, v in rows])
    options = replace(options, path="full", direct="keep")
    made = journeys_of(told, options)
    paths = [made.touch[made.start[n] : made.start[n + 1]].tolist() for n in range(made.end.size)]
    assert [path for path, sale in zip(paths, made.conversions, strict=True) if sale] == plain_windows(
        told, options
    )


def test_last_touches_are_those_that_policies_and_forms_leave():
    """`steps` cuts after direct touches are dropped and repeats are merged; without either it cuts the path itself."""
    rows = [
        (1, f"2026-01-0{day}", channel, converted)
        for day, channel, converted in (
            (1, "Email", False),
            (2, "Direct", False),
            (3, "Direct", False),
            (4, "Direct", True),
        )
    ]
    frame = pd.DataFrame(rows, columns=["customer", "ts", "channel", "converted"]).assign(value=1.0)
    told = events_of_frame(frame.assign(ts=pd.to_datetime(frame["ts"])))

    def path(**options):
        made = journeys_of(told, Options(touches="events", steps=3, **options))
        return [made.states[state] for state in made.state]

    assert path() == ["Direct"] * 3
    assert path(direct="drop") == ["Email"]
    assert path(path="merged") == ["Email", "Direct"]
    assert path(path="frequency") == ["Email(1)", "Direct(3)"]
