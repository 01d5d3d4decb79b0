"""Precision and recall from pairs that somebody judged, where nobody knows all persons.

A file has one pair a row: its ends as identifiers (`a`, `b`: kind:value) or as rows (`key_a`, `key_b`, and where keys
of sources look alike `source_a`, `source_b`), and `same`: yes or no. A decisions file serves, too. Pairs of
identifiers that a ruling of the ledger stands on are left out: the engine obeys those, which is no merit of its own.
Pairs of rows are not checked against rulings, which are of identifiers. A pair judged twice counts once, and not at
all if it is judged both ways.

Without a column `stratum` the pairs are taken for a simple random sample. With it, and `population` (how many pairs
the stratum was drawn from), each pair stands for population / drawn others. Precision asks of the pairs the engine
has in one customer how many are judged the same; recall of those judged the same how many it has in one customer,
so it speaks only of what the sample was drawn from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.evaluate.doubled import Doubled, leave_out_doubled
from scvgraph.evaluate.intervals import wilson, worth
from scvgraph.evaluate.judged import read_judged
from scvgraph.identifiers.cleaning import clean_named
from scvgraph.store.ruled import ruled_pairs, rulings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options

    Bool = npt.NDArray[np.bool_]
    Float64 = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]

_ENDS = {
    "identifiers": "SELECT p.no, x.id AS one, y.id AS other, p.same, p.stratum, p.population FROM pairs p"
    " JOIN held x ON x.name = p.a JOIN held y ON y.name = p.b",
    "rows": "SELECT p.no, x.customer AS one, y.customer AS other, p.same, p.stratum, p.population FROM pairs p"
    " JOIN rows x ON x.key = p.key_a AND (p.source_a IS NULL OR x.source = p.source_a)"
    " JOIN rows y ON y.key = p.key_b AND (p.source_b IS NULL OR y.source = p.source_b)",
}
_HELD = """
SELECT i.kind || ':' || i.value AS name, c.id FROM identifiers i
LEFT JOIN memberships m ON m.identifier = i.no LEFT JOIN customers c ON c.customer = m.customer
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval; `pairs` judged pairs speak of it. None and (0, 1) where none does."""

    share: float | None
    interval: tuple[float, float]
    pairs: int


@dataclass(frozen=True, slots=True)
class PairScore:
    """pairs: judged and compared; same: judged one person. Left out are: unsure: no yes or no; unknown: an end that
    the store does not have; ruled: decided in the ledger, None where pairs of rows are not checked for that; own,
    contradicted and repeated: see Doubled. strata: 0 for a simple random sample.
    """

    pairs: int
    same: int
    unsure: int
    unknown: int
    ruled: int | None
    own: int
    contradicted: int
    repeated: int
    strata: int
    precision: Estimate
    recall: Estimate

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score_pairs(engine: Engine, path: Path, kinds: Mapping[str, Options]) -> PairScore:
    """Score the customers by judged pairs. kinds: how values of each kind are cleaned."""
    form, rows = read_judged(engine, path)
    unsure = int(engine.one("SELECT count(*) FROM pairs WHERE same IS NULL"))
    if form == "identifiers":
        _clean(engine, kinds)
    doubled = leave_out_doubled(engine, form)
    ruled = _leave_out_ruled(engine, kinds) if form == "identifiers" else None
    if form == "identifiers":
        engine.make("held", _HELD)
    engine.make("judged", f"{_ENDS[form]} WHERE p.same IS NOT NULL")
    repeated = engine.one("SELECT count(*) FROM (SELECT no FROM judged GROUP BY no HAVING count(*) > 1)")
    if repeated:
        raise UsageError(
            f"{path}: {repeated:,} pairs name keys that stand in several sources; add columns source_a and source_b"
        )
    found = engine.arrow(
        "SELECT one IS NOT NULL AND one = other AS joined, same, stratum, population FROM judged ORDER BY no"
    )
    unknown = rows - unsure - (ruled or 0) - sum(doubled) - found.num_rows
    if not found.num_rows:
        raise UsageError(_nothing(path, unsure, unknown, ruled or 0, doubled))
    joined, same = (found[column].to_numpy(zero_copy_only=False) for column in ("joined", "same"))
    stratum, each = _weights(found)
    engine.drop("pairs", "judged", "held")
    return PairScore(
        pairs=same.size,
        same=int(same.sum()),
        unsure=unsure,
        unknown=unknown,
        ruled=ruled,
        **doubled._asdict(),
        strata=0 if stratum is None else int(stratum.max()) + 1,
        precision=_estimate(same, joined, stratum, each),
        recall=_estimate(joined, same, stratum, each),
    )


def _nothing(path: Path, unsure: int, unknown: int, ruled: int, doubled: Doubled) -> str:
    """Why no pair is left, so that the cure can be seen."""
    counts = {
        "not judged yes or no": unsure,
        "with an end that the store does not have": unknown,
        "ruled on in the ledger, which the engine obeys": ruled,
        "of an end with itself": doubled.own,
        "judged both ways": doubled.contradicted,
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "the file has none"
    return f"{path}: no pair is left to compare ({said}); judge other pairs, such as `scvgraph review --sample` draws"


def _clean(engine: Engine, kinds: Mapping[str, Options]) -> None:
    """Spellings in `pairs` become the cleaned identifiers; few enough for one at a time."""
    import pyarrow as pa

    written = [
        row[0]
        for row in engine.rows(
            "SELECT a FROM pairs WHERE a IS NOT NULL UNION SELECT b FROM pairs WHERE b IS NOT NULL"
        )
    ]
    cleaned = [clean_named(each, kinds) for each in written]
    engine.put(
        "_spelled",
        pa.table({"written": pa.array(written, pa.string()), "name": pa.array(cleaned, pa.string())}),
    )
    engine.make(
        "pairs",
        "SELECT p.* REPLACE (x.name AS a, y.name AS b) FROM pairs p"
        " LEFT JOIN _spelled x ON x.written = p.a LEFT JOIN _spelled y ON y.written = p.b",
    )
    engine.drop("_spelled")


def _leave_out_ruled(engine: Engine, kinds: Mapping[str, Options]) -> int:
    import pyarrow as pa

    ends = [sorted(pair) for pair in ruled_pairs(rulings_of(engine), kinds) if len(pair) == 2]
    engine.put(
        "_ruled",
        pa.table(
            {
                "a": pa.array([e[0] for e in ends], pa.string()),
                "b": pa.array([e[1] for e in ends], pa.string()),
            }
        ),
    )
    ruled = "EXISTS (SELECT 1 FROM _ruled r WHERE r.a = least(p.a, p.b) AND r.b = greatest(p.a, p.b))"
    count = int(engine.one(f"SELECT count(*) FROM pairs p WHERE same IS NOT NULL AND {ruled}"))
    engine.make("pairs", f"SELECT * FROM pairs p WHERE same IS NULL OR NOT {ruled}")
    engine.drop("_ruled")
    return count


def _weights(found: Any) -> tuple[Int64 | None, Float64]:
    """The stratum of each pair and how many pairs it stands for; no stratum for a simple random sample."""
    if found["stratum"].null_count == found.num_rows:
        return None, np.ones(found.num_rows)
    _, stratum = np.unique(np.asarray(found["stratum"].to_pylist(), str), return_inverse=True)
    population = found["population"].to_numpy()
    return stratum.astype(np.int64), population / np.bincount(stratum)[stratum]


def _estimate(hit: Bool, among: Bool, stratum: Int64 | None, each: Float64) -> Estimate:
    """The share of `hit` among some pairs: a ratio of weighted sums, its variance by linearisation within strata
    (Cochran 1977, "Sampling Techniques", 6.11), its interval Wilson's for a sample of equal worth.

    Wherever the variance is nothing or small by luck, the sample is worth no more than pairs of unequal weight can be
    (Kish 1965, "Survey Sampling", 11.7): many pairs of tiny strata tell nothing of a large one. A stratum with one
    pair has no spread of its own and is measured from the whole, which is on the safe side.
    """
    pairs = int(among.sum())
    if not pairs:
        return Estimate(None, (0.0, 1.0), 0)
    whole = float(each[among].sum())
    share = float(each[among & hit].sum()) / whole
    if stratum is None:
        return Estimate(share, wilson(share, pairs), pairs)
    off = each * among * (hit - share) / whole
    drawn = np.bincount(stratum)
    mean = np.where(drawn > 1, np.bincount(stratum, off) / drawn, 0.0)[stratum]
    spread = np.bincount(stratum, (off - mean) ** 2) * drawn / np.maximum(drawn - 1, 1)
    most = whole**2 / float((each[among] ** 2).sum())
    return Estimate(share, wilson(share, worth(share, float(spread.sum()), most)), pairs)
