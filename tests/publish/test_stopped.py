"""What can go wrong on the way: a message that says what to do, nothing half-visible, and going on afterwards."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import replace

import pytest

from scvgraph.errors import PublishError
from scvgraph.pipeline import run
from scvgraph.publish.connection import check_version, connect
from scvgraph.publish.target import Target
from town import CRM, CRM_LATER, WEB, WEB_LATER, contents, publish_to, ran_and_published, write


def customers(bolt):
    found = bolt.execute_query(
        "MATCH (c:Customer)-[:HAS]->(i) RETURN count(DISTINCT c), count(i)", database_="neo4j"
    )
    return found.records[0].values()


class Killer:
    """Kills the server when progress comes to a word."""

    def __init__(self, server, word):
        self.server, self.word = server, word

    def __call__(self, said):
        if said.startswith(self.word) and self.server.running:
            self.server.stop(kill=True)


def test_a_server_that_stops_while_staging(own_server, empty, bolt, tmp_path):
    """The old state is there when it is up again, a database that is read-only meanwhile is said to be, and once it
    may be written to the publish goes on where it was.
    """
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    before = customers(bolt)
    project = write(tmp_path, CRM_LATER, WEB_LATER)
    run(project)
    with pytest.raises(PublishError, match="cannot be reached"):
        publish_to(empty, project, Killer(own_server, "LINKED"), anew=True)
    own_server.configure("server.databases.default_to_read_only=true\n")
    own_server.start()
    with pytest.raises(PublishError, match="read-only"):
        publish_to(empty, project, anew=True)
    assert customers(bolt) == before
    own_server.stop()
    own_server.configure("")
    own_server.start()
    assert publish_to(empty, project, anew=True).resumed
    whole = contents(bolt)
    publish_to(empty, project, anew=True)
    assert contents(bolt) == whole


@pytest.mark.parametrize("word", ["switch: showing Touchpoint", "sweeping"])
def test_a_server_that_stops_later(own_server, empty, bolt, tmp_path, word):
    """In the switch, or after it: the old state or the new one is there, and a second try ends well."""
    ran_and_published(empty, write(tmp_path, CRM, WEB))
    before = customers(bolt)
    project = write(tmp_path, CRM_LATER, WEB_LATER)
    run(project)
    with pytest.raises(PublishError, match="cannot be reached"):
        publish_to(empty, project, Killer(own_server, word), anew=True)
    own_server.start()
    after = customers(bolt)
    assert (after == before) == (word != "sweeping")
    done = publish_to(empty, project, anew=word != "sweeping")
    assert bool(done.resumed) == (word != "sweeping")
    whole = contents(bolt)
    publish_to(empty, project, anew=True)
    assert contents(bolt) == whole


class StoppedError(Exception):
    """The publisher ends here."""


def test_a_half_finished_publish_that_is_out_of_date(empty, bolt, tmp_path):
    """What an earlier try staged of a generation that is no longer wanted is swept, not mixed in."""
    project = write(tmp_path, CRM, WEB)
    run(project)

    def ends(said):
        if said.startswith("HAS"):
            raise StoppedError

    with pytest.raises(StoppedError):
        publish_to(empty, project, ends)
    assert customers(bolt) == [0, 0]
    assert bolt.execute_query("MATCH (n:_Scv) RETURN count(n)", database_="neo4j").records[0][0]
    done = ran_and_published(empty, write(tmp_path, CRM_LATER, WEB_LATER))
    assert done.resumed == 0
    labels = {label for labels, _ in contents(bolt)[0] for label in labels}
    assert not {label for label in labels if label.startswith("_Scv")} - {"_Scv"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The town's first state, not published yet; for tests that get no further."""
    project = write(tmp_path_factory.mktemp("town"), CRM, WEB)
    run(project)
    return project


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "not-this-one"}, "wrong user or password"),
        ({"user": "nobody"}, "wrong user or password"),
        ({"database": "nowhere"}, "there is no database 'nowhere'"),
        ({"uri": "bolt://127.0.0.1:1"}, "cannot be reached: Connection refused"),
        ({"uri": "bolt+s://127.0.0.1:{port}"}, "cannot be reached"),
    ],
)
def test_a_wrong_address(empty, town, wrong, said):
    """Wrong user, password, database, port or encryption: the message says which, and never the password."""
    wrong = {key: value.format(port=empty.uri.rpartition(":")[2]) for key, value in wrong.items()}
    with pytest.raises(PublishError, match=said) as told:
        publish_to(replace(empty, **wrong), town)
    assert "not-this-one" not in str(told.value)
    assert "not-this-one" not in repr(replace(empty, **wrong))


@pytest.mark.parametrize("agent", ["Neo4j/4.4.38", "Neo4j/3.5.0", "Memgraph"])
def test_an_old_server(agent):
    """A server of a release before 5 is refused before anything is sent to it."""
    with pytest.raises(PublishError, match=f"the server is {agent}; publishing needs Neo4j 5"):
        check_version(agent)


@pytest.fixture
def no_common_version():
    """A port that answers a handshake as servers do with whom no version of the protocol is shared: with zeros."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    with listening.accept()[0] as caller:
                        caller.recv(20)
                        caller.sendall(bytes(4))

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_too_old_to_be_spoken_to(no_common_version):
    """One that shares no version of the protocol with the driver is said to be too old, not to be away."""
    with (
        pytest.raises(PublishError, match=r"older release(?s:.)*needs Neo4j 5"),
        connect(Target(f"bolt://127.0.0.1:{no_common_version}", "neo4j", "x")),
    ):
        pass


def test_two_publishers(empty, bolt, tmp_path):
    """The one that began first stops when another begins, and writes no more."""
    project = write(tmp_path, CRM, WEB)
    run(project)

    def rival(said):
        if said.startswith("Identifier"):
            bolt.execute_query("MATCH (p:_ScvPublication) SET p.claim = 'another'", database_="neo4j")

    with pytest.raises(PublishError, match="another publish"):
        publish_to(empty, project, rival)
    assert customers(bolt) == [0, 0]
    assert publish_to(empty, project).resumed
