"""What Neo4j Browser is given: the guide with the named queries in it, the style, and the queries as favourites."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from scvgraph.embedded.statements import Statement, shipped, statements

_QUERY = re.compile(r"\{\{query (\w+)\}\}")
_FOLDER = "scvgraph"  # of the favourites, in Browser's sidebar
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same queries are the same archive


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served. type: its media type."""

    type: str
    content: bytes


def files(base: str, project_folder: Path | None = None) -> dict[str, File]:
    """Every file by name. base: the address the server has, without a slash at its end.

    project_folder: the project's own `cypher/` folder; `browser/guide.html` and `browser/style.grass` in it, and its
    queries, stand before the shipped ones.
    """
    known = statements(project_folder, neo4j=True)
    guide = _text("guide.html", project_folder)
    return {
        "guide.html": File("text/html; charset=utf-8", filled(guide, base, known).encode()),
        "style.grass": File("text/plain; charset=utf-8", _text("style.grass", project_folder).encode()),
        "favourites.zip": File("application/zip", favourites(known)),
    }


def _text(name: str, project_folder: Path | None) -> str:
    own = project_folder / "browser" / name if project_folder else None
    path = own if own and own.is_file() else shipped() / "browser" / name
    return path.read_text(encoding="utf-8")


def filled(guide: str, base: str, known: dict[str, Statement]) -> str:
    """The guide with the server's address and the text of the queries it names; theirs is text, never markup."""

    def text(found: re.Match[str]) -> str:
        return html.escape(known[found[1]].cypher.strip(), quote=False)

    return _QUERY.sub(text, guide.replace("{{base}}", html.escape(base)))


def favourites(known: dict[str, Statement]) -> bytes:
    """A ZIP archive as Browser imports it when it is dropped on the window: a folder of scripts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, statement in known.items():
            entry = zipfile.ZipInfo(f"{_FOLDER}/{name}.cypher", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f"// {name}\n{statement.cypher}")
    return made.getvalue()
