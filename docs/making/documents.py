"""Markdown read line by line: fenced blocks, and the regions that a program writes.

A fenced block is an example and is run, unless `<!-- not run -->` stands on the line before it. A region stands
between `<!-- generated: WHAT -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_RUN = "<!-- not run -->"
_BEGIN = re.compile(r"<!-- generated: (.+?) -->$")
_END = "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. first, last: its content is lines[first:last] of the document."""

    document: Path
    language: str
    first: int
    last: int
    text: str
    run: bool
    generated: bool

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.first}"


@dataclass(frozen=True, slots=True)
class Region:
    """A generated part. what: the words that say which; first, last: its content is lines[first:last]."""

    document: Path
    what: str
    first: int
    last: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.first}"


def documents() -> list[Path]:
    """Every document of the project whose examples are run."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document: Path) -> list[Block]:
    lines = document.read_text(encoding="utf-8").splitlines()
    inside = {n for region in regions(document) for n in range(region.first, region.last)}
    found, opened = [], None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = number
            continue
        run = opened == 0 or lines[opened - 1].strip() != NOT_RUN
        text = "\n".join(lines[opened + 1 : number])
        found.append(
            Block(document, lines[opened][3:].strip(), opened + 1, number, text, run, opened in inside)
        )
        opened = None
    assert opened is None, f"{document}: the fence in line {opened} is never closed"
    return found


def regions(document: Path) -> list[Region]:
    lines = document.read_text(encoding="utf-8").splitlines()
    found, opened, what = [], None, ""
    for number, line in enumerate(lines):
        begin = _BEGIN.match(line.strip())
        if begin:
            assert opened is None, f"{document}:{number + 1}: a region inside a region"
            opened, what = number, begin[1]
        elif line.strip() == _END and opened is not None:
            text = "\n".join(lines[opened + 1 : number])
            found.append(Region(document, what, opened + 1, number, text))
            opened = None
    assert opened is None, f"{document}: region '{what}' has no end"
    return found


def replace(document: Path, changes: list[tuple[int, int, str]]) -> None:
    """Put new text for lines[first:last] of a document, for each (first, last, text)."""
    lines = document.read_text(encoding="utf-8").splitlines()
    for first, last, text in sorted(changes, reverse=True):
        lines[first:last] = text.splitlines()
    document.write_text("\n".join(lines) + "\n", encoding="utf-8")
