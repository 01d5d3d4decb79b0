"""How sure a membership is: the probability that an identifier belongs to the person the rest of its customer is.

Precisely: draw one of the rows that show the identifier, and one of the customer's rows that does not; confidence is
the probability that both are one person's. `scvgraph evaluate --calibration` measures exactly that.

It is worked out in two steps. Each link that holds the customer together has a probability, from its weight by one
of two fixed maps (scvgraph/weights.py). Then, of each identifier, the weakest step on the surest way to everything else in the customer is
taken, and the mean over the sightings of what is reached. docs/evaluation.md has the figures the maps rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import frozen
from scvgraph.resolve.kernel_support import support
from scvgraph.weights import MILLION, of_matches, of_seen

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Work

    Int32 = npt.NDArray[np.int32]


def confidences(work: Work) -> Int32:
    """Of every identifier number its confidence in millionths, -1 where no link holds it. Needs what `settle` has."""
    solution, pairs, matches = work.solution, work.pairs, work.matches
    seen = of_seen(pairs.column("weight").to_numpy() / MILLION)
    matched = of_matches(matches.column("weight").to_numpy())
    weight = np.concatenate([seen, matched, np.ones(solution.must.shape[0])])
    # Only a person's word is 1.
    weight[: seen.size + matched.size] = np.minimum(weight[: seen.size + matched.size], 1 - 1 / MILLION)
    ends = [
        np.concatenate([pairs.column(end).to_numpy(), matches.column(end).to_numpy(), solution.must[:, n]])
        for n, end in enumerate(("a", "b"))
    ]
    out = np.empty(solution.label.size, np.int32)
    support(
        frozen(ends[0], np.int32),
        frozen(ends[1], np.int32),
        np.rint(weight * MILLION).astype(np.int32),
        frozen(solution.label, np.int32),
        frozen(solution.active, np.bool_),
        np.maximum(work.seen[:, 0], 1).astype(np.int64),
        out,
    )
    return out
