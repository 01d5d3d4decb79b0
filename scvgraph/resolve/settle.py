"""Stage settle: groups become customers with ids for keeps, and everything about identifiers and links is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.ids import assign_customers
from scvgraph.resolve.kernel_best import best_followed, members
from scvgraph.resolve.refusals import write_refused
from scvgraph.weights import BILLION, MILLION, weight_of
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int64 = npt.NDArray[np.int64]


def settle(work: Work) -> Counts:
    """Make tables identifiers, links, refused_links, memberships, lineage of the generation."""
    solution = work.solution
    _mark(work)
    customers = assign_customers(work, solution.label, solution.active)
    _write_identifiers(work)
    _write_links(work)
    refused = write_refused(work)
    _write_memberships(work)
    shared = int(work.engine.one("SELECT count(*) FROM marks WHERE status = 'shared'"))
    return {"customers": customers, "refused_links": refused, "shared": shared}


def _mark(work: Work) -> None:
    """Table `marks`: identifier, status and why, of all that are not ok."""
    import pyarrow as pa

    shared = work.solution.shared
    schema = pa.schema([("identifier", pa.int32()), ("why", pa.string())])
    blamed = {"identifier": list(shared), "why": list(shared.values())}
    work.engine.put("blamed", pa.table(blamed, schema=schema))
    work.engine.make(
        "marks",
        "SELECT identifier, 'placeholder' AS status, why FROM placeholders"
        " UNION ALL SELECT identifier, 'shared', min(why) FROM (SELECT * FROM hubs UNION ALL SELECT * FROM blamed)"
        " WHERE identifier NOT IN (SELECT identifier FROM placeholders) GROUP BY identifier",
    )


def _write_identifiers(work: Work) -> None:
    import pyarrow as pa

    marks = work.engine.arrow("SELECT identifier, status, why FROM marks ORDER BY identifier")
    counted = work.counted
    number = counted.column("no").to_numpy()
    marked = marks.column("identifier").to_numpy()
    place = np.searchsorted(number, marked)
    seen = place < number.size
    seen[seen] = number[place[seen]] == marked[seen]
    status, why = np.zeros(number.size, np.int8), np.full(number.size, -1, np.int32)
    status[place[seen]] = np.where(
        np.asarray(marks.column("status").to_pylist(), object)[seen] == "shared", 2, 1
    )
    why[place[seen]] = np.flatnonzero(seen)
    columns = {
        "no": counted.column("no"),
        "status": pa.DictionaryArray.from_arrays(status, ["ok", "placeholder", "shared"]),
        "why": pa.DictionaryArray.from_arrays(
            pa.array(why, mask=why < 0), marks.column("why").combine_chunks()
        ),
        **{name: counted.column(name) for name in ("count", "first_seen", "last_seen")},
    }
    work.engine.write_later(pa.table(columns), work.draft.path("identifiers"))


def _write_links(work: Work) -> None:
    """Table links: seen together, matched by what persons tell, decided by a person. Table `spoken`: decisions."""
    work.engine.put("spoken", _spoken(work))
    said = work.engine.arrow(
        "SELECT a, b, decision AS rule, 1::BIGINT AS count, TRY_CAST(ts AS TIMESTAMP) AS first_seen, TRY_CAST(ts AS TIMESTAMP) AS last_seen,"
        " 1.0::DOUBLE AS weight FROM spoken WHERE decision = 'must_link' AND NOT refused"
    )
    work.engine.write_later(
        _together([_seen(work.pairs), said, _matched(work.matches)]), work.draft.path("links")
    )


def _seen(pairs: pa.Table) -> pa.Table:
    import pyarrow as pa

    weight = pa.chunked_array([pairs.column("weight").to_numpy() / MILLION])
    columns = ["a", "b", "rule", "count", "first_seen", "last_seen"]
    return pairs.select(columns).append_column("weight", weight)


def _matched(matches: pa.Table) -> pa.Table:
    import pyarrow as pa

    none = pa.nulls(matches.num_rows, pa.timestamp("us"))
    columns = {"a": matches["a"], "b": matches["b"], "rule": matches["rule"]}
    columns |= {"count": np.ones(matches.num_rows, np.int64), "first_seen": none, "last_seen": none}
    return pa.table(columns | {"weight": matches["weight"]})


def _together(parts: list[pa.Table]) -> pa.Table:
    """Links of all origins in one table, as it is stored."""
    import pyarrow as pa

    schema = pa.schema([(field.name, field.type) for field in parts[0].schema])
    return pa.concat_tables(
        [part.cast(schema) for part in parts if part.num_rows] or parts[:1]
    ).unify_dictionaries()


def _spoken(work: Work) -> pa.Table:
    """Human decisions as a table, those a cannot-link overruled marked as refused."""
    import pyarrow as pa

    overruled = {tuple(pair) for pair in work.solution.refused_must.tolist()}
    rows = [
        {
            "a": a,
            "b": b,
            "decision": row["decision"],
            "ts": str(row["at"] or "") or None,
            "author": row["by"],
            "reason": row["reason"],
            "refused": (a, b) in overruled,
        }
        for (a, b), row in work.solution.spoken.items()
    ]
    text = pa.string()
    schema = pa.schema(
        [
            ("a", pa.int32()),
            ("b", pa.int32()),
            ("decision", text),
            ("ts", text),
            ("author", text),
            ("reason", text),
            ("refused", pa.bool_()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _write_memberships(work: Work) -> None:
    import pyarrow as pa

    identifier, customer, best = members(work.customer_of, _best(work))
    weight = weight_of(best)
    weight[best < 0] = MILLION
    basis = (best >= 0).astype(np.int8)
    held = np.unique(work.solution.must[work.solution.active[work.solution.must].all(axis=1)])
    place = np.searchsorted(identifier, held)
    weight[place], basis[place] = MILLION, 2
    none = pa.nulls(identifier.size, pa.timestamp("us"))
    work.engine.write_later(
        pa.table(
            {
                "identifier": identifier,
                "customer": customer,
                "valid_from": none,
                "valid_to": none,
                "confidence": weight / MILLION,
                "basis": pa.DictionaryArray.from_arrays(basis, ["alone", "linked", "decision"]),
            }
        ),
        work.draft.path("memberships"),
    )


def _best(work: Work) -> Int64:
    """Of every identifier the strength of the surest link that holds it in its customer; -1 for none."""
    pairs, solution = work.pairs, work.solution
    ends = (pairs.column("a").to_numpy(), pairs.column("b").to_numpy())
    best = best_followed(*ends, pairs.column("strength").to_numpy(), solution.label, solution.active)
    strength = np.rint(-np.log1p(-work.matches.column("weight").to_numpy()) * BILLION).astype(np.int64)
    for end in ("a", "b"):
        np.maximum.at(best, work.matches.column(end).to_numpy(), strength)
    return best
