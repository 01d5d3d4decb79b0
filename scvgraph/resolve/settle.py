"""Stage settle: groups become customers with ids for keeps, and everything about identifiers and links is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.confidence import confidences, held_by
from scvgraph.resolve.ids import assign_customers
from scvgraph.resolve.kernel_best import members
from scvgraph.resolve.links import write_links
from scvgraph.resolve.refusals import write_refused
from scvgraph.weights import MILLION
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.resolve.confidence import Held

    Int32 = npt.NDArray[np.int32]


def settle(work: Work) -> Counts:
    """Make tables identifiers, links, refused_links, memberships, lineage of the generation."""
    solution = work.solution
    _mark(work)
    customers = assign_customers(work, solution.label, solution.active)
    _write_identifiers(work)
    write_links(work)
    refused = write_refused(work)
    _write_memberships(work)
    shared = int(work.engine.one("SELECT count(*) FROM marks WHERE status = 'shared'"))
    return {"customers": customers, "refused_links": refused, "shared": shared}


def _mark(work: Work) -> None:
    """Table `marks`: identifier, status and why, of all that are not ok."""
    import pyarrow as pa

    shared = work.solution.shared
    schema = pa.schema([("identifier", pa.int32()), ("why", pa.string())])
    blamed = {"identifier": list(shared), "why": list(shared.values())}
    work.engine.put("blamed", pa.table(blamed, schema=schema))
    work.engine.make(
        "marks",
        "SELECT identifier, 'placeholder' AS status, why FROM placeholders"
        " UNION ALL SELECT identifier, 'shared', min(why) FROM (SELECT * FROM hubs UNION ALL SELECT * FROM blamed)"
        " WHERE identifier NOT IN (SELECT identifier FROM placeholders) GROUP BY identifier",
    )


def _write_identifiers(work: Work) -> None:
    import pyarrow as pa

    marks = work.engine.arrow("SELECT identifier, status, why FROM marks ORDER BY identifier")
    counted = work.counted
    number = counted.column("no").to_numpy()
    marked = marks.column("identifier").to_numpy()
    place = np.searchsorted(number, marked)
    seen = place < number.size
    seen[seen] = number[place[seen]] == marked[seen]
    status, why = np.zeros(number.size, np.int8), np.full(number.size, -1, np.int32)
    status[place[seen]] = np.where(
        np.asarray(marks.column("status").to_pylist(), object)[seen] == "shared", 2, 1
    )
    why[place[seen]] = np.flatnonzero(seen)
    columns = {
        "no": counted.column("no"),
        "status": pa.DictionaryArray.from_arrays(status, ["ok", "placeholder", "shared"]),
        "why": pa.DictionaryArray.from_arrays(
            pa.array(why, mask=why < 0), marks.column("why").combine_chunks()
        ),
        **{name: counted.column(name) for name in ("count", "first_seen", "last_seen")},
    }
    work.engine.write_later(pa.table(columns), work.draft.path("identifiers"))


def _write_memberships(work: Work) -> None:
    must = work.solution.must
    decided = np.unique(must[work.solution.active[must].all(axis=1)])
    found = work.customer_of, held_by(work), decided
    work.engine.write_later(lambda: _memberships(*found), work.draft.path("memberships"))


def _memberships(customer_of: Int32, held: Held, decided: Int32) -> pa.Table:
    """Table memberships. decided: identifiers, ascending, that a person's word links."""
    import pyarrow as pa

    identifier, customer, sure = members(customer_of, confidences(held))
    confidence = np.where(sure < 0, MILLION, sure)
    basis = (sure >= 0).astype(np.int8)
    place = np.searchsorted(identifier, decided)
    confidence[place], basis[place] = MILLION, 2
    none = pa.nulls(identifier.size, pa.timestamp("us"))
    return pa.table(
        {
            "identifier": identifier,
            "customer": customer,
            "valid_from": none,
            "valid_to": none,
            "confidence": confidence / MILLION,
            "basis": pa.DictionaryArray.from_arrays(basis, ["alone", "linked", "decision"]),
        }
    )
