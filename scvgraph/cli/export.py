"""scvgraph export: a table as a file."""

from __future__ import annotations

from pathlib import Path

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted
from scvgraph.cli.place import json_option, open_store, place_options


@click.command("export")
@click.argument("table")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="A file that ends in .csv or .parquet.",
)
@place_options
@json_option
def command(table: str, path: Path, project: Path | None, store: Path | None, *, as_json: bool) -> None:
    """Write a table to a CSV or Parquet file, in a fixed order of rows; a file of that name is replaced in one step.

    \b
    Tables: records events sightings rejects files decisions identifiers links refused_links matches near_matches
    model model_frequencies comparisons blocks memberships lineage rows customers provenance
    relations households touchpoints

    \b
    Examples:
      scvgraph export customers --to customers.csv
      scvgraph export touchpoints --to journeys.parquet
    """
    from scvgraph.api import View
    from scvgraph.export import known_table

    known_table(table)
    with View(open_store(project, store)) as view:
        rows = view.export(table, path)
    if as_json:
        print_json({"table": table, "file": str(path), "rows": rows})
    else:
        click.echo(f"{counted(rows, 'row')} of {table} in {path}")
