"""scvgraph browser: what Neo4j Browser needs to show the published graph well."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.place import json_option

if TYPE_CHECKING:
    from scvgraph.browser.address import Place
    from scvgraph.browser.serve import FileServer

DEFAULT_URI = "bolt://localhost:7687"


@click.command("browser")
@click.option(
    "--project",
    "-C",
    type=click.Path(path_type=Path),
    help="Project file or its folder; default: the nearest one upwards, if any.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8474,
    show_default=True,
    help="Where to serve, on this machine only; 0 for any free port.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the address in the web browser.")
@click.option("--uri", metavar="URI", help=f"The database; else NEO4J_URI, else {DEFAULT_URI}.")
@click.option("--user", metavar="NAME", help="Who to be there; else NEO4J_USERNAME, else neo4j.")
@click.option("--database", metavar="NAME", help="Which database; else NEO4J_DATABASE, else neo4j.")
@click.option(
    "--browser", metavar="URL", help="Neo4j Browser; else http://HOST:7474/browser/ of the database."
)
@json_option
def command(
    project: Path | None, *, port: int, open_it: bool, browser: str | None, as_json: bool, **given: Any
) -> None:
    """Serve a guide, colours and favourites to Neo4j Browser, and print the address that opens it.

    The address connects and starts the guide, which leads from a customer to its journey, a shared device, a refused
    link, the map of channels and attribution. Browser asks for the password. Nothing of the store is served, and
    nobody but this machine is answered. Publish first: `scvgraph publish neo4j`. Stop with Ctrl+C.

    \b
    Examples:
      scvgraph browser --open
      scvgraph browser --uri bolt://localhost:7687 --port 0
      scvgraph browser --uri neo4j+s://graph.example.com --browser https://graph.example.com:7473/browser/
    """
    from scvgraph.browser.address import Place, browser_of
    from scvgraph.browser.files import files
    from scvgraph.browser.serve import FileServer
    from scvgraph.publish.target import Asked, whereabouts

    neo4j, queries = _of_project(project)
    asked = Asked(**given)
    if not (asked.uri or os.environ.get("NEO4J_URI") or (neo4j and neo4j.uri)):
        asked = replace(asked, uri=DEFAULT_URI)
    found = whereabouts(asked, neo4j)
    place = Place(found.uri, found.user, found.database, browser_of(found.uri, browser))
    with FileServer(port, place.origin) as server:
        server.files = files(server.base, queries)
        _tell(place, server, as_json=as_json)
        if open_it:
            click.launch(place.address(server.base))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def _of_project(project: Path | None) -> tuple[Any, Path | None]:
    """The server a project file names, and the project's own `cypher/` folder; neither where there is no project."""
    from scvgraph.cli.place import project_path
    from scvgraph.config import load
    from scvgraph.errors import UsageError

    try:
        path = project_path(project)
    except UsageError:
        return None, None
    return load(path, reading=True).neo4j, (path if path.is_dir() else path.parent) / "cypher"


def _tell(place: Place, server: FileServer, *, as_json: bool) -> None:
    from scvgraph.browser.address import SETTING

    address = place.address(server.base)
    served = {name: f"{server.base}/{name}" for name in server.files}
    if as_json:
        print_json({"address": address, "files": served, "settings": {SETTING: "localhost"}})
        return
    click.echo(f"open       {address}")
    click.echo(f"colours    in Browser  :style {served['style.grass']}")
    click.echo(f"favourites drop on the window  {served['favourites.zip']}")
    click.echo(f"settings   none, unless neo4j.conf sets {SETTING}: it must list localhost")
    click.echo("           Browser may run this by itself when it has connected:")
    click.echo(f"           browser.post_connect_cmd=style {served['style.grass']}")
    click.echo("Stop with Ctrl+C.")
