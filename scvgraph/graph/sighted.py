"""Rows with their cleaned identifiers, layout by layout: what identifiers, links and owners are made from.

A layout is all rows of one source that were read alike. `sighted_N` has row, ts, rule and one column of
identifier numbers i0, i1 ... per identifier column, spellings already led to their identifiers.
"""

from __future__ import annotations

from scvgraph.engine import Engine, scan, text
from scvgraph.identifiers.normalise import options_of
from scvgraph.sightings import rule_of
from scvgraph.store.views import layouts, stored_rows
from scvgraph.work import Layout, Work


def read_cleaned(work: Work) -> None:
    """Table `cleaned` of the generation: spellings that are not, as they stand, their identifier."""
    current = {(kind.name, options_of(kind)) for kind in work.project.kinds.values()}
    files = [work.ledger.path(part.path) for part in work.ledger.cleaned if (part.kind, part.options) in current]
    empty = "SELECT 0::INTEGER AS spelling, 0::INTEGER AS identifier, '' AS fault, '' AS placeholder WHERE false"
    work.engine.make("cleaned", f"SELECT spelling, identifier, fault, placeholder FROM {scan(files)}" if files else empty)
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
    """Make the `sighted` tables; they live as long as the run."""
    engine = work.engine
    moved = {row[0] for row in engine.rows("SELECT DISTINCT s.kind FROM cleaned c JOIN spellings s ON c.spelling = s.no WHERE c.identifier IS DISTINCT FROM c.spelling")} if engine.one("SELECT count(*) FROM cleaned") else set()
    made = []
    engine.run("SET preserve_insertion_order = false")
    for number, (first, segments) in enumerate(layouts(work.ledger)):
        layout = Layout(f"sighted_{number}", first.source, first.shape, first.identifiers)
        _make(engine, layout, stored_rows(work.ledger, segments), moved)
        made.append(layout)
    engine.run("SET preserve_insertion_order = true")
    return made


def _make(engine: Engine, layout: Layout, rows: str, moved: set[str]) -> None:
    columns, joins = [], []
    for n, (kind, _) in enumerate(layout.identifiers):
        if kind in moved:
            joins.append(f"LEFT JOIN cleaned c{n} ON s.i{n} = c{n}.spelling")
            columns.append(f"CASE WHEN c{n}.spelling IS NULL THEN s.i{n} ELSE c{n}.identifier END AS i{n}")
        else:
            columns.append(f"s.i{n}")
    default = "record" if layout.shape == "records" else "event"
    engine.make(
        layout.table,
        f"SELECT s.row, s.ts, coalesce(u.rule, {text(default)}) AS rule, {', '.join(columns)}"
        f" FROM ({rows}) s LEFT JOIN rules u ON s.kind = u.kind {' '.join(joins)}",
    )
