"""Answers become decisions in a file of the project, which the next run obeys.

A file is replaced in one step under a lock, so that two people may answer at once and a crash loses no line.
"""

from __future__ import annotations

import csv
import errno
import fcntl
import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scvgraph.errors import SourceError, UsageError
from scvgraph.store.atomic import ASIDE, sync_folder
from scvgraph.store.ruled import ruled_pairs, rulings_of
from scvgraph.store.ruling_file import check_columns, delimiter_of, read_rulings
from scvgraph.store.rulings import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options
    from scvgraph.store.rulings import Ruling

Verdict = Literal["must_link", "cannot_link"]

FILE_NAME = "decisions.csv"
REPLIES = {"s": "same", "d": "different", "k": "skip", "q": "quit"}
REPLIES |= {word: word for word in REPLIES.values()}
DECISIONS: dict[str, Verdict] = {"same": "must_link", "different": "cannot_link"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A ruling on two identifiers (kind:value). at: in UTC."""

    decision: Verdict
    a: str
    b: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Where a project's answers go. declared: whether the project reads that file; beside: its other decisions files,
    by their names in the project.
    """

    path: Path
    declared: bool
    beside: tuple[tuple[str, Path], ...] = ()

    @classmethod
    def of(cls, folder: Path, decisions: tuple[str, ...]) -> Answers:
        """The first CSV file of decisions that the project names, else `decisions.csv` beside its file."""
        first = next((file for file in decisions if not file.endswith(".parquet")), None)
        beside = tuple((file, folder / file) for file in decisions if file != first)
        return cls(folder / (first or FILE_NAME), first is not None, beside)

    @property
    def cure(self) -> str | None:
        """What to add to the project file so that it reads the answers; None if it does."""
        return None if self.declared else f'decisions = ["{self.path.name}"] in [project]'

    def rulings(self, engine: Engine, batch: int, kinds: Mapping[str, Options]) -> list[Ruling]:
        """Every line of the project's decisions as a ruling of a batch, whether or not a run has taken it in yet.
        Raises SourceError for what the next run would refuse, with its line.
        """
        named = ((self.path.name, self.path), *self.beside)
        return [
            ruling
            for file, path in named
            if path.exists()
            for ruling in read_rulings(engine, path, file, batch, kinds)
        ]

    def check(self) -> None:
        """Raises UsageError if no answer could be added."""
        with _writing(self.path), _alone(self.path):
            before = _text(self.path) if self.path.exists() else ""
            self._columns(before)
            if self.path.exists() and not os.access(self.path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def add(self, answer: Answer) -> None:
        """Append a decision. Raises UsageError if the file has other columns than decisions have, or cannot be
        written.
        """
        with _writing(self.path), _alone(self.path):
            before = _text(self.path) if self.path.exists() else ""
            out = io.StringIO(newline="")
            end = "\r\n" if "\r\n" in before else "\n"
            out.write(before if not before or before.endswith("\n") else before + end)
            columns = self._columns(before)
            writer = csv.DictWriter(out, columns, delimiter=delimiter_of(before), lineterminator=end)
            if not before.strip():
                writer.writeheader()
            said = {column: getattr(answer, column) for column in WRITTEN}
            said["at"] = answer.at.isoformat(timespec="seconds") + "Z"
            writer.writerow({column: said.get(column.strip().lower(), "") for column in columns})
            _replace(self.path, out.getvalue())

    def _columns(self, before: str) -> list[str]:
        if not before.strip():
            return list(WRITTEN)
        header = next(csv.reader(io.StringIO(before), delimiter=delimiter_of(before)))
        try:
            check_columns(header, str(self.path))
        except SourceError as error:
            raise UsageError(str(error)) from None
        return header


def _text(path: Path) -> str:
    """A file with the ends of lines that it has; a byte order mark is none of it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """The system's refusals name the file of answers, not the ones that are written aside."""
    try:
        yield
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8; save it as UTF-8, so that answers can be added") from None
    except OSError as error:
        raise UsageError(
            f"cannot add answers to {path}: {error.strerror}; make the file and its folder writable"
        ) from None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else writes meanwhile. The lock is of a file of its own, for the other one is replaced."""
    lock = path.with_name(f".{path.name}.lock")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _replace(path: Path, content: str) -> None:
    aside = path.with_name(path.name + ASIDE)
    with aside.open("w", encoding="utf-8", newline="") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        aside.chmod(path.stat().st_mode & 0o777)
    aside.replace(path)
    sync_folder(path.parent)


def parsed(reply: str) -> tuple[str | None, str]:
    """What somebody typed: same, different, skip or quit, by the word or its letter (skip: k), and words behind it.

    >>> parsed("d it was her sister"), parsed("SAME"), parsed("perhaps")
    (('different', 'it was her sister'), ('same', ''), (None, ''))
    """
    word, _, rest = reply.strip().partition(" ")
    verb = REPLIES.get(word.lower())
    return verb, rest.strip() if verb else ""


def ruled(engine: Engine, answers: Answers | None, kinds: Mapping[str, Options]) -> set[frozenset[str]]:
    """Pairs of identifiers (kind:value, cleaned) that a ruling stands on, in the ledger or in the file of answers.

    Lines that the ledger does not hold come with the next batch, as in the next run: an older one changes nothing.
    Raises SourceError for a decisions file that the next run would refuse.
    """
    held = rulings_of(engine)
    known = {ruling.content for ruling in held}
    batch = 1 + max((ruling.batch for ruling in held), default=0)
    written = answers.rulings(engine, batch, kinds) if answers else []
    fresh = [ruling for ruling in written if ruling.content not in known]
    return ruled_pairs((*held, *fresh), kinds)
