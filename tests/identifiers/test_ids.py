"""Ids of devices, cookies, cards, accounts and CRM records."""

from __future__ import annotations

import pytest

from scvgraph.identifiers.cleaning import clean_one
from scvgraph.identifiers.options import Options


@pytest.mark.parametrize(
    "raw", ["1", "A", "d", "phone-1", "GA1.2.12345.67890", "Ünï-7", "x²", "false-friend", "ab", "aaa"]
)
def test_plain_ids_stay_as_they_are(raw):
    """An id keeps its letters and its case, however short, and is no placeholder."""
    assert clean_one("device_id", raw) == (raw, None, None)


@pytest.mark.parametrize(
    "raw",
    [
        "null",
        "NONE",
        " nan ",
        "N/A",
        "na",
        "undefined",
        "unknown",
        "-",
        "nil",
        "(not set)",
        "#N/A",
        '""',
        "\\N",
    ],
)
def test_null_words_are_refused(raw):
    """A word that says there is no value gives none."""
    assert clean_one("crm_id", raw) == (None, "null_word", None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("0", "listed"),
        ("-1", "listed"),
        ("false", "listed"),
        ("AnonymousId", "listed"),
        ("[object Object]", "listed"),
        ("00000000-0000-0000-0000-000000000000", "nil_uuid"),
        ("FFFFFFFF-ffff-ffff-ffff-ffffffffffff", "nil_uuid"),
        ("0000", "all_one_character"),
        ("xxxxxxxx", "all_one_character"),
    ],
)
def test_values_of_broken_systems_are_kept_and_marked(raw, reason):
    """A value that a system gives to everybody is explainable and merges nobody."""
    verdict = clean_one("cookie_id", raw)
    assert verdict.value is not None
    assert verdict.placeholder == reason


def test_unseen_characters_are_not_part_of_an_id():
    """Outer blanks, byte order marks, zero-width characters and tabs make no other id."""
    assert clean_one("user_id", "\ufeff ab\u200bc\t").value == "abc"
    assert clean_one("user_id", "e\u0301").value == "é"


def test_a_uuid_is_lower_case_under_every_policy():
    """The letters of a UUID are digits, so their case means nothing."""
    upper = "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"
    for case in ("keep", "lower", "upper"):
        assert clean_one("device_id", upper, Options(case=case)).value == upper.lower()


def test_case_and_stripped_characters_are_choices():
    """Loyalty cards printed in groups and typed in any case become one value."""
    options = Options(case="upper", strip=" -")
    assert clean_one("loyalty_id", "ab-12 34", options) == ("AB1234", None, None)
    assert clean_one("loyalty_id", "- -", options).fault == "empty"


def test_over_512_characters_is_refused():
    """512 characters are an id, 513 are a mistake."""
    assert clean_one("cookie_id", "ab" * 256).fault is None
    assert clean_one("cookie_id", "ab" * 256 + "c").fault == "too_long"
