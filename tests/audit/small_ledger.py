"""A small ledger in an engine, table by table, for the audit to look at."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa

from scvgraph.engine import Engine
from scvgraph.tables import TABLES

NOW = datetime(2026, 7, 1)  # noqa: DTZ001
_TYPES = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us")}  # fmt: skip


class Small:
    """Collects rows, then names them as tables.

    `see` adds a row of a source with identifiers {(column, kind): value}; statuses are set by (kind, value).
    """

    def __init__(self):
        self.engine = Engine(threads=1)
        self.tables = {"records": [], "events": [], "sightings": [], "rejects": [], "files": [], "rows": []}
        self.tables |= {"blocks": [], "comparisons": []}
        self.numbers = {}
        self.status = {}
        self.traits = []

    def see(
        self,
        source,
        identifiers=(),
        at=NOW - timedelta(days=1),
        shape="events",
        customer="c1",
        basis="email",
        **traits,
    ):
        row = len(self.tables["rows"]) + 1
        self.tables[shape].append(
            {"row": row, "source": source, "key": str(row), "ts": at, "kind": "x", **traits}
        )
        self.tables["rows"].append(
            {"row": row, "source": source, "key": str(row), "customer": customer, "basis": basis}
        )
        self.traits += [trait for trait in traits if trait not in self.traits]
        for (column, kind), value in dict(identifiers).items():
            number = self.numbers.setdefault((kind, value), len(self.numbers) + 1)
            self.tables["sightings"].append(
                {"row": row, "source": source, "column": column, "identifier": number, "ts": at}
            )

    def refuse(self, source, column, reason, text, count=1):
        self.tables["rejects"].append(
            {
                "source": source,
                "column": column,
                "reason": reason,
                "text": text,
                "count": count,
                "current": True,
            }
        )

    def named(self):
        """The engine, with every table the audit reads."""
        for table, rows in self.tables.items():
            self._put(table, rows, self.traits if table in ("records", "events") else [])
        identifiers = [
            {
                "no": no,
                "kind": kind,
                "value": value,
                "status": self.status.get((kind, value), "ok"),
                "count": 1,
            }
            for (kind, value), no in self.numbers.items()
        ]
        self._put("identifiers", identifiers, [])
        spelled = [(no, kind, value) for (kind, value), no in self.numbers.items()]
        columns = list(zip(*spelled, strict=True)) or [[], [], []]
        self.engine.put(
            "spellings",
            pa.table({"no": pa.array(columns[0], pa.int32()), "kind": pa.array(columns[1], pa.string()), "raw": pa.array(columns[2], pa.string())}),
        )  # fmt: skip
        self.engine.make("cleaned", "SELECT 0 AS spelling, 0 AS identifier WHERE false")
        return self.engine

    def _put(self, table, rows, traits):
        fields = [(column.name, _TYPES[column.type]) for column in TABLES[table].columns]
        schema = pa.schema([*fields, *((trait, pa.string()) for trait in traits)])
        self.engine.put(table, pa.Table.from_pylist(rows, schema=schema))
