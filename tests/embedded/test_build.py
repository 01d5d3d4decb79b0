"""What the build puts into the graph: every part, counted, whatever the policy, and nothing left over."""

from __future__ import annotations

import pytest

from graph_world import JANE, make_world
from scvgraph.api import open_view
from scvgraph.config.project import GraphPolicy
from scvgraph.embedded.build import build
from scvgraph.embedded.projection import PARTS
from scvgraph.embedded.statements import schema_statement, shipped
from scvgraph.errors import StoreError


def count(view, pattern):
    return view.ask(f"MATCH {pattern} RETURN count(*) AS n").rows[0][0]


def test_counts_agree_with_the_tables(view):
    """Every table's rows stand in the graph as its nodes and relationships."""
    engine = view.generation.engine()
    for pattern, table in [
        ("(:Customer)", "customers"), ("(:Identifier)", "identifiers"), ("()-[:HAS]->()", "memberships"),
        ("(:Touchpoint)", "touchpoints"), ("()-[:MADE]->()", "touchpoints"), ("(:Record)", "records"),
        ("()-[:RELATED]->()", "relations"),
    ]:  # fmt: skip
        assert count(view, pattern) == engine.one(f"SELECT count(*) FROM {table}"), pattern
    engine.close()
    assert count(view, "()-[:NEXT]->()") == 3
    assert count(view, "()-[:SEEN_AS]->()") == 12
    assert count(view, "()-[:HOLDS]->()") == 3


def test_links_say_whether_they_were_followed(view):
    """A refused link, a link to a placeholder and a decision without any row are there, marked with the reason."""
    found = view.ask(
        "MATCH (a:Identifier)-[l:LINKED]->(b:Identifier) WHERE NOT l.followed RETURN a.id, b.id, l.reason"
    )
    reasons = {(a, b): reason for a, b, reason in found.rows}
    assert reasons["phone:+447400123456", "loyalty_id:L-88"] == "unique"
    assert reasons["email:jane@x.com", "email:john@x.com"] == "cannot_link"
    assert reasons["loyalty_id:L-77", "email:test@test.com"] == "placeholder"
    assert len(reasons) == 6


def test_a_shared_identifier_is_held_for_its_intervals(view):
    """The tablet has two holders, one until June and one since."""
    rows = view.ask(
        "MATCH (c:Customer)-[h:HAS]->(i:Identifier {kind: 'device_id'}) RETURN c.id, h.valid_from IS NULL, h.valid_to IS NULL"
    ).rows
    assert sorted(rows) == [("C000000001", True, False), ("C000000002", False, True)]


def test_channels_are_summed_over_all_journeys(view):
    """A channel's touches and conversions, and how journeys go on; a touchpoint without a channel would be (none)."""
    rows = view.ask("MATCH (c:Channel) RETURN c.name, c.touches, c.conversions, c.value").rows
    assert ("search", 2, 1, 5.0) in rows
    assert ("store", 1, 1, 20.0) in rows
    steps = view.ask(
        "MATCH (a:Channel)-[f:FOLLOWED_BY]->(b:Channel) RETURN a.name, b.name, f.count, f.conversions"
    ).rows
    assert ("email", "store", 1, 1) in steps
    assert sum(n for _, _, n, _ in steps) == 3


@pytest.mark.parametrize(("policy", "touchpoints"), [("all", 5), ("converting", 5), ("none", 0)])
def test_policy_decides_about_touchpoints(tmp_path, policy, touchpoints):
    """Fewer touchpoints on request; channels are an aggregate and stay."""
    store = make_world(tmp_path / "store", touchpoints=policy)
    with open_view(store.folder) as view:
        assert count(view, "(:Touchpoint)") == count(view, "()-[:MADE]->()") == touchpoints
        assert count(view, "(:Channel)") == 4
        assert view.lookup(JANE).customers[0].touchpoint_count == (3 if touchpoints else 0)
        assert view.customer(JANE).touchpoint_count == 3


def test_nothing_is_left_beside_the_graph(world):
    """One graph file and one index; no load files, no write-ahead log."""
    folder = world.generation().folder
    other = {path.name for path in folder.iterdir() if path.suffix not in {".parquet", ".json"}}
    assert other == {"graph.lbug", "values.index"}


def test_a_link_to_nobody_is_refused_as_a_whole(world, tmp_path):
    """A membership of an identifier there is not stops the build with a reason and sweeps up."""
    with world.generation().engine() as engine:
        engine.make("stray", "SELECT * REPLACE (99::INTEGER AS identifier) FROM memberships LIMIT 1")
        engine.view("memberships", "SELECT * FROM stray")
        with pytest.raises(StoreError, match="HAS cannot be copied"):
            build(engine, tmp_path, GraphPolicy(), lambda _: None)
    assert not (tmp_path / "graph-load").exists()


def test_every_part_has_its_statement():
    """Parts and files of the schema are the same set, and trait columns land inside the brackets."""
    files = {path.stem for path in (shipped() / "schema" / "ladybug").glob("*.cypher")}
    assert files == {part.name.lower() for part in PARTS}
    assert "household STRING,\n  `order` STRING\n)" in schema_statement("Customer", ["order"])
