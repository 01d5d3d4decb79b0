"""scvgraph status: what a store holds and who is writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import fields, grid, heading
from scvgraph.cli.place import json_option, open_store, place_options

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.status import Status


@click.command("status")
@place_options
@json_option
def command(project: Path | None, store: Path | None, *, as_json: bool) -> None:
    """What the store holds: generation, rows of every table, the last run's stages, sizes, and who writes it now.

    \b
    Examples:
      scvgraph status
      scvgraph status --store .scvgraph --json
    """
    from scvgraph.status import status

    found = status(open_store(project, store))
    if as_json:
        print_json(found.to_dict())
    else:
        _show(found)


def _show(found: Status) -> None:
    if found.generation is None:
        heading(found.store, "no generation yet; make one with `scvgraph run`")
    else:
        heading(found.store, f"generation {found.generation}, made {found.made_at or 'at an unknown time'}")
    if found.writer:
        click.secho(
            f"  {found.writer.what} is under way: process {found.writer.pid}, since {found.writer.since}",
            fg="yellow",
        )
    fields([("files taken in", found.files), ("in batches", found.batches), ("rejects", found.rejects)])
    if found.generation is not None and not found.graph:
        click.secho(
            "  no embedded graph: lookup, explain and query need [graph] build = true and a run", fg="yellow"
        )
    if found.candidates is not None and found.candidates.large:
        click.secho(
            f"  matching left out {found.candidates.dropped:,} pairs of people whose keys too many share, and looked at"
            f" {found.candidates.pairs:,}; `scvgraph audit` lists them",
            fg="yellow",
        )
    if found.tables:
        heading("tables")
        grid(("table", "rows"), found.tables.items())
    if found.stages:
        heading("the run that made it", f"{sum(stage.seconds for stage in found.stages):,.1f} s")
        grid(("stage", "seconds", "made"), [(s.stage, round(s.seconds, 2), s.counts) for s in found.stages])
    heading("on disk")
    grid(("part", "MB"), [(part, round(size / 1e6, 1)) for part, size in found.bytes.items()])
