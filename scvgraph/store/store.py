"""A store: a folder with a ledger, generations and a lock. See docs/architecture.md for its layout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scvgraph.errors import StoreError, StoreMissing, StoreTooNew
from scvgraph.store.atomic import read_json, sync_tree, write_json
from scvgraph.store.generation import Draft, Generation
from scvgraph.store.ledger import Ledger
from scvgraph.store.lock import writing

FORMAT = 1
KEPT_GENERATIONS = 2  # the current one, and the one before for readers that opened it


class Store:
    """A store on disk. Make one with `Store.create`, open one with `Store.open`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path) -> Store:
        """The store in a folder, made if there is none."""
        try:
            for part in ("ledger", "generations", "lineage"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            if not (folder / "store.json").exists():
                write_json(folder / "store.json", {"format": FORMAT})
        except OSError as error:
            raise StoreError(f"cannot make a store at {folder}: {error.strerror}") from None
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Store:
        about = folder / "store.json"
        if not about.exists():
            raise StoreMissing(f"no store at {folder}; make one with `scvgraph run`")
        if read_json(about)["format"] > FORMAT:
            raise StoreTooNew(f"{folder} was written by a later version of scvgraph; upgrade with `pip install -U scvgraph`")
        return cls(folder)

    def ledger(self) -> Ledger:
        return Ledger.read(self.folder / "ledger")

    def current(self) -> int | None:
        """Number of the current generation, None before the first."""
        pointer = self.folder / "current.json"
        return int(read_json(pointer)["generation"]) if pointer.exists() else None

    def generation(self, number: int | None = None) -> Generation:
        """The current generation, or one that is still kept."""
        number = self.current() if number is None else number
        if number is None:
            raise StoreMissing(f"{self.folder} holds no finished generation yet; finish one with `scvgraph run`")
        folder = self.folder / "generations" / f"{number:06d}"
        if not folder.exists():
            raise StoreMissing(f"generation {number} is not kept any more")
        about = read_json(folder / "generation.json")
        return Generation(number, folder, self.ledger().upto(about["batch"]), about)

    @contextmanager
    def writer(self, what: str) -> Iterator[None]:
        """Hold the write lock, having swept away what a killed run left."""
        with writing(self.folder, what):
            current = self.current() or 0
            for litter in (self.folder / "generations").iterdir():
                if litter.name.startswith("draft-") or int(litter.name) > current:
                    shutil.rmtree(litter)
            yield

    def draft(self) -> Draft:
        number = (self.current() or 0) + 1
        folder = self.folder / "generations" / f"draft-{number:06d}"
        folder.mkdir()
        return Draft(number, folder)

    def publish(self, draft: Draft, about: dict[str, Any]) -> Generation:
        """Make a draft the current generation: flush, rename, switch the pointer, drop the oldest."""
        write_json(draft.folder / "generation.json", {"generation": draft.number, **about, "stages": draft.report})
        sync_tree(draft.folder)
        final = self.folder / "generations" / f"{draft.number:06d}"
        draft.folder.rename(final)
        write_json(self.folder / "current.json", {"generation": draft.number})
        for old in (self.folder / "generations").iterdir():
            if not old.name.startswith("draft-") and int(old.name) <= draft.number - KEPT_GENERATIONS:
                shutil.rmtree(old)
        return self.generation(draft.number)

    @property
    def spill(self) -> Path:
        return self.folder / "spill"
