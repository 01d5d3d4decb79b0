"""Everything scvgraph raises on purpose.

    ScvgraphError            exit code 1: the work could not be done
    +-- UsageError           exit code 2: what was asked cannot be asked
    |   +-- ConfigError      the project file is wrong; carries every fault found
    |   +-- UnknownName      no such table, query, kind, customer id ...
    +-- StoreError           the store cannot be read or written
    |   +-- StoreLocked      another process is writing
    |   +-- StoreMissing     nothing has been run here yet
    |   +-- StoreTooNew      written by a later version of scvgraph
    +-- SourceError          a declared file cannot be used at all
    |   +-- ColumnMissing    it has not the columns that the project names; exit code 2, as for a wrong project file
    +-- QueryError           the graph engine refused a Cypher statement
    +-- PublishError         a database server cannot be reached, or does not do what it should

A message says what, where and what to do next. It never holds personal data beyond what the user typed.
"""

from __future__ import annotations

from collections.abc import Sequence


class ScvgraphError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(ScvgraphError):
    exit_code = 2


class ConfigError(UsageError):
    """The project file is wrong. `faults` holds every fault found, each with its place and cure."""

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        self.path = path
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__("\n".join([f"{path}: {count}", *(f"  - {fault}" for fault in faults)]))


class UnknownName(UsageError):  # noqa: N818 - reads as what happened
    pass


class StoreError(ScvgraphError):
    pass


class StoreLocked(StoreError):  # noqa: N818
    pass


class StoreMissing(StoreError):  # noqa: N818
    pass


class StoreTooNew(StoreError):  # noqa: N818
    pass


class SourceError(ScvgraphError):
    pass


class ColumnMissing(SourceError):  # noqa: N818
    exit_code = 2


class QueryError(ScvgraphError):
    pass


class PublishError(ScvgraphError):
    pass
