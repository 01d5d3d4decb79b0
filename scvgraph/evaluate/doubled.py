"""Judged pairs that say nothing: of an end with itself, judged again, or judged both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scvgraph.engine import Engine


class Doubled(NamedTuple):
    """How many judged rows were left out. own: both ends are one, which is no question; contradicted: others judge
    the pair the other way; repeated: a row before judges it alike.
    """

    own: int
    contradicted: int
    repeated: int


_ENDS = {
    "identifiers": ("a", "b"),
    "rows": ("coalesce(source_a, '') || chr(31) || key_a", "coalesce(source_b, '') || chr(31) || key_b"),
}
_SORTED = """
SELECT *, CASE WHEN same IS NULL OR x IS NULL OR y IS NULL THEN 'kept' WHEN x = y THEN 'own'
    WHEN min(same) OVER pair <> max(same) OVER pair THEN 'contradicted'
    WHEN row_number() OVER (PARTITION BY same IS NULL, x, y ORDER BY no) > 1 THEN 'repeated' ELSE 'kept' END AS use
FROM (SELECT p.*, least({one}, {other}) AS x, greatest({one}, {other}) AS y FROM pairs p)
WINDOW pair AS (PARTITION BY x, y)
"""


def leave_out_doubled(engine: Engine, form: str) -> Doubled:
    """Takes such rows out of table `pairs`. form: how its ends are named; identifiers are cleaned before."""
    one, other = _ENDS[form]
    engine.make("_sorted", _SORTED.format(one=one, other=other))
    counted = dict(engine.rows("SELECT use, count(*) FROM _sorted GROUP BY use"))
    engine.make("pairs", "SELECT * EXCLUDE (x, y, use) FROM _sorted WHERE use = 'kept'")
    engine.drop("_sorted")
    return Doubled(*(int(counted.get(field, 0)) for field in Doubled._fields))
