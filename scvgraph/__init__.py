"""Identity resolution on a graph: files in, customers out.

`scvgraph.open(project_or_store)` gives everything a finished generation holds, as objects and DataFrames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.version import __version__

if TYPE_CHECKING:
    from scvgraph.api import View
    from scvgraph.api import open_view as open  # noqa: A004 - scvgraph.open reads as what it does

__all__ = ["View", "__version__", "open"]


def __getattr__(name: str) -> Any:
    """Load the API when it is asked for, so that the command line starts at once."""
    if name in ("open", "View"):
        from scvgraph import api

        return api.open_view if name == "open" else api.View
    raise AttributeError(f"module 'scvgraph' has no attribute {name!r}")
