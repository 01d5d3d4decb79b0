"""Small JSON files replaced in one step, so that a reader sees the old or the new and never a part."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from scvgraph.errors import StoreError

ASIDE = ".new"  # ends the name of a file not yet renamed


def write_json(path: Path, value: Any) -> None:
    """Write, flush to the disk, rename over the old file, flush the folder."""
    aside = path.with_name(path.name + ASIDE)
    with aside.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Flush every file below a folder to the disk, and the folders themselves."""
    for place, _, files in os.walk(folder):
        for file in files:
            handle = os.open(os.path.join(place, file), os.O_RDONLY)  # noqa: PTH118
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        sync_folder(Path(place))


def read_json(path: Path) -> Any:
    """Raises StoreError if there is no such file, it may not be read, or it is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except PermissionError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}; have its permissions corrected") from None
    except (OSError, ValueError) as error:
        raise damaged(path, getattr(error, "strerror", None) or "not JSON") from None


def damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"{path} is damaged ({why}); restore the store from a backup, or remove it and run again"
    )
