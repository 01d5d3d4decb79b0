"""The first load by Neo4j's own importer, and publishing on top of it."""

from __future__ import annotations

import shlex

import pytest
from neo4j import GraphDatabase

from graph_world import QUOTES, world
from scvgraph.config.project import GraphPolicy
from scvgraph.errors import UsageError
from scvgraph.publish.admin import export_files
from scvgraph.store import Store
from town import CRM, CRM_LATER, WEB, WEB_LATER, contents, publish_to, ran_and_published, write

__all__ = ["world"]


def test_the_importer_loads_what_publishing_sends(own_server, empty, bolt, tmp_path):
    """The real importer on the files, by the very command: the same graph, and publishing has nothing to add; the next
    generation goes over the network on top of it, as what differs.
    """
    crm = [*CRM, ("k9", "2026-01-09", "zoe@x.com", "L9", 'Zoë, "Z"\n日本; \\')]
    project = write(tmp_path, crm, WEB)
    ran_and_published(empty, project)
    # A driver of its own: it would wait for what the import makes undone.
    with GraphDatabase.driver(empty.uri, auth=(empty.user, empty.password)) as before:
        sent = contents(before)
    store = Store.open(project.store)
    done = export_files(store, store.generation(), project.graph, tmp_path / "files")
    own_server.stop()
    own_server.import_command(shlex.split(done.command)[1:])
    own_server.start()
    assert contents(bolt) == sent
    assert publish_to(empty, project).plan.written == 0
    project = write(tmp_path, CRM_LATER, WEB_LATER)
    later = ran_and_published(empty, project)
    assert not later.plan.is_fresh
    assert later.plan.written
    changed = contents(bolt)
    publish_to(empty, project, anew=True)
    assert contents(bolt) == changed


def test_headers_are_typed(world, tmp_path):
    """Every column says its type, text is quoted where need be, and a missing value is an empty field."""
    export_files(world, world.generation(), GraphPolicy(), tmp_path / "files")
    head, *lines = (tmp_path / "files" / "Customer.csv").read_text().splitlines()
    assert head == (
        ":ID(Customer),_key:long,id:string,first_seen:localdatetime,last_seen:localdatetime,identifiers:long,rows:long,"
        "household:string,"
        "first_name:string,last_name:string"
    )
    assert lines[1].endswith(",John,")
    assert QUOTES.replace('"', '""') in (tmp_path / "files" / "Identifier-LoyaltyId.csv").read_text()
    assert (
        (tmp_path / "files" / "HAS.csv")
        .read_text()
        .startswith(":START_ID(Customer),:END_ID(Identifier),confidence:double,")
    )


def test_a_folder_with_something_in_it(world, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        export_files(world, world.generation(), GraphPolicy(), tmp_path)
