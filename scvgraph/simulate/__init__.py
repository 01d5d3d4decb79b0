"""Small stories with a known right outcome, run through the pipeline itself."""

from scvgraph.simulate.check import Finding, Verdict
from scvgraph.simulate.simulate import simulate

__all__ = ["Finding", "Verdict", "simulate"]
