"""Confidence against an oracle that looks for the surest way between every two identifiers."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.pipeline import run
from scvgraph.resolve.kernel_support import support

MILLION = 1_000_000
LINKS = st.lists(
    st.tuples(
        st.integers(0, 7), st.integers(0, 7), st.sampled_from([1, 300_000, 700_000, 999_999, MILLION])
    ).filter(lambda link: link[0] != link[1]),
    max_size=20,
)


def supported(links, rows, order=None):
    """What the kernel says of nodes 0 to 7 that hang together by links."""
    links = [links[place] for place in (order if order is not None else range(len(links)))]
    graph = nx.Graph([(a, b) for a, b, _ in links])
    graph.add_nodes_from(range(8))
    label = np.empty(8, np.int32)
    for part in nx.connected_components(graph):
        label[list(part)] = min(part)
    columns = [np.array([link[n] for link in links], np.int32) for n in range(3)]
    out = np.empty(8, np.int32)
    support(*columns, label, np.array(rows, np.int64), np.empty((8, 3), np.int64), out)
    return out.tolist()


def oracle(links, rows):
    """By definition: the mean, over the rows of all else in the part, of the weakest step on the surest way."""
    graph = nx.Graph()
    graph.add_nodes_from(range(8))
    for a, b, weight in links:
        graph.add_edge(a, b, weight=max(weight, graph.get_edge_data(a, b, {"weight": 0})["weight"]))
    tree = nx.maximum_spanning_tree(graph)
    said = []
    for node in range(8):
        ways = nx.single_source_shortest_path(tree, node)
        reached = {
            other: min(tree[x][y]["weight"] for x, y in itertools.pairwise(way))
            for other, way in ways.items()
            if other != node
        }
        rest = sum(rows[other] for other in reached)
        total = sum(rows[other] * weight for other, weight in reached.items())
        said.append((total + rest // 2) // rest if rest else -1)
    return said


@settings(max_examples=60, deadline=None, derandomize=True)
@given(LINKS, st.lists(st.integers(1, 50), min_size=8, max_size=8))
def test_agrees_with_looking_for_every_way(links, rows) -> None:
    """The kernel's one pass gives what a search between every two nodes gives, exactly."""
    assert supported(links, rows) == oracle(links, rows)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(LINKS.flatmap(lambda links: st.tuples(st.just(links), st.permutations(range(len(links))))))
def test_the_order_of_links_does_not_matter(drawn) -> None:
    """Links of equal weight may come in any order."""
    links, order = drawn
    assert supported(links, [1] * 8, order) == supported(links, [1] * 8)


TOML = """
[graph]
build = false
[project]
decisions = "decisions.csv"
[identifiers.user_id]
[identifiers.cookie_id]
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
cookie_id = "cookie"
"""
WEB = "time,kind,user,cookie\n2026-01-01,login,u1,c1\n2026-01-02,page,u1,c2\n2026-01-03,page,,c9\n"


def memberships(project):
    with run(project).generation.engine() as engine:
        return {
            name: (confidence, basis)
            for name, confidence, basis in engine.rows(
                "SELECT i.value, m.confidence, m.basis FROM memberships m JOIN identifiers i ON i.no = m.identifier"
            )
        }


def test_a_weak_leaf_costs_the_leaf_and_not_the_rest(make_project) -> None:
    """A cookie seen on one page is less sure than the account, which a sign-in holds as well; what is alone is sure."""
    said = memberships(make_project(TOML, web__csv=WEB, decisions__csv="decision,a,b\n"))
    assert said["c2"][0] < said["u1"][0] < said["c1"][0] < 1
    assert said["c9"] == (1.0, "alone")
    assert {said[name][1] for name in ("u1", "c1", "c2")} == {"linked"}


def test_a_persons_word_is_sure(make_project) -> None:
    """What a must-link holds has confidence 1."""
    decisions = "decision,a,b\nmust_link,user_id:u1,cookie_id:c9\n"
    said = memberships(make_project(TOML, web__csv=WEB, decisions__csv=decisions))
    assert said["c9"] == (1.0, "decision")
    assert said["u1"] == (1.0, "decision")
    assert said["c2"][0] < 1
