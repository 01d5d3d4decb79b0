"""Customer ids are for keeps: which group inherits which id, which ids are new, and what became of the others.

An old customer's id goes with the group that holds most of its old identifiers; where several ids meet in one
group the oldest (the least number) survives and the others are merged into it; groups without an heir get new
numbers, in order of first sighting. Ties are broken by content, never by storage numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import scan
from scvgraph.seen import earliest
from scvgraph.work import Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]


def assign_customers(work: Work, label: Int32, active: npt.NDArray[np.bool_]) -> int:
    """Set `work.customer_of`, write this generation's lineage; returns the number of customers."""
    import pyarrow as pa

    engine = work.engine
    group = np.where(active, label, np.int32(-1))
    labels = np.flatnonzero(group == np.arange(group.size, dtype=np.int32)).astype(np.int32)
    first_seen = earliest(group, work.seen)[labels]
    of_label = np.full(label.size, -1, np.int32)
    previous = _previous(work)
    if previous:
        members = np.flatnonzero(active).astype(np.int32)
        engine.put("members", pa.table({"no": members, "label": label[members]}))
        _inherit(work)
        heirs = engine.arrow("SELECT label, customer FROM heirs")
        of_label[heirs.column("label").to_numpy()] = heirs.column("customer").to_numpy()
    unborn = of_label[labels] < 0
    newborn = _in_order(work, group, labels[unborn], first_seen[unborn])
    numbers = np.arange(work.next_customer, work.next_customer + newborn.size, dtype=np.int32)
    of_label[newborn] = numbers
    work.customer_of = np.where(active, of_label[label], np.int32(-1))
    if previous:
        engine.put("newborn", pa.table({"label": newborn, "customer": numbers}))
    _write_lineage(work, numbers, previous=previous)
    work.next_customer += newborn.size
    engine.drop("members", "heirs", "newborn", "claims", "old")
    return int(labels.size)


def _previous(work: Work) -> bool:
    """Table `old`: identifier and customer in the generation before, if there is one."""
    if work.store.current() is None:
        return False
    before = work.store.generation()
    work.next_customer = before.about["next_customer"]
    work.lineage = tuple(before.about["lineage"])
    sql = f"SELECT identifier, customer FROM {scan([before.folder / 'memberships.parquet'])}"
    work.engine.make("old", sql)
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


def _in_order(work: Work, group: Int32, labels: Int32, first_seen: Int64) -> Int32:
    """Labels by first sighting; those first seen at one moment by their least identifier (kind, then value)."""
    import pyarrow as pa

    order = np.argsort(first_seen)
    labels, first_seen = labels[order], first_seen[order]
    same = first_seen[1:] == first_seen[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    if not tied.size:
        return labels
    among = np.zeros(group.size, np.bool_)
    among[labels[tied]] = True
    members = np.flatnonzero((group >= 0) & among[group]).astype(np.int32)
    work.engine.put("_tied", pa.table({"no": members, "label": group[members]}))
    ranked = work.engine.arrow(
        "SELECT label, row_number() OVER (ORDER BY least) AS rank FROM (SELECT t.label, min(s.kind || chr(31) || s.raw) AS least"
        " FROM _tied t JOIN spellings s USING (no) GROUP BY t.label)"
    )
    work.engine.drop("_tied")
    rank = np.zeros(group.size, np.int64)
    rank[ranked.column("label").to_numpy()] = ranked.column("rank").to_numpy()
    labels[tied] = labels[tied][np.lexsort((rank[labels[tied]], first_seen[tied]))]
    return labels


def _write_lineage(work: Work, numbers: Int32, *, previous: bool) -> None:
    """What happened to ids in this generation, in a file of its own beside those of earlier ones."""
    number = work.draft.number
    relative = f"lineage/{number:06d}.parquet"
    work.lineage = (*work.lineage, relative)
    if not previous:
        work.engine.write_later(_all_created(numbers, number), work.store.folder / relative)
        return
    created = "SELECT customer, 'created' AS change, NULL::INTEGER AS other, 'first seen' AS why FROM newborn"
    parts = [
        created + " WHERE label NOT IN (SELECT m.label FROM members m JOIN old o ON m.no = o.identifier)",
        """SELECT n.customer, 'split', min(o.customer), 'identifiers of one customer are no longer held together'
           FROM newborn n JOIN members m USING (label) JOIN old o ON m.no = o.identifier GROUP BY n.customer""",
        """SELECT c.customer, 'merged', h.customer, 'evidence joined two customers; the older id stays'
           FROM claims c JOIN heirs h USING (label) WHERE c.customer <> h.customer""",
        """SELECT DISTINCT o.customer, 'retired', NULL::INTEGER, 'none of its identifiers stands for a person any more'
           FROM old o ANTI JOIN claims c USING (customer)""",
    ]
    work.engine.write(
        f"SELECT customer, change, other, {number} AS generation, why FROM ({' UNION ALL '.join(parts)}) ORDER BY customer, change, other",
        work.store.folder / relative,
    )


def _all_created(numbers: Int32, generation: int) -> pa.Table:
    """Lineage of a store's first generation."""
    import pyarrow as pa

    same = np.zeros(numbers.size, np.int8)
    return pa.table(
        {
            "customer": numbers,
            "change": pa.DictionaryArray.from_arrays(same, ["created"]),
            "other": pa.nulls(numbers.size, pa.int32()),
            "generation": np.full(numbers.size, generation, np.int32),
            "why": pa.DictionaryArray.from_arrays(same, ["first seen"]),
        }
    )
