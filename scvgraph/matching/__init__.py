"""Fuzzy record linkage: entities that share no identifier are compared by their traits and grouped.

A Fellegi-Sunter model with many narrow blocking keys, parameters learnt without labels, value frequencies, and
average linkage under constraints. Pure functions over arrays: see `match`, and docs/matching.md.
"""

from scvgraph.matching.explain import Explanation, Reason, explain
from scvgraph.matching.linkage import Constraints
from scvgraph.matching.matching import Matching, Policy, match
from scvgraph.matching.model import Model, model_of, tables_of
from scvgraph.matching.traits import Trait, trait_of_column
from scvgraph.roles import role_of

__all__ = ["Constraints", "Explanation", "Matching", "Model", "Policy", "Reason", "Trait", "explain", "match", "model_of", "role_of", "tables_of", "trait_of_column"]  # fmt: skip
