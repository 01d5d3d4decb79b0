"""The one place that speaks to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scvgraph.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_may_be_made_while_it_is_written(tmp_path: Path) -> None:
    """A function given in place of a table is called, and what it returns stands in the file once all is finished."""
    table = pa.table({"a": [1, 2, 3]})
    with Engine(threads=2) as engine:
        engine.write_later(table, tmp_path / "ready.parquet")
        engine.write_later(lambda: table, tmp_path / "made.parquet")
        engine.finish()
    assert pq.read_table(tmp_path / "ready.parquet") == pq.read_table(tmp_path / "made.parquet")


def test_what_goes_wrong_while_a_table_is_made_is_told(tmp_path: Path) -> None:
    """An error raised beside the caller reaches it when it waits for what is written."""
    with Engine(threads=2) as engine:
        engine.write_later(lambda: pa.table({"a": [1 // 0]}), tmp_path / "made.parquet")
        with pytest.raises(ZeroDivisionError):
            engine.finish()
