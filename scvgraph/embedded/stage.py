"""Stage embed: the generation as a graph file and an index of values, beside its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.embedded.build import build
from scvgraph.engine import Engine
from scvgraph.store.generation import attach

if TYPE_CHECKING:
    from scvgraph.work import Counts, Work


def embed(work: Work) -> Counts:
    """Make graph.lbug and values.index; reads the finished tables of the draft by name, in an engine of its own."""
    lineage = [work.store.folder / relative for relative in work.lineage]
    project = work.project
    with Engine(spill=work.store.spill, memory=project.memory, threads=project.threads) as engine:
        attach(engine, work.draft.folder, work.ledger, lineage)
        return build(engine, work.draft.folder, project.graph, work.tell)
