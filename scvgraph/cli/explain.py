"""scvgraph explain: why two identifiers belong together, or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import cell, heading
from scvgraph.cli.place import json_option, open_store, place_options

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.embedded.explanation import Explanation, Step


@click.command("explain")
@click.argument("a")
@click.argument("b")
@place_options
@json_option
def command(a: str, b: str, project: Path | None, store: Path | None, *, as_json: bool) -> None:
    """Why two identifiers belong to one customer, step by step with the rows behind it, or why they do not.

    Exit code 0 whichever of the two it is: with --json, `same` is true or false. 1 if one of them is unknown.

    \b
    Examples:
      scvgraph explain jane@x.com loyalty_id:L-77
      scvgraph explain email:jane@x.com phone:+447400123456 --json
    """
    from scvgraph.api import View

    with View(open_store(project, store), quick=True) as view:
        found = view.explain(a, b)
    if as_json:
        print_json(found.to_dict())
    else:
        _show(found)


def _show(found: Explanation) -> None:
    click.secho(found.verdict, bold=True, fg="green" if found.same else "yellow")
    for n, step in enumerate(found.path):
        _show_step(step, weakest=n == found.weakest and len(found.path) > 1)
    if found.same and found.path:
        click.echo(_support(found))
    if found.related:
        click.echo(f"  {found.a.customer} and {found.b.customer} are {cell(found.related.sentence)}")
    shown = {frozenset((step.a, step.b)) for step in found.path}
    others = [step for step in found.refused if frozenset((step.a, step.b)) not in shown]
    if others:
        heading("links between the two that were not followed")
        for step in others:
            _show_step(step, weakest=False)


def _show_step(step: Step, *, weakest: bool) -> None:
    mark = click.style("-", fg="green") if step.followed else click.style("x", fg="red")
    click.echo(f"  {mark} {cell(step.a)}  {cell(step.b)}")
    click.echo(
        f"      {step.sentence}, weight {cell(step.weight)}" + ("  (the weakest step)" if weakest else "")
    )
    if not step.followed:
        click.secho(f"      not followed: {step.refused_by or step.reason}", fg="red")
    if step.rows:
        rows = "1 row" if step.count == 1 else f"{step.count:,} rows"
        times = f", {cell(step.first_seen)} to {cell(step.last_seen)}" if step.first_seen else ""
        click.secho(f"      {rows}{times}", dim=True)
    for row in step.rows:
        click.secho(f"      {row.source}  {cell(row.key)}  {cell(row.ts)}".rstrip(), dim=True)


def _support(found: Explanation) -> str:
    if found.bridge:
        return "  without the weakest step the two would not be together"
    if found.independent > 1:
        return f"  {found.independent} ways between them share no link"
    return "  other links hold the two together besides"
