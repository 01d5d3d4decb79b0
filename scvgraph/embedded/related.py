"""Who is related to a customer, and what relates two, read from the generation's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.embedded.answers import Relation, name_of
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.engine import Engine

_RELATED = """
WITH near AS (SELECT CASE WHEN a = $no THEN b ELSE a END AS customer, why, strength, things, through FROM relations
              WHERE (a = $no OR b = $no) AND ($other IS NULL OR a = $other OR b = $other)),
told AS (SELECT n.customer, list(i.kind || ':' || i.value ORDER BY i.kind, i.value) AS told
         FROM (SELECT customer, unnest(through) AS no FROM near) n JOIN identifiers i USING (no) GROUP BY n.customer)
SELECT {why}, c.* FROM near n JOIN customers c USING (customer) LEFT JOIN told t USING (customer)
LEFT JOIN households h USING (customer) LEFT JOIN households o ON o.customer = $no
ORDER BY n.strength DESC, c.id"""
_WHY = """{'why': n.why, 'strength': n.strength, 'things': n.things, 'told': coalesce(t.told, []),
           'together': coalesce(h.household = o.household, false)} AS "(relation)\""""


def related(
    engine: Engine, no: int, declared: Mapping[str, str], other: int | None = None
) -> tuple[Relation, ...]:
    """Customers related to the one of a number, the strongest first. declared: roles of traits, as the project says.
    other: only the relation to that one.
    """
    found = engine.records(_RELATED.replace("{why}", _WHY), {"no": no, "other": other})
    own = {column.name for column in TABLES["customers"].columns}
    return tuple(
        Relation(
            customer=row["id"],
            name=name_of({trait: value for trait, value in row.items() if trait not in own}, declared),
            why=said["why"],
            strength=said["strength"],
            things=said["things"],
            household=said["together"],
            through=tuple(said["told"]),
        )
        for row in found
        for said in (row["(relation)"],)
    )
