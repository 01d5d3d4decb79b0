"""How times are written, told from the values."""

from __future__ import annotations

import pytest

from scvgraph.profile.times import written


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-01-31T10:00:00Z", "2026-02-01T11:00:00.123Z"], None),
        (["2026-01-31 10:00:00", "2026-02-01 11:00:00"], None),
        (["2026-01-31", "2026-02-01"], None),
        (["31/01/2026 10:00:00", "01/02/2026 11:00:00"], "%d/%m/%Y %H:%M:%S"),
        (["01/31/2026 10:00", "02/01/2026 11:00"], "%m/%d/%Y %H:%M"),
        (["1/31/26 1:05 PM", "2/1/26 11:00 AM"], "%m/%d/%y %I:%M %p"),
        (["31.01.2026", "01.02.2026"], "%d.%m.%Y"),
        (["2026/01/31 10:00:00", "2026/02/01 10:00:00"], "%Y/%m/%d %H:%M:%S"),
        (["31-Jan-2026 10:00:00", "01-Feb-2026 10:00:00"], "%d-%b-%Y %H:%M:%S"),
        (["January 31, 2026", "May 1, 2026"], "%B %d, %Y"),
        (["31/01/2026 10:00:00+01:00", "01/02/2026 10:00:00+01:00"], "%d/%m/%Y %H:%M:%S%z"),
        (["1767225600", "1767229200"], "epoch_s"),
        (["1767225600123", "1767229200456"], "epoch_ms"),
        (["20260131", "20260201"], "%Y%m%d"),
        (["20260131235959", "20260201000000"], "%Y%m%d%H%M%S"),
    ],
)
def test_formats(values, form):
    """Each way of writing gets the format that reads it; ISO 8601 needs none."""
    found = written(values, None)
    assert found is not None
    assert found.format == form
    if form and not form.startswith("epoch"):
        import duckdb

        read = duckdb.execute(
            "SELECT count(try_strptime(v, ?)) FROM (SELECT unnest(?) AS v)", [form, values]
        ).fetchall()
        assert read == [(len(values),)]


def test_the_region_decides_only_where_no_value_does():
    """Ambiguous dates are month first in the US, day first elsewhere, and called a guess; evidence beats both."""
    open_values, clear = ["01/02/2026", "03/04/2026"], ["01/02/2026", "31/01/2026"]
    guesses = {region: written(open_values, region) for region in ("US", "GB", None)}
    assert {region: found.format for region, found in guesses.items()} == {
        "US": "%m/%d/%Y",
        "GB": "%d/%m/%Y",
        None: "%d/%m/%Y",
    }
    assert all(found.guessed and "GUESS" in found.why for found in guesses.values())
    sure = written(clear, "US")
    assert (sure.format, sure.guessed) == ("%d/%m/%Y", False)


def test_a_few_wrong_dates_do_not_turn_the_order():
    """One 12/13/2026 among clear day-first dates is a fault of that row, and the reason says so."""
    found = written([f"{day:02}/01/2026" for day in range(13, 29)] + ["12/13/2026"], None)
    assert found.format == "%d/%m/%Y"
    assert "the other one in 1" in found.why


@pytest.mark.parametrize("values", [[], ["07400123456", "02079460000"], ["12.50", "3.99"], ["abc", "2026-01-01"], ["123456789012", "1"], ["5000000001", "9999999999"]])  # fmt: skip
def test_no_times(values):
    """Phone numbers, amounts, ids and words are no times."""
    assert written(values, None) is None
