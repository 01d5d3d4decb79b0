"""Customer ids are for keeps: which group inherits which id, which ids are new, and what became of the others.

An old customer's id goes with the group that holds most of its old identifiers; where several ids meet in one
group the oldest (the least number) survives and the others are merged into it; groups without an heir get new
numbers, in order of first sighting. Ties are broken by content, never by storage numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import scan
from scvgraph.work import Work

if TYPE_CHECKING:
    import numpy.typing as npt

ID = "'C' || lpad(CAST(customer AS VARCHAR), 9, '0')"


def assign_customers(work: Work, label: npt.NDArray[np.int32], active: npt.NDArray[np.bool_]) -> int:
    """Set `work.customer_of`, write this generation's lineage; returns the number of customers."""
    import pyarrow as pa

    engine = work.engine
    members = np.flatnonzero(active).astype(np.int32)
    engine.put("members", pa.table({"no": members, "label": label[members]}))
    engine.make(
        "groups",
        "SELECT m.label, min(c.first_seen) AS first_seen FROM members m JOIN counted c USING (no) GROUP BY m.label",
    )
    previous = _previous(work)
    if previous:
        _inherit(work)
    else:
        engine.make("heirs", "SELECT 0 AS label, 0 AS customer WHERE false")
    _number_new(work)
    engine.run("CREATE OR REPLACE TABLE assigned AS SELECT label, customer FROM heirs UNION ALL SELECT label, customer FROM newborn")
    found = engine.arrow("SELECT label, customer FROM assigned")
    of_label = np.full(label.size, -1, np.int32)
    of_label[found.column("label").to_numpy()] = found.column("customer").to_numpy()
    work.customer_of = np.where(active, of_label[label], -1).astype(np.int32)
    _write_lineage(work, previous=previous)
    work.next_customer += int(engine.one("SELECT count(*) FROM newborn"))
    engine.drop("members", "groups", "heirs", "newborn", "assigned", "claims", "old")
    return int(found.num_rows)


def _previous(work: Work) -> bool:
    """Table `old`: identifier and customer in the generation before, if there is one."""
    if work.store.current() is None:
        return False
    before = work.store.generation()
    work.next_customer = before.about["next_customer"]
    work.lineage = tuple(before.about["lineage"])
    work.engine.make("old", f"SELECT identifier, customer FROM {scan([before.folder / 'memberships.parquet'])} WHERE valid_to IS NULL")
    return True


def _inherit(work: Work) -> None:
    """Table `heirs`: which group keeps which id. `claims`: every old customer's best group."""
    work.engine.make(
        "claims",
        """SELECT customer, label, n FROM (
             SELECT o.customer, m.label, count(*) AS n, min(c.first_seen) AS first_seen, min(s.kind || chr(31) || s.raw) AS least
             FROM old o JOIN members m ON o.identifier = m.no JOIN counted c ON m.no = c.no JOIN spellings s ON m.no = s.no
             GROUP BY o.customer, m.label)
           QUALIFY row_number() OVER (PARTITION BY customer ORDER BY n DESC, first_seen, least) = 1""",
    )
    work.engine.make("heirs", "SELECT label, min(customer) AS customer FROM claims GROUP BY label")


def _number_new(work: Work) -> None:
    """Table `newborn`: groups without an heir, numbered by first sighting; ties by their least identifier."""
    work.engine.make("unborn", "SELECT label, first_seen FROM groups ANTI JOIN heirs USING (label)")
    work.engine.make(
        "tied",
        """SELECT u.label, min(s.kind || chr(31) || s.raw) AS least FROM unborn u JOIN members m USING (label) JOIN spellings s ON m.no = s.no
           WHERE u.first_seen IS NULL OR u.first_seen IN (SELECT first_seen FROM unborn GROUP BY first_seen HAVING count(*) > 1)
           GROUP BY u.label""",
    )
    work.engine.make(
        "newborn",
        f"SELECT label, CAST({work.next_customer} + row_number() OVER (ORDER BY first_seen NULLS LAST, least) - 1 AS INTEGER) AS customer"
        " FROM unborn LEFT JOIN tied USING (label)",
    )
    work.engine.drop("unborn", "tied")


def _write_lineage(work: Work, *, previous: bool) -> None:
    """What happened to ids in this generation, in a file of its own beside those of earlier ones."""
    number = work.draft.number
    created = f"SELECT customer, 'created' AS change, NULL::INTEGER AS other, 'first seen' AS why FROM newborn"
    parts = [created]
    if previous:
        parts = [
            created + " WHERE label NOT IN (SELECT m.label FROM members m JOIN old o ON m.no = o.identifier)",
            """SELECT n.customer, 'split', min(o.customer), 'identifiers of one customer are no longer held together'
               FROM newborn n JOIN members m USING (label) JOIN old o ON m.no = o.identifier GROUP BY n.customer""",
            """SELECT c.customer, 'merged', h.customer, 'evidence joined two customers; the older id stays'
               FROM claims c JOIN heirs h USING (label) WHERE c.customer <> h.customer""",
            """SELECT DISTINCT o.customer, 'retired', NULL::INTEGER, 'none of its identifiers stands for a person any more'
               FROM old o ANTI JOIN claims c USING (customer)""",
        ]
    other = ID.replace("customer", "other")
    relative = f"lineage/{number:06d}.parquet"
    work.engine.write(
        f"SELECT customer, {ID} AS id, change, CASE WHEN other IS NOT NULL THEN {other} END AS other, {number} AS generation, why"
        f" FROM ({' UNION ALL '.join(parts)}) ORDER BY customer, change, other",
        work.store.folder / relative,
    )
    work.lineage = (*work.lineage, relative)
