"""Identity resolution on a graph: files in, customers out.

`scvgraph.open(project_or_store)` gives everything a finished generation holds, as objects, DataFrames and networkx
graphs; `scvgraph.write_graph` writes such a graph to a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.version import __version__

if TYPE_CHECKING:
    from scvgraph.api import View
    from scvgraph.api import open_view as open  # noqa: A004 - scvgraph.open reads as what it does
    from scvgraph.export import write_graph

__all__ = ["View", "__version__", "open", "write_graph"]


def __getattr__(name: str) -> Any:
    """Load the API when it is asked for, so that the command line starts at once."""
    if name in ("open", "View"):
        from scvgraph import api

        return api.open_view if name == "open" else api.View
    if name == "write_graph":
        from scvgraph.export import write_graph

        return write_graph
    raise AttributeError(f"module 'scvgraph' has no attribute {name!r}")
