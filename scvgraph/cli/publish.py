"""scvgraph publish: the customers' graph on a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import counted, grid
from scvgraph.cli.place import json_option, project_path
from scvgraph.cli.run import _progress
from scvgraph.cli.server import server_options, target

if TYPE_CHECKING:
    from scvgraph.publish.changes import Plan
    from scvgraph.publish.publish import Published


@click.group("publish")
def command() -> None:
    """Publish the current generation to a graph server.

    \b
    Examples:
      scvgraph publish neo4j --uri bolt://localhost:7687
      scvgraph publish neo4j --help
    """


@command.command("neo4j")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--plan", "only_plan", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--anew", is_flag=True, help="Replace all that was published, instead of sending what differs.")
@click.option(
    "--sessions", type=click.IntRange(1, 16), default=2, show_default=True, help="Writers side by side."
)
@server_options
@json_option
def neo4j(
    project: Path | None, *, only_plan: bool, anew: bool, sessions: int, as_json: bool, **given: Any
) -> None:
    """Publish to Neo4j 5 or later (Community does): first everything, then only what differs.

    Readers see the last state until the new one is whole, and then the new one. Stopped or failed, it goes on when
    run again. Afterwards counts and a random sample are compared. Other data in the database is left alone. Needs
    `touchpoints` under [graph] for how much of the journeys goes along. docs/neo4j.md has the rest.

    \b
    Examples:
      export NEO4J_PASSWORD=...
      scvgraph publish neo4j --uri bolt://localhost:7687 --plan
      scvgraph publish neo4j --uri neo4j+s://graph.example.com --user scv --password-file ~/.neo4j-password
    """
    from scvgraph.config import load
    from scvgraph.publish import publish
    from scvgraph.publish.connection import connect
    from scvgraph.store import Store

    loaded = load(project_path(project), reading=True)
    store = Store.open(loaded.store)
    generation = store.generation()
    with connect(target(loaded, given)) as server, _progress(quiet=as_json) as tell:
        if only_plan:
            with publish.tables(store, generation) as engine:
                plan = publish.plan(server, engine, store, generation, loaded.graph, anew=anew)
            done = None
        else:
            done = publish.publish(
                server, store, generation, loaded.graph, tell, sessions=sessions, anew=anew
            )
            plan = done.plan
    if as_json:
        print_json(done.to_dict() if done else publish.plan_dict(plan))
    else:
        _report(plan, done)


def _report(plan: Plan, done: Published | None) -> None:
    rows = [(c.part.name, c.rows, c.added, c.changed, c.gone) for c in plan.changes]
    grid(("part", "rows", "added", "changed", "gone"), rows, indent=0)
    number = plan.snapshot.generation
    if plan.replaces:
        goes = "goes" if done is None else "went"
        click.echo(f"all that was published there before {goes}: begun anew, or published by another store")
    if done is None:
        click.echo(f"generation {number}: {counted(plan.written, 'row')} to be sent; nothing was written")
        return
    again = f", {done.resumed:,} of them by an earlier try" if done.resumed else ""
    click.echo(
        f"generation {number} is published: {counted(plan.written, 'row')} sent{again}, {done.verified:,} compared,"
        f" {done.seconds:.1f} s, of which the switch {done.switch_seconds:.1f} s"
    )
