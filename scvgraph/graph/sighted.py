"""Rows with their cleaned identifiers, layout by layout: what identifiers, links and owners are made from.

A layout is all rows of one source that were read alike, spellings already led to their identifiers. It is read
once and held as arrays of numbers, which all that follows passes over.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from scvgraph.config.project import PROFILE
from scvgraph.engine import scan, text
from scvgraph.seen import NEVER
from scvgraph.sightings import DEFAULT_RULE, rule_of
from scvgraph.store.views import ROW, has_profiles, layouts, profiles_sql, stored_rows
from scvgraph.work import Layout, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    profile = _profiles(work) if work.ledger.profiles else np.empty(0, np.int32)
    made = [_read(work, segments, leads_to, profile) for _, segments in layouts(work.ledger)]
    work.engine.run("SET preserve_insertion_order = true")
    work.taken.columns.clear()
    return made


def _leads_to(work: Work) -> Int32:
    """The identifier of every spelling, -1 for a refused one."""
    leads_to = np.arange(work.ledger.next_spelling, dtype=np.int32)
    moved = work.engine.arrow("SELECT spelling, coalesce(identifier, -1) AS identifier FROM cleaned")
    leads_to[moved.column("spelling").to_numpy()] = moved.column("identifier").to_numpy()
    return leads_to


def _read(work: Work, segments: list[Segment], leads_to: Int32, profile: Int32) -> Layout:
    first = segments[0]
    default = "record" if first.shape == "records" else DEFAULT_RULE
    found = work.engine.rows("SELECT DISTINCT rule FROM rules WHERE rule <> ? ORDER BY rule", [default])
    rules = (default, *(row[0] for row in found))
    row, at, rule, *numbers = _in_one(list(_pieces(work, segments, rules)), len(first.identifiers))
    with ThreadPoolExecutor(work.engine.threads) as pool:
        list(pool.map(lambda column: lead(column, leads_to), numbers))
    identifiers = first.identifiers
    if has_profiles(work.ledger, first):
        identifiers = (*identifiers, (PROFILE, ROW))
        numbers.append(profile[row])
    elif not identifiers:  # rows that show nothing and tell nothing: later stages look at one column at least
        identifiers = ((PROFILE, ROW),)
        numbers.append(np.full(row.size, -1, np.int32))
    return Layout(first.source, first.shape, identifiers, row, at, rule, rules, tuple(numbers))


def _profiles(work: Work) -> Int32:
    """The profile of every row of the ledger, -1 for none."""
    found = work.engine.arrow(profiles_sql(work.ledger))
    profile = np.full(work.ledger.next_row, -1, np.int32)
    profile[found.column("row").to_numpy()] = found.column("no").to_numpy()
    return profile


def _pieces(work: Work, segments: list[Segment], rules: tuple[str, ...]) -> Iterator[list[npt.NDArray[Any]]]:
    """Row, time, position of the rule and spellings of the rows that count in the segments of a layout.

    Rows just taken in need not be read, unless something of theirs that is not kept matters.
    """
    ledger, stored = work.ledger, []
    simple = len(rules) == 1 and not (ledger.superseded and segments[0].keyed)
    for segment in segments:
        kept = work.taken.take(str(ledger.path(segment.path)), segment.rows) if simple else None
        if kept is None:
            stored.append(segment)
            continue
        row = np.arange(segment.first_row, segment.first_row + segment.rows)
        yield [row, kept[0], np.zeros(segment.rows, np.int8), *kept[1:]]
    if stored:
        sql = _stored_sql(stored, stored_rows(ledger, stored), rules)
        for batch in work.engine.con.cursor().sql(sql).to_arrow_reader(_ROWS):
            yield [column.to_numpy() for column in batch.columns]


def _in_one(pieces: list[list[npt.NDArray[Any]]], identifiers: int) -> list[npt.NDArray[Any]]:
    """The columns of all pieces, each piece's given up as soon as it is copied; a single piece of our own is not."""
    if len(pieces) == 1 and all(column.flags.writeable for column in pieces[0]):
        return pieces[0]
    kinds: list[type[np.generic]] = [np.int64, np.int64, np.int8, *[np.int32] * identifiers]
    whole = [np.empty(sum(piece[0].size for piece in pieces), kind) for kind in kinds]
    end = 0
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        start, end = end, end + piece[0].size
        for column, part in zip(whole, piece, strict=True):
            column[start:end] = part
    return whole


def _stored_sql(segments: list[Segment], rows: str, rules: tuple[str, ...]) -> str:
    places = " ".join(f"WHEN {text(rule)} THEN {n}" for n, rule in enumerate(rules) if n)
    rule = f"CAST(CASE u.rule {places} ELSE 0 END AS TINYINT)" if places else "CAST(0 AS TINYINT)"
    joined = "LEFT JOIN rules u ON s.kind = u.kind" if places else ""
    columns = "".join(f", coalesce(s.i{n}, -1) AS i{n}" for n in range(len(segments[0].identifiers)))
    return f"SELECT s.row, coalesce(epoch_us(s.ts), {NEVER}) AS at, {rule} AS rule{columns} FROM ({rows}) s {joined}"


@njit(cache=True, nogil=True)
def lead(column: Int32, leads_to: Int32) -> None:  # pragma: no cover
    """Lead spellings to their identifiers, where they stand."""
    for row in range(column.size):
        if column[row] >= 0:
            column[row] = leads_to[column[row]]
