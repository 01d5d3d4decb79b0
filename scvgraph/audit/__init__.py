"""The health of every source and column, and what it means for telling people apart.

`measure` and `overlap` count, set by set; `rules_*` turn counts into findings, a function each; `audit` puts the
worst first. Values of identifiers and traits are personal data and stand nowhere in the result, unless they are
placeholders, which are nobody's.
"""

from scvgraph.audit.audit import Audit, audit, declared_by, of_source, with_findings
from scvgraph.audit.evidence import Declared
from scvgraph.audit.finding import Finding
from scvgraph.audit.rules_channels import channel_findings
from scvgraph.audit.rules_matching import foreign_model

__all__ = [
    "Audit",
    "Declared",
    "Finding",
    "audit",
    "channel_findings",
    "declared_by",
    "foreign_model",
    "of_source",
    "with_findings",
]
