"""Where things are kept: the append-only ledger, finished generations, one writer's lock."""

from scvgraph.store.generation import Draft, Generation
from scvgraph.store.ledger import FileEntry, Ledger, Segment
from scvgraph.store.store import Store

__all__ = ["Draft", "FileEntry", "Generation", "Ledger", "Segment", "Store"]
