"""Whether confidence is the probability it says: memberships against rows whose person is known.

What confidence promises (docs/evaluation.md): of the labelled rows that show an identifier draw one, of its
customer's labelled rows that do not show it draw another; confidence is the probability that both are one person's.
The outcome of a membership is the share of such draws that are, so nothing is drawn and no majority is guessed.
Memberships without rows on either side promise nothing that could be checked, and are counted apart.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.evaluate.intervals import wilson, worth

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.engine import Engine

    Float64 = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]

# Finer towards 1, where most memberships are and where a tenth of a percent of a large store is many customers.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)

# 1. Labelled rows, and which identifiers they show.
_LABELLED = """
SELECT r.row, r.customer, t.entity FROM rows r JOIN truth t
ON r.key = t.key AND (t.source IS NULL OR r.source = t.source)
"""
_SHOWN = """
SELECT s.identifier, l.customer, l.entity, count(DISTINCT l.row) AS n
FROM sightings s JOIN labelled l USING (row) GROUP BY ALL
"""

# 2. Draws that hit the same person, of all draws: rows of the identifier times rows of the customer without it.
_OUTCOMES = """
WITH held AS (SELECT m.identifier, c.id AS customer, m.confidence
              FROM memberships m JOIN customers c USING (customer)),
mine AS (SELECT h.identifier, s.entity, sum(s.n) AS n, coalesce(sum(s.n) FILTER (s.customer = h.customer), 0) AS own
         FROM held h JOIN shown s USING (identifier) GROUP BY ALL),
drawn AS (SELECT h.identifier, sum(m.n) AS n, sum(m.own) AS own, sum(m.n * (coalesce(c.n, 0) - m.own)) AS hits
          FROM held h JOIN mine m USING (identifier)
          LEFT JOIN labelled_cells c ON c.customer = h.customer AND c.entity = m.entity GROUP BY ALL)
SELECT h.identifier, h.confidence, k.code, d.hits::DOUBLE / (d.n::DOUBLE * (k.n - d.own)::DOUBLE) AS share
FROM held h JOIN drawn d USING (identifier)
JOIN (SELECT customer, sum(n) AS n, row_number() OVER (ORDER BY customer) - 1 AS code
      FROM labelled_cells GROUP BY customer) k USING (customer)
WHERE k.n > d.own ORDER BY h.confidence, k.code, share
"""


@dataclass(frozen=True, slots=True)
class Bin:
    """Memberships whose confidence lies from `low` up to `high`. predicted: its mean; observed: mean of the
    outcomes, with a 95 % interval that knows that memberships of one customer are right or wrong together.
    """

    low: float
    high: float
    count: int
    customers: int
    predicted: float
    observed: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """brier: mean squared distance of confidence and the outcome of one draw. constant: the Brier score of saying
    the overall share of every membership. error: expected calibration error, the mean distance of predicted and
    observed over the bins. untested: memberships without labelled rows on both sides.
    """

    memberships: int
    untested: int
    predicted: float
    observed: float
    brier: float
    constant: float
    error: float
    bins: tuple[Bin, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def calibration(engine: Engine) -> Calibration:
    """How well confidence is calibrated. Needs table `truth` (see `read_truth`) and a generation's tables."""
    found = outcomes(engine)
    held = int(engine.one("SELECT count(*) FROM memberships"))
    if not found.num_rows:
        raise UsageError(
            "no identifier has labelled rows both of its own and of the rest of its customer; calibration needs the"
            " persons of more rows"
        )
    return measured(found["confidence"].to_numpy(), found["share"].to_numpy(), found["code"].to_numpy(), held)


def outcomes(engine: Engine) -> pa.Table:
    """Of every membership that can be tested: identifier, confidence, code of its customer, and the share of draws
    that are one person. Needs what `calibration` needs.
    """
    engine.make("labelled", _LABELLED)
    engine.make("shown", _SHOWN)
    engine.make(
        "labelled_cells",
        "SELECT customer, entity, count(*) AS n FROM labelled WHERE customer IS NOT NULL GROUP BY ALL",
    )
    found = engine.arrow(_OUTCOMES)
    engine.drop("labelled", "shown", "labelled_cells")
    return found


def measured(said: Float64, share: Float64, customer: Int64, held: int) -> Calibration:
    """said, share: confidence and outcome of each membership tested, customer: a number; held: all memberships."""
    place = np.clip(np.searchsorted(EDGES, said, "right") - 1, 0, len(EDGES) - 2)
    bins = tuple(
        _bin(EDGES[n], EDGES[n + 1], said[place == n], share[place == n], customer[place == n])
        for n in np.unique(place).tolist()
    )
    observed = float(share.mean())
    return Calibration(
        memberships=said.size,
        untested=held - said.size,
        predicted=float(said.mean()),
        observed=observed,
        brier=float(np.mean(share * (1 - said) ** 2 + (1 - share) * said**2)),
        constant=observed * (1 - observed),
        error=sum(each.count * abs(each.predicted - each.observed) for each in bins) / said.size,
        bins=bins,
    )


def _bin(low: float, high: float, said: Float64, share: Float64, customer: Int64) -> Bin:
    mean = float(share.mean())
    _, code = np.unique(customer, return_inverse=True)
    together = np.bincount(code, share - mean)
    crowd = together.size
    if crowd == 1 or mean in (0.0, 1.0):
        size = float(crowd)  # no spread to go by: as much as its customers are worth, each of them once
    else:
        variance = float((together**2).sum()) / share.size**2 * crowd / (crowd - 1)
        size = worth(mean, variance, float(share.size))
    return Bin(low, high, share.size, crowd, float(said.mean()), mean, wilson(mean, size))
