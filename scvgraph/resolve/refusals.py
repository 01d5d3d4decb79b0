"""Links that were not followed, and in words what refused each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.resolve.constrained import CANNOT, CONFLICT
from scvgraph.weights import MILLION

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.work import Work

CONFLICTS = ("first_name", "birth_date")  # reasons, by the number of the trait


def write_refused(work: Work) -> int:
    """Table refused_links; returns how many there are. Needs tables `spoken` and `blamed`."""
    import pyarrow as pa

    engine, solution = work.engine, work.solution
    pairs = work.pairs.select(["a", "b", "weight"])
    refused = pairs.take(pa.array(solution.refused))
    refused = refused.append_column("code", pa.array(solution.reason))
    refused = refused.append_column("words", _conflicts(work))
    engine.put("refused", refused)
    engine.show("_pairs", pairs)
    engine.put("_refused_matches", _matches(work))
    limits = [(kind.name, kind.limit) for kind in work.project.kinds.values() if kind.limit]
    reasons = " ".join(
        f"WHEN {n} THEN '{'unique' if limit == 1 else 'limit'}'" for n, (_, limit) in enumerate(limits)
    )
    words = " ".join(
        f"WHEN {n} THEN 'at most {limit} {kind} in one customer'" for n, (kind, limit) in enumerate(limits)
    )
    conflicts = " ".join(f"WHEN {CONFLICT - n} THEN '{reason}'" for n, reason in enumerate(CONFLICTS))
    return engine.write(
        f"SELECT a, b, CASE code WHEN {CANNOT} THEN 'cannot_link' {reasons} {conflicts} END AS reason,"
        f" CASE code WHEN {CANNOT} THEN 'a person said they are not one' {words} ELSE words END AS \"constraint\","
        f" round(weight / {MILLION}, 6) AS weight FROM refused"
        " UNION ALL SELECT a, b, 'cannot_link', 'a person said they are not one'"
        " || coalesce(': ' || reason, '') || coalesce(' (' || author || ')', ''), 1.0 FROM spoken"
        " WHERE decision = 'cannot_link' OR refused"
        f" UNION ALL SELECT a, b, '{CONFLICTS[1]}', words, weight FROM _refused_matches"
        f" UNION ALL SELECT p.a, p.b, 'shared', 'one end is shared: ' || coalesce(m.why, n.why), round(p.weight / {MILLION}, 6)"
        " FROM _pairs p LEFT JOIN blamed m ON p.a = m.identifier LEFT JOIN blamed n ON p.b = n.identifier"
        " WHERE coalesce(m.why, n.why) IS NOT NULL",
        work.draft.path("refused_links"),
        ordered=False,
    )


def _matches(work: Work) -> pa.Table:
    """Matches that dates of birth refused."""
    import pyarrow as pa

    text, no = pa.string(), pa.int32()
    schema = pa.schema([("a", no), ("b", no), ("weight", pa.float64()), ("words", text)])
    return work.refused_matches if work.refused_matches is not None else schema.empty_table()


def _conflicts(work: Work) -> object:
    """For each refused link the two values that no person has both of; null if something else refused it."""
    import pyarrow as pa

    texts, values = work.told.texts, work.solution.values
    words = [
        f"{CONFLICTS[CONFLICT - code].replace('_', ' ')}s {texts[one]} and {texts[other]}"
        if code <= CONFLICT
        else None
        for code, (one, other) in zip(work.solution.reason.tolist(), values.tolist(), strict=True)
    ]
    return pa.array(words, pa.string())
