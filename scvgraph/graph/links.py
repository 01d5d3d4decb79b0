"""Stage links: which identifiers were seen together, how often, and how far that makes them one person's.

Weight of one pair: each rule's sightings are taken as partly independent observations of probability
p = rule weight x trust of both kinds, the n-th adding less than the one before: strength -ln(1 - p) x (1 + log2(n) / 2),
strengths of different rules add up, and an end that keeps company with several persons' identifiers takes
from it. The weight is 1 - exp(-strength).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import text
from scvgraph.work import Counts, Layout, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

PERSONAL = 0.85  # kinds trusted at least so far stand for a person: their number around an identifier tells who uses it
DISCOUNT = 0.15  # what each doubling of the persons around an end takes from a link
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The linking kinds of a project, numbered for the kernels."""

    names: tuple[str, ...]
    trust: tuple[float, ...]

    def code(self, kind: str) -> int:
        return self.names.index(kind)


def links(work: Work) -> Counts:
    """Make tables `paired` (a, b, ka, kb, rule, count, times, weight, strength in billionths) and `hubs` (identifier, why)."""
    engine, project = work.engine, work.project
    linking = [kind for kind in project.kinds.values() if kind.links]
    kinds = _Kinds(tuple(k.name for k in linking), tuple(k.trust for k in linking))
    work.tell("linking")
    engine.run("SET preserve_insertion_order = false")
    engine.make("evidence", _evidence_sql(work, kinds))
    engine.make("pairs", _pairs_sql(work))
    engine.run("SET preserve_insertion_order = true")
    pairs = engine.arrow("SELECT * FROM pairs")
    engine.drop("evidence", "pairs")
    columns = {column: pairs.column(column).to_numpy() for column in ("a", "b", "ka", "kb", "strength")}
    persons, hubs = _company(columns, kinds, work.ledger.next_spelling, project.resolve.hub)
    strength = _discounted(columns, persons)
    _keep(work, pairs, strength, hubs)
    return {"links": pairs.num_rows, "hubs": len(hubs["identifier"])}


def _evidence_sql(work: Work, kinds: _Kinds) -> str:
    """One row per pair of identifiers and rule. The rows of a layout show a pair in two of its columns."""
    parts = [part for layout in work.layouts for part in _layout_pairs(work, layout, kinds)]
    union = " UNION ALL ".join(parts) or (
        "SELECT 0::INTEGER AS a, 0::INTEGER AS b, 0::TINYINT AS ka, 0::TINYINT AS kb, '' AS rule, NULL::TIMESTAMP AS ts WHERE false"
    )
    return (
        "SELECT a, b, ka, kb, rule, count(*) AS count, min(ts) AS first_seen, max(ts) AS last_seen FROM"
        f" ({union}) GROUP BY a, b, ka, kb, rule"
    )


def _layout_pairs(work: Work, layout: Layout, kinds: _Kinds) -> list[str]:
    columns = [(n, kind) for n, (kind, _) in enumerate(layout.identifiers) if work.project.kinds[kind].links]
    parts = []
    for position, (p, one) in enumerate(columns):
        for q, other in columns[position + 1 :]:
            ka, kb = kinds.code(one), kinds.code(other)
            if ka == kb:  # two columns of one kind: order the ends so that a pair has one face
                ends = f"least(i{p}, i{q}) AS a, greatest(i{p}, i{q}) AS b, {ka}::TINYINT AS ka, {kb}::TINYINT AS kb"
            elif ka < kb:
                ends = f"i{p} AS a, i{q} AS b, {ka}::TINYINT AS ka, {kb}::TINYINT AS kb"
            else:
                ends = f"i{q} AS a, i{p} AS b, {kb}::TINYINT AS ka, {ka}::TINYINT AS kb"
            parts.append(f"SELECT {ends}, rule, ts FROM {layout.table} WHERE i{p} <> i{q}")
    return parts


def _pairs_sql(work: Work) -> str:
    """One row per pair: strengths added up as whole billionths, so that no order of adding can change the sum."""
    policy, kinds = work.project.resolve, work.project.kinds
    linking = [kind for kind in kinds.values() if kind.links]
    rules = " ".join(f"WHEN {text(rule)} THEN {weight}::DOUBLE" for rule, weight in policy.rules.items())
    trust = " ".join(f"WHEN {n} THEN {kind.trust}::DOUBLE" for n, kind in enumerate(linking)) or "WHEN 0 THEN 1::DOUBLE"
    strength = (
        f"-ln(1 - least(0.999999, (CASE rule {rules} END) * (CASE ka {trust} END) * (CASE kb {trust} END))) * (1 + log2(count) / 2)"
    )
    if policy.half_life_days:
        age = "epoch(max(last_seen) OVER ()) - epoch(last_seen)"
        strength += f" * coalesce(pow(0.5, ({age}) / {policy.half_life_days * 86400}), 1)"
    weighed = f"SELECT *, CAST(round({strength} * 1e9) AS BIGINT) AS s FROM evidence"
    return (
        "SELECT a, b, ka, kb, CASE WHEN count(*) = 1 THEN min(rule) ELSE arg_max(rule, (s, rule)) END AS rule,"
        " CAST(sum(count) AS BIGINT) AS count, min(first_seen) AS first_seen, max(last_seen) AS last_seen,"
        f" CAST(sum(s) AS BIGINT) AS strength FROM ({weighed}) GROUP BY a, b, ka, kb"
    )


def _company(
    columns: dict[str, npt.NDArray[np.int64]], kinds: _Kinds, size: int, most: int
) -> tuple[npt.NDArray[np.int64], dict[str, list[object]]]:
    """How many persons' identifiers each identifier was seen with, and the hubs: those seen with more than `most`.

    Persons are counted per kind that stands for one, the identifier's own kind apart; the largest count is taken.
    """
    a, b, ka, kb = (columns[c] for c in ("a", "b", "ka", "kb"))
    persons = np.ones(size, np.int64)
    hubs: dict[int, str] = {}
    for code, trust in enumerate(kinds.trust):
        if trust < PERSONAL:
            continue
        mates = np.bincount(a[(kb == code) & (ka != code)], minlength=size)
        mates += np.bincount(b[(ka == code) & (kb != code)], minlength=size)
        persons = np.maximum(persons, mates)
        for number in np.flatnonzero(mates > most):
            why = f"seen with {mates[number]} values of {kinds.names[code]}, more than {most}"
            hubs.setdefault(int(number), why)
    return persons, {"identifier": list(hubs), "why": list(hubs.values())}


def _discounted(
    columns: dict[str, npt.NDArray[np.int64]], persons: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Strengths in billionths, less what promiscuous ends take away."""
    factor = 1 / (1 + DISCOUNT * np.log2(persons))
    return np.rint(columns["strength"] * factor[columns["a"]] * factor[columns["b"]]).astype(np.int64)


def weight_of(strength: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Weight in millionths for strengths in billionths: 1 - exp(-strength), never quite 1, which is a person's word."""
    return np.clip(np.rint(-np.expm1(strength / -1e9) * MILLION), 1, MILLION - 1).astype(np.int32)


def _keep(work: Work, pairs: pa.Table, strength: npt.NDArray[np.int64], hubs: dict[str, list[object]]) -> None:
    import pyarrow as pa

    table = pairs.set_column(pairs.column_names.index("strength"), "strength", pa.array(strength))
    table = table.append_column("weight", pa.array(weight_of(strength)))
    work.pairs = table
    schema = pa.schema([("identifier", pa.int32()), ("why", pa.string())])
    work.engine.put("hubs", pa.table(hubs, schema=schema))


