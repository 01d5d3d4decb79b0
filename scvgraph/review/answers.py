"""Answers become decisions in a file of the project, which the next run obeys.

A file is replaced in one step under a lock, so that two people may answer at once and a crash loses no line.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from scvgraph.errors import UsageError
from scvgraph.store.atomic import ASIDE, sync_folder
from scvgraph.store.ruled import ruled_pairs, rulings_of
from scvgraph.store.rulings import WRITTEN, Ruling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scvgraph.engine import Engine
    from scvgraph.identifiers.options import Options

Verdict = Literal["must_link", "cannot_link"]

FILE_NAME = "decisions.csv"
_DELIMITERS = ",;\t|"
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
    """Where a project's answers go. declared: whether the project reads that file."""

    path: Path
    declared: bool

    @classmethod
    def of(cls, folder: Path, decisions: tuple[str, ...]) -> Answers:
        """The first CSV file of decisions that the project names, else `decisions.csv` beside its file."""
        named = [folder / file for file in decisions if not file.endswith(".parquet")]
        return cls(named[0], declared=True) if named else cls(folder / FILE_NAME, declared=False)

    @property
    def cure(self) -> str | None:
        """What to add to the project file so that it reads the answers; None if it does."""
        return None if self.declared else f'decisions = ["{self.path.name}"] in [project]'

    def rulings(self, batch: int) -> list[Ruling]:
        """Every line of the file as a ruling of a batch, whether or not a run has taken it in yet."""
        if not self.path.exists():
            return []
        text = _text(self.path)
        lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
        header = [column.strip().lower() for column in next(lines, [])]
        found = []
        for number, line in enumerate(lines, 2):
            said = {
                column: cell.strip() or None
                for column, cell in zip(header, line, strict=False)
                if column in WRITTEN
            }
            decision, a, b = (said.get(column) for column in ("decision", "a", "b"))
            if decision and a and b:
                at, by, reason = _moment(said.get("at")), said.get("by"), said.get("reason")
                found.append(Ruling(batch, self.path.name, number, decision, a, b, at, by, reason))
        return found

    def add(self, answer: Answer) -> None:
        """Append a decision. Raises UsageError if the file has other columns than decisions have."""
        with _alone(self.path):
            before = _text(self.path) if self.path.exists() else ""
            out = io.StringIO(newline="")
            end = "\r\n" if "\r\n" in before else "\n"
            out.write(before if not before or before.endswith("\n") else before + end)
            columns = self._columns(before)
            writer = csv.DictWriter(out, columns, delimiter=_delimiter(before), lineterminator=end)
            if not before.strip():
                writer.writeheader()
            said = {column: getattr(answer, column) for column in WRITTEN}
            said["at"] = answer.at.isoformat(timespec="seconds") + "Z"
            writer.writerow({column: said.get(column.strip().lower(), "") for column in columns})
            _replace(self.path, out.getvalue())

    def _columns(self, before: str) -> list[str]:
        if not before.strip():
            return list(WRITTEN)
        header = next(csv.reader(io.StringIO(before), delimiter=_delimiter(before)))
        missing = sorted({"decision", "a", "b", "at"} - {column.strip().lower() for column in header})
        if missing:
            raise UsageError(
                f"{self.path} has no column {', '.join(missing)}; decisions need {', '.join(WRITTEN)}"
            )
        return header


def _text(path: Path) -> str:
    """A file with the ends of lines that it has; a byte order mark is none of it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def _moment(said: str | None) -> datetime | None:
    """A time in UTC; None for what is none, which the next run refuses with its line."""
    try:
        at = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


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
    """
    held = rulings_of(engine)
    known = {ruling.content for ruling in held}
    batch = 1 + max((ruling.batch for ruling in held), default=0)
    fresh = [ruling for ruling in (answers.rulings(batch) if answers else ()) if ruling.content not in known]
    return ruled_pairs((*held, *fresh), kinds)
