"""`scvgraph audit`: prints an Audit, worst findings first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.place import channel_policy, json_option, open_store, place_options

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.audit import Audit, Finding
    from scvgraph.audit.evidence import ColumnHealth, PairHealth, SourceHealth

_COLOURS = {"bad": "red", "warning": "yellow", "note": "cyan"}


@click.command("audit")
@click.option("--source", help="Only this source, and its pairs with others.")
@json_option
@place_options
def command(source: str | None, project: Path | None, store: Path | None, *, as_json: bool) -> None:
    """The health of every source and column, worst first, and what to do about it.

    Values are not shown, because they are personal data; placeholders are, because they are nobody's.

    \b
    Examples:
      scvgraph audit
      scvgraph audit --source crm --json
    """
    from scvgraph.audit import audit, channel_findings, declared_by, foreign_model, of_source, with_findings

    generation = open_store(project, store).generation()
    with generation.engine() as engine:
        result = with_findings(
            audit(engine, declared_by(generation.ledger)),
            [
                *foreign_model(generation.about.get("stages", ())),
                *channel_findings(engine, channel_policy(project, store)),
            ],
        )
    if source is not None:
        result = of_source(result, source)
    if as_json:
        layout.as_json(result.as_dict())
    else:
        _print(result)


def _print(result: Audit) -> None:
    if not result.findings:
        click.echo("nothing to worry about")
    for finding in result.findings:
        _print_finding(finding)
    for source in result.sources:
        _print_source(source, [column for column in result.columns if column.source == source.name])
    shared = [line for pair in result.pairs if (line := _pair_line(pair))]
    if shared:
        click.secho("\nin common", bold=True)
        click.echo("\n".join(shared))
    if result.kinds:
        click.secho("\nkind            identifiers  placeholders   shared  spellings each", bold=True)
        for kind in result.kinds:
            each = kind.spellings / kind.identifiers
            click.echo(
                f"{kind.kind:<14} {kind.identifiers:>12,} {kind.placeholders:>13,} {kind.shared:>8,} {each:>15.2f}"
            )
    lost = [block for block in result.blocks if block.dropped_blocks]
    if lost:
        click.secho("\nkeys that more people share than resolve.cap allows", bold=True)
        names = ("rule", "traits", "pairs", "dropped_blocks", "dropped_entities", "dropped_pairs")
        layout.grid(names, [[getattr(block, name) for name in names] for block in lost])


def _print_finding(finding: Finding) -> None:
    click.echo(f"{click.style(f'{finding.severity:<8}', fg=_COLOURS[finding.severity])} {finding.finding}")
    click.echo(f"         means: {finding.means}")
    click.echo(f"         do:    {finding.do}")


def _print_source(source: SourceHealth, columns: list[ColumnHealth]) -> None:
    span = (
        f"{source.first:%Y-%m-%d} to {source.last:%Y-%m-%d}" if source.first and source.last else "no times"
    )
    gap = f", longest gap {source.gap_days} days" if source.gap_days > 1 else ""
    click.secho(f"\n{source.name}: {source.rows:,} {source.shape}, {span}{gap}", bold=True)
    click.echo("  column                as              fill   valid    distinct    again  most frequent")
    for column in columns:
        most = column.top / column.accepted if column.accepted else 0
        click.echo(
            f"  {column.column:<21} {_meaning(column):<13} {column.fill:>6.1%} {column.validity:>7.1%}"
            f" {column.distinct:>11,} {column.duplicates:>8.1%} {most:>14.1%}"
        )


def _meaning(column: ColumnHealth) -> str:
    return column.kind or ("event" if column.column in {"kind", "channel", "campaign"} else "trait")


def _pair_line(pair: PairHealth) -> str:
    kinds = ", ".join(
        f"{kind} {count:,} ({count / pair.of_a[kind]:.0%} of {pair.a}, {count / pair.of_b[kind]:.0%} of {pair.b})"
        for kind, count in pair.identifiers.items()
        if count
    )
    if not kinds and not pair.customers:
        return ""
    people = f"{pair.customers:,} customers ({_share(pair.customers, pair.customers_a)} / {_share(pair.customers, pair.customers_b)})"
    return f"  {pair.a} and {pair.b}: {people}" + (f"; {kinds}" if kinds else "")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"
