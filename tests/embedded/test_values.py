"""The index of values: built and searched with the same hash, finds each value, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scvgraph.embedded.kernel_hash import hashes
from scvgraph.embedded.values import ValueIndex, value_hash, write_values
from scvgraph.engine import Engine
from scvgraph.errors import StoreError

TABLES = {
    "identifiers": "SELECT range::INTEGER AS no, 'email' AS kind, 'v' || (range // 2) AS value FROM range({n})",
    "customers": "SELECT range::INTEGER AS customer, 'C' || range AS id FROM range({n})",
    "lineage": "SELECT 'C9' AS id, 'merged' AS change, 'C1' AS other, 2 AS generation, '' AS why, NULL AS identifier UNION ALL SELECT 'C1', 'created', NULL, 1, '', NULL",
}


@pytest.fixture
def write(tmp_path):
    def write(rows):
        with Engine(threads=1) as engine:
            for table, sql in TABLES.items():
                engine.view(table, sql.format(n=rows))
            write_values(engine, tmp_path / "values.index")
        return ValueIndex(tmp_path / "values.index")

    return write


@given(st.lists(st.text(max_size=20).filter(lambda text: "\x00" not in text), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_compiled_hash_is_the_plain_one(values):
    """The kernel that builds the file and the loop that reads it agree, whatever the letters."""
    encoded = [f"email\x1f{value}".encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    found = hashes(np.frombuffer(b"".join(encoded), np.uint8), ends)
    assert found.tolist() == [value_hash("email", value) for value in values]


def test_hash_is_the_published_one():
    """FNV-1a of 64 bits, by its definition, for the one byte that parts kind and value."""
    assert value_hash("", "") == (0xCBF29CE484222325 ^ 0x1F) * 0x100000001B3 % 2**64


@pytest.mark.parametrize("rows", [0, 1, 2, 1001])
def test_finds_every_number_of_a_value(write, rows):
    """Two identifiers share each value here: both numbers come back, and none for a stranger."""
    index = write(rows)
    for number in range(rows):
        assert number in index.find("identifiers", "email", f"v{number // 2}")
        assert index.find("customers", "", f"C{number}") == [number]
    assert index.find("identifiers", "email", "stranger") == []
    assert index.find("identifiers", "phone", "v0") == []
    index.close()


def test_lineage_is_found_by_either_name(write):
    """A change is found under the id that went and under the id that took it over; creation is no change."""
    index = write(1)
    assert index.find("lineage", "", "C9") == index.find("lineage", "", "C1") == [0]
    index.close()


def test_refuses_a_foreign_file(tmp_path):
    """A file without our mark is said to be foreign, not searched."""
    path = tmp_path / "values.index"
    path.write_bytes(b"something else entirely")
    with pytest.raises(StoreError, match="rebuild"):
        ValueIndex(path)
