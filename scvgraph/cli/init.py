"""`scvgraph init`: proposes a project file and says what was recognised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli import layout
from scvgraph.cli.place import FILE_NAME

if TYPE_CHECKING:
    from scvgraph.profile.draft import Draft
    from scvgraph.profile.proposal import Proposal


@click.command("init")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default=Path(FILE_NAME),
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite it if it is there.")
@click.option(
    "--region",
    metavar="GB",
    help="Country of phone numbers without a country code; default: told from the numbers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was recognised as JSON.")
def command(files: tuple[Path, ...], to: Path, region: str | None, *, force: bool, as_json: bool) -> None:
    """Look at files and write a commented project file that works.

    FILES are CSV (any delimiter and encoding), JSON lines or Parquet files, packed or not, or folders of them.
    Columns are recognised by what they hold, then by their names. Nothing is sent anywhere.

    \b
    Examples:
      scvgraph init data/*.csv
      scvgraph init exports/ --to shop/scvgraph.toml --region GB
    """
    import re

    from scvgraph.errors import UsageError
    from scvgraph.profile.proposal import propose
    from scvgraph.profile.write import save, text_of

    target = to / FILE_NAME if to.is_dir() else to
    if target.exists() and not force:
        raise UsageError(
            f"{target} is there already; overwrite it with --force, or write elsewhere with --to FILE"
        )
    if region is not None and not re.fullmatch("[A-Za-z]{2}", region):
        raise UsageError(f"--region {region} is not a country code of two letters, such as GB")
    proposal = propose(files, target, region.upper() if region else None)
    save(text_of(proposal, target.resolve().parent.name or "customers"), target, force=force)
    if as_json:
        layout.as_json(_as_dict(proposal, target))
        return
    for draft in proposal.drafts:
        _print(draft)
    for file, why in proposal.skipped:
        click.echo(f"\n{file}: left out; {why}")
    if proposal.phones:
        click.echo(f"\nphone region: {proposal.region or 'unknown'} ({proposal.region_why})")
    for kind, why in proposal.unique.items():
        click.echo(f"{kind} is unique: {why}")
    click.secho(f"\nwrote {target}; read its comments, then: scvgraph run", fg="green")


def _lines(draft: Draft) -> list[tuple[str, str, str]]:
    """(column, what it is, why) of every column, used ones first."""
    time = "time" if draft.shape == "events" else "updated"
    lines = [
        (column, time, why or draft.time_why) if part == "time" else (column, part, why)
        for part, (column, why) in draft.parts.items()
    ]
    lines += [(column, kind, why) for kind, column, why in draft.identifiers]
    lines += [(column, f"trait {trait}", why) for trait, column, why in draft.traits]
    return lines + [(column, "-", why) for column, why in draft.left]


def _print(draft: Draft) -> None:
    rows = f"{layout.counted(draft.sample.rows, 'row')} looked at"
    click.secho(f"\n{draft.name}: {draft.shape}, {rows} of {', '.join(draft.files)}", bold=True)
    if draft.fault:
        click.secho(f"  not used: {draft.fault}", fg="yellow")
    if draft.why:
        click.echo(f"  {draft.shape} because: {draft.why}")
    lines = _lines(draft)
    widths = [max((len(line[n]) for line in lines), default=0) for n in (0, 1)]
    for column, what, why in lines:
        click.echo(f"  {column:<{widths[0]}}  {what:<{widths[1]}}  {why}".rstrip())
    for column in draft.sample.doubled:
        click.secho(f"  not used: {column!r}, because its name cannot be told from another's", fg="yellow")


def _as_dict(proposal: Proposal, target: Path) -> dict[str, Any]:
    return {
        "file": str(target),
        "region": proposal.region,
        "region_why": proposal.region_why,
        "unique": dict(proposal.unique),
        "decisions": [file for file, _ in proposal.decisions],
        "skipped": [{"file": file, "why": why} for file, why in proposal.skipped],
        "sources": [_source_dict(draft) for draft in proposal.drafts],
    }


def _source_dict(draft: Draft) -> dict[str, Any]:
    columns = []
    for column, what, why in _lines(draft):
        found = draft.columns[column]
        columns.append(
            {"column": column, "as": what, "why": why, "fill": round(found.fill, 4), "distinct": found.distinct, "shape": found.shape}
        )  # fmt: skip
    return {
        "name": draft.name,
        "shape": draft.shape,
        "why": draft.why,
        "files": list(draft.files),
        "rows": draft.sample.rows,
        "whole": draft.sample.whole,
        "fault": draft.fault,
        "columns": columns,
    }
