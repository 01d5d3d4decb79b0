"""Which files a source means, and what identifies a file's content."""

from __future__ import annotations

import glob
import hashlib
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scvgraph.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scvgraph.config.project import Source

SUFFIXES = {
    "csv": ("csv", "tsv", "txt", "psv"),
    "jsonl": ("jsonl", "ndjson", "json"),
    "parquet": ("parquet", "pq"),
}
_PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source. `label` is its name as messages and rejects say it, relative to the project; `stamp` its
    size and time of change when it was found.
    """

    path: Path
    label: str
    format: str
    sha256: str = ""
    stamp: tuple[int, int] | None = None


def find(source: Source, folder: Path) -> list[SourceFile]:
    """The files a source names (files, folders, patterns), each once, by name. Raises SourceError if there is none."""
    found: dict[Path, SourceFile] = {}
    for pattern in source.files:
        with read_errors(SourceFile(folder / pattern, pattern, "")):
            matches = sorted(_matches(folder, pattern))
        if not matches:
            raise SourceError(
                f"source {source.name}: no file matches '{pattern}' in {folder}{_why_none(folder / pattern)}; correct `files` in the project file"
            )
        for path in matches:
            label = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
            with read_errors(SourceFile(path, label, "")):
                found[path] = SourceFile(
                    path, label, source.reading.format or _format(path, source), stamp=_stamp(path)
                )
    return list(found.values())


def _why_none(place: Path) -> str:
    """What stands at a place that is no file, in brackets."""
    if place.is_dir():
        return f" (it is a folder without {', '.join(f'.{known[0]}' for known in SUFFIXES.values())} or such files)"
    if place.is_symlink() and not place.exists():
        return " (it is a link to nothing)"
    return " (it is no regular file)" if place.exists() else ""


def _matches(folder: Path, pattern: str) -> list[Path]:
    place = folder / pattern
    if place.is_dir():
        known = tuple("." + suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
        return [
            path
            for path in place.rglob("*")
            if path.is_file() and _bare(path).endswith(known) and not _hidden(path, place)
        ]
    if place.is_file():
        return [place]
    matches = glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 - the folder's own name is no pattern
    return [folder / match for match in matches if (folder / match).is_file()]


def _hidden(path: Path, place: Path) -> bool:
    """Whether other programs keep such names to themselves: ._crm.csv, .scvgraph/, _temporary/."""
    return any(part.startswith((".", "_")) for part in path.relative_to(place).parts)


def _bare(path: Path) -> str:
    lower = path.name.lower()
    return next((lower.removesuffix(packed) for packed in _PACKED if lower.endswith(packed)), lower)


def _format(path: Path, source: Source) -> str:
    suffix = _bare(path).rpartition(".")[2]
    for name, suffixes in SUFFIXES.items():
        if suffix in suffixes:
            return name
    raise SourceError(
        f'source {source.name}: cannot tell what {path.name} is; add format = "csv", "jsonl" or "parquet" to [sources.{source.name}]'
    )


def fingerprint(file: SourceFile) -> str:
    """SHA-256 of a file's bytes. Raises SourceError if it cannot be read."""
    with read_errors(file):
        size, changed = _stamp(file.path)
        return _digest(file.path, size, changed)


def changed_since(file: SourceFile) -> bool:
    """Whether a file is no longer as it was found, or, if it was not just found, what its fingerprint was taken of."""
    try:
        if file.stamp is not None:
            return _stamp(file.path) != file.stamp
        return _digest(file.path, *_stamp(file.path)) != file.sha256
    except (OSError, EOFError):
        return True


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns


@lru_cache(maxsize=100_000)
def _digest(path: Path, size: int, changed: int) -> str:
    """Remembered for as long as size and time of change stay the same."""
    del size, changed
    if path.suffix.lower() == ".zst":
        _check_whole(path)
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _check_whole(path: Path) -> None:
    """DuckDB takes a Zstandard file that breaks off for a whole one; this raises OSError."""
    import pyarrow as pa

    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        while stream.read(1 << 22):
            pass


@contextmanager
def read_errors(file: SourceFile) -> Iterator[None]:
    """Turn the system's errors while a file is read into a SourceError that names the file."""
    try:
        yield
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise SourceError(
            f"cannot read {file.label}: {why}; correct the file, or take it out of the project file"
        ) from error
