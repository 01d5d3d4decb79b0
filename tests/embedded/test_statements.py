"""Named queries: every file declares itself truly, runs with its declared parameters, and reads them by type."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime

import pytest

from graph_world import ANA, JANE, JOHN
from scvgraph.embedded.statements import Parameter, find_statement, guess, shipped, statements
from scvgraph.errors import UnknownName, UsageError

SAMPLES = {
    "identifier": "email:jane@x.com",
    "customer": JANE,
    "a": "email:jane@x.com",
    "b": "loyalty_id:L-77",
    "channels": "search,email",
    "household": "H000000001",
    "channel": "search",
    "since": "2026-01-05",
}
EXPECTED = {
    "customer_by_identifier": [(JANE, "email", "jane@x.com", "ok", 0.97, None, None)],
    "shared_devices": [("tablet-1", "shared", 2)],
    "first_touch_by_channel": [("display", 1, 1, 5.0), ("search", 1, 1, 20.0)],
    "last_touch_by_channel": [("display", 1, 5.0), ("email", 1, 20.0)],
    "degree_distribution": [(0, 1), (1, 4), (2, 3), (3, 1), (4, 2), (5, 1)],
    "customers_over_limit": [("C000000004", 2)],
    "related_customers": [(JOHN, "device_id, phone", 0.76, 2, "H000000001"), (ANA, "ip", 0.2, 1, "")],
    "households_by_size": [("H000000001", 2, 5, 25.0)],
    "household_members": [(JANE, JOHN, "device_id, phone", 0.76), (JOHN, JANE, "device_id, phone", 0.76)],
}


@pytest.mark.parametrize("name", statements())
def test_every_query_is_what_its_header_says(view, name):
    """A question, parameters with a meaning, and exactly the columns it returns."""
    statement = statements()[name]
    assert statement.question.endswith(("?", "."))
    assert all(parameter.meaning for parameter in statement.parameters)
    used = {parameter.name for parameter in statement.parameters}
    assert {word for word in used if f"${word}" not in statement.cypher} == set()
    result = view.ask(name, {parameter: SAMPLES[parameter] for parameter in used & SAMPLES.keys()})
    assert result.columns == statement.columns
    assert result.rows, "the small world has something to answer every query"
    if name in EXPECTED:
        assert list(result.rows) == EXPECTED[name]


def test_parameters_are_bound_not_pasted(view):
    """Quotes and braces in a value are a value."""
    for value in ('x"}) RETURN 1 //', "O'Hara", "$a", "日本"):
        assert view.ask("customer_by_identifier", {"identifier": value}).rows == ()


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        ("text", "7", "7"), ("whole", "7", 7), ("number", "0.5", 0.5), ("flag", "True", True),
        ("texts", "a, b,", ["a", "b"]), ("time", "2026-01-31T12:00+02:00", datetime(2026, 1, 31, 10)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_values_are_read_by_type(type_, given, value):
    assert Parameter("p", type_, None, "").read(given) == value


@pytest.mark.parametrize(
    ("type_", "given"), [("whole", "x"), ("whole", "9" * 23), ("number", ""), ("flag", "1"), ("time", "soon")]
)
def test_wrong_values_are_named(type_, given):
    with pytest.raises(UsageError, match="parameter p"):
        Parameter("p", type_, None, "").read(given)


def test_faults_of_a_file_name_it(tmp_path):
    """A query that is not UTF-8, or whose header declares what there is not, is named with its line."""
    (tmp_path / "odd.cypher").write_text("// Odd?\n// param n wombat = 3: x\nRETURN $n AS n\n")
    with pytest.raises(UsageError, match=r"odd\.cypher, line 2: .* types are text, id, whole"):
        statements(tmp_path)
    (tmp_path / "odd.cypher").write_bytes(b"\xff\xfe bad")
    with pytest.raises(UsageError, match=r"odd\.cypher is not UTF-8"):
        statements(tmp_path)


def test_missing_and_unknown_parameters(view):
    with pytest.raises(UsageError, match="needs customer"):
        view.ask("journey")
    with pytest.raises(UsageError, match=r"no parameter 'who'; it has: customer"):
        view.ask("journey", {"who": "x"})


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(UnknownName, match="did you mean journey"):
        find_statement("journeys")
    assert find_statement("MATCH (n) RETURN n") is None


def test_the_projects_own_queries_win(tmp_path):
    """A file in the project's cypher/ folder replaces the shipped one of its name and adds others."""
    (tmp_path / "journey.cypher").write_text("// Mine?\n// returns one\nRETURN 1 AS one\n")
    (tmp_path / "extra.cypher").write_text(
        "// More?\n// param n whole = 2: how many\n// returns n\nRETURN $n AS n\n"
    )
    found = statements(tmp_path)
    assert found["journey"].question == "Mine?"
    assert found["extra"].values({}) == {"n": 2}
    assert "channel_map" in found


def test_an_installed_package_carries_its_queries(tmp_path):
    """Away from the checkout, as a wheel lays it out, the same statements are found."""
    package = shipped().parent / "scvgraph"
    shutil.copytree(package, tmp_path / "scvgraph", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped(), tmp_path / "scvgraph" / "cypher")
    code = "from scvgraph.embedded.statements import statements, shipped; print(shipped(), len(statements()))"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(tmp_path / "scvgraph" / "cypher"), str(len(statements()))]


def test_guessing_types_of_hand_typed_cypher():
    assert [guess(text) for text in ("7", "0.5", "true", "x7")] == [7, 0.5, True, "x7"]
