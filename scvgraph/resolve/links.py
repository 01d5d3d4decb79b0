"""Links as they are stored: of all origins in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.weights import MILLION

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.work import Work


def only_seen(work: Work, decisions: bool) -> bool:
    """Whether all links are of identifiers seen together, nobody having decided or told anything."""
    return not decisions and not work.profiles.node.size


def write_seen(work: Work) -> None:
    """Table links where there can be no others: beside what follows, which it does not depend on."""
    pairs = work.pairs
    work.engine.write_later(lambda: _seen(pairs), work.draft.path("links"))


def write_links(work: Work) -> None:
    """Table `spoken`: decisions. Table links: seen together, matched by what persons tell, decided by a person."""
    work.engine.put("spoken", _spoken(work))
    if only_seen(work, decisions=bool(work.solution.spoken)):
        return  # written while they were resolved
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
