"""Human decisions, from files and tables."""

from __future__ import annotations

import pyarrow as pa
import pytest

from scvgraph.errors import SourceError
from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[project]
decisions = "decisions.csv"
[sources.web]
shape = "events"
files = "e.csv"
time = "time"
[sources.web.identifiers]
user_id = "user"
email = "email"
"""
EVENTS = "time,user,email\n2026-01-01,u1,a@x.org\n2026-01-01,u2,b@x.org\n2026-01-01,u3,c@x.org\n"
HEAD = "decision,a,b,at,by,reason\n"


def groups(project) -> list[list[str]]:
    with run(project).generation.engine() as engine:
        found = engine.rows(
            "SELECT list(i.value ORDER BY i.value) FROM memberships m JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer"
        )
    return sorted(group for (group,) in found)


def test_values_are_cleaned_as_in_the_data(make_project) -> None:
    """A decision may spell a value in any way that the data's cleaning brings to the same identifier."""
    project = make_project(
        TOML,
        e__csv=EVENTS,
        decisions__csv=HEAD + "must_link,email: A@X.org ,email:b@x.org,2026-02-01,me,one\n",
    )
    assert ["a@x.org", "b@x.org", "u1", "u2"] in groups(project)


def test_the_later_of_two_decisions_on_a_pair_holds(make_project) -> None:
    """A decision taken back later does not hold any more."""
    lines = "must_link,user_id:u1,user_id:u2,2026-02-01,me,one\ncannot_link,user_id:u2,user_id:u1,2026-03-01,me,sorry\n"
    project = make_project(TOML, e__csv=EVENTS, decisions__csv=HEAD + lines)
    assert ["a@x.org", "u1"] in groups(project)


def test_cannot_link_holds_against_must_links_by_way_of_a_third(make_project) -> None:
    """Two must-links that would join what a cannot-link keeps apart: the later one gives way, with its reason on record."""
    lines = (
        "cannot_link,user_id:u1,user_id:u3,2026-01-01,me,twins\n"
        "must_link,user_id:u1,user_id:u2,2026-02-01,me,one\nmust_link,user_id:u2,user_id:u3,2026-03-01,me,one\n"
    )
    project = make_project(TOML, e__csv=EVENTS, decisions__csv=HEAD + lines)
    assert groups(project) == [["a@x.org", "b@x.org", "u1", "u2"], ["c@x.org", "u3"]]
    with run(project).generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM refused_links WHERE reason = 'cannot_link'") == 2


def test_decisions_on_unseen_identifiers_are_counted(make_project) -> None:
    """A decision about an identifier no source has shown changes nothing and is reported."""
    project = make_project(
        TOML, e__csv=EVENTS, decisions__csv=HEAD + "must_link,user_id:u1,user_id:nobody,,,\n"
    )
    outcome = run(project)
    assert next(r for r in outcome.reports if r.stage == "resolve").counts["decisions_unmatched"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "maybe,user_id:u1,user_id:u2,,,",
            "decisions.csv, line 2, decision: 'maybe' is none of must_link, cannot_link, withdrawn",
        ),
        ("must_link,u1,user_id:u2,,,", "decisions.csv, line 2, a: write kind:value"),
        ("must_link,user_id:u1,,,,", "decisions.csv, line 2: b is missing"),
    ],
)
def test_a_faulty_decision_names_its_line(make_project, line: str, said: str) -> None:
    """A decision that cannot be understood stops the run with file, line, column and cure."""
    project = make_project(TOML, e__csv=EVENTS, decisions__csv=HEAD + line + "\n")
    with pytest.raises(SourceError, match=said):
        run(project)


def test_a_table_of_decisions_is_checked_like_a_file(make_project) -> None:
    """Decisions handed over in memory count like those of a file, and a missing column is named."""
    project = make_project(TOML, e__csv=EVENTS, decisions__csv=HEAD)
    said = {"decision": ["must_link"], "a": ["user_id:u1"]}
    with pytest.raises(SourceError, match="the decisions table: column b is not there"):
        run(project, frames={"decisions": pa.table(said)})
    with pytest.raises(SourceError, match="the decisions table, line 2: b is missing"):
        run(project, frames={"decisions": pa.table({**said, "b": pa.nulls(1, pa.string())})})
