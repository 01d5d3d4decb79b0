"""Profiles keep their numbers."""

from __future__ import annotations

import pytest

from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm*.csv"
key = "id"
updated = "updated"
[sources.crm.identifiers]
email = "mail"
[sources.crm.traits]
first_name = "first"
city = "city"
"""
HEADER = "id,updated,mail,first,city\n"
KEYS = ["web/cc2c7038e833d822", "web/d6aeeee03f82282f"]  # of the two rows below
EVENTS = """
[graph]
build = false
[sources.web]
shape = "events"
files = "web*.csv"
time = "time"
[sources.web.identifiers]
cookie_id = "cookie"
[sources.web.traits]
first_name = "first"
city = "city"
"""


def profiles_of(result) -> dict[str, int]:
    """Number of each profile by its value."""
    with result.generation.engine() as engine:
        return dict(engine.rows("SELECT value, no FROM identifiers WHERE kind = 'record'"))


def test_a_profile_keeps_its_number_through_runs_and_versions(make_project, tmp_path) -> None:
    """A corrected record is the profile it was; a new one gets a new number; nothing is renumbered."""
    project = make_project(TOML, crm1__csv=HEADER + "k1,2026-01-01,a@x.org,Ann,Rome\nk2,2026-01-01,,Bob,\n")
    first = profiles_of(run(project))
    assert sorted(first) == ["crm/k1", "crm/k2"]
    (tmp_path / "crm2.csv").write_text(HEADER + "k1,2026-02-01,b@x.org,Anne,Pisa\nk3,2026-02-01,,Cleo,\n")
    later = profiles_of(run(project))
    assert sorted(later) == ["crm/k1", "crm/k2", "crm/k3"]
    assert {key: later[key] for key in first} == first


def test_the_same_file_again_enrols_nobody(make_project, tmp_path) -> None:
    """Rows that are known are not numbered again."""
    project = make_project(TOML, crm1__csv=HEADER + "k1,2026-01-01,a@x.org,Ann,Rome\n")
    first = profiles_of(run(project))
    (tmp_path / "crm2.csv").write_text(HEADER + "k1,2026-01-01,a@x.org,Ann,Rome\n")
    assert profiles_of(run(project)) == first


def test_a_record_without_traits_is_no_profile(make_project) -> None:
    """Who tells nothing is not enrolled; any trait at all makes a record a profile."""
    project = make_project(TOML, crm1__csv=HEADER + "k1,2026-01-01,a@x.org,,\nk2,2026-01-01,b@x.org,,Rome\n")
    assert sorted(profiles_of(run(project))) == ["crm/k2"]


def test_events_of_one_content_are_one_profile(make_project, tmp_path) -> None:
    """Events that tell a name are named by their content; those that tell a place only are no profiles."""
    header = "time,cookie,first,city\n"
    project = make_project(
        EVENTS,
        web1__csv=header
        + "2026-01-01,c1,Ann,\n2026-01-01,c1,Ann,\n2026-01-02,c1,Ann,\n2026-01-03,c2,,Rome\n",
    )
    first = profiles_of(run(project))
    assert len(first) == 2
    (tmp_path / "web2.csv").write_text(header + "2026-01-02,c1,Ann,\n2026-01-09,c3,Bob,\n")
    later = profiles_of(run(project))
    assert len(later) == 3
    assert {key: later[key] for key in first} == first


@pytest.mark.parametrize("batches", [1, 2])
def test_names_of_profiles_do_not_depend_on_batches(make_project, tmp_path, batches: int) -> None:
    """Content keys are made of raw values, so they are the same in every store."""
    header, rows = "time,cookie,first,city\n", ["2026-01-01,c1,Ann,\n", "2026-01-02,c2,Bob,Rome\n"]
    project = make_project(EVENTS, web1__csv=header + (rows[0] if batches == 2 else "".join(rows)))
    result = run(project)
    if batches == 2:
        (tmp_path / "web2.csv").write_text(header + rows[1])
        result = run(project)
    assert sorted(profiles_of(result)) == KEYS


EMPTY = {
    "traits": HEADER + "1,,,,\n2,,,,\n3,,,,\n",
    "e-mail": "id,mail\n1,\n2,\n",
}


@pytest.mark.parametrize(
    ("toml", "content"),
    [
        (TOML, EMPTY["traits"]),
        (TOML.replace('email = "mail"\n', ""), EMPTY["traits"]),
        (TOML.replace('email = "mail"\n', "") + "[resolve]\nmatch = false\n", EMPTY["traits"]),
        (TOML[: TOML.index("[sources.crm.traits]")].replace('updated = "updated"\n', ""), EMPTY["e-mail"]),
    ],
    ids=["both", "traits alone", "no matching", "identifiers alone"],
)
def test_rows_that_show_and_tell_nothing_make_no_customer(make_project, toml, content) -> None:
    """A file whose identifiers and traits are all empty is taken in, and nobody comes of it."""
    result = run(make_project(toml, crm1__csv=content))
    with result.generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM customers") == 0
        assert engine.one("SELECT count(*) FROM records") == content.count("\n") - 1


def test_records_without_a_key_are_named_by_their_content(make_project, tmp_path) -> None:
    """Rows of one content are one profile; the rows of a longer file that were known stay who they were."""
    toml = TOML.replace('key = "id"\n', "")
    project = make_project(toml, crm1__csv=HEADER + "1,,,Ann,Rome\n1,,,Ann,Rome\n2,,,Bob,\n")
    first = profiles_of(run(project))
    assert len(first) == 2
    with (tmp_path / "crm1.csv").open("a") as file:
        file.write("3,,,Cleo,\n")
    later = profiles_of(run(project))
    assert {key: later[key] for key in first} == first
    assert len(later) == 3
