"""Customer ids are for keeps: which group inherits which id, which ids are new, and what became of the others.

An old customer's id goes with the group that holds most of its old identifiers; where several ids meet in one
group the oldest (the least number) survives and the others are merged into it. A customer none of whose identifiers
is left is retired and remembered with its last ones: when more than half of them are back in one group that no
living customer claims, it has its id again. Groups without an heir get new numbers, in order of first sighting.
Ties are broken by content, never by storage numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.engine import scan
from scvgraph.seen import earliest
from scvgraph.work import Work

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

RETIRED = "retired"  # the file in which a generation remembers retired customers


@dataclass(frozen=True, slots=True)
class _Held:
    """Identifiers and, beside each, the customer it is or was of."""

    identifier: Int32
    customer: Int32

    @classmethod
    def read(cls, work: Work, path: Path) -> _Held:
        if not path.exists():
            return cls(np.empty(0, np.int32), np.empty(0, np.int32))
        found = work.engine.arrow(f"SELECT identifier, customer FROM {scan([path])}")
        return cls(found.column("identifier").to_numpy(), found.column("customer").to_numpy())

    def only(self, wanted: Bool) -> _Held:
        return _Held(self.identifier[wanted], self.customer[wanted])

    def table(self) -> pa.Table:
        import pyarrow as pa

        return pa.table({"identifier": self.identifier, "customer": self.customer})


@dataclass(frozen=True, slots=True)
class _Before:
    """The generation before: who held what, and what customers retired by then held last."""

    old: _Held
    retired: _Held


def assign_customers(work: Work, label: Int32, active: Bool) -> int:
    """Set `work.customer_of`, write this generation's lineage; returns the number of customers."""
    engine = work.engine
    group = np.where(active, label, np.int32(-1))
    labels = np.flatnonzero(group == np.arange(group.size, dtype=np.int32)).astype(np.int32)
    first_seen = earliest(group, work.seen)[labels]
    of_label = np.full(label.size, -1, np.int32)
    before = _before(work)
    if before is not None:
        _inherit(work, before, label, active)
        heirs = engine.arrow("SELECT label, customer FROM heirs")
        of_label[heirs.column("label").to_numpy()] = heirs.column("customer").to_numpy()
    unborn = of_label[labels] < 0
    newborn = _in_order(work, group, labels[unborn], first_seen[unborn])
    numbers = np.arange(work.next_customer, work.next_customer + newborn.size, dtype=np.int32)
    of_label[newborn] = numbers
    work.customer_of = np.where(active, of_label[label], np.int32(-1))
    _write_lineage(work, numbers, before, active)
    work.next_customer += newborn.size
    engine.drop("members", "heirs", "claims", "returned")
    return int(labels.size)


def _before(work: Work) -> _Before | None:
    """What the generation before knew, if there is one."""
    if work.store.current() is None:
        return None
    before = work.store.generation()
    work.next_customer = before.about["next_customer"]
    work.lineage = tuple(before.about["lineage"])
    return _Before(
        _Held.read(work, before.folder / "memberships.parquet"),
        _Held.read(work, before.folder / f"{RETIRED}.parquet"),
    )


def _inherit(work: Work, before: _Before, label: Int32, active: Bool) -> None:
    """Table `heirs`: which group keeps which id. `claims`, `returned`: the best group of every customer of the
    generation before, and of every retired one most of whose identifiers are back.
    """
    import pyarrow as pa

    engine = work.engine
    members = np.flatnonzero(active).astype(np.int32)
    engine.put("members", pa.table({"no": members, "label": label[members]}))
    _claim(work, "claims", before.old)
    retired = before.retired
    _claim(work, "returned", retired.only(active[retired.identifier]))
    engine.show("_retired", retired.table())
    engine.make(
        "returned",
        "SELECT r.customer, r.label FROM returned r JOIN (SELECT customer, count(*) AS total FROM _retired"
        " SEMI JOIN returned USING (customer) GROUP BY customer) t USING (customer) WHERE 2 * r.n > t.total",
    )
    engine.con.unregister("_retired")
    engine.make(
        "heirs",
        "SELECT label, min(customer) AS customer FROM claims GROUP BY label UNION ALL"
        " SELECT label, min(customer) FROM returned ANTI JOIN claims USING (label) GROUP BY label",
    )


def _claim(work: Work, table: str, held: _Held) -> None:
    """A table (customer, label, n): for every customer the group that holds most of its identifiers, and how many."""
    work.engine.put("_held", held.table())
    work.engine.make(
        table,
        """SELECT customer, label, n FROM (
             SELECT h.customer, m.label, count(*) AS n, min(c.first_seen) AS first_seen, min(s.kind || chr(31) || s.raw) AS least
             FROM _held h JOIN members m ON h.identifier = m.no JOIN counted c ON m.no = c.no JOIN spellings s ON m.no = s.no
             GROUP BY h.customer, m.label)
           QUALIFY row_number() OVER (PARTITION BY customer ORDER BY n DESC, first_seen, least) = 1""",
    )
    work.engine.drop("_held")


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


def _write_lineage(work: Work, numbers: Int32, before: _Before | None, active: Bool) -> None:
    """What happened to ids in this generation, in a file of its own beside those of earlier ones."""
    number = work.draft.number
    relative = f"lineage/{number:06d}.parquet"
    work.lineage = (*work.lineage, relative)
    if before is None:
        work.engine.write_later(_all_created(numbers, number), work.store.folder / relative)
        return
    _changes(work, numbers, before.old, active)
    work.engine.write(
        f"SELECT customer, change, other, {number} AS generation, why, identifier FROM ({_CHANGES})"
        " ORDER BY customer, change, other, identifier",
        work.store.folder / relative,
    )
    _remember(work, before, active)
    work.engine.drop("moves", "newborn", "gone", "merged", "split")


def _changes(work: Work, numbers: Int32, old: _Held, active: Bool) -> None:
    """Tables of what changed, none longer than the change itself: `newborn`, `gone` (customers without identifiers),
    `moves` (an identifier's customer before and now), and what sums those up: `merged`, `split`.
    """
    import pyarrow as pa

    engine = work.engine
    now = work.customer_of[old.identifier]
    moved = (now >= 0) & (now != old.customer)
    engine.put("newborn", pa.table({"customer": numbers}))
    engine.put("gone", pa.table({"customer": np.unique(_gone(old, active).customer)}))
    engine.put("moves", old.only(moved).table().append_column("other", pa.array(now[moved])))
    engine.make(
        "merged",
        """SELECT c.customer, h.customer AS other, c.why FROM (
             SELECT customer, label, 'evidence joined two customers; the older id stays' AS why FROM claims
             UNION ALL SELECT customer, label, 'most of its identifiers came back as part of another customer' FROM returned) c
           JOIN heirs h USING (label) WHERE c.customer <> h.customer""",
    )
    engine.make(
        "split",
        "SELECT other AS customer, min(customer) AS other FROM moves SEMI JOIN newborn n ON other = n.customer GROUP BY ALL",
    )


# A move is told of by itself only where no merger or split says it of the whole customer.
_CHANGES = """
SELECT customer, 'created' AS change, NULL::INTEGER AS other, 'first seen' AS why, NULL::INTEGER AS identifier
FROM newborn ANTI JOIN split USING (customer)
UNION ALL SELECT customer, 'split', other, 'identifiers of one customer are no longer held together', NULL FROM split
UNION ALL SELECT customer, 'merged', other, why, NULL FROM merged
UNION ALL SELECT customer, 'moved', other, 'evidence now holds it with the other customer', identifier FROM moves
          ANTI JOIN merged USING (customer, other)
          ANTI JOIN split s ON moves.other = s.customer AND moves.customer = s.other
UNION ALL SELECT customer, 'revived', NULL, 'most of its identifiers came back', NULL FROM returned SEMI JOIN heirs USING (customer)
UNION ALL SELECT customer, 'retired', NULL, 'none of its identifiers stands for a person any more', NULL FROM gone"""


def _gone(old: _Held, active: Bool) -> _Held:
    """What customers held none of whose identifiers is left."""
    alive = np.zeros(int(old.customer.max(initial=0)) + 1, np.bool_)
    alive[old.customer[active[old.identifier]]] = True
    return old.only(~alive[old.customer])


def _remember(work: Work, before: _Before, active: Bool) -> None:
    """What retired customers held last: those of before that did not come back, and those of now."""
    import pyarrow as pa

    back = work.engine.arrow("SELECT DISTINCT customer FROM returned").column("customer").to_numpy()
    parts = [before.retired.only(~np.isin(before.retired.customer, back)), _gone(before.old, active)]
    remembered = pa.concat_tables([part.table() for part in parts])
    work.engine.write_later(remembered, work.draft.path(RETIRED))


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
            "identifier": pa.nulls(numbers.size, pa.int32()),
        }
    )
