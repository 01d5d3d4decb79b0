"""scvgraph show: a customer as a page for the browser, or as a graph for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted
from scvgraph.cli.place import json_option, open_store, place_options
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from scvgraph.report.picture import Picture

PAGES = (".html", ".htm")


@click.command("show")
@click.argument("value")
@click.option("--kind", "-k", help="Read the value as this kind of identifier only.")
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path),
    help="A file that ends in .html, .graphml or .gexf; default: the customer's id and .html, in the folder you are in.",
)
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
@place_options
@json_option
def command(
    value: str,
    kind: str | None,
    path: Path | None,
    project: Path | None,
    store: Path | None,
    *,
    opened: bool,
    as_json: bool,
) -> None:
    """The customer behind a value as one page: its graph, golden record, relatives and journey.

    VALUE is an e-mail, phone, card, cookie ... in any usual spelling, or a customer id. The page is one file that loads
    nothing; it holds personal data. What is shared or a placeholder is shown with what it was seen with. Where the file
    ends in .graphml (yEd, Cytoscape, igraph) or .gexf (Gephi) the graph alone is written, with all its properties.

    \b
    Examples:
      scvgraph show jane@x.com --open
      scvgraph show C000000042 --to jane.html
      scvgraph show loyalty_id:L-77 --to jane.gexf
    """
    from scvgraph.api import View

    if opened and path is not None and path.suffix.lower() not in PAGES:
        raise UsageError("--open opens pages; end the name of the file in .html")
    with View(open_store(project, store)) as view:
        picture = view.picture(value, kind)
        file = path or Path(f"{picture.customer.id if picture.customer else 'identifier'}.html")
        view.write_picture(picture, file)
    if as_json:
        print_json({**picture.to_dict(), "file": str(file)})
    else:
        _say(picture, file)
    if opened:
        click.launch(str(file))


def _say(picture: Picture, file: Path) -> None:
    told = picture.to_dict()
    who = told["customer"] or "no single customer"
    click.echo(
        f"{who}: {counted(told['identifiers'], 'identifier')}, {counted(told['links'], 'link')},"
        f" {told['not_followed']:,} not followed, in {file}"
    )
    if told["left_out"] and file.suffix.lower() in PAGES:
        click.echo(f"{told['left_out']:,} of the identifiers are not drawn; a .graphml or .gexf file has all")
