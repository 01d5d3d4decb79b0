"""Father and son: one name under one roof and a generation between their birthdays are two people."""

from __future__ import annotations

import numpy as np
import pytest
from crowd import FIRST, traits_of
from people import PLAIN, TOML, groups, text

from scvgraph.matching import Policy, match
from scvgraph.pipeline import run

SMALL = Policy(random=20_000)
FATHER = {
    "first_name": "Rupert",
    "last_name": "Ashdown",
    "birth_date": "1951-03-30",
    "street": "7 Quay Road",
    "postcode": "ZE1 4QQ",
}


def town(homes: int = 150) -> list[dict[str, str | list[str] | None]]:
    """Couples, two records a person, one date in ten mistaken, so that a date that differs is no proof."""
    rng, rows = np.random.default_rng(2), []
    for home in range(homes):
        digits = (home // 100, home // 10 % 10, home % 10)
        last = "".join("bdfgklmnpr"[digit] + "aeiou"[digit % 5] for digit in digits) + "sson"
        for seat in range(2):
            first = f"{('Mar', 'Bel', 'Tor', 'Kin')[home % 4]}{FIRST[(home + 3 * seat) % 10].lower()}"
            born, wrong = (str(np.datetime64("1940-01-01") + int(day)) for day in rng.integers(0, 20_000, 2))
            row = {
                "first_name": first,
                "last_name": last,
                "birth_date": born,
                "street": f"{home + 1} Oak Road",
                "postcode": f"AB{home // 4} 1CD",
            }
            again = {"last_name": last.replace("ss", "s"), "birth_date": born if home % 10 else wrong}
            rows += [row, row | again]
    return rows


@pytest.fixture(scope="module")
def neighbours():
    return town()


def matched(neighbours, *people, policy=SMALL):
    """The matching of some people in a town, and the numbers of the people."""
    rows = [*neighbours, *people]
    found = match(traits_of(rows), np.arange(len(rows)), policy=policy)
    return found, list(range(len(neighbours), len(rows)))


def test_a_generation_under_one_roof_is_two_people(neighbours):
    """Father and son of one name are two; their pair scores as one person's and is marked as refused."""
    found, (father, son) = matched(neighbours, FATHER, FATHER | {"birth_date": "1984-11-02"})
    assert found.label[father] != found.label[son]
    (pair,) = np.flatnonzero((found.a == father) & (found.b == son))
    assert found.refused[pair]
    assert found.score[pair] >= 0


def test_further_records_go_to_one_of_the_two(neighbours):
    """Several records of father and of son make two customers, and one without a date does not make them one."""
    son = FATHER | {"birth_date": "1984-11-02"}
    found, numbers = matched(
        neighbours, FATHER, FATHER | {"first_name": "Rupret"}, son, son, FATHER | {"birth_date": None}
    )
    father, again, one, other, _ = found.label[numbers]
    assert father == again
    assert one == other
    assert father != one


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"birth_date": "1981-03-30"}, "one digit differs"),
        ({"birth_date": "1981-03-31"}, "two slips"),
        ({"birth_date": "1984-01-01"}, "a year alone, written as a date"),
        ({"birth_date": "1984"}, "a year alone"),
        ({"birth_date": "0984-11-02"}, "longer ago than anybody lives"),
        ({"birth_date": "1958-11-02"}, "no generation apart"),
        ({"birth_date": ["1984-11-02", "1951-03-30"]}, "one of two dates agrees"),
    ],
)
def test_what_is_no_clear_conflict_refuses_nothing(neighbours, other, why):
    """Slips, incomplete and impossible dates, and dates of one generation count as they always do."""
    found, (one, two) = matched(neighbours, FATHER, FATHER | other)
    pair = (found.a == one) & (found.b == two)
    assert found.score[pair] > 0, why
    assert not found.refused[pair], why


def test_what_only_one_person_has_outweighs_a_date(neighbours):
    """With one e-mail address or one code, nearly, the date is taken for mistaken."""
    son = {"birth_date": "1984-11-02", "national_id": "QQ123457C"}
    found, (one, other) = matched(neighbours, FATHER | {"national_id": "QQ123456C"}, FATHER | son)
    assert found.label[one] == found.label[other]


def test_it_can_be_switched_off(neighbours):
    """Without the step the two are one, as their names and address say."""
    found, (father, son) = matched(
        neighbours,
        FATHER,
        FATHER | {"birth_date": "1984-11-02"},
        policy=Policy(random=20_000, generations=False),
    )
    assert found.label[father] == found.label[son]
    assert not found.refused.any()


def test_a_run_names_the_dates_that_refused(make_project, neighbours) -> None:
    """The refused match is in refused_links with its weight and both dates, is no near match, and explain says it."""
    result = run(make_project(TOML.replace("build = false", "build = true"), people__csv=listed(neighbours)))
    with result.generation.engine() as engine:
        found = engine.rows(
            """SELECT r.reason, r."constraint", r.weight FROM refused_links r
            JOIN identifiers i ON i.no = r.a JOIN identifiers j ON j.no = r.b
            WHERE [i.value, j.value] = ['people/f', 'people/s']"""
        )
        near = engine.rows(
            "SELECT n.a, n.b FROM near_matches n JOIN refused_links r ON r.a = n.a AND r.b = n.b"
        )
    words = "birth dates 1951-03-30 and 1984-11-02 under one roof, a generation apart"
    ((reason, constraint, weight),) = found
    assert (reason, constraint, weight > 0.5, near) == ("birth_date", words, True, [])


def test_date_conflicts_off_lets_matches_be(make_project, neighbours) -> None:
    """`date_conflicts = false` ends it for matches as for links."""
    off = PLAIN.replace("bar = 0.5", "date_conflicts = false")
    assert ["f", "s"] in groups(run(make_project(off, people__csv=listed(neighbours))))


def listed(neighbours) -> str:
    """The town with father `f` and son `s` as a file."""
    people = [*neighbours, FATHER, FATHER | {"birth_date": "1984-11-02"}]
    keys = [*(f"n{n}" for n in range(len(neighbours))), "f", "s"]
    rows = (
        f"{key},{row['first_name']},{row['last_name']},{row['birth_date']},{row['street']},,"
        for key, row in zip(keys, people, strict=True)
    )
    return text(*rows)
