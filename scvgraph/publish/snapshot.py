"""What the store remembers of a publication: of each node and relationship its number and a hash, no value.

A publication has a name (a random one) that the database knows, too: only if both agree is the difference between two
generations what the database lacks. Folder: `published/NAME/` in the store.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scvgraph.store.atomic import read_json, write_json

if TYPE_CHECKING:
    from scvgraph.store import Store


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One publication. base: the one it differs from, None if it begins anew. epoch: how often that has happened.

    hasher: which release made the hashes; those of two releases cannot be compared.
    """

    name: str
    generation: int
    epoch: int
    base: str | None
    touchpoints: str
    hasher: str

    def same_work(self, other: Snapshot) -> bool:
        """Whether both lead from the same state to the same state."""
        return asdict(self) | {"name": ""} == asdict(other) | {"name": ""}


class Snapshots:
    """The publications a store remembers."""

    def __init__(self, store: Store) -> None:
        self.folder = store.folder / "published"

    def path(self, snapshot: Snapshot | str, part: str) -> Path:
        name = snapshot if isinstance(snapshot, str) else snapshot.name
        return self.folder / name / f"{part}.parquet"

    def find(self, name: str | None) -> Snapshot | None:
        """The publication of a name; None if this store knows nothing of it."""
        if not name or not name.isalnum():
            return None
        about = self.folder / name / "about.json"
        return Snapshot(**read_json(about)) if about.exists() else None

    def begin(self, snapshot: Snapshot) -> None:
        """A folder for a new one; `finish` makes it known once its files are written."""
        (self.folder / snapshot.name).mkdir(parents=True, exist_ok=True)

    def finish(self, snapshot: Snapshot) -> None:
        write_json(self.folder / snapshot.name / "about.json", asdict(snapshot))

    def forget(self, name: str | None) -> None:
        if name and name.isalnum():
            shutil.rmtree(self.folder / name, ignore_errors=True)


def new_name() -> str:
    return secrets.token_hex(8)


def channels_of(path: Path) -> dict[str, int]:
    """Numbers of channels by name, as an earlier publication gave them."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
