"""scvgraph customer: everything of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted, grid, heading, span
from scvgraph.cli.place import json_option, open_store, place_options
from scvgraph.cli.related import show_related

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.embedded.dossier import Customer


@click.command("customer")
@click.argument("customer_id")
@click.option(
    "--last",
    default=20,
    show_default=True,
    type=click.IntRange(min=0),
    help="So many of the last touchpoints.",
)
@click.option("--all", "whole", is_flag=True, help="The whole journey.")
@place_options
@json_option
def command(
    customer_id: str, last: int, project: Path | None, store: Path | None, *, whole: bool, as_json: bool
) -> None:
    """One customer: golden record and where each value comes from, identifiers, links, journey, history of the id.

    \b
    Examples:
      scvgraph customer C000000042
      scvgraph customer C000000042 --last 100
      scvgraph customer C000000042 --all --json
    """
    from scvgraph.api import View

    with View(open_store(project, store)) as view:
        found = view.customer(customer_id, None if whole else last)
    if as_json:
        print_json(found.to_dict())
    else:
        _show(found)


def _show(found: Customer) -> None:
    heading(found.id, f"{counted(found.rows, 'row')}, {span(found.first_seen, found.last_seen)}")
    _show_record(found)
    heading(f"identifiers ({len(found.identifiers):,})")
    columns = [
        "kind",
        "value",
        "confidence",
        "basis",
        "seen",
        "first_seen",
        "last_seen",
        "valid_from",
        "valid_to",
    ]
    grid(
        columns,
        [
            (
                h.kind,
                h.value,
                h.confidence,
                h.basis,
                h.count,
                h.first_seen,
                h.last_seen,
                h.valid_from,
                h.valid_to,
            )
            for h in found.identifiers
        ],
    )
    if found.links:
        heading(f"links ({len(found.links):,})")
        columns = ["a", "b", "rule", "weight", "seen", "first_seen", "last_seen"]
        grid(columns, [(k.a, k.b, k.rule, k.weight, k.count, k.first_seen, k.last_seen) for k in found.links])
    if found.refused:
        heading(f"links not followed ({len(found.refused):,})")
        columns = ["own", "other", "weight", "reason", "constraint"]
        grid(columns, [(k.a, k.b, k.weight, k.reason, k.constraint) for k in found.refused])
    show_related(found.related, len(found.related), found.household)
    _show_journey(found)
    for change in found.lineage:
        click.secho(change.sentence, dim=True)


def _show_record(found: Customer) -> None:
    rows = []
    for trait, value in found.traits.items():
        origin = found.provenance.get(trait)
        if value is not None:
            said = (
                (origin.source, origin.key, origin.ts, origin.rule, origin.rivals) if origin else (None,) * 5
            )
            rows.append((trait, value, *said))
    if rows:
        heading("golden record")
        grid(("trait", "value", "source", "key", "as_of", "rule", "rivals"), rows)


def _show_journey(found: Customer) -> None:
    if not found.touchpoint_count:
        return
    heading("journey", f"{len(found.touchpoints):,} of {found.touchpoint_count:,} touchpoints")
    if found.touchpoints:
        columns = ["seq", "time", "channel", "type", "campaign", "value", "converted"]
        grid(
            columns,
            [
                (t.seq, t.ts, t.channel, t.type, t.campaign, t.value, t.converted or None)
                for t in found.touchpoints
            ],
        )
