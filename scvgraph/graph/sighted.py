"""Rows with their cleaned identifiers, layout by layout: what identifiers, links and owners are made from.

A layout is all rows of one source that were read alike, spellings already led to their identifiers. It is read
once and held as arrays of numbers, which all that follows passes over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from scvgraph.config.project import PROFILE
from scvgraph.engine import scan, text
from scvgraph.roles import tells
from scvgraph.seen import NEVER
from scvgraph.sightings import DEFAULT_RULE, rule_of
from scvgraph.store.views import ROW, layouts, profiles_sql, stored_rows
from scvgraph.work import Layout, Work

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.store import Segment

    Int32 = npt.NDArray[np.int32]

_ROWS = 1_000_000


def read_cleaned(work: Work) -> None:
    """Table `cleaned` of the generation: spellings that are not, as they stand, their identifier."""
    current = {(kind.name, kind.options.fingerprint()) for kind in work.project.kinds.values()}
    files = [
        work.ledger.path(part.path) for part in work.ledger.cleaned if (part.kind, part.options) in current
    ]
    empty = (
        "SELECT 0::INTEGER AS spelling, 0::INTEGER AS identifier, '' AS fault, '' AS placeholder WHERE false"
    )
    work.engine.make(
        "cleaned", f"SELECT spelling, identifier, fault, placeholder FROM {scan(files)}" if files else empty
    )
    work.engine.write("SELECT * FROM cleaned ORDER BY spelling", work.draft.path("cleaned"))


def read_rules(work: Work) -> None:
    """Table `rules` of the generation: which rule each kind of event falls under, and its weight."""
    import pyarrow as pa

    kinds: set[str | None] = set()
    for first, segments in layouts(work.ledger):
        del first
        sql = stored_rows(work.ledger, segments)
        kinds |= {row[0] for row in work.engine.rows(f"SELECT DISTINCT kind FROM ({sql})")}
    policy = work.project.resolve
    chosen = [(kind, rule_of(kind, policy.events)) for kind in sorted(k for k in kinds if k is not None)]
    columns = {
        "kind": pa.array([kind for kind, _ in chosen], pa.string()),
        "rule": pa.array([rule for _, rule in chosen], pa.string()),
        "weight": pa.array([policy.rules[rule] for _, rule in chosen], pa.float64()),
    }
    work.engine.put("rules", pa.table(columns))
    work.engine.write("SELECT * FROM rules ORDER BY kind", work.draft.path("rules"))


def read_layouts(work: Work) -> list[Layout]:
    """Read what the ledger's rows show; 17 bytes a row and 4 for each of its identifier columns."""
    leads_to = work.leads_to = _leads_to(work)
    work.engine.run("SET preserve_insertion_order = false")
    made = [
        _read(work, first, stored_rows(work.ledger, segments), leads_to)
        for first, segments in layouts(work.ledger)
    ]
    work.engine.run("SET preserve_insertion_order = true")
    return made


def _leads_to(work: Work) -> Int32:
    """The identifier of every spelling, -1 for a refused one."""
    leads_to = np.arange(work.ledger.next_spelling, dtype=np.int32)
    moved = work.engine.arrow("SELECT spelling, coalesce(identifier, -1) AS identifier FROM cleaned")
    leads_to[moved.column("spelling").to_numpy()] = moved.column("identifier").to_numpy()
    return leads_to


def _read(work: Work, first: Segment, rows: str, leads_to: Int32) -> Layout:
    default = "record" if first.shape == "records" else DEFAULT_RULE
    rules = [
        default,
        *(
            r[0]
            for r in work.engine.rows(
                "SELECT DISTINCT rule FROM rules WHERE rule <> ? ORDER BY rule", [default]
            )
        ),
    ]
    places = " ".join(f"WHEN {text(rule)} THEN {n}" for n, rule in enumerate(rules) if n)
    rule = f"CAST(CASE u.rule {places} ELSE 0 END AS TINYINT)" if places else "CAST(0 AS TINYINT)"
    joined = "LEFT JOIN rules u ON s.kind = u.kind" if places else ""
    columns = "".join(f", coalesce(s.i{n}, -1) AS i{n}" for n in range(len(first.identifiers)))
    identifiers = first.identifiers
    if work.ledger.profiles and tells(first.shape, first.traits):
        identifiers = (*identifiers, (PROFILE, ROW))
        columns += f", coalesce(p.no, -1) AS i{len(first.identifiers)}"
        joined += f" LEFT JOIN ({profiles_sql(work.ledger)}) p ON s.row = p.row"
    sql = f"SELECT s.row, coalesce(epoch_us(s.ts), {NEVER}) AS at, {rule} AS rule{columns} FROM ({rows}) s {joined}"
    parts: list[list[npt.NDArray[np.generic]]] = []
    for batch in work.engine.con.cursor().sql(sql).to_arrow_reader(_ROWS):
        row, at, rule_of_row, *raw = (column.to_numpy() for column in batch.columns)
        parts.append([row, at, rule_of_row, *(led(numbers, leads_to) for numbers in raw)])
    kinds: list[type[np.generic]] = [np.int64, np.int64, np.int8, *(np.int32 for _ in identifiers)]
    held = [_joined([part[n] for part in parts], kind) for n, kind in enumerate(kinds)]
    return Layout(
        first.source, first.shape, identifiers, held[0], held[1], held[2], tuple(rules), tuple(held[3:])
    )


def _joined(parts: list[npt.NDArray[np.generic]], kind: type[np.generic]) -> npt.NDArray[Any]:
    """One array of many, each given up as soon as it is copied."""
    whole = np.empty(sum(part.size for part in parts), kind)
    start = 0
    while parts:
        part = parts.pop(0)
        whole[start : start + part.size] = part
        start += part.size
    return whole


@njit(cache=True, nogil=True)
def led(spelling: Int32, leads_to: Int32) -> Int32:  # pragma: no cover
    """The identifiers some spellings lead to."""
    identifier = np.empty(spelling.size, np.int32)
    for row in range(spelling.size):
        number = spelling[row]
        identifier[row] = leads_to[number] if number >= 0 else -1
    return identifier
