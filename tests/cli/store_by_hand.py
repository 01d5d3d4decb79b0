"""A store of five rows, written file by file as the pipeline would: for commands that only read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from scvgraph.store import FileEntry, Ledger, Segment, Store
from scvgraph.store.generation import FILES
from scvgraph.tables import TABLES

_TYPES = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us")}  # fmt: skip
_OWN = {
    "cleaned": (("spelling", pa.int32()), ("identifier", pa.int32())),
    "rules": (("kind", pa.string()), ("rule", pa.string()), ("weight", pa.float64())),
    "owners": (("row", pa.int64()), ("customer", pa.int32()), ("basis", pa.string())),
}
_SEGMENT = (("file", pa.int32()), ("key", pa.string()), ("ts", pa.timestamp("us")), ("kind", pa.string()), ("first_name", pa.string()), ("i0", pa.int32()))  # fmt: skip
_MAIL = ("ann@x.com", "bob@x.com")


def make_store(folder):
    """Source crm: rows k1 to k4 of two customers, k5 of none; the ledger's column e_mail holds the addresses."""
    store = Store.create(folder)
    _ledger(store.ledger())
    draft = store.draft()
    tables = {
        "identifiers": [{"no": n, "kind": "email", "value": mail, "status": "ok", "count": 2} for n, mail in enumerate(_MAIL)],
        "owners": [{"row": n, "customer": customer, "basis": "email" if customer else "none"} for n, customer in enumerate((1, 1, 2, 2, None))],
        "customers": [{"customer": n, "id": f"cus_{n}", "identifiers": 1, "rows": 2} for n in (1, 2)],
    }  # fmt: skip
    for table in FILES:
        fields = _OWN.get(table) or [(c.name, _TYPES[c.type]) for c in TABLES[table].columns]
        pq.write_table(
            pa.Table.from_pylist(tables.get(table, []), schema=pa.schema(fields)), draft.path(table)
        )
    lineage = pa.schema([(c.name, _TYPES[c.type]) for c in TABLES["lineage"].columns])
    pq.write_table(pa.Table.from_pylist([], schema=lineage), folder / "lineage" / "1.parquet")
    store.publish(draft, {"batch": 1, "lineage": ["lineage/1.parquet"]})
    return store


def _ledger(ledger: Ledger) -> None:
    batch = ledger.new_batch_folder()
    rows = [
        {"file": 1, "key": f"k{n + 1}", "ts": datetime(2026, 1, n + 1), "kind": "record", "first_name": "Ann", "i0": n // 2 if n < 4 else None}  # noqa: DTZ001
        for n in range(5)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(_SEGMENT)), batch / "crm.parquet")
    spelled = pa.table({"no": pa.array([0, 1], pa.int32()), "kind": ["email"] * 2, "raw": list(_MAIL)})
    pq.write_table(spelled, batch / "spellings.parquet")
    place = batch.name
    replace(
        ledger,
        batch=1,
        next_row=5,
        next_spelling=2,
        files=(FileEntry(1, 1, "crm", "crm.csv", "0" * 64, "m", 5, 5, 0, 0, 0),),
        segments=(
            Segment(
                f"{place}/crm.parquet",
                1,
                "crm",
                "records",
                True,
                0,
                5,
                (("email", "e_mail"),),
                ("first_name",),
            ),
        ),
        spellings=(f"{place}/spellings.parquet",),
    ).commit(batch)
