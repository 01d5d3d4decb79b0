"""`scvgraph funnel`: prints a funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.journey_options import csv_option, one_form, print_csv, print_frame
from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import heading
from scvgraph.cli.place import json_option, open_view, place_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("funnel")
@click.argument("steps", nargs=-1, required=True)
@click.option(
    "--of", default="kind", show_default=True, help="The column of events that steps are values of."
)
@click.option(
    "--order",
    type=click.Choice(["ordered", "strict", "any"]),
    default="ordered",
    show_default=True,
    help="One after the other, one right after the other, or in any order.",
)
@click.option("--window", "window_days", type=float, help="Days from the first step; default: no limit.")
@click.option("--open", "opened", is_flag=True, help="Paths may enter at any step.")
@click.option(
    "--per",
    type=click.Choice(["customer", "session"]),
    default="customer",
    show_default=True,
    help="Whose steps.",
)
@click.option(
    "--gap",
    "gap_minutes",
    type=float,
    default=30.0,
    show_default=True,
    help="Minutes without activity that end a session.",
)
@click.option("--since", help="Events from this date or time.")
@click.option("--until", help="Events before this date or time.")
@csv_option
@json_option
@place_options
def command(
    steps: tuple[str, ...],
    project: Path | None,
    store: Path | None,
    *,
    as_json: bool,
    as_csv: bool,
    **said: Any,
) -> None:
    """How many customers (or sessions) take one step after the other, and how long it takes.

    STEPS are kinds of events, or values of another column (--of); `a|b` is either.

    \b
    Examples:
      scvgraph funnel page_view add_to_cart purchase
      scvgraph funnel "click|open" purchase --window 7 --per customer
      scvgraph funnel Email store --of channel --json
    """
    one_form(as_csv=as_csv, as_json=as_json)
    asked = {name: value for name, value in said.items() if value is not None}
    with open_view(project, store) as view:
        found = view.funnel(*steps, **asked)
    if as_json:
        from scvgraph.journeys.answers import plain_rows

        print_json({**found.attrs, "steps": plain_rows(found)})
    elif as_csv:
        print_csv(found)
    else:
        heading("funnel", f"generation {found.attrs['generation']}, per {said['per']}")
        print_frame(found.round(4))
