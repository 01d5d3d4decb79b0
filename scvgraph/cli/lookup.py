"""scvgraph lookup: the customer behind a value."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted, fields, grid, heading, span
from scvgraph.cli.place import json_option, open_store, place_options
from scvgraph.cli.related import show_related
from scvgraph.errors import ScvgraphError

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.embedded.answers import Card, Lookup, Loose


@click.command("lookup")
@click.argument("value")
@click.option("--kind", "-k", help="Read the value as this kind of identifier only.")
@place_options
@json_option
def command(value: str, kind: str | None, project: Path | None, store: Path | None, *, as_json: bool) -> None:
    """The customer behind an e-mail, phone, card, cookie, device ... or a customer id, also an old one.

    The value is cleaned as the store's values were, so any usual spelling finds it. Exit code 1 if nobody is known.

    \b
    Examples:
      scvgraph lookup jane@x.com
      scvgraph lookup "+44 7400 123456"
      scvgraph lookup loyalty_id:L-77
      scvgraph lookup C000000042 --json
    """
    gc.disable()  # imports make much and drop little: collecting meanwhile takes a fifth of the time to the answer
    try:
        from scvgraph.api import View

        with View(open_store(project, store), quick=True) as view:
            found = view.lookup(value, kind)
    finally:
        gc.enable()
    if as_json:
        print_json(found.to_dict())
    else:
        _show(found)
    if not found.found:
        raise ScvgraphError(found.unknown)


def _show(found: Lookup) -> None:
    for change in found.changes:
        click.secho(change.sentence, fg="yellow")
    for loose in found.loose:
        _show_loose(loose)
    for card in found.customers:
        _show_card(card)


def _show_card(card: Card) -> None:
    heading(card.id, f"{counted(card.rows, 'row')}, {span(card.first_seen, card.last_seen)}")
    fields(card.traits.items())
    count, shown = card.identifier_count, len(card.identifiers)
    heading(f"identifiers ({shown:,} of {count:,})" if shown < count else f"identifiers ({count:,})")
    columns = [
        "kind",
        "value",
        "confidence",
        "seen",
        "first_seen",
        "last_seen",
        "status",
        "valid_from",
        "valid_to",
    ]
    grid(
        columns,
        [
            (h.kind, h.value, h.confidence, h.count, h.first_seen, h.last_seen,
             None if h.status == "ok" else h.status, h.valid_from, h.valid_to)
            for h in card.identifiers
        ],
    )  # fmt: skip
    show_related(card.related, card.related_count, card.household)
    if card.touchpoints:
        heading("last touchpoints", f"{len(card.touchpoints)} of {card.touchpoint_count:,}")
        columns = ["seq", "time", "channel", "type", "campaign", "value", "converted"]
        grid(
            columns,
            [
                (t.seq, t.ts, t.channel, t.type, t.campaign, t.value, t.converted or None)
                for t in card.touchpoints
            ],
        )


def _show_loose(loose: Loose) -> None:
    identifier = loose.identifier
    said = {"placeholder": "is a placeholder and merges nobody", "shared": "is shared and merges nobody"}
    click.secho(
        f"{identifier.id} {said.get(identifier.status, 'is of no single customer')}", fg="yellow", bold=True
    )
    seen = counted(identifier.count, "time")
    fields(
        [
            ("why", identifier.why),
            ("seen", seen),
            ("first seen", identifier.first_seen),
            ("last seen", identifier.last_seen),
        ]
    )
    if loose.customers:
        heading("customers it touches", "and others" if loose.more else "")
        columns = ["customer", "through", "relation", "valid_from", "valid_to"]
        grid(
            columns, [(t.customer, t.through, t.relation, t.valid_from, t.valid_to) for t in loose.customers]
        )
