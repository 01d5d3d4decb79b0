"""How good the customers are, measured against rows whose person is known.

`truth` reads the file that knows, `score` compares it with the ledger's rows, `measures` holds the arithmetic.
"""

from scvgraph.evaluate.measures import Measure
from scvgraph.evaluate.score import Merged, Score, Split, score

__all__ = ["Measure", "Merged", "Score", "Split", "score"]
