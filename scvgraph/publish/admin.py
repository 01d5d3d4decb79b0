"""Files for `neo4j-admin database import`: the way for a first load, several times faster than over the network.

The store remembers what it wrote as it does of a publish, and the database will know it too, so that `scvgraph publish
neo4j` afterwards sends what differs.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, text
from scvgraph.errors import StoreError, UsageError
from scvgraph.publish.batches import label_sets
from scvgraph.publish.changes import Plan, work_out, write_snapshot
from scvgraph.publish.labels import OWN
from scvgraph.publish.parts import NODES, RELATIONSHIPS, Part, key_base
from scvgraph.publish.publish import tables
from scvgraph.publish.snapshot import Snapshot, Snapshots, new_name
from scvgraph.publish.state import NAME
from scvgraph.publish.switch import labels_in_use

if TYPE_CHECKING:
    from scvgraph.config.project import GraphPolicy
    from scvgraph.store import Generation, Store

_TYPES = {"VARCHAR": "string", "DOUBLE": "double", "BOOLEAN": "boolean", "TIMESTAMP": "localdatetime"}
COMMAND = "command.txt"


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the files are, how many rows they hold, and the command that loads them."""

    folder: Path
    nodes: int
    relationships: int
    command: str


def export_files(
    store: Store, generation: Generation, policy: GraphPolicy, folder: Path, database: str = "neo4j"
) -> Exported:
    """Write the files into a folder that is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tables(store, generation) as engine:
            return _export(engine, store, generation, policy, folder.resolve(), database)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror}") from None


def _export(
    engine: Engine, store: Store, generation: Generation, policy: GraphPolicy, folder: Path, database: str
) -> Exported:
    hasher = str(engine.one("SELECT version()"))
    snapshot = Snapshot(new_name(), generation.number, 0, None, policy.touchpoints, hasher)
    known = Snapshots(store)
    plan = work_out(engine, snapshot, known, policy)
    words = [
        "neo4j-admin",
        "database",
        "import",
        "full",
        database,
        "--overwrite-destination",
        "--id-type=integer",
        f"--report-file={folder / 'import.report'}",
    ]
    if _has_line_ends(engine):
        words.append("--multiline-fields=true")
    for part in NODES:
        for labels, condition in label_sets(engine, part, f"_new_{part.name}"):
            file = folder / f"{'-'.join(labels)}.csv"
            _write(engine, part, condition, file)
            words.append(f"--nodes={':'.join((*labels, OWN))}={file}")
    words.append(f"--nodes=_ScvPublication={_publication(engine, plan, folder)}")
    for part in RELATIONSHIPS:
        file = folder / f"{part.name}.csv"
        _write(engine, part, "true", file)
        words.append(f"--relationships={part.name}={file}")
    write_snapshot(engine, plan, known)
    command = shlex.join(words)
    (folder / COMMAND).write_text(command + "\n", encoding="utf-8")
    counts = {change.part.name: change.rows for change in plan.changes}
    return Exported(
        folder, sum(counts[p.name] for p in NODES), sum(counts[p.name] for p in RELATIONSHIPS), command
    )


def _write(engine: Engine, part: Part, condition: str, file: Path) -> None:
    """A part, or the nodes of one set of labels; ids are numbers within a part, small enough for the importer."""
    table = name(f"_new_{part.name}")
    if part.is_node:
        cells = [_id("_key", f":ID({part.name})", part.name), '_key AS "_key:long"']
    else:
        cells = [
            _id("_a", f":START_ID({part.start})", part.start),
            _id("_b", f":END_ID({part.end})", part.end),
        ]
    for row in engine.records(f"DESCRIBE {table}"):
        column, type_ = row["column_name"], row["column_type"]
        if column.startswith("_"):
            continue
        cell = f"strftime({name(column)}, '%Y-%m-%dT%H:%M:%S.%f')" if type_ == "TIMESTAMP" else name(column)
        cells.append(f"{cell} AS {name(column + ':' + _TYPES.get(type_, 'long'))}")
    query = f"SELECT {', '.join(cells)} FROM {table} WHERE {condition} ORDER BY ALL"
    engine.one(f"COPY ({query}) TO {text(str(file))} (FORMAT csv, HEADER)")


def _id(key: str, header: str, part: str) -> str:
    return f"{key} - {key_base(part, 0)} AS {name(header)}"


def _publication(engine: Engine, plan: Plan, folder: Path) -> Path:
    """The node by which a later publish finds out what is there."""
    file = folder / "publication.csv"
    snapshot = plan.snapshot
    cells = {
        ":ID(Publication)": "1",
        "name": NAME,
        "published": snapshot.name,
        "state": "done",
        "epoch:long": str(snapshot.epoch),
        "generation:long": str(snapshot.generation),
        "touchpoints": snapshot.touchpoints,
        "labels:string[]": ";".join(labels_in_use(engine)),
    }
    file.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
    return file


def _has_line_ends(engine: Engine) -> bool:
    """Whether any text holds one: the importer reads such files more slowly."""
    for part in (*NODES, *RELATIONSHIPS):
        table = name(f"_new_{part.name}")
        found = engine.records(f"DESCRIBE {table}")
        texts = [name(row["column_name"]) for row in found if row["column_type"] == "VARCHAR"]
        # '|' stands between the columns, and a null is no text
        if texts and engine.one(
            f"SELECT coalesce(bool_or(regexp_matches(concat_ws('|', {', '.join(texts)}), '[\\r\\n]')), false) FROM {table}"
        ):
            return True
    return False
