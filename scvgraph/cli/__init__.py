"""The command line: parses, calls, prints. No logic lives here.

Each command is a module of this folder and a row of `COMMANDS`; it is imported when it is used, so that a
look-up does not wait for what only a run needs.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from scvgraph.errors import ScvgraphError

COMMANDS = {
    "init": "profile files and write a commented project file",
    "run": "take in what is new and build the next generation",
    "status": "what the store holds and who is writing",
    "lookup": "the customer behind an e-mail, phone, card, cookie or customer id",
    "customer": "one customer: golden record, identifiers, journey",
    "show": "one customer as a page: graph, golden record, journey; or as a file for Gephi",
    "explain": "why two identifiers belong together, or why not",
    "query": "a named Cypher query, or Cypher as you type it",
    "attribute": "which touches earned the conversions, under several models",
    "journeys": "what people did before they converted",
    "funnel": "how many take one step after the other",
    "export": "a table as CSV or Parquet, or the graph as files of Neo4j's importer",
    "publish": "the graph on a Neo4j server: first everything, then what differs",
    "browser": "guide, colours and favourites for Neo4j Browser, served on this machine",
    "evaluate": "score the customers against known truth",
    "review": "the doubtful cases worth a person's look, and answers kept as decisions",
    "simulate": "run identity scenarios through the pipeline and check what they expect",
    "model": "what agreement in each trait is worth, shown and kept",
    "audit": "the health of every source and column, worst first",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"scvgraph.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(error.message + hint, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """The one place where an error becomes a message and an exit code."""
        if os.environ.get("NO_COLOR"):  # no-color.org; commands inherit it
            ctx.color = False
        try:
            return super().invoke(ctx)
        except ScvgraphError as error:
            click.secho(f"scvgraph: {error}", fg="red", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except OSError as error:  # a full disk behind standard output, a folder that went away
            where = f"cannot read or write {error.filename}: " if error.filename else ""
            click.secho(f"scvgraph: {where}{error.strerror or error}", fg="red", err=True)
            ctx.exit(1)
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
                raise
            said = str(error).splitlines()[0]
            cure = "if a file of the store is damaged, make them anew with `scvgraph run --again`"
            if "ermission denied" in said:
                cure = "have the permissions of the store's files corrected"
            click.secho(f"scvgraph: the engine gave up: {said}; {cure}", fg="red", err=True)
            ctx.exit(1)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="scvgraph", message="%(version)s")
def main() -> None:
    """Identity resolution on a graph: files in, customers out, looked up and queried.

    \b
    Start here:
      scvgraph init data/*.csv       write scvgraph.toml from what is in the files
      scvgraph run                   build the customers
      scvgraph lookup jane@x.com     who is this?

    Exit codes: 0 done, also where the answer is "no" (see explain); 1 it could not be done, nobody is known by the
    value, or an expectation is broken; 2 it was asked in the wrong way, or the project file is wrong.
    """
