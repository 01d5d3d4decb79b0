"""Events as tests tell them, and journeys as they read them."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from scvgraph.journeys.build import Options
from scvgraph.journeys.events import events_of_frame
from scvgraph.journeys.measures import path_text


def events(*rows, others=()):
    """Events (customer, time, channel, converted, value, ...)."""
    names = ["customer", "ts", "channel", "converted", "value", *others]
    return events_of_frame(pd.DataFrame(rows, columns=names), others=others)


def texts(made):
    return [path_text(made, n) for n in range(made.conversions.size)]


def minute(n):
    return f"2026-01-01 {n // 60:02d}:{n % 60:02d}"


BASKET = events(
    (1, minute(0), "Email", False, 0),
    (1, minute(10), "Direct", False, 0),
    (1, minute(20), "Search", False, 0),
    (1, minute(25), "Direct", True, 50),
    (1, minute(90), "Direct", False, 0),
    (1, minute(95), "Direct", True, 20),
    (1, minute(500), "Email", False, 0),
    (2, minute(0), "Search", False, 0),
)


many = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 400),
        st.sampled_from(["A", "B", "Direct"]),
        st.booleans(),
        st.integers(-9, 9),
    ),
    max_size=40,
)
choices = st.builds(
    Options,
    lookback_days=st.sampled_from([0.0, 0.1, 90.0]),
    touches=st.sampled_from(["sessions", "events"]),
    shared=st.booleans(),
    converting_session=st.booleans(),
    nulls=st.sampled_from(["all", "never", "none"]),
    steps=st.sampled_from([None, 1, 3]),
    direct=st.sampled_from(["keep", "drop", "drop_tail", "overwrite"]),
    path=st.sampled_from(["full", "merged", "first", "unique", "frequency"]),
)
