"""Stage customers: for every customer the value of each trait that survives, and where it comes from.

Survivorship is a table: a rule's name and the order in which candidate values stand, best first. Every order
ends in the value and the row's key, so that ties cannot depend on storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.engine import name, scan, text
from scvgraph.roles import tells
from scvgraph.seen import NEVER, fold, moments
from scvgraph.store.views import content_key, layouts, profiles_sql, stored_rows
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.store import Segment

# Columns of a candidate: value, at (time of the row), n (rows of the customer with this value), rank (of its source).
ORDERS: Mapping[str, str] = {
    "most_recent": "ts DESC NULLS LAST, rank, n DESC, value, source, key",
    "most_frequent": "n DESC, ts DESC NULLS LAST, rank, value, source, key",
    "source_priority": "rank, ts DESC NULLS LAST, n DESC, value, source, key",
    "longest": "length(value) DESC, ts DESC NULLS LAST, rank, n DESC, value, source, key",
}


def customers(work: Work) -> Counts:
    """Make tables customers and provenance."""
    engine, draft = work.engine, work.draft
    work.tell("golden records")
    traits = list(
        dict.fromkeys(trait for source in work.project.sources.values() for trait, _ in source.traits)
    )
    known = _known(work)
    parts = []
    if traits:
        engine.finish()
        engine.view("_owners", f"SELECT * FROM {scan([draft.path('owners')])}")
        parts = [part for trait in traits if (part := _trait_sql(work, trait))]
    empty = "SELECT 0::INTEGER AS customer, '' AS trait, '' AS value, '' AS source, '' AS key, NULL::TIMESTAMP AS ts, '' AS rule, 0::INTEGER AS rivals WHERE false"
    engine.make("provenance", " UNION ALL ".join(parts) or empty)
    engine.write("SELECT * FROM provenance ORDER BY customer, trait", draft.path("provenance"))
    values = int(engine.one("SELECT count(*) FROM provenance"))
    if traits:
        wide = engine.arrow(f"SELECT customer{_wide(traits)} FROM provenance GROUP BY customer")
        known = _beside(known, wide)
    engine.write_later(known, draft.path("customers"))
    engine.drop("provenance")
    return {"customers": known.num_rows, "values": values}


def _known(work: Work) -> pa.Table:
    """Every customer: identifiers held, rows, first and last sighting."""
    import pyarrow as pa

    total = fold(work.customer_of, work.seen, work.next_customer)
    customer = np.flatnonzero(total[:, 0]).astype(np.int32)
    rows = work.of_kind(PROFILE) & (work.customer_of >= 0)  # no identifiers that anybody counts
    total[:, 0] -= np.bincount(work.customer_of[rows], minlength=len(total))
    first = total[customer, 1]
    last = np.where(first == NEVER, NEVER, total[customer, 2])
    return pa.table(
        {
            "customer": customer,
            "identifiers": total[customer, 0].astype(np.int32),
            "rows": work.rows_of[customer],
            "first_seen": moments(first),
            "last_seen": moments(last),
        }
    )


def _beside(known: pa.Table, wide: pa.Table) -> pa.Table:
    """Every customer with the values of its traits, null where it has none. known, wide: a row a customer at most."""
    import pyarrow as pa

    numbers, held = known.column("customer").to_numpy(), wide.column("customer").to_numpy()
    place = np.full(max(numbers.max(initial=-1), held.max(initial=-1)) + 1, -1, np.int32)
    place[held] = np.arange(held.size, dtype=np.int32)
    place = place[numbers]
    rows = pa.array(place, mask=place < 0)
    for trait in wide.column_names[1:]:  # large: of many customers the texts are more than an int32 can count
        known = known.append_column(
            trait, wide.column(trait).cast(pa.large_string()).combine_chunks().take(rows)
        )
    return known


def _wide(traits: list[str]) -> str:
    return "".join(f", max(value) FILTER (WHERE trait = {text(trait)}) AS {name(trait)}" for trait in traits)


def _said(work: Work, trait: str, first: Segment, alike: list[Segment]) -> str:
    """SQL (row, value, source, key, ts) of the rows of one layout that hold a trait.

    A row that tells of a person has its content's key in the name of its profile: not to be worked out again.
    """
    known = trait in tells(first.shape, first.traits) and not first.keyed
    key = "key" if first.keyed else content_key(first)
    rows = f"SELECT * FROM ({stored_rows(work.ledger, alike)}) WHERE {name(trait)} IS NOT NULL"
    if known:
        key = f"substr(raw, {len(first.source) + 2})"
        rows = (
            f"SELECT r.*, s.raw FROM ({rows}) r JOIN ({profiles_sql(work.ledger)}) p USING (row)"
            f" JOIN spellings s ON s.no = p.no AND s.kind = {text(PROFILE)}"
        )
    return f"SELECT row, {name(trait)} AS value, {text(first.source)} AS source, {key} AS key, ts FROM ({rows}) r"


def _trait_sql(work: Work, trait: str) -> str | None:
    """The surviving value of one trait for each customer that has any."""
    parts = [
        _said(work, trait, first, alike) for first, alike in layouts(work.ledger) if trait in first.traits
    ]
    if not parts:
        return None
    policy = work.project.customers
    rule = policy.traits.get(trait, policy.default)
    order = [*policy.priority, *(source for source in work.project.sources if source not in policy.priority)]
    rank = " ".join(f"WHEN {text(source)} THEN {n}" for n, source in enumerate(order))
    rows = (
        f"SELECT o.customer, r.*, CASE r.source {rank} ELSE {len(order)} END AS rank"
        f" FROM ({' UNION ALL '.join(parts)}) r JOIN _owners o USING (row) WHERE o.customer IS NOT NULL"
    )
    alike = "OVER (PARTITION BY customer, value)"
    counted = f"SELECT *, count(*) {alike} AS n, row_number() {alike} AS nth FROM ({rows})"
    return (
        f"SELECT customer, {text(trait)} AS trait, value, source, key, ts, {text(rule)} AS rule,"
        f" CAST(distinct_values - 1 AS INTEGER) AS rivals FROM (SELECT *, count(*) FILTER (WHERE nth = 1) OVER (PARTITION BY customer) AS distinct_values,"
        f" row_number() OVER (PARTITION BY customer ORDER BY {ORDERS[rule]}) AS place FROM ({counted})) WHERE place = 1"
    )
