"""A store: a folder with a ledger, generations and a lock. See docs/architecture.md for its layout."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scvgraph.errors import StoreError, StoreMissing, StoreTooNew
from scvgraph.store.atomic import ASIDE, damaged, read_json, sync_folder, sync_tree, write_json
from scvgraph.store.generation import Draft, Generation
from scvgraph.store.ledger import Ledger
from scvgraph.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
                with writing(folder, "create"):
                    write_json(folder / "store.json", {"format": FORMAT})
        except OSError as error:
            cure = "set `store` in [project] to a folder you may write, with room in it"
            raise StoreError(f"cannot make a store at {folder}: {error.strerror}; {cure}") from None
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Store:
        about = folder / "store.json"
        if not about.exists():
            raise StoreMissing(f"no store at {folder}; make one with `scvgraph run`")
        said = read_json(about)
        if not isinstance(said, dict) or not isinstance(said.get("format"), int):
            raise damaged(about, "no format")
        if said["format"] > FORMAT:
            raise StoreTooNew(
                f"{folder} was written by a later version of scvgraph; upgrade with `pip install -U scvgraph`"
            )
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
            raise StoreMissing(
                f"{self.folder} holds no finished generation yet; finish one with `scvgraph run`"
            )
        folder = self.folder / "generations" / f"{number:06d}"
        if not folder.exists():
            raise StoreMissing(f"generation {number} is not kept any more")
        about = read_json(folder / "generation.json")
        ledger = self.ledger().upto(about["batch"], about["policy"]["sources"])
        return Generation(number, folder, ledger, about)

    @contextmanager
    def writer(self, what: str) -> Iterator[None]:
        """Hold the write lock; what a killed run left is swept away before, what this one leaves after."""
        with writing(self.folder, what):
            self._sweep()
            try:
                yield
            finally:
                self._sweep()

    def _sweep(self) -> None:
        """Take away all that no finished batch or generation counts as its own."""
        current = self.current() or 0
        self.ledger().sweep()
        for folder in (self.folder / "generations").iterdir():
            if not folder.is_dir():
                continue  # not ours
            if not folder.name.isdigit() or not current - KEPT_GENERATIONS < int(folder.name) <= current:
                shutil.rmtree(folder)
        for file in (self.folder / "lineage").iterdir():
            if not file.stem.isdigit() or int(file.stem) > current:
                file.unlink()
        for file in self.folder.glob(f"*{ASIDE}"):
            file.unlink()
        shutil.rmtree(self.spill, ignore_errors=True)

    def draft(self) -> Draft:
        number = (self.current() or 0) + 1
        folder = self.folder / "generations" / f"draft-{number:06d}"
        folder.mkdir()
        return Draft(number, folder)

    def publish(self, draft: Draft, about: dict[str, Any]) -> Generation:
        """Make a draft the current generation: flush, rename, switch the pointer. The writer drops the oldest at its end."""
        write_json(
            draft.folder / "generation.json", {"generation": draft.number, **about, "stages": draft.report}
        )
        sync_tree(draft.folder)
        sync_tree(self.folder / "lineage")
        final = self.folder / "generations" / f"{draft.number:06d}"
        draft.folder.rename(final)
        sync_folder(final.parent)
        write_json(self.folder / "current.json", {"generation": draft.number})
        return self.generation(draft.number)

    @property
    def spill(self) -> Path:
        return self.folder / "spill"
