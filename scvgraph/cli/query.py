"""scvgraph query: named Cypher queries, and Cypher as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import cell, grid, heading
from scvgraph.cli.place import json_option, open_store, place_options, project_path
from scvgraph.cli.server import server_options, target
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.embedded.graph import Result
    from scvgraph.embedded.statements import Statement


@click.command("query")
@click.argument("text", required=False)
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given again."
)
@click.option("--list", "listed", is_flag=True, help="The named queries.")
@click.option("--describe", metavar="NAME", help="A named query: its question, parameters, columns and text.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option(
    "--on",
    type=click.Choice(["embedded", "neo4j"]),
    default="embedded",
    show_default=True,
    help="Ask the store's own graph, or the published one.",
)
@place_options
@server_options
@json_option
def command(
    text: str | None,
    params: tuple[str, ...],
    describe: str | None,
    on: str,
    project: Path | None,
    store: Path | None,
    *,
    listed: bool,
    as_csv: bool,
    as_json: bool,
    **server: Any,
) -> None:
    """Ask the graph: a named query with its parameters, or Cypher as you type it. The graph is read-only.

    Queries in the project's own cypher/ folder stand before the shipped ones of their name.

    \b
    Examples:
      scvgraph query --list
      scvgraph query customers_over_limit -p kind=loyalty_id -p n=1
      scvgraph query "MATCH (c:Customer) RETURN count(c)" --json
      scvgraph query channel_map --on neo4j --uri bolt://localhost:7687
    """
    from scvgraph.embedded.statements import find_statement, statements

    folder, remote = _own_folder(project, store), on == "neo4j"
    if listed:
        return _list(statements(folder, neo4j=remote), as_json=as_json)
    if describe is not None:
        statement = find_statement(describe, folder, neo4j=True)
        if statement is None:
            raise UsageError("--describe takes the name of a query; see `scvgraph query --list`")
        return _describe(statement, as_json=as_json)
    if text is None:
        raise UsageError("name a query or type Cypher; `scvgraph query --list` shows the queries there are")
    statement = find_statement(text, folder, neo4j=remote)
    values = _values(params, statement)
    if remote:
        result = _remote(text, statement, values, project, server)
    else:
        from scvgraph.api import View

        with View(open_store(project, store), queries=folder) as view:
            result = view.ask(text, values)
    if as_json:
        return print_json(result.records())
    return _csv(result) if as_csv else _table(result)


def _remote(
    text: str,
    statement: Statement | None,
    values: dict[str, Any],
    project: Path | None,
    server: dict[str, Any],
) -> Result:
    """Rows from the published graph; the project file may say where that is."""
    from scvgraph.config import load
    from scvgraph.publish.asking import ask

    try:
        loaded = load(project_path(project), reading=True)
    except UsageError:
        if project is not None:
            raise
        loaded = None
    bound = statement.values(values) if statement else values
    return ask(target(loaded, server), statement.cypher if statement else text, bound)


def _own_folder(project: Path | None, store: Path | None) -> Path | None:
    if store is not None and project is None:
        return None
    try:
        path = project_path(project)
    except UsageError:
        return None
    return (path if path.is_dir() else path.parent) / "cypher"


def _values(params: tuple[str, ...], statement: Statement | None) -> dict[str, Any]:
    from scvgraph.embedded.statements import guess

    values = {}
    for given in params:
        name, equals, value = given.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {given}: write -p name=value")
        values[name] = value if statement else guess(value)
    return values


def _list(found: dict[str, Statement], *, as_json: bool) -> None:
    if as_json:
        return print_json([_as_dict(statement) for statement in found.values()])
    width = max(map(len, found))
    for statement in found.values():
        needed = [parameter.name for parameter in statement.parameters if parameter.default is None]
        click.echo(f"{click.style(statement.name.ljust(width), bold=True)}  {statement.question}")
        if needed:
            click.secho(f"{' ' * width}  needs -p {'=, -p '.join(needed)}=", dim=True)
    return None


def _describe(statement: Statement, *, as_json: bool) -> None:
    if as_json:
        return print_json({**_as_dict(statement), "cypher": statement.cypher})
    heading(statement.name)
    click.echo(f"  {statement.question}")
    if statement.parameters:
        heading("parameters")
        rows = [
            (p.name, p.type, "needed" if p.default is None else f"default {p.default or 'empty'}", p.meaning)
            for p in statement.parameters
        ]
        grid(("name", "type", "default", "meaning"), rows)
    heading("columns")
    click.echo(f"  {', '.join(statement.columns)}")
    heading("text", str(statement.path))
    click.echo(statement.cypher.rstrip())
    return None


def _as_dict(statement: Statement) -> dict[str, Any]:
    parameters = [
        {"name": p.name, "type": p.type, "default": p.default, "meaning": p.meaning}
        for p in statement.parameters
    ]
    return {
        "name": statement.name,
        "question": statement.question,
        "parameters": parameters,
        "columns": list(statement.columns),
    }


def _table(result: Result) -> None:
    grid(result.columns, result.rows, indent=0, as_named=True)
    click.secho(f"{len(result.rows):,} rows" if len(result.rows) != 1 else "1 row", dim=True, err=True)


def _csv(result: Result) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    for row in result.rows:
        writer.writerow(
            [
                "" if value is None else value if isinstance(value, (int, float, str)) else _word(value)
                for value in row
            ]
        )


def _word(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else cell(value)
