"""What came of a run, as text in which no number of the store stands: equal outcomes are equal byte for byte."""

from __future__ import annotations

import json

from scvgraph.engine import Engine
from scvgraph.review import review

_ENDS = "least(a.value, b.value), greatest(a.value, b.value)"
_GROUP = "SELECT list(i.kind || ':' || i.value || '=' || m.confidence || m.basis ORDER BY i.kind, i.value) FROM memberships m JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer"
# Customers by what they hold: their ids tell in which batch they came.
_WHO = """SELECT m.customer, string_agg(i.kind || ':' || i.value, ' ' ORDER BY i.kind, i.value) AS who
    FROM memberships m JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer"""
_RELATED = f"""WITH w AS ({_WHO}), named AS (
    SELECT r.a, r.b, list(i.value ORDER BY i.value) AS through FROM (SELECT a, b, unnest(through) AS no FROM relations) r
    JOIN identifiers i USING (no) GROUP BY ALL)
    SELECT least(x.who, y.who), greatest(x.who, y.who), r.why, r.strength, r.things, n.through FROM relations r
    JOIN w x ON x.customer = r.a JOIN w y ON y.customer = r.b LEFT JOIN named n ON n.a = r.a AND n.b = r.b"""
_HOUSEHOLDS = f"""WITH w AS ({_WHO}) SELECT list(w.who ORDER BY w.who), any_value(size)
    FROM households JOIN w USING (customer) GROUP BY household"""
PARTS = {
    "groups": _GROUP,
    "marks": "SELECT kind, value, status, why, count, first_seen, last_seen FROM identifiers",
    "links": f"SELECT a.kind, b.kind, {_ENDS}, rule, l.count, l.first_seen, l.last_seen, weight FROM links l JOIN identifiers a ON l.a = a.no JOIN identifiers b ON l.b = b.no",
    "refused": f'SELECT {_ENDS}, reason, "constraint", weight FROM refused_links r JOIN identifiers a ON r.a = a.no JOIN identifiers b ON r.b = b.no',
    "matches": f"SELECT {_ENDS}, rule, weight, because FROM matches m JOIN identifiers a ON m.a = a.no JOIN identifiers b ON m.b = b.no",
    "near": f"SELECT {_ENDS}, weight, because FROM near_matches m JOIN identifiers a ON m.a = a.no JOIN identifiers b ON m.b = b.no",
    "model": "SELECT * FROM model",
    "frequencies": "SELECT * FROM model_frequencies",
    "comparisons": "SELECT * FROM comparisons",
    "blocks": "SELECT * FROM blocks",
    "journeys": "SELECT list(t.seq || ' ' || t.ts || ' ' || e.key ORDER BY t.seq) FROM touchpoints t JOIN events e USING (row) GROUP BY t.customer",
    "customers": "SELECT * EXCLUDE (customer, id) FROM customers",
    "provenance": "SELECT list(p.trait || '=' || p.value || ' ' || p.source || ' ' || p.key || coalesce(' ' || p.ts, '') || ' ' || p.rule || p.rivals ORDER BY p.trait) FROM provenance p GROUP BY p.customer",
    "related": _RELATED,
    "households": _HOUSEHOLDS,
    "owners": 'SELECT list(source || \' \' || "key" || \' \' || basis ORDER BY source, "key", basis) FROM rows GROUP BY coalesce(customer, source || "key")',
}
IDS = "SELECT c.id, i.kind, i.value FROM memberships m JOIN identifiers i ON m.identifier = i.no JOIN customers c ON c.customer = m.customer"


def told(engine: Engine, *, ids: bool = False) -> str:
    """The outcome of a generation. ids: with the customers' ids, which depend on what came in which run."""
    asked = PARTS | ({"ids": IDS} if ids else {})
    found = {part: sorted(map(str, engine.rows(sql))) for part, sql in asked.items()}
    cases = [
        (case.sort, case.a.id, case.b.id, case.joined, case.why, case.probability, case.rows, case.value)
        for case in review(engine, None)
    ]
    return json.dumps(found | {"cases": list(map(str, cases))}, indent=0)
