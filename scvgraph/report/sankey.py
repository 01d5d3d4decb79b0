"""Flows from column to column, as thick as what flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from scvgraph.report.charts import shade
from scvgraph.report.markup import Markup, element
from scvgraph.report.words import amount, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Place: TypeAlias = tuple[int, str]

WIDTH, HEIGHT, NAMES, NODE, GAP = 960, 420, 130, 12, 14  # of the drawing, in its own units
LOW = 7  # of a node that has no room for its name


@dataclass(frozen=True, slots=True)
class Link:
    """A flow from a node of the column before to one of column `step`, and its size."""

    step: int
    source: str
    target: str
    size: float


@dataclass(slots=True)
class Node:
    """What comes in and what leaves; where it stands, and where the next flow joins on either side."""

    into: float = 0.0
    out: float = 0.0
    x: float = 0.0
    top: float = 0.0
    joined: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})

    @property
    def size(self) -> float:
        return max(self.into, self.out)

    def join(self, side: str, thick: float) -> float:
        """The middle of the next flow on a side."""
        middle = self.top + self.joined[side] + thick / 2
        self.joined[side] += thick
        return middle


def sankey(links: Sequence[Link], shades: Mapping[str, str], last: Sequence[str] = ()) -> Markup | None:
    """The diagram; None without flows. shades: classes of names. last: names that stand below all others of their
    column, in this order.
    """
    nodes: dict[Place, Node] = {}
    for link in links:
        nodes.setdefault((link.step - 1, link.source), Node()).out += link.size
        nodes.setdefault((link.step, link.target), Node()).into += link.size
    if not any(node.size > 0 for node in nodes.values()):
        return None
    below = {name: number for number, name in enumerate(last)}
    names = sorted({name for _, name in nodes}, key=lambda name: (below.get(name, -1), name))
    scale = _place(nodes, {name: number for number, name in enumerate(names)})
    order = {
        place: number
        for number, place in enumerate(sorted(nodes, key=lambda place: (place[0], nodes[place].top)))
    }
    # Flows by where they come from and go to cross as little as they can.
    flows = sorted(links, key=lambda link: (order[link.step - 1, link.source], order[link.step, link.target]))
    parts = [_flow(link, nodes, scale, shades.get(link.source, shade(0))) for link in flows]
    for (_, name), node in nodes.items():
        parts += _node(name, node, scale, shades.get(name, shade(0)))
    svg = element("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT + 8}", role="img", aria_label="paths, step by step", class_="sankey")  # fmt: skip
    return element("div", svg, class_="drawing wide", tabindex="0")


def _place(nodes: Mapping[Place, Node], order: Mapping[str, int]) -> float:
    """Put nodes in their places; returns the height of a flow of size 1."""
    columns: dict[int, list[str]] = {}
    for number, name in nodes:
        columns.setdefault(number, []).append(name)
    most = max(len(names) for names in columns.values())
    whole = max(sum(nodes[number, name].size for name in names) for number, names in columns.items())
    gap = min(GAP, HEIGHT / 2 / most)
    scale = (HEIGHT - gap * most) / (whole or 1)
    across = (WIDTH - NAMES) / max(1, *columns)
    for number, names in columns.items():
        top = 4.0
        for name in sorted(names, key=order.__getitem__):
            node = nodes[number, name]
            node.x, node.top = number * across, top
            top += node.size * scale + gap
    return scale


def _flow(link: Link, nodes: Mapping[Place, Node], scale: float, kind: str) -> Markup:
    source, target = nodes[link.step - 1, link.source], nodes[link.step, link.target]
    thick = link.size * scale
    x1, y1 = source.x + NODE, source.join("out", thick)
    x2, y2 = target.x, target.join("in", thick)
    middle = (x1 + x2) / 2
    return element(
        "path",
        element("title", f"{link.source} to {link.target}: {amount(link.size)}"),
        d=f"M{x1:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}",
        stroke_width=f"{max(thick, 0.6):.1f}",
        class_=f"flow {kind}",
    )


def _node(name: str, node: Node, scale: float, kind: str) -> list[Markup]:
    tall = max(node.size * scale, 1.0)
    said = f"{name}: {amount(node.size)}"
    parts = [
        element("rect", element("title", said), x=round(node.x, 1), y=round(node.top, 1), width=NODE, height=round(tall, 1), class_=kind)
    ]  # fmt: skip
    if tall > LOW:
        x, y = round(node.x + NODE + 4, 1), round(node.top + tall / 2 + 4, 1)
        parts.append(element("text", shortened(name, 17), x=x, y=y))
    return parts
