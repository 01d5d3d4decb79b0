"""What a person should look at: doubtful cases by value, and answers kept as decisions.

`queue` finds and values the cases, `ends` reads what both sides tell, `answers` writes decisions, `sample` draws
pairs to judge for an estimate.
"""

from scvgraph.review.answers import DECISIONS, Answer, Answers, parsed, ruled
from scvgraph.review.case import Case, End
from scvgraph.review.queue import review
from scvgraph.review.sample import draw

__all__ = ["DECISIONS", "Answer", "Answers", "Case", "End", "draw", "parsed", "review", "ruled"]
