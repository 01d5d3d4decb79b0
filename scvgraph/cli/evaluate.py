"""`scvgraph evaluate`: prints a Score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.place import json_option, open_store, place_options

if TYPE_CHECKING:
    from scvgraph.evaluate import Measure, Score


@click.command("evaluate")
@click.option(
    "--truth", required=True, type=click.Path(path_type=Path), help="CSV or Parquet: which row is whose."
)
@click.option("--key", help="Its column with the rows' keys; default: 'key', or the one whose values match.")
@click.option("--entity", help="Its column that names the person; default: 'entity'.")
@json_option
@place_options
def command(
    truth: Path,
    key: str | None,
    entity: str | None,
    project: Path | None,
    store: Path | None,
    *,
    as_json: bool,
) -> None:
    """Score the customers against rows whose person is known.

    The truth file has a column naming the person (`entity`), one with the row's key, and a column `source`
    where keys of several sources look alike.

    \b
    Examples:
      scvgraph evaluate --truth truth.csv
      scvgraph evaluate --truth panel.parquet --key customer_no --entity person --json
    """
    from scvgraph.evaluate import score

    with open_store(project, store).generation().engine() as engine:
        result = score(engine, truth, key=key, entity=entity)
    if as_json:
        layout.as_json(result.as_dict())
    else:
        _print(result)


def _print(result: Score) -> None:
    loose = sum(result.without_customer.values())
    click.echo(
        f"{result.rows:,} rows compared: {result.customers:,} customers, {result.entities:,} persons in truth"
    )
    if loose:
        why = ", ".join(f"{basis} {count:,}" for basis, count in result.without_customer.items())
        click.echo(f"{loose:,} of them have no customer ({why}); each counts as a person of its own")
    if result.truth_only or result.ledger_only:
        click.echo(
            f"{result.truth_only:,} truth rows are not in the store, {result.ledger_only:,} rows of the store not in truth"
        )
    if result.unknown_sources:
        click.echo(
            f"the truth names sources that the store does not have: {', '.join(result.unknown_sources)}; rename them in one of the two"
        )
    click.echo("\n              precision   recall       F1")
    click.echo(_line("pairs of rows", result.pairwise))
    click.echo(_line("B-cubed", result.b_cubed))
    click.echo(
        f"\n{result.right_pairs:,} of {result.claimed_pairs:,} pairs claimed are right; {result.true_pairs:,} are true"
    )
    if result.merged:
        click.echo("\nworst merged customers         rows   persons   wrong pairs")
        for bad in result.merged:
            click.echo(f"  {bad.customer:<26} {bad.rows:>6,}   {bad.entities:>7,}   {bad.wrong_pairs:>11,}")
    if result.split:
        click.echo("\nworst split persons            rows   customers   no customer   missed pairs")
        for apart in result.split:
            click.echo(
                f"  {apart.entity:<26} {apart.rows:>6,}   {apart.customers:>9,}   {apart.loose:>11,}   {apart.missed_pairs:>12,}"
            )


def _line(title: str, measure: Measure) -> str:
    return f"{title:<13}    {measure.precision:.4f}   {measure.recall:.4f}   {measure.f1:.4f}"
