"""Every example of the documents is run."""

from __future__ import annotations

import contextlib
import io
import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from making.console import Desk, checked, fits, renewed
from making.documents import ROOT, Block, blocks, documents

from scvgraph.config import parse

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = documents()
RUN = {"console", "python", "toml", "json", "sh"}
PLAIN = {"text", "cypher"}
REFRESH = "if this is meant, run `python docs/refresh.py` and read the difference"


def of(language: str) -> list[Block]:
    found = [block for document in DOCUMENTS for block in blocks(document)]
    return [block for block in found if block.language == language and block.run]


def name(value: Block | Path) -> str:
    return value.place if isinstance(value, Block) else str(value.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_block_says_what_it_is(document: Path) -> None:
    """A fenced block names a language that is run, or one that is plain text."""
    for block in blocks(document):
        assert block.language in RUN | PLAIN, block.place


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if any(b.language == "console" for b in blocks(d))], ids=name
)
def test_console_examples_print_what_they_show(document: Path, at: Desk) -> None:
    """Commands after `$` print what the document shows, `...` standing for anything."""
    stale = checked(at, [b for b in blocks(document) if b.language == "console" and b.run])
    told = "\n\n".join(f"{block.place}\n" + "\n".join(wrong) for block, wrong, _ in stale)
    assert not stale, f"{told}\n\n{REFRESH}"


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if any(b.language == "python" for b in blocks(d))], ids=name
)
def test_python_examples_run(document: Path, at: Desk) -> None:
    """Python blocks of a document run in order, in one namespace, in the folder of the retail example."""
    space: dict[str, object] = {}
    with contextlib.chdir(at.retail):
        for block in blocks(document):
            if block.language == "python" and block.run:
                exec(compile(block.text, block.place, "exec"), space)


@pytest.mark.parametrize("block", of("toml"), ids=name)
def test_toml_examples_load(block: Block, tmp_path: Path) -> None:
    """A project file is loaded as it stands; a part of one beside the least source there can be."""
    text = block.text
    if "sources" not in tomllib.loads(text):
        text += '\n[sources.least]\nshape = "events"\nfiles = "x.csv"\ntime = "at"\n[sources.least.identifiers]\nemail = "e"\n'
    parse(text, tmp_path / "scvgraph.toml")


@pytest.mark.parametrize("block", of("json"), ids=name)
def test_json_examples_are_json(block: Block) -> None:
    """A JSON block is whole JSON."""
    json.loads(block.text)


@pytest.mark.parametrize("block", of("sh"), ids=name)
def test_shell_examples_run(block: Block, at: Desk) -> None:
    """A shell block ends without an error, in a folder with the examples."""
    at.run(f"set -e; {block.text}", at.folder)


def test_readme_has_two_commands() -> None:
    """The README has one line that installs and runs the example, and one that installs and runs the tests."""
    readme = ROOT / "README.md"
    commands = [block.text for block in blocks(readme) if block.language == "sh"]
    assert len(commands) == 2
    assert all(len(text.splitlines()) == 1 for text in commands)
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, second = commands
    assert first.endswith(".venv/bin/scvgraph run examples/retail")
    assert "scvgraph" in said["scripts"]
    assert second.endswith(".venv/bin/pytest")
    assert "'.[test]'" in second
    assert "test" in said["optional-dependencies"]


@pytest.mark.parametrize("notebook", ["first_look", "attribution"])
def test_notebook_runs_and_is_clean(at: Desk, notebook: str) -> None:
    """A notebook's code cells run in order in a plain namespace, started in the project; outputs are cleared."""
    said = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in said["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    space: dict[str, object] = {"__name__": "__main__"}
    with contextlib.chdir(at.retail), contextlib.redirect_stdout(io.StringIO()):
        for number, cell in enumerate(cells):
            assert cell["outputs"] == [], f"code cell {number} has outputs; clear them"
            assert cell["execution_count"] is None, f"code cell {number} has a count; clear it"
            exec(compile("".join(cell["source"]), f"{notebook}.ipynb, code cell {number}", "exec"), space)


def test_links_lead_somewhere() -> None:
    """A link between documents names a file that is there, and a heading it has."""
    for document in [*DOCUMENTS, ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            if target.startswith("http"):
                continue
            path, _, anchor = target.partition("#")
            place = (document.parent / path).resolve() if path else document
            assert place.exists(), f"{name(document)}: no {target}"
            if anchor:
                assert anchor in _anchors(place), f"{name(document)}: no heading for {target}"


def _anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_dots_stand_for_anything() -> None:
    """`...` alone stands for any lines, within a line for any text, and refreshing keeps where it was cut."""
    assert fits(("a", "..."), ("a", "b", "c"))
    assert fits(("took ... s",), ("took 3 s",))
    assert not fits(("a",), ("a", "b"))
    assert not fits(("a", "...", "d"), ("a", "b"))
    assert renewed(("x", "...", "z"), ("1", "2", "after 2.5 s")) == ("1", "...", "after ... s")
