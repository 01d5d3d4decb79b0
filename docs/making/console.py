"""Console examples: commands after `$`, each run where a reader would run it, and the output they show.

In what a document shows, `...` stands for anything: alone on a line for any number of lines, inside a line for
any text. Commands run in a copy of examples/ with the retail store built once; `cd` lasts until the document's end.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from making.documents import ROOT, Block

if TYPE_CHECKING:
    from pathlib import Path

FIRST_RUN = "scvgraph run examples/retail"
REST = "..."
# What differs from run to run is shown as `...`, and so is a run of more lines than a reader wants.
_VOLATILE = ((r"after \d+\.\d s", "after ... s"), (r"made 20\d\d-\S+", "made ..."))


@dataclass(frozen=True, slots=True)
class Shown:
    """A command and the output a document shows for it."""

    command: str
    output: tuple[str, ...]


@dataclass(slots=True)
class Desk:
    """A folder to run commands in: examples/ without stores, and `scvgraph` on the path."""

    folder: Path
    first_output: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def retail(self) -> Path:
        return self.folder / "examples" / "retail"

    def run(self, command: str, where: Path) -> tuple[str, ...]:
        """The lines a command prints, errors among them."""
        if command == FIRST_RUN and where == self.folder and self.first_output:
            return self.first_output
        done = subprocess.run(  # noqa: S603 - the commands are those of our own documents
            ["bash", "-c", command],  # noqa: S607
            cwd=where,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return tuple(line.rstrip() for line in done.stdout.decode().splitlines())


def desk(folder: Path) -> Desk:
    """A desk in an empty folder, the retail example run once."""
    keep = shutil.ignore_patterns(".scvgraph", "__pycache__")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=keep)
    shim = folder / "bin" / "scvgraph"
    shim.parent.mkdir()
    call = "from scvgraph.cli import main; main(prog_name='scvgraph')"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{call}" "$@"\n')
    shim.chmod(0o755)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    made = Desk(folder)
    made.environment = {
        **os.environ,
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": path,
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    made.first_output = made.run(FIRST_RUN, folder)
    return made


def shown(block: Block) -> list[Shown]:
    """The commands of a console block and what it shows for each."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            assert found, f"{block.place}: output before the first command"
            found[-1][1].append(line.rstrip())
    return [Shown(command, tuple(lines)) for command, lines in found]


def fits(expected: tuple[str, ...], actual: tuple[str, ...]) -> bool:
    """Whether output is what a document shows, `...` standing for anything.

    >>> fits(("a", "...", "z, after ... s"), ("a", "b", "c", "z, after 3.1 s"))
    True
    """
    if not expected:
        return not actual
    head, rest = expected[0], expected[1:]
    if head == REST:
        return any(fits(rest, actual[skip:]) for skip in range(len(actual) + 1))
    if not actual:
        return False
    pattern = ".*".join(re.escape(part) for part in head.split(REST))
    return re.fullmatch(pattern, actual[0]) is not None and fits(rest, actual[1:])


def renewed(expected: tuple[str, ...], actual: tuple[str, ...]) -> tuple[str, ...]:
    """Output as a document should show it: cut where the old one was cut, without what differs from run to run."""
    lines = actual
    for pattern, stand_in in _VOLATILE:
        lines = tuple(re.sub(pattern, stand_in, line) for line in lines)
    if REST not in expected:
        return lines
    cut = expected.index(REST)
    tail = len(expected) - cut - 1
    return (*lines[:cut], REST, *(lines[-tail:] if tail else ()))


def checked(at: Desk, found: list[Block]) -> list[tuple[Block, list[str], str]]:
    """The console blocks of one document whose output is not as shown: block, what is wrong, and its new text."""
    where, stale = at.folder, []
    for block in found:
        wrong, text = [], []
        for example in shown(block):
            text.append(f"$ {example.command}")
            if example.command.startswith("cd "):
                where = (where / example.command[3:].strip()).resolve()
                continue
            actual = at.run(example.command, where)
            if fits(example.output, actual):
                text += example.output
            else:
                text += renewed(example.output, actual)
                wrong.append(f"$ {example.command}\n" + "\n".join(actual))
        if wrong:
            stale.append((block, wrong, "\n".join(text)))
    return stale
