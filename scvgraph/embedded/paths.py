"""Links of the graph as small networkx graphs: one customer's, or what lies around two identifiers.

Nodes are identifiers as `kind:value`; an edge carries its `Step`. Everything is added in the order of kind and
value, so that no answer depends on storage numbers.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.explanation import Step, sentence

if TYPE_CHECKING:
    import networkx as nx

    from scvgraph.embedded.graph import Graph

REACH = 3  # steps from either end, so paths of six
EXPANDED = 400  # identifiers opened from either end at most
FAN = 200  # links read of one identifier: a hub's further ones explain nobody

_LINK = """l.weight, l.rule, l.count, l.first_seen, l.last_seen, l.followed, l.reason, l.refused_by"""
_OWN = f"""
MATCH (c:Customer {{no: $no}})-[:HAS]->(i:Identifier)-[l:LINKED]->(j:Identifier)
WHERE l.followed RETURN i.id, j.id, {_LINK}"""
_AROUND = f"""
MATCH (i:Identifier {{no: $no}})-[l:LINKED]-(j:Identifier)
RETURN i.id, j.id, {_LINK}, j.no LIMIT {FAN}"""
_BORDER = f"""
MATCH (c:Customer {{no: $no}})-[:HAS]->(i:Identifier)-[l:LINKED]-(j:Identifier)
WHERE NOT l.followed RETURN i.id, j.id, {_LINK}"""


def _step(row: list[Any]) -> Step:
    a, b, weight, rule, count, first_seen, last_seen, followed, reason, refused_by = row[:10]
    return Step(
        a, b, rule, sentence(rule), weight or 0.0, count, first_seen, last_seen, followed, reason, refused_by
    )


def _network(steps: list[Step]) -> nx.Graph[str]:
    import networkx as nx

    network: nx.Graph[str] = nx.Graph()
    for step in sorted(steps, key=lambda step: sorted((step.a, step.b))):
        network.add_edge(step.a, step.b, step=step, cost=_cost(step))
    return network


def _cost(step: Step) -> float:
    """Sums of it compare as products of weights do; a little for the step itself, so that fewer steps win ties."""
    return -math.log(min(max(step.weight, 1e-9), 1.0)) + 1e-6


def followed_network(graph: Graph, customer: int) -> nx.Graph[str]:
    return _network([_step(row) for row in graph.rows(_OWN, no=customer)])


def border(graph: Graph, customer: int) -> list[Step]:
    """The links at a customer's border that were not followed."""
    return [_step(row) for row in graph.rows(_BORDER, no=customer)]


def network_around(graph: Graph, *starts: int) -> nx.Graph[str]:
    """All evidence, followed or not, within REACH steps of some identifiers; bounded work however large the hubs.

    A decision that two are apart is no evidence, and no way leads through it.
    """
    steps: list[Step] = []
    for start in starts:
        seen, frontier, opened = {start}, [start], 0
        for _ in range(REACH):
            found = []
            for no in frontier[: EXPANDED - opened]:
                opened += 1
                rows = [row for row in graph.rows(_AROUND, no=no) if row[3] is not None]
                steps += [_step(row) for row in rows]
                found += [(-(row[2] or 0.0), row[1], row[10]) for row in rows if row[10] not in seen]
                seen.update(row[10] for row in rows)
            frontier = [no for _, _, no in sorted(found)]
    return _network(steps)


def surest_path(network: nx.Graph[str], a: str, b: str) -> list[Step]:
    """The path whose weights multiply to most, as steps from a to b; empty where there is none. O(m log n)."""
    import networkx as nx

    if a not in network or b not in network:
        return []
    try:
        nodes = nx.dijkstra_path(network, a, b, weight="cost")
    except nx.NetworkXNoPath:
        return []
    return [directed(network.edges[pair]["step"], pair[0]) for pair in itertools.pairwise(nodes)]


def directed(step: Step, start: str) -> Step:
    """The step as seen from one of its ends."""
    from dataclasses import replace

    return step if step.a == start else replace(step, a=step.b, b=step.a)


def support(network: nx.Graph[str], a: str, b: str, weakest: Step) -> tuple[int, bool]:
    """How many ways from a to b share no link, and whether the customer falls apart without the weakest step."""
    import networkx as nx

    independent = int(nx.edge_connectivity(network, a, b))
    without = network.copy()
    without.remove_edge(weakest.a, weakest.b)
    return independent, not nx.has_path(without, weakest.a, weakest.b)
