"""scvgraph export: any table, the same bytes each time, whole or not at all."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from graph_world import scvgraph, world
from scvgraph.tables import TABLES

__all__ = ["scvgraph", "world"]


@pytest.mark.parametrize("table", TABLES)
def test_every_table(scvgraph, tmp_path, table):
    """CSV and Parquet hold the same rows under the declared columns; twice gives the same bytes."""
    for suffix in (".csv", ".parquet"):
        path = tmp_path / f"{table}{suffix}"
        result = scvgraph("export", table, "--to", str(path), "--json")
        assert result.exit_code == 0, result.output
        first = path.read_bytes()
        scvgraph("export", table, "--to", str(path))
        assert path.read_bytes() == first
    rows = list(csv.DictReader((tmp_path / f"{table}.csv").open(encoding="utf-8")))
    stored = pq.read_table(tmp_path / f"{table}.parquet")
    assert json.loads(result.output) == {"table": table, "file": str(path), "rows": stored.num_rows}
    assert len(rows) == stored.num_rows
    assert {column.name for column in TABLES[table].columns} <= set(stored.column_names)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{table}.csv", f"{table}.parquet"]


@pytest.mark.parametrize(
    ("table", "file", "said"),
    [
        ("people", "x.csv", "there are: blocks"),
        ("customers", "x.xlsx", ".csv or .parquet"),
        ("customers", "no/x.csv", "no folder"),
    ],
)
def test_refusals(scvgraph, tmp_path, table, file, said):
    result = scvgraph("export", table, "--to", str(tmp_path / file))
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(tmp_path.iterdir())


def test_help_names_every_table(scvgraph):
    output = " ".join(scvgraph("export", "--help").output.split())
    assert all(table in output for table in TABLES)
