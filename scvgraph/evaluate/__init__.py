"""How good the customers are, measured against what is known.

`truth` reads the file that knows, `score` compares it with the ledger's rows, `measures` and `intervals` hold the
arithmetic. `calibration` asks whether confidence is the probability it says; `curve`
asks what other bars would have done, `sizes` where the errors are, `worst` what led to them. `clerk` makes do with
judged pairs, which `judged` reads.
"""

from scvgraph.evaluate.calibration import Calibration, calibration
from scvgraph.evaluate.clerk import PairScore, score_pairs
from scvgraph.evaluate.evaluation import Evaluation, Wanted, evaluate
from scvgraph.evaluate.measures import Measure
from scvgraph.evaluate.score import Merged, Score, Split, score

__all__ = [
    "Calibration",
    "Evaluation",
    "Measure",
    "Merged",
    "PairScore",
    "Score",
    "Split",
    "Wanted",
    "calibration",
    "evaluate",
    "score",
    "score_pairs",
]
