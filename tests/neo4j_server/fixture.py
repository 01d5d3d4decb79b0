"""The server as a fixture, one for the whole session, and a database emptied for each test that asks for one."""

from __future__ import annotations

import os

import pytest

from neo4j_server.server import Given, NoServerError, Server
from scvgraph.publish.target import Target


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory):
    """A running server: that of NEO4J_URI, else one started here. Skipped where neither is, unless it is required."""
    if os.environ.get("NEO4J_URI"):
        yield Given()
        return
    try:
        server = Server(tmp_path_factory.mktemp("neo4j"))
    except NoServerError as error:
        if os.environ.get("SCVGRAPH_NEO4J") == "required":
            pytest.fail(f"no Neo4j server: {error}")
        pytest.skip(f"no Neo4j server: {error}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_server(neo4j_server):
    """The session's server, if it is ours to stop; it is started again afterwards if need be."""
    if isinstance(neo4j_server, Given):
        pytest.skip("the server of NEO4J_URI is not ours to stop")
    yield neo4j_server
    neo4j_server.configure("")
    if not neo4j_server.running:
        neo4j_server.start()


@pytest.fixture
def bolt(neo4j_server):
    """A driver for looking at what a test has done; a new one each time, because an import forgets bookmarks."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        yield driver


@pytest.fixture
def empty(neo4j_server, bolt):
    """A target without a single node."""
    database = neo4j_server.database
    with bolt.session(database=database) as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
    return Target(neo4j_server.uri, neo4j_server.user, neo4j_server.password, database)
