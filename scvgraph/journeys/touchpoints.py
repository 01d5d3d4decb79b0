"""Stage touchpoints: a customer's events in time order.

Events at one moment stand in the order of their source and key, so that no order of arrival shows.
"""

from __future__ import annotations

from scvgraph.engine import Engine, scan
from scvgraph.store.views import content_key, layouts, stored_rows
from scvgraph.work import Counts, Work


def touchpoints(work: Work) -> Counts:
    """Make table touchpoints (customer, seq, row, ts, gap_s)."""
    engine = work.engine
    work.tell("placing touchpoints")
    events = [layout.table for layout in work.layouts if layout.shape == "events"]
    rows = " UNION ALL ".join(f"SELECT row, ts FROM {table}" for table in events)
    rows = rows or "SELECT 0::BIGINT AS row, NULL::TIMESTAMP AS ts WHERE false"
    engine.run("SET preserve_insertion_order = false")
    engine.make(
        "placed",
        f"SELECT o.customer, CAST(row_number() OVER w AS INTEGER) AS seq, row, e.ts, lag(e.ts) OVER w AS before FROM ({rows}) e"
        f" JOIN {scan([work.draft.path('owners')])} o USING (row) WHERE o.customer IS NOT NULL"
        " WINDOW w AS (PARTITION BY o.customer ORDER BY e.ts)",
    )
    engine.run("SET preserve_insertion_order = true")
    _order_ties(work, engine)
    count = engine.write(
        "SELECT customer, seq, coalesce(t.row, p.row) AS row, ts, date_diff('second', before, ts) AS gap_s FROM placed p"
        " LEFT JOIN tied t USING (customer, seq) ORDER BY customer, seq",
        work.draft.path("touchpoints"),
    )
    engine.drop("placed", "tied")
    return {"touchpoints": count}


def _order_ties(work: Work, engine: Engine) -> None:
    """Table `tied`: for places of one customer at one moment, which row stands there in canonical order."""
    engine.make(
        "ties",
        "SELECT customer, seq, row, ts FROM placed SEMI JOIN (SELECT customer, ts FROM placed WHERE ts = before) USING (customer, ts)",
    )
    parts = []
    for first, segments in layouts(work.ledger):
        if first.shape == "events":
            key = "r.key" if first.keyed else content_key(first)
            rows = f"SELECT * FROM ({stored_rows(work.ledger, segments)}) SEMI JOIN ties USING (row)"
            parts.append(f"SELECT row, '{first.source}' AS source, {key} AS key FROM ({rows}) r")
    content = " UNION ALL ".join(parts) or "SELECT 0::BIGINT AS row, '' AS source, '' AS key WHERE false"
    engine.make(
        "tied",
        f"SELECT p.customer, p.seq, c.row FROM (SELECT *, row_number() OVER (PARTITION BY customer, ts ORDER BY seq) AS nth FROM ties) p"
        f" JOIN (SELECT t.customer, t.ts, t.row, row_number() OVER (PARTITION BY t.customer, t.ts ORDER BY c.source, c.key, t.row) AS nth"
        f" FROM ties t JOIN ({content}) c USING (row)) c ON p.customer = c.customer AND p.ts = c.ts AND p.nth = c.nth",
    )
    engine.drop("ties")
