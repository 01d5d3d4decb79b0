"""First names and dates as they are compared."""

from __future__ import annotations

import pytest

from scvgraph.traits.names import as_date, day_first, fold, nicknames


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("  Zoë-Ann ", "zoe ann"),
        ("O'Neil", "oneil"),
        ("D\u2019Arcy", "darcy"),
        ("MARÍA  JOSÉ", "maria jose"),
        ("Jean-Luc", "jean luc"),
        ("J.", "j"),
        ("Straße", "strasse"),
        ("李 雷", "李 雷"),
        ("Анна", "анна"),
        ("N/A", ""),
        ("  ", ""),
        ("unknown", ""),
        ("42", ""),
    ],
)
def test_spellings_of_a_name_fold_to_one(name: str, folded: str) -> None:
    """Case, accents, apostrophes and blanks do not count; what says nothing becomes empty."""
    assert fold(name) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("value", "european", "date"),
    [
        ("1980-04-03", True, 19800403),
        ("19800403", True, 19800403),
        ("1980-04-03T00:00:00", True, 19800403),
        ("03/04/1980", True, 19800403),
        ("03/04/1980", False, 19800304),
        ("24.3.1980", False, 19800324),
        ("03/24/1980", True, 19800324),
        ("1980-02-30", True, 0),
        ("0000-00-00", True, 0),
        ("yesterday", True, 0),
        ("", True, 0),
    ],
)
def test_dates_of_usual_notations(value: str, european: bool, date: int) -> None:
    """A date becomes YYYYMMDD; one that cannot be is none, and an impossible month is the day."""
    assert as_date(value, day_first=european) == date


def test_a_column_says_whether_the_day_comes_first() -> None:
    """One value above 12 in the first place, and none in the second, decides for the whole column."""
    assert day_first(["01/02/1980", "25/02/1980"])
    assert not day_first(["01/02/1980", "02/25/1980"])
    assert not day_first(["1980-02-25"])


def test_nicknames_share_a_class() -> None:
    """A name and what it is short for have a class in common; two other names have none."""
    classes = nicknames()
    assert set(classes["robert"]) & set(classes["bob"])
    assert not set(classes["robert"]) & set(classes["susan"])
