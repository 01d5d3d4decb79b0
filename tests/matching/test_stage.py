"""Stage match in a whole run: who is joined by what they tell, and what stands above it."""

from __future__ import annotations

import pytest
from people import PLAIN, TOML, crowd, groups, text

from scvgraph import open as open_view
from scvgraph.pipeline import run

# Of the crowd p7 is Robert Delgado, 1984-08-08, 8 Harbour Street.
ROBERT = "q,Bob,Delgdao,1984-08-08,8 Harbour St,,"
DECISION = "decision,a,b,at,by,reason\ncannot_link,record:people/p7,record:people/q,2026-01-01T00:00:00Z,ann,cousins\n"


@pytest.fixture(scope="module")
def known() -> list[str]:
    return crowd()


def test_a_misspelled_second_record_is_found(make_project, known) -> None:
    """Two records that share no identifier, with a nickname and slips, are one customer; nobody else is joined."""
    assert known[7].startswith("p7,Robert,Delgado,1984-08-08,8 Harbour Street")
    assert groups(run(make_project(TOML, people__csv=text(*known, ROBERT)))) == [["p7", "q"]]


def test_a_plain_file_of_people_is_deduplicated(make_project, known) -> None:
    """A source without identifiers is taken; duplicates in it become one customer, all others stay alone."""
    again = [
        "d1,Maria,Sulivan,1945-02-10,14 Quay,,",
        "d2,M.,Sullivan,1945-02-10,14 Quay,,",
        ROBERT,
    ]
    changed = known.copy()
    changed[13] = "p13,Maria,Sullivan,1945-02-10,14 Quay,,"
    result = run(make_project(PLAIN, people__csv=text(*changed, *again)))
    assert groups(result) == [["d1", "d2", "p13"], ["p7", "q"]]
    with result.generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM customers") == 80


FAMILY = (
    "f2,Edward,Delgado,1951-03-30,8 Harbour Street,,",
    "f3,Linda,Delgado,1986-11-02,8 Harbour Street,,",
)


def test_a_family_under_one_roof_stays_apart(make_project, known) -> None:
    """A father and a wife with the surname and the street of p7 are three people."""
    assert groups(run(make_project(TOML, people__csv=text(*known, *FAMILY)))) == []


def test_matching_can_be_switched_off(make_project, known) -> None:
    """With match = false nobody is compared: no matches, an empty model, and the two stay two."""
    off = TOML.replace("bar = 0.5", "match = false")
    result = run(make_project(off, people__csv=text(*known, ROBERT)))
    assert groups(result) == []
    with result.generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM matches") == 0
        assert engine.one("SELECT count(*) FROM model") == 0


def test_a_high_bar_asks_for_more(make_project, known) -> None:
    """What is likely enough at one half is not at one in a million."""
    high = TOML.replace("bar = 0.5", "bar = 0.999999")
    weak = "q,R.,Delgado,1984-08-08,Boathouse,,"
    assert groups(run(make_project(high, people__csv=text(*known, weak)))) == []


def test_unique_ids_stand_above_a_match(make_project, known) -> None:
    """Two records alike in everything, with two numbers of a unique kind, are two customers."""
    rows = known.copy()
    rows[7] = rows[7][:-2] + ",L1,"
    rows[7] = rows[7].replace(",,L1", ",L1")
    second = rows[7].replace("p7,", "q,").replace("L1", "L2")
    assert groups(run(make_project(TOML, people__csv=text(*rows, second)))) == []
    same = second.replace("L2", "")
    assert groups(run(make_project(TOML, people__csv=text(*rows, same)))) == [["p7", "q"]]


def test_a_person_who_said_no_is_heeded(make_project, known) -> None:
    """A cannot-link between two profiles keeps them apart however alike they are."""
    toml = TOML.replace('region = "GB"', 'region = "GB"\ndecisions = "decisions.csv"')
    project = make_project(toml, people__csv=text(*known, ROBERT), decisions__csv=DECISION)
    assert groups(run(project)) == []


def test_matches_and_links_say_what_was_joined(make_project, known) -> None:
    """A match is a row with both ends, its probability and what agreed, and a link under the rule match."""
    result = run(make_project(TOML, people__csv=text(*known, ROBERT)))
    with result.generation.engine() as engine:
        (found,) = engine.rows(
            "SELECT a.value, b.value, m.rule, m.weight, m.because FROM matches m"
            " JOIN identifiers a ON m.a = a.no JOIN identifiers b ON m.b = b.no"
        )
        (link,) = engine.rows("SELECT rule, weight FROM links")
    assert sorted(found[:2]) == ["people/p7", "people/q"]
    assert found[2] == "match"
    assert link == found[2:4]
    assert 0.9 < found[3] < 1
    assert found[4] == "given name nickname, family name close, birth date same, street close"


def test_explain_says_what_agreed(make_project, known) -> None:
    """The step between matched ends names what agreed, and shows no rows, for none shows both."""
    project = make_project(TOML.replace("build = false", "build = true"), people__csv=text(*known, ROBERT))
    run(project)
    with open_view(project.folder) as view:
        found = view.explain("record:people/p7", "record:people/q")
    assert found.same
    assert found.path[0].rule == "match"
    assert found.path[0].sentence == (
        "tell of one person: given name nickname, family name close, birth date same, street close"
    )
    assert found.path[0].rows == ()
    assert found.bridge


def test_own_comparisons_nicknames_and_cap(make_project, known) -> None:
    """A trait that is off is no column of the model; a role of one's own is; own nicknames match; a cap drops blocks."""
    strangers = [
        f"s{n},{name},1990-05-05,,," for n, name in enumerate(("Ada,Marsh", "Jon,Keller", "Eva,Roth"))
    ]
    rows = [*known, *strangers, "q,Bato,Delgado,1984-08-08,8 Harbour St,,"]
    toml = TOML.replace("bar = 0.5", 'bar = 0.5\ncap = 2\nnicknames = "names.csv"')
    toml += '[resolve.compare]\nstreet = "text"\nphone = "off"\n'
    project = make_project(toml, people__csv=text(*rows), names__csv="Robert,Bato\n")
    with run(project).generation.engine() as engine:
        roles = dict(engine.rows("SELECT DISTINCT trait, role FROM model"))
        said = dict(engine.rows("SELECT trait, role FROM comparisons"))
        because = engine.one("SELECT because FROM matches")
        (dropped,) = engine.rows(
            "SELECT dropped_blocks, dropped_entities, dropped_pairs FROM blocks WHERE rule = 'date'"
        )
    assert roles["street"] == "text"
    assert "phone" not in roles
    assert said["street"] == "text"
    assert "given name nickname" in because
    assert dropped == (1, 3, 3)


def test_all_traits_off_is_no_matching(make_project) -> None:
    """Where every trait is left out of the comparison the outcome is that of match = false."""
    toml = """
    [graph]
    build = false
    [sources.people]
    shape = "records"
    files = "people.csv"
    key = "id"
    [sources.people.traits]
    first_name = "first"
    last_name = "last"
    [resolve.compare]
    first_name = "off"
    last_name = "off"
    """
    result = run(make_project(toml, people__csv="id,first,last\n1,Ann,Lee\n2,Ann,Lee\n"))
    with result.generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM customers") == 2
        assert engine.one("SELECT count(*) FROM matches") == 0
