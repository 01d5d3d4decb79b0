"""Generations as they are read, those made by earlier versions too."""

from __future__ import annotations

from graph_world import make_world
from scvgraph.api import open_view

SINCE = ("near_matches", "model_frequencies", "comparisons", "blocks", "relations", "households")


def test_tables_that_came_later_are_empty(tmp_path) -> None:
    """A generation made before some tables existed opens: they have their columns and no rows; a status says nothing
    of them.
    """
    store = make_world(tmp_path / "store", graph=False)
    for table in SINCE:
        (store.generation().folder / f"{table}.parquet").unlink()
    with open_view(store.folder) as view:
        for table in SINCE:
            found = view.table(table)
            assert len(found.columns) > 2
            assert found.empty
        status = view.status()
        assert not set(SINCE) & set(status.tables)
        assert (status.candidates.pairs, status.candidates.large) == (0, False)
        assert len(view.table("customers")) == status.tables["customers"]
