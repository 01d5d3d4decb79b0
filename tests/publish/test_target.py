"""Which server is meant: options, else the environment, else the project file; and a password nobody sees."""

from __future__ import annotations

import pytest

from scvgraph.config import parse
from scvgraph.config.project import Neo4jServer
from scvgraph.errors import ConfigError, UsageError
from scvgraph.publish.labels import kind_label, quoted
from scvgraph.publish.target import Asked, choose

PLACE = {
    "NEO4J_URI": "bolt://env:1",
    "NEO4J_USERNAME": "env",
    "NEO4J_PASSWORD": "secret-env",
    "NEO4J_DATABASE": "envdb",
}


def test_options_then_environment_then_project_file(tmp_path):
    """What is nearer to the person wins, each value for itself."""
    (tmp_path / "word").write_text("secret-file\n")
    server = Neo4jServer("neo4j://file:2", "file", "filedb", tmp_path / "word")
    asked = Asked("bolt+s://option:3", "option", "optiondb", tmp_path / "word")
    chosen = choose(asked, server, environment=PLACE)
    assert (chosen.uri, chosen.user, chosen.database, chosen.password) == (
        "bolt+s://option:3",
        "option",
        "optiondb",
        "secret-file",
    )
    chosen = choose(Asked(), server, environment=PLACE)
    assert (chosen.uri, chosen.user, chosen.database, chosen.password) == (
        "bolt://env:1",
        "env",
        "envdb",
        "secret-env",
    )
    chosen = choose(Asked(), server, environment={})
    assert (chosen.uri, chosen.user, chosen.database, chosen.password) == (
        "neo4j://file:2",
        "file",
        "filedb",
        "secret-file",
    )


def test_a_person_is_asked_last():
    """Where nothing says the password and a person is there, the person is asked; and it is not shown."""
    chosen = choose(Asked("bolt://h"), None, lambda user: f"typed-{user}", {})
    assert (chosen.user, chosen.password, chosen.database) == ("neo4j", "typed-neo4j", "neo4j")
    assert "typed" not in repr(chosen) + str(chosen)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(), "no Neo4j server is named"),
        (Asked("http://h:7474"), "no address of Neo4j"),
        (Asked("bolt://me:secret@h"), "holds no user and password"),
        (Asked("bolt://h"), "no password"),
    ],
)
def test_what_is_missing(asked, said):
    with pytest.raises(UsageError, match=said) as told:
        choose(asked, None, environment={})
    assert "me:secret" not in str(told.value) or "no address" in said


def test_a_project_file_holds_no_password(tmp_path):
    """One that does is told where it belongs."""
    text = '[sources.a]\nshape = "events"\nfiles = "x"\ntime = "t"\n[sources.a.identifiers]\nemail = "e"\n[neo4j]\n'
    loaded = parse(text + 'uri = "bolt://h"\npassword_file = "word"\n', tmp_path / "scvgraph.toml")
    assert loaded.neo4j.password_file == tmp_path / "word"
    with pytest.raises(ConfigError, match=r"neo4j.password.*NEO4J_PASSWORD"):
        parse(text + 'password = "secret"\n', tmp_path / "scvgraph.toml")


def test_labels_of_kinds():
    """A kind never takes the label of a node of another sort, and a name cannot end its quotes."""
    assert [kind_label(kind) for kind in ("email", "loyalty_id", "customer", "touchpoint", "_")] == [
        "Email", "LoyaltyId", "CustomerKind", "TouchpointKind", "Kind",
    ]  # fmt: skip
    assert quoted("A`) DETACH DELETE n //") == "`A``) DETACH DELETE n //`"
