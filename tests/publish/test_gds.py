"""What Graph Data Science says of the published graph, on a real server with the library."""

from __future__ import annotations

import pytest

from graph_world import JANE, world
from neo4j_server.server import NoServerError
from scvgraph.config.project import GraphPolicy
from scvgraph.embedded.statements import find_statement
from scvgraph.publish.asking import ask
from scvgraph.publish.connection import connect
from scvgraph.publish.publish import publish

__all__ = ["world"]


@pytest.fixture
def with_gds(own_server, empty):
    """The session's server, started again with the library; the next start is without, for it does no harm till then."""
    own_server.stop()
    try:
        own_server.add_gds()
    except NoServerError as error:
        own_server.start()
        pytest.skip(str(error))
    own_server.start()
    yield empty
    own_server.remove_gds()


def test_components_and_communities(with_gds, world):
    """Neo4j's components join nobody whom we keep apart, and Louvain puts every identifier of a customer somewhere."""
    with connect(with_gds) as server:
        publish(server, world, world.generation(), GraphPolicy(), lambda _: None)

    def rows(name, **given):
        statement = find_statement(name, neo4j=True)
        found = ask(with_gds, statement.cypher, statement.values(given))
        assert found.columns == statement.columns
        return found.rows

    assert rows("components_gds") == ()
    parts = rows("communities_in_customer_gds", customer=JANE)
    assert {identifier for _, identifier, _ in parts} >= {
        "email:jane@x.com",
        "phone:+447400123456",
        "loyalty_id:L-77",
    }
    assert rows("communities_in_customer_gds", customer="nobody") == ()
