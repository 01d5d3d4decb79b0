"""`scvgraph run`: take in what is new and build the next generation."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.layout import counted
from scvgraph.cli.place import json_option, project_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from scvgraph.pipeline import Outcome
    from scvgraph.work import Counts


@click.command("run")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Build a generation even if nothing has changed.")
@click.option(
    "--no-graph", is_flag=True, help="Leave out the Cypher graph: faster, but no lookup, explain or query."
)
@json_option
def command(project: Path | None, *, again: bool, no_graph: bool, as_json: bool) -> None:
    """Take in every new or changed file and build the customers.

    PROJECT is a project file or its folder; default: the nearest scvgraph.toml upwards. Readers keep the last
    finished generation until the new one is whole. A killed run loses nothing: run again.

    \b
    Examples:
      scvgraph run
      scvgraph run examples/retail
      scvgraph run --json | jq .generation
    """
    from dataclasses import replace

    from scvgraph.config import load
    from scvgraph.pipeline import run

    loaded = load(project_path(project))
    if no_graph:
        loaded = replace(loaded, graph=replace(loaded.graph, build=False))
    start = time.perf_counter()
    with _progress(quiet=as_json) as tell:
        outcome = run(loaded, tell=tell, again=again)
    if as_json:
        layout.as_json(outcome.to_dict())
        return
    _report(outcome, time.perf_counter() - start)


class _progress:  # noqa: N801 - reads as a statement: with _progress(...)
    """A spinner with the present step, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        self._show = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Callable[[str], None]:
        if not self._show:
            return lambda _: None
        from rich.console import Console

        self._status = Console(stderr=True).status("starting")
        self._status.start()
        return self._status.update

    def __exit__(self, *_: object) -> None:
        if self._show:
            self._status.stop()


def _report_rulings(came: Counts) -> None:
    if came["rulings"]:
        click.echo(f"decisions    {came['rulings']:,} taken in")
    if came["missing"]:
        click.secho(
            f"decisions    {counted(came['missing'], 'file')} named in `decisions` not there;"
            f" {came['unlisted']:,} that the store took in before stand all the same",
            fg="yellow",
        )
    elif came["unlisted"]:
        click.secho(
            f"decisions    {came['unlisted']:,} stand though their files hold them no more; to end one add a line"
            " `withdrawn` with a later time",
            fg="yellow",
        )


def _report_model(match: Counts) -> None:
    if match.get("model_traits"):
        click.secho(
            f"model        {counted(match['model_traits'], 'trait')} known to the data or the fixed model alone:"
            " not compared; see `scvgraph audit`",
            fg="yellow",
        )
    if match.get("model_sources"):
        click.secho(
            "model        the fixed model was learnt from other sources than these: its scores may not fit;"
            " look at the customers, or learn a new one",
            fg="yellow",
        )


def _report(outcome: Outcome, seconds: float) -> None:
    counts = {report.stage: report.counts for report in outcome.reports}
    came = counts["ingest"]
    click.echo(
        f"came in      {counted(came['rows'], 'row')} from {counted(came['files'], 'new file')}; {came['known']:,} known already"
    )
    values = counts["set_aside"]["values"]
    aside = f"{counted(came['refused'], 'row')} and {counted(values, 'distinct value')}"
    click.echo(
        f"set aside    {aside}"
        + (" (see: scvgraph export rejects --to rejects.csv)" if came["refused"] or values else "")
    )
    _report_rulings(counts["decide"])
    if not outcome.fresh:
        click.echo(f"nothing new  generation {outcome.generation.number} stays current")
        return
    made, solved, found = counts["identifiers"], counts["resolve"], counts["settle"]
    click.echo(
        f"identifiers  {made['identifiers']:,}, of them {made['placeholders']:,} placeholders and {found['shared']:,} shared"
    )
    click.echo(f"links        {counts['links']['links']:,}, refused {found['refused_links']:,}")
    click.echo(
        f"customers    {found['customers']:,}, owning {counts['owners']['owned']:,} of {counts['owners']['rows']:,} rows"
    )
    _report_model(counts["match"])
    near = counts["relations"]
    if near["relations"]:
        click.echo(
            f"related      {counted(near['relations'], 'pair')}, {counted(near['households'], 'household')}"
        )
    if not counts["owners"]["rows"]:
        click.secho(
            "             the files hold no rows that can be used, so there is nobody to be found yet",
            fg="yellow",
        )
    if solved["decisions_unmatched"]:
        click.secho(
            f"decisions    {solved['decisions_unmatched']:,} name identifiers that no source has shown",
            fg="yellow",
        )
    if solved["overruled"]:
        click.secho(
            f"overruled    {solved['overruled']:,} customers break a limit because a must-link says so",
            fg="yellow",
        )
    click.echo(f"generation   {outcome.generation.number} is current, after {seconds:.1f} s")
