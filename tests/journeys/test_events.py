"""Events of tables in memory: what is left out, refused, and how rows of one moment stand."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journey_world import events, minute, texts

from scvgraph.errors import UsageError
from scvgraph.journeys.build import Options, journeys_of
from scvgraph.journeys.events import coded, events_of_frame

NAMES = ["customer", "ts", "channel", "converted", "value"]


def frame(**columns):
    plain = {
        "customer": [1, 1],
        "ts": [minute(0), minute(1)],
        "channel": "a",
        "converted": False,
        "value": 0.0,
    }
    return pd.DataFrame({**plain, **columns})


def test_rows_without_a_customer_are_left_out_and_counted():
    """Nobody's rows are no person's journey, and how many there were is told."""
    for nobody in (None, np.nan, pd.NA):
        told = events_of_frame(frame(customer=pd.Series(["x", nobody], dtype=object)))
        assert (told.customer.tolist(), told.left_out) == ([0], 1)
    assert events_of_frame(frame()).left_out == 0


def test_what_cannot_be_read_is_refused():
    """Missing or wrong times, infinite values and texts for truth are refused with the column's name, not counted."""
    for column, values, said in (
        ("ts", [minute(0), None], "'ts' has no time in 1 rows"),
        ("ts", ["soon", "later"], "'ts' holds what is no time"),
        ("value", [1.0, np.inf], "'value' is infinite in 1 rows"),
        ("value", ["1", "one"], "'value' holds what is no number"),
        ("converted", ["True", "False"], "'converted' holds what is neither true nor false"),
    ):
        with pytest.raises(UsageError, match=said):
            events_of_frame(frame(**{column: values}))
    missing = events_of_frame(frame(converted=[True, None], value=[None, 2.0]))
    assert (missing.converted.tolist(), missing.value.tolist()) == ([True, False], [0.0, 2.0])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2]),
            st.sampled_from([minute(0), minute(1)]),
            st.sampled_from("ABC"),
            st.booleans(),
            st.integers(0, 2),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_of_one_moment_stand_the_same_whatever_their_order(rows, random):
    """Shuffled rows make the same journeys, times being equal or not."""
    shuffled = random.sample(rows, len(rows))
    one, other = (journeys_of(events(*told), Options(touches="events")) for told in (rows, shuffled))
    assert (texts(one), one.value.tolist()) == (texts(other), other.value.tolist())


def test_rows_of_one_moment_stand_by_key():
    """A key decides first; without one what converts stands last, so that the touch before it may earn it."""
    rows = [(1, minute(0), "Shop", True, 1, 1), (1, minute(0), "Web", False, 0, 2)]
    table = pd.DataFrame(rows, columns=[*NAMES, "id"])
    options = Options(touches="events", nulls="none")
    assert texts(journeys_of(events_of_frame(table), options)) == ["Web > Shop"]
    assert texts(journeys_of(events_of_frame(table, key="id"), options)) == ["Shop"]


def test_texts_are_numbers_in_order():
    """Names ascend, nulls are `(not set)` whether that is said too or not, and chunks and dictionaries are one."""
    plain = ["b", None, "a", "(not set)", "\u00e9", "b"]
    for values in (
        pa.array(plain),
        pa.chunked_array([plain[:2], [], plain[2:]]),
        pa.array(plain).dictionary_encode(),
        pa.chunked_array([pa.array(plain[:3]).dictionary_encode(), pa.array(plain[3:]).dictionary_encode()]),
    ):
        found = coded(values)
        assert found.names == ("(not set)", "a", "b", "\u00e9")
        assert found.code.tolist() == [2, 0, 1, 0, 3, 2]
    assert coded(pa.array([1, 2, 1])).names == ("1", "2")
    for none in (pa.array([], pa.string()), pa.chunked_array([], pa.string())):
        assert (coded(none).names, coded(none).code.size) == ((), 0)


def test_one_long_text_takes_no_room_beside_the_others():
    """Memory follows the texts there are, not the longest one times all."""
    values = pa.array([*(f"/page/{n}" for n in range(20_000)), "x" * 100_000])
    tracemalloc.start()
    coded(values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
