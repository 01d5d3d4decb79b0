"""scvgraph export: a table as a file, or the graph as files for Neo4j's importer."""

from __future__ import annotations

from pathlib import Path

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted
from scvgraph.cli.place import json_option, open_store, place_options, project_path
from scvgraph.errors import UsageError

IMPORTER = "neo4j-admin"


@click.command("export")
@click.argument("table")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--to", "path", type=click.Path(path_type=Path), help="A file that ends in .csv or .parquet.")
@place_options
@json_option
def command(
    table: str,
    folder: Path | None,
    path: Path | None,
    project: Path | None,
    store: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write a table to a CSV or Parquet file, in a fixed order of rows; a file of that name is replaced in one step.

    With `neo4j-admin FOLDER` write the graph as files for Neo4j's bulk importer, and the command to run: the
    fast way for a first load. What differs later is sent by `scvgraph publish neo4j`.

    \b
    Tables: records events sightings rejects files decisions identifiers links refused_links matches near_matches
    model model_frequencies comparisons blocks memberships lineage rows customers provenance
    relations households touchpoints

    \b
    Examples:
      scvgraph export customers --to customers.csv
      scvgraph export touchpoints --to journeys.parquet
      scvgraph export neo4j-admin import-files
    """
    if table == IMPORTER:
        if path is not None:
            raise UsageError(f"the importer's files go into a folder: scvgraph export {IMPORTER} FOLDER")
        return _importer(folder, project, as_json=as_json)
    if folder is not None or path is None:
        raise UsageError(f"name the file: scvgraph export {table} --to {table}.csv")
    from scvgraph.api import View
    from scvgraph.export import known_table

    known_table(table)
    with View(open_store(project, store)) as view:
        rows = view.export(table, path)
    if as_json:
        return print_json({"table": table, "file": str(path), "rows": rows})
    click.echo(f"{counted(rows, 'row')} of {table} in {path}")
    return None


def _importer(folder: Path | None, project: Path | None, *, as_json: bool) -> None:
    from scvgraph.config import load
    from scvgraph.publish.admin import COMMAND, export_files
    from scvgraph.store import Store

    if folder is None:
        raise UsageError(f"name a new folder for the files: scvgraph export {IMPORTER} import-files")
    loaded = load(project_path(project), reading=True)
    opened = Store.open(loaded.store)
    done = export_files(opened, opened.generation(), loaded.graph, folder)
    if as_json:
        return print_json(
            {
                "folder": str(done.folder),
                "nodes": done.nodes,
                "relationships": done.relationships,
                "command": done.command,
            }
        )
    click.echo(f"{counted(done.nodes, 'node')} and {counted(done.relationships, 'relationship')} in {folder}")
    click.echo(f"next: stop the server, run the command in {folder / COMMAND}, start the server,")
    click.echo("      then `scvgraph publish neo4j` makes the indexes and compares what is there:")
    click.echo(done.command)
    return None
