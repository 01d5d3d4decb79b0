"""Which files a source means, and what identifies a file's content."""

from __future__ import annotations

import glob
import hashlib
from dataclasses import dataclass
from pathlib import Path

from scvgraph.config.project import Source
from scvgraph.errors import SourceError

SUFFIXES = {
    "csv": ("csv", "tsv", "txt", "psv"),
    "jsonl": ("jsonl", "ndjson", "json"),
    "parquet": ("parquet", "pq"),
}
_PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source. `label` is its name as messages and rejects say it, relative to the project."""

    path: Path
    label: str
    format: str
    sha256: str = ""


def find(source: Source, folder: Path) -> list[SourceFile]:
    """The files a source names (files, folders, patterns), each once, by name. Raises SourceError if there is none."""
    found: dict[Path, SourceFile] = {}
    for pattern in source.files:
        matches = sorted(_matches(folder, pattern))
        if not matches:
            raise SourceError(f"source {source.name}: no file matches '{pattern}' in {folder}; correct `files` in the project file")
        for path in matches:
            label = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
            found[path] = SourceFile(path, label, source.reading.format or _format(path, source))
    return list(found.values())


def _matches(folder: Path, pattern: str) -> list[Path]:
    place = folder / pattern
    if place.is_dir():
        known = tuple("." + suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
        return [path for path in place.rglob("*") if path.is_file() and _bare(path).endswith(known)]
    if place.is_file():
        return [place]
    return [Path(match) for match in glob.glob(str(place), recursive=True) if Path(match).is_file()]  # noqa: PTH207


def _bare(path: Path) -> str:
    lower = path.name.lower()
    return next((lower.removesuffix(packed) for packed in _PACKED if lower.endswith(packed)), lower)


def _format(path: Path, source: Source) -> str:
    suffix = _bare(path).rpartition(".")[2]
    for name, suffixes in SUFFIXES.items():
        if suffix in suffixes:
            return name
    raise SourceError(
        f"source {source.name}: cannot tell what {path.name} is; add format = \"csv\", \"jsonl\" or \"parquet\" to [sources.{source.name}]"
    )


def fingerprint(file: SourceFile) -> str:
    """SHA-256 of a file's bytes. Raises SourceError if it cannot be read."""
    try:
        with file.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot read {file.label}: {error.strerror}") from None
