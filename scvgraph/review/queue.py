"""The doubtful cases of a generation, the most valuable to look at first.

Ties are broken by what identifiers are, never by their numbers, which tell in what order rows came.

value = rows x probability that the engine is wrong: the rows expected to change hands by an answer. The probability
is that of the evidence and of the signs in `doubt`, so a sure link that holds together what should not be is asked
about before an open question of little consequence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.review.apart import apart
from scvgraph.review.case import Case
from scvgraph.review.doubt import Usual, signs
from scvgraph.review.ends import ends_of
from scvgraph.review.held import held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scvgraph.engine import Engine
    from scvgraph.review.case import End

Pair = frozenset[str]

LEAST = 0.02  # an answer from which less is to be expected, in rows, is not worth a person's time
_USUAL = """
SELECT avg(rows), quantile_disc(rows, 0.95) FROM customers
SEMI JOIN (SELECT customer FROM memberships GROUP BY customer HAVING count(*) > 1) USING (customer) WHERE rows > 0
"""
_CASES = f"""
WITH named AS (SELECT k.*, k.rows * (CASE WHEN joined THEN 1 - probability ELSE probability END) AS value,
                      i.kind || ':' || i.value AS one, j.kind || ':' || j.value AS other
               FROM cases k JOIN identifiers i ON i.no = k.a JOIN identifiers j ON j.no = k.b)
SELECT * EXCLUDE (one, other) REPLACE (CASE WHEN one < other THEN a ELSE b END AS a, CASE WHEN one < other THEN b ELSE a END AS b),
       least(one, other) AS a_name, greatest(one, other) AS b_name
FROM named WHERE value >= {LEAST} ORDER BY value DESC, a_name, b_name
"""


def review(engine: Engine, limit: int | None = 20, *, decided: Iterable[Pair] = ()) -> list[Case]:
    """The doubtful cases of a generation (its engine), the most valuable first; limit None: all.

    decided: pairs of identifiers (kind:value) that are ruled on and do not come again.
    """
    usual = usual_size(engine)
    engine.make("cases", f"SELECT * FROM ({held(engine, usual)}) UNION ALL BY NAME ({apart(engine, usual)})")
    known = frozenset(decided)
    found = [
        row
        for row in engine.records(_first(limit, len(known)))
        if frozenset((row["a_name"], row["b_name"])) not in known
    ][:limit]
    ends = ends_of(engine, sorted({no for row in found for no in (row["a"], row["b"])}))
    engine.drop("cases", "held_cases", "apart_cases")
    return [_case(row, ends, usual) for row in found]


def usual_size(engine: Engine) -> Usual:
    """How large customers are that hold several identifiers."""
    rows, most = engine.rows(_USUAL)[0]
    return Usual(float(rows or 1), float(most or 1))


def _first(limit: int | None, decided: int) -> str:
    """As many cases as there can be among those wanted if all that are decided stand before them."""
    return _CASES if limit is None else f"{_CASES} LIMIT {limit + decided}"


def _case(row: dict[str, Any], ends: dict[int, End], usual: Usual) -> Case:
    told = [(row[f"{lane}_a"], row[f"{lane}_b"]) for lane in ("first_name", "date")]
    firsts, dates = (both if both[0] else None for both in told)
    return Case(
        row["sort"],
        ends[row["a"]],
        ends[row["b"]],
        row["joined"],
        row["why"],
        signs(row["rows"], row["beside"], row["whole"], usual, firsts, dates),
        round(row["probability"], 6),
        row["rows"],
        round(row["value"], 6),
    )
