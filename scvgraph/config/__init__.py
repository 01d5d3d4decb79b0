"""The project file: `scvgraph.toml` read, checked and frozen."""

from scvgraph.config.load import load, parse
from scvgraph.config.project import Project, Source

__all__ = ["Project", "Source", "load", "parse"]
