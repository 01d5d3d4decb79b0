"""Intervals of shares against known values."""

from __future__ import annotations

import pytest
from scipy import stats

from scvgraph.evaluate.intervals import wilson, worth


@pytest.mark.parametrize(("hits", "size"), [(0, 10), (3, 10), (10, 10), (90, 100), (1, 1)])
def test_wilson_is_scipys(hits, size) -> None:
    """The interval is that of an independent implementation."""
    expected = stats.binomtest(hits, size).proportion_ci(method="wilson")
    assert wilson(hits / size, size) == pytest.approx((expected.low, expected.high))


def test_an_empty_sample_says_nothing() -> None:
    """Without anything seen the share may be any."""
    assert wilson(0.3, 0) == (0.0, 1.0)


def test_worth_of_a_simple_sample_is_its_size() -> None:
    """p(1-p)/n is the variance of n draws; more certainty than there are draws is not believed."""
    assert worth(0.2, 0.2 * 0.8 / 50, 50) == pytest.approx(50)
    assert worth(0.2, 1e-9, 50) == 50


def test_the_share_itself_is_never_left_out() -> None:
    """Rounding does not put a share of 0 or 1 outside its interval, whatever the size."""
    assert all(wilson(1.0, size)[1] == 1.0 and wilson(0.0, size)[0] == 0.0 for size in range(1, 500))
