"""How a source is declared, and what becomes of its rows when it is declared otherwise.

A file whose very bytes were read before replaces what it added then. But of a file without keys that had grown, the
older rows are held under its earlier version, whose bytes are gone. So the file is read once more as it was declared
then, and what it still holds of those rows counts no more; what it holds no longer cannot be read anew, and counts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from scvgraph.config.project import Reading, Source
from scvgraph.engine import Engine, name
from scvgraph.sources import cells
from scvgraph.sources.reading import Feed, forget_rejects
from scvgraph.store.views import layouts, stored_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from scvgraph.config.project import Project
    from scvgraph.store import Ledger


def declaration_of(project: Project, source: Source) -> dict[str, Any]:
    """Everything in the project that decides what a source's rows become in the ledger."""
    said = asdict(source)
    del said["files"]
    said["timezone"] = project.timezone
    return said


def mapping_of(project: Project, source: Source) -> str:
    """Fingerprint of a source's declaration."""
    said = json.dumps(declaration_of(project, source), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def source_of(said: Mapping[str, Any]) -> tuple[Source, str]:
    """A source as the ledger keeps its declaration, and the project's time zone then."""
    told = {key: value for key, value in said.items() if key != "timezone"}
    for part in ("identifiers", "traits"):
        told[part] = tuple((one, other) for one, other in said[part])
    return Source(**{**told, "files": (), "reading": Reading(**said["reading"])}), said["timezone"]


def earlier_versions(project: Project, ledger: Ledger, source: Source, file: str) -> dict[str, set[int]]:
    """Numbers of the versions of a file that still count and were read otherwise, by how; none if that is settled,
    the last version having been read as the source is declared now.
    """
    mapping = mapping_of(project, source)
    versions = [entry for entry in ledger.files if (entry.source, entry.file) == (source.name, file)]
    found: dict[str, set[int]] = {}
    if source.key is None and versions and versions[-1].mapping != mapping:
        for entry in versions:
            if not entry.retired and entry.mapping != mapping and entry.mapping in ledger.declarations:
                found.setdefault(entry.mapping, set()).add(entry.number)
    return found


def repeated_rows(
    engine: Engine, ledger: Ledger, then: Source, feed: Feed, numbers: Collection[int], path: Path
) -> int:
    """Write the rows of some files that a feed, parsed as their source was declared then, holds too; returns how many.

    Of a row that stands n times in the feed n copies are meant. Needs view `known_spellings`.
    """
    forget_rejects(engine, feed)
    plain = [(column, sql) for column, sql in cells.row(then, feed) if column != "key"]
    raw = [f"nullif({cells.as_text(feed, column)}, '')" for _, column in then.identifiers]
    fit = " AND ".join(f"NOT coalesce({fault.condition}, false)" for fault in cells.faults(then, feed))
    content = ", ".join([*(sql for _, sql in plain), *raw])
    engine.make(
        "here",
        f"SELECT hash({content}) AS h, count(*) AS n FROM ({feed.sql}) WHERE {fit or 'true'} GROUP BY h",
    )
    kept = replace(ledger, segments=tuple(s for s in ledger.segments if s.file in numbers))
    spelled = [f"(SELECT raw FROM known_spellings WHERE no = r.i{n})" for n in range(len(then.identifiers))]
    content = ", ".join([*(name(column) for column, _ in plain), *spelled])
    held = " UNION ALL ".join(
        f"SELECT row, hash({content}) AS h FROM ({stored_rows(ledger, alike)}) r"
        for _, alike in layouts(kept)
    )
    rows = 0
    if held:
        rows = engine.write(
            "SELECT row FROM (SELECT row, h, row_number() OVER (PARTITION BY h ORDER BY row) AS nth"
            f" FROM ({held})) JOIN here USING (h) WHERE nth <= n ORDER BY row",
            path,
        )
    engine.drop("here")
    return rows
