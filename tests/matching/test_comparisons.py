"""Comparisons of values: distances as jellyfish has them, and levels of names, dates, addresses and the rest."""

from __future__ import annotations

import jellyfish
import numpy as np
import pyarrow as pa
import pytest
from crowd import trait_of, traits_of
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.matching.comparisons import Comparing
from scvgraph.matching.dates import parts_of
from scvgraph.matching.features import features_of
from scvgraph.matching.folding import bytes_of
from scvgraph.matching.kernel_compare import edits, jaro_winkler

WORDS = st.text("abcde", min_size=1, max_size=9)
ROWS = np.empty((3, 66), np.int32)


def levels(**pair):
    """The level of every column for two entities that hold these traits."""
    rows = [{name: values[side] for name, values in pair.items()} for side in (0, 1)]
    features = features_of(traits_of(rows))
    level, _ = features.compare(np.array([0], np.int32), np.array([1], np.int32))
    return {
        column.name: column.scale.levels[reached]
        for column, reached in zip(features.columns, level[:, 0], strict=True)
    }


@settings(deadline=None, max_examples=400)
@given(WORDS, WORDS)
def test_distances_agree_with_jellyfish(one, other):
    """Edit distance is exact up to its limit; Jaro-Winkler is right to a few thousandths."""
    data, offset = bytes_of(pa.array([one, other]))
    ends = offset[0], offset[1] - offset[0], offset[1], offset[2] - offset[1]
    true = optimal_string_alignment(one, other)
    for limit in (1, 2, 3):
        assert edits(data, *ends, limit, ROWS) == min(true, limit + 1)
    assert jaro_winkler(data, *ends) == pytest.approx(winkler(one, other), abs=4)


def optimal_string_alignment(one, other):
    """The textbook table of edit distances with swaps."""
    table = {(i, -1): i + 1 for i in range(-1, len(one))} | {(-1, j): j + 1 for j in range(-1, len(other))}
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (x != y))
            if i and j and x == other[j - 1] and one[i - 1] == y:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one) - 1, len(other) - 1]


def winkler(one, other):
    """Jaro by jellyfish, with the prefix of up to four counted always."""
    jaro = jellyfish.jaro_similarity(one, other)
    prefix = next(
        (i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other))
    )
    return 1000 * (jaro + min(prefix, 4) * (1 - jaro) / 10)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Robert", "bob", "nickname"), ("Robert", "ROBERT", "same"), ("Robert", "R", "initial"),
        ("Robert", "Robret", "close"), ("Katherine", "Kathe", "similar"), ("Robert", "Susan", "different"),
        ("Łukasz", "Lukasz", "same"), ("Jürgen", "Jurgen", "same"), ("Наталья", "Natalya", "same"),
        ("Dr. Robert", "Robert", "same"), ("Robert", "n/a", "unknown"),
    ],
)  # fmt: skip
def test_given_names(one, other, level):
    """Given names agree by spelling, nickname, initial or start, in any script, without titles."""
    assert levels(first_name=(one, other))["given name"] == level


@pytest.mark.parametrize(
    ("one", "other", "given_level", "family_level"),
    [
        ("Ann Lee Smith", "Smith, Ann", "same", "same"), ("Ann Smith", "Smith Ann", "moved", "moved"),
        ("Ann Smith", "Ann", "same", "unknown"), ("Ann Smith", "Smith", "unknown", "same"),
        ("Sir Ann Smith, 1st baronet", "Ann Smith", "same", "same"), ("Ann Smith", "Bob Jones", "different", "different"),
        ("Ann Smith", "Smith Brown", "unknown", "moved"), ("J. Smith", "John Smith", "initial", "same"),
    ],
)  # fmt: skip
def test_full_names(one, other, given_level, family_level):
    """Full names agree part by part in any order, and no token serves twice."""
    found = levels(full_name=(one, other))
    assert (found["given name"], found["family name"]) == (given_level, family_level)


def test_redundant_name_columns_count_once():
    """Full name, first name and surname make one name: three columns, not more."""
    found = levels(
        full_name=("ann lee smith", "ann smith"), first_and_surname=("ann smith", "ann smith"),
        first_name=("ann", "ann"), surname=("smith", "smith"),
    )  # fmt: skip
    assert found == {"given name": "same", "middle name": "unknown", "family name": "same"}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1990-03-12", "12/03/1990", "same"), ("1990-03-12", "19900312", "same"), ("1990-03-12", "1990-12-03", "close"),
        ("1990-03-12", "1990-03-17", "close"), ("1990-03-12", "1990-03-21", "close"), ("1990-03-12", "1990-11-12", "two parts"),
        ("1990-03-12", "1990-01-01", "same year"), ("1990-03-12", "1990-07-28", "same year"),
        ("1990-01-01", "1957-01-01", "different"), ("1990-03-12", "1957-08-30", "different"), ("1990-03-12", "soon", "unknown"),
    ],
)  # fmt: skip
def test_dates(one, other, level):
    """Dates agree by digits, parts, and day and month swapped, in any usual notation; New Year's Day is a year."""
    rows = [{"dob": one}, {"dob": other}, {"dob": "25/12/1980"}]
    features = features_of(traits_of(rows))
    reached, _ = features.compare(np.array([0], np.int32), np.array([1], np.int32))
    assert features.columns[0].scale.levels[reached[0, 0]] == level


def test_month_or_day_first_is_read_from_the_column():
    """In a column where first numbers exceed twelve days come first; eight digits are read either way round."""
    assert parts_of(pa.array(["25/12/1980", "03/04/1990"])).tolist() == [[1980, 12, 25], [1990, 4, 3]]
    assert parts_of(pa.array(["12/25/1980", "03/04/1990"])).tolist() == [[1980, 12, 25], [1990, 3, 4]]
    assert parts_of(pa.array(["05062022", "20161123"])).tolist() == [[2022, 5, 6], [2016, 11, 23]]


@pytest.mark.parametrize(
    ("trait", "one", "other", "level"),
    [
        ("email", "Ann.Lee@x.org", "ann.lee@x.org", "same"), ("email", "ann.lee@x.org", "ann.lee@other.com", "similar"),
        ("email", "ann.lee@x.org", "ann.lee@x.ogr", "close"), ("email", "ann@x.org", "bob@x.org", "different"),
        ("postcode", "BN45 7FF", "bn457ff", "same"), ("postcode", "BN45 7FF", "BN45 9QD", "similar"),
        ("ssn", "480-83-3460", "480833460", "same"), ("ssn", "480833460", "480833406", "close"),
        ("ssn", "480833460", "702929885", "different"), ("city", "Saint-Denis", "saint denis", "same"),
        ("city", "Cardiff", "Cardif", "close"), ("occupation", "potter", "pottery", "different"),
        ("gender", "F", "female", "same"), ("gender", "male", "Frau", "different"),
    ],
)  # fmt: skip
def test_other_traits(trait, one, other, level):
    """Each role has its own idea of near; categories have none."""
    assert levels(**{trait: (one, other)})[trait] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("12", "High Street"), ("12", "high street"), "same"), (("12", "High Street"), ("12", "Hihg Street"), "close"),
        (("12", "High Street"), ("98", "High Street"), "similar"), (("12", "High Street"), (None, "High Street"), "similar"),
        (("12", "High Street"), ("98", "Mill Lane"), "different"), ((None, "12 High Street"), ("12", "High Street"), "same"),
    ],
)  # fmt: skip
def test_addresses(one, other, level):
    """Number and street are one address: nearly equal streets need equal numbers."""
    found = levels(street_number=(one[0], other[0]), street_name=(one[1], other[1]))
    assert list(found.values()) == [level]


def test_entities_with_several_values_agree_by_the_best_pair():
    """Of all pairs of values the best counts."""
    assert levels(first_name=(["Bob", "Zed"], ["Al", "Robert"]))["given name"] == "nickname"
    assert levels(dob=(["1990-03-12", "1950-01-02"], ["1971-07-07", "1950-01-02"]))["dob"] == "same"


def test_a_rarer_value_is_more_surprising():
    """The surprise of a value is the negative binary logarithm of its share, in thousandths."""
    features = features_of([trait_of("city", ["Rome"] * 6 + ["Oslo"] * 2)])
    _, gain = features.compare(np.array([0, 6], np.int32), np.array([1, 7], np.int32))
    assert gain[0].tolist() == [415, 2000]


def test_how_dates_are_written_is_kept_with_their_own_trait():
    """Whatever was decided since, the order of days and months goes on record with the trait whose dates were read."""
    comparing = Comparing({}, None)
    born = comparing.of("born", lambda: "date")
    comparing.of("city", lambda: "place")
    comparing.dates(born, pa.array(["25/03/1971", "26/04/1972"]))
    assert [(each.trait, each.written) for each in comparing.all()] == [
        ("born", "days first"),
        ("city", None),
    ]
