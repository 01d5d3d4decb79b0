"""What holds a customer together: links without which it falls apart, and groups that hang together more closely.

An over-merged customer shows here first: two thick groups joined by one thin link.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import plain
from scvgraph.embedded.explanation import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx

    from scvgraph.embedded.dossier import Link

SEED = 1  # of Louvain's order of visits; fixed, so that a customer has the same groups every time
NAMED = 5  # sizes of groups told
CLEAR = 0.3  # modularity from which groups are worth naming, the usual rule of thumb


@dataclass(frozen=True, slots=True)
class Bridge:
    """A followed link that is the only way between its two sides. smaller: the identifiers (kind:value) of the lesser
    side, in order; sizes: identifiers on both sides, the greater first.
    """

    a: str
    b: str
    rule: str | None
    weight: float
    sizes: tuple[int, int]
    smaller: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What cutting it would do, in words."""
        return (
            f"cutting {self.a} - {self.b} splits the customer into {self.sizes[0]:,} and {self.sizes[1]:,} identifiers:"
            f" they {sentence(self.rule)}, weight {self.weight:.4g}"
        )


@dataclass(frozen=True, slots=True)
class Community:
    """Identifiers that are linked more closely with each other than with the rest. head: the best linked of them."""

    head: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """bridges: those that part at least two identifiers from the rest, the most even split first. communities: the
    largest first. between: links from one community to another, the strongest first. modularity: how far communities
    stand out, below 1; from 0.3 on they are clear. pieces: parts that no followed link joins, 1 for most customers.
    """

    identifiers: int
    pieces: int
    bridges: tuple[Bridge, ...]
    communities: tuple[Community, ...]
    between: tuple[Link, ...]
    modularity: float

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]

    @property
    def sentence(self) -> str:
        """The groups in words."""
        sizes = ", ".join(f"{len(each.identifiers):,}" for each in self.communities[:NAMED])
        if len(self.communities) > NAMED:
            sizes += " and fewer"
        if len(self.communities) < 2 or self.modularity < CLEAR:
            return f"its {self.identifiers:,} identifiers hang together as one group"
        links = "1 link" if len(self.between) == 1 else f"{len(self.between):,} links"
        return f"it has {len(self.communities)} groups of {sizes} identifiers, with {links} between them"


def structure(identifiers: Sequence[str], links: Sequence[Link]) -> Structure:
    """identifiers: kind:value, in any order; links: the followed ones among them."""
    import networkx as nx

    names = sorted(set(identifiers))
    number = {name: n for n, name in enumerate(names)}
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(names)))  # numbers by name: no order of sets or strings plays a part
    for link in sorted(links, key=lambda each: (each.a, each.b)):
        network.add_edge(number[link.a], number[link.b], weight=link.weight, link=link)
    groups = _communities(network)
    home = {n: place for place, group in enumerate(groups) for n in group}
    between = [link for link in links if home[number[link.a]] != home[number[link.b]]]
    return Structure(
        identifiers=len(names),
        pieces=nx.number_connected_components(network) if names else 0,
        bridges=tuple(_bridges(network, names)),
        communities=tuple(_community(network, names, group) for group in groups),
        between=tuple(sorted(between, key=lambda each: (-each.weight, each.a, each.b))),
        modularity=round(float(nx.community.modularity(network, groups)), 4) if links else 0.0,
    )


def _communities(network: nx.Graph[int]) -> list[set[int]]:
    import networkx as nx

    if not network.number_of_edges():
        return [{n} for n in network]
    found: Iterable[set[int]] = nx.community.louvain_communities(network, seed=SEED)
    return sorted(found, key=lambda group: (-len(group), min(group)))


def _community(network: nx.Graph[int], names: list[str], group: set[int]) -> Community:
    inside = network.subgraph(group)
    head = max(sorted(group), key=lambda n: float(inside.degree(n, weight="weight")))
    return Community(names[head], tuple(names[n] for n in sorted(group)))


def _bridges(network: nx.Graph[int], names: list[str]) -> list[Bridge]:
    """O(n + m), and O(n) for each bridge that is kept."""
    import networkx as nx

    sizes = _sides(network)
    found = []
    for (a, b), (near, far) in sizes.items():
        if min(near, far) < 2:
            continue
        link: Link = network.edges[a, b]["link"]
        without = nx.restricted_view(network, [], [(a, b)])
        start = b if far <= near else a
        lesser = tuple(names[n] for n in sorted(nx.node_connected_component(without, start)))
        both = (max(near, far), min(near, far))
        found.append(Bridge(link.a, link.b, link.rule, link.weight, both, lesser))
    return sorted(found, key=lambda each: (-each.sizes[1], each.weight, each.a, each.b))


def _sides(network: nx.Graph[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """Each bridge, from a node to one below it in a walk of the network, with the nodes on either side of it."""
    import networkx as nx

    bridges = {frozenset(edge) for edge in nx.bridges(network)}
    below = Counter(dict.fromkeys(network, 1))
    sides = {}
    for piece in nx.connected_components(network):
        walk = list(nx.dfs_edges(network, min(piece)))
        for a, b in reversed(walk):  # a node comes after all below it
            below[a] += below[b]
            if frozenset((a, b)) in bridges:
                sides[a, b] = (len(piece) - below[b], below[b])
    return sides
