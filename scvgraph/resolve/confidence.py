"""How sure a membership is: the probability that an identifier belongs to the person the rest of its customer is.

Precisely: draw one of the rows that show the identifier, and one of the customer's rows that does not; confidence is
the probability that both are one person's. `scvgraph evaluate --calibration` measures exactly that.

It is worked out in two steps. Each link that holds the customer together has a probability, from its weight by one
of two fixed maps (scvgraph/weights.py). Then, of each identifier, the weakest step on the surest way to everything
else in the customer is taken, and the mean over the sightings of what is reached. docs/evaluation.md has the figures
the maps rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scvgraph.resolve.kernel_compiled import frozen
from scvgraph.resolve.kernel_support import support
from scvgraph.weights import MILLION, of_matches, of_seen

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.work import Work

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


class Held(NamedTuple):
    """What holds identifiers in customers, as it stands when customers have their ids."""

    label: Int32  # who takes no part is alone
    must: Int32
    pairs: pa.Table
    matches: pa.Table
    sightings: Int64  # of every identifier number


def held_by(work: Work) -> Held:
    solution, sightings = work.solution, np.maximum(work.seen[:, 0], 1).astype(np.int64)
    return Held(solution.label, solution.must, work.pairs, work.matches, sightings)


def confidences(held: Held) -> Int32:
    """Of every identifier number its confidence in millionths, -1 where no link holds it."""
    pairs, matches = held.pairs, held.matches
    # Weights of pairs are whole millionths, so there are fewer of them than pairs; only a person's word is 1.
    known = _millionths(of_seen(np.arange(MILLION + 1) / MILLION))
    weight = np.concatenate(
        [
            known[pairs.column("weight").to_numpy()],
            _millionths(of_matches(matches.column("weight").to_numpy())),
            np.full(held.must.shape[0], MILLION, np.int32),
        ]
    )
    ends = [
        np.concatenate([pairs.column(end).to_numpy(), matches.column(end).to_numpy(), held.must[:, n]])
        for n, end in enumerate(("a", "b"))
    ]
    out = np.empty(held.label.size, np.int32)
    support(
        frozen(ends[0], np.int32),
        frozen(ends[1], np.int32),
        weight,
        frozen(held.label, np.int32),
        held.sightings,
        np.empty((out.size, 3), np.int64),
        out,
    )
    return out


def _millionths(probability: npt.NDArray[np.float64]) -> Int32:
    return np.minimum(np.rint(probability * MILLION), MILLION - 1).astype(np.int32)
