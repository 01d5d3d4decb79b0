"""Graphs as files for other programs: GraphML (yEd, igraph, Cytoscape ...) and GEXF (Gephi)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

ENDINGS = (".graphml", ".gexf")
# Names that the writers take for their own; an attribute of such a name has a stroke behind it.
_TAKEN = frozenset({"id", "label", "pid", "parents", "start", "end", "slices", "spells", "viz", "key"})
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graph_text(network: nx.Graph[str], ending: str) -> str:
    """The file's text, the same for the same graph. Attributes keep their types; a null is an attribute left out, a
    time is ISO 8601. Of edges, `type` is called `relation`, for Gephi reads `type` as directed or not.

    Raises UsageError for another ending.
    """
    import networkx as nx

    if ending.lower() not in ENDINGS:
        raise UsageError(
            f"cannot tell the format: end the name of a graph's file in {' or '.join(ENDINGS)}, that of a page in .html"
        )
    told = _told(network)
    if ending.lower() == ".graphml":
        return "\n".join(nx.generate_graphml(told)) + "\n"
    from xml.etree import ElementTree as ET

    writer = nx.readwrite.gexf.GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(told)
    for meta in [each for each in writer.xml if each.tag.endswith("meta")]:
        writer.xml.remove(meta)  # it has today's date
    writer.indent(writer.xml)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(writer.xml, encoding="unicode") + "\n"


def _told(network: nx.Graph[str]) -> nx.Graph[str]:
    """The graph with attributes that both formats can hold, in their order, whose columns are of one type each."""
    import networkx as nx

    told: nx.Graph[str] = nx.Graph(**_plain(network.graph))
    for node, attributes in network.nodes(data=True):
        name = _text(node)
        told.add_node(name, label=name, **_plain(attributes))
    for a, b, attributes in network.edges(data=True):
        renamed = {"relation" if key == "type" else key: value for key, value in attributes.items()}
        told.add_edge(_text(a), _text(b), **_plain(renamed))
    return told


def _plain(attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        _text(f"{key}_" if key in _TAKEN else key): _cell(value)
        for key, value in attributes.items()
        if value is not None
    }


def _cell(value: Any) -> bool | int | float | str:
    if isinstance(value, (bool, int, float)):
        return value
    return _text(value.isoformat() if isinstance(value, datetime) else str(value))


def _text(value: str) -> str:
    """Text without the characters that XML has no way to write."""
    return _NO_XML.sub("\ufffd", value)
