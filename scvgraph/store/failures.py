"""What went wrong on the disk or in the engine, in words a user can act on."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scvgraph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("no space left", "file too large", "disk quota", "disk full", "could not write all bytes")
_SAFE = "the last finished generation is as it was"


@contextmanager
def failures_explained(folder: Path) -> Iterator[None]:
    """Turn whatever the system or the engine raises while a store is written into a StoreError."""
    import duckdb
    import pyarrow as pa

    try:
        yield
    except (OSError, MemoryError, duckdb.Error, pa.ArrowException) as error:
        raise StoreError(explain(error, folder)) from error


def explain(error: BaseException, folder: Path) -> str:
    """One sentence: what, where, what to do."""
    import duckdb

    said = str(error).strip().split("\n")[0]
    if is_full(error):
        return f"disk full while writing {folder}; free some space and run again: {_SAFE}"
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return (
            f"out of memory ({said}); raise `memory` or lower `threads` in [project] and run again: {_SAFE}"
        )
    if isinstance(error, OSError):
        place = error.filename or folder
        return f"cannot read or write {place}: {error.strerror or said}; correct that and run again: {_SAFE}"
    if isinstance(error, duckdb.IOException):
        return f"cannot read or write {folder}: {said}; correct that and run again: {_SAFE}"
    return f"the engine gave up on {folder}: {said}; {_SAFE}. This should not happen: please report it"


def lacks_room(error: BaseException) -> bool:
    """Whether an error is about disk or memory, whatever was being done."""
    import duckdb

    return is_full(error) or isinstance(error, MemoryError | duckdb.OutOfMemoryException)


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room to write."""
    return getattr(error, "errno", None) in _FULL or any(words in str(error).lower() for words in _FULL_WORDS)
