"""`scvgraph simulate`: does an identity policy do what careful people expect?"""

from __future__ import annotations

from pathlib import Path

import click

from scvgraph.cli import layout
from scvgraph.cli.place import json_option


@click.command("simulate")
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    help="Try this project's identifier and resolve policy instead of the scenarios' own.",
)
@json_option
def command(scenarios: tuple[Path, ...], *, policy: Path | None, as_json: bool) -> None:
    """Run scenario files through the pipeline and report each expectation kept or broken.

    A scenario is a small JSON story: a policy, events, human decisions, and who should end up together, apart,
    shared or placeholder (docs/identity.md has the format). The exit code is 1 if an expectation is broken.

    \b
    Examples:
      scvgraph simulate examples/scenarios/*.json
      scvgraph simulate my_story.json --policy scvgraph.toml
    """
    from scvgraph.config import load
    from scvgraph.simulate import simulate

    verdicts = []
    for verdict in simulate(scenarios, None if policy is None else load(policy)):
        verdicts.append(verdict)
        if not as_json:
            mark = (
                click.style("kept  ", fg="green")
                if verdict.kept
                else click.style("BROKEN", fg="red", bold=True)
            )
            click.echo(f"{mark}  {verdict.name}")
            for finding in verdict.findings:
                if not finding.kept:
                    click.echo(f"          expected {finding.expected}; found {finding.found}")
    broken = sum(not verdict.kept for verdict in verdicts)
    if as_json:
        layout.as_json([verdict.to_dict() for verdict in verdicts])
    else:
        click.echo(f"{len(verdicts) - broken} of {len(verdicts)} scenarios kept")
    if broken:
        raise SystemExit(1)
