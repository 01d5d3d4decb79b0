"""`scvgraph journeys`: prints tables about journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.journey_options import (
    csv_option,
    journey_options,
    one_form,
    options_of,
    print_csv,
    print_frame,
)
from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import heading
from scvgraph.cli.place import json_option, open_view, place_options
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = (
    "paths",
    "assisted",
    "percentiles",
    "times",
    "lengths",
    "transitions",
    "matrix",
    "steps",
    "events",
    "sessions",
)
_TAKES = {
    "paths": ("count",),
    "events": ("count",),
    "sessions": ("count",),
    "steps": ("count", "top", "backward"),
}


@click.command("journeys")
@click.argument("what", type=click.Choice(_TABLES), default="paths")
@click.option(
    "--by", default="channel", show_default=True, help="The column of events that paths are made of."
)
@click.option(
    "--count",
    type=int,
    help="How many paths, steps, events or sessions.  [default: 20 paths, 5 steps, else all]",
)
@click.option("--top", type=int, help="For steps: how many are shown at each.  [default: 5]")
@click.option("--backward", is_flag=True, help="For steps: from the end of paths.")
@journey_options
@csv_option
@json_option
@place_options
def command(
    what: str, project: Path | None, store: Path | None, *, as_json: bool, as_csv: bool, **said: Any
) -> None:
    """What people did before they converted, or did not.

    \b
    WHAT is one of
      paths         the most frequent paths, with conversion rate and value
      assisted      by channel: first, assisted and last, and their ratio
      percentiles   of days to convert, and of touches
      times         days from first touch to conversion
      lengths       touches of a journey, and how often it converts
      transitions   what follows what, how often and how fast
      matrix        the same as a matrix
      steps         paths unrolled step by step, for a Sankey diagram
      events        every event with its session, gap to the next, conversion and value
      sessions      every session with its channel, events, conversions and value

    \b
    Examples:
      scvgraph journeys
      scvgraph journeys paths --path merged --count 50 --csv
      scvgraph journeys transitions --by kind --touches events
    """
    one_form(as_csv=as_csv, as_json=as_json)
    own = _own(what, {name: said.pop(name) for name in ("count", "top", "backward")})
    with open_view(project, store) as view:
        found = view.journeys(what, by=said["by"], **own, **options_of(said))
    stamp = found.attrs
    if what == "matrix":
        found = found.reset_index()
        found.attrs = stamp
    if as_json:
        from scvgraph.journeys.answers import plain_rows

        print_json({**stamp, "rows": plain_rows(found)})
    elif as_csv:
        print_csv(found)
    else:
        heading(what, f"generation {stamp['generation']}")
        print_frame(found, repeated=1 if what == "matrix" else None)


def _own(what: str, said: dict[str, Any]) -> dict[str, Any]:
    """What was said of those options that only some tables have. Raises UsageError for one this table has not."""
    own = {name: value for name, value in said.items() if value is not None and value is not False}
    for name in own:
        if name not in _TAKES.get(what, ()):
            takers = [table for table, names in _TAKES.items() if name in names]
            raise UsageError(f"--{name} is for {', '.join(takers)}, not for {what}")
    return own
