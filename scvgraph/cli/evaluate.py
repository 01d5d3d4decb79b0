"""`scvgraph evaluate`: prints an Evaluation, or what judged pairs say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.place import json_option, open_store, place_options
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from scvgraph.evaluate import Calibration, Evaluation, Measure, PairScore, Score
    from scvgraph.evaluate.clerk import Estimate
    from scvgraph.evaluate.curve import Point
    from scvgraph.evaluate.sizes import SizeClass
    from scvgraph.evaluate.worst import Wrong

_FILE = click.Path(path_type=Path)


@click.command("evaluate")
@click.option("--truth", type=_FILE, help="CSV or Parquet: which row is whose.")
@click.option("--key", help="Its column with the rows' keys; default: 'key', or the one whose values match.")
@click.option("--entity", help="Its column that names the person; default: 'entity'.")
@click.option("--calibration", is_flag=True, help="Whether confidence is the probability it says.")
@click.option("--html", type=_FILE, help="With --calibration: write the reliability diagram to a page.")
@click.option("--curve", is_flag=True, help="What other values of resolve.bar would have done to matches.")
@click.option("--by-size", is_flag=True, help="Precision by the size of customers.")
@click.option("--worst", type=click.IntRange(1), help="So many of the worst errors, with their reasons.")
@click.option("--pairs", type=_FILE, help="Instead of --truth: CSV or Parquet of pairs that somebody judged.")
@json_option
@place_options
def command(
    truth: Path | None,
    key: str | None,
    entity: str | None,
    html: Path | None,
    worst: int | None,
    pairs: Path | None,
    project: Path | None,
    store: Path | None,
    *,
    calibration: bool,
    curve: bool,
    by_size: bool,
    as_json: bool,
) -> None:
    """Score the customers against rows whose person is known, or against judged pairs.

    The truth file has a column naming the person (`entity`), one with the row's key, and a column `source`
    where keys of several sources look alike. A file of pairs has `a` and `b` (kind:value) or `key_a` and `key_b`,
    and `same` (yes or no); docs/evaluation.md says how it is read and how to draw one.

    \b
    Examples:
      scvgraph evaluate --truth truth.csv
      scvgraph evaluate --truth panel.parquet --key customer_no --entity person --json
      scvgraph evaluate --truth truth.csv --calibration --html reliability.html
      scvgraph evaluate --truth truth.csv --curve --by-size --worst 3
      scvgraph evaluate --pairs judged.csv
    """
    from scvgraph.api import View

    if (truth is None) == (pairs is None):
        raise UsageError("name either a truth file with --truth or judged pairs with --pairs")
    if pairs is not None:
        _refuse_with_pairs(
            {
                "--key": key, "--entity": entity, "--calibration": calibration, "--html": html,
                "--curve": curve, "--by-size": by_size, "--worst": worst,
            }
        )  # fmt: skip
    if html is not None and not calibration:
        raise UsageError("--html draws the calibration; add --calibration")
    with View(open_store(project, store)) as view:
        if pairs is not None:
            judged = view.evaluate_pairs(pairs)
            return layout.as_json(judged.as_dict()) if as_json else _print_pairs(judged)
        assert truth is not None
        found = view.evaluate(
            truth, key=key, entity=entity, calibration=calibration, curve=curve, by_size=by_size, worst=worst
        )
    if html is not None and found.calibration is not None:
        from scvgraph.export import write_text
        from scvgraph.report.reliability_page import reliability_page

        write_text(html, reliability_page(found.calibration, f"Calibration by {truth.name}"))
    return layout.as_json(found.as_dict()) if as_json else _print(found)


def _refuse_with_pairs(given: dict[str, object]) -> None:
    """Judged pairs tell nothing of what only rows of known persons do; an option that would do nothing is refused."""
    idle = [option for option, value in given.items() if value]
    if idle:
        raise UsageError(f"with --pairs leave out {', '.join(idle)}: only a truth file can tell that")


def _print(found: Evaluation) -> None:
    _print_score(found.score, worst=found.merged_because is None)
    if found.merged_because is not None:
        _print_wrong("worst merged customers", "wrong pair", found.merged_because)
    if found.split_because is not None:
        _print_wrong("worst split persons", "missed pair", found.split_because)
    if found.calibration is not None:
        _print_calibration(found.calibration)
    if found.curve is not None:
        _print_curve(found.curve)
    if found.by_size is not None:
        _print_sizes(found.by_size)


def _print_score(result: Score, *, worst: bool) -> None:
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
    if worst:
        _print_worst(result)


def _print_worst(result: Score) -> None:
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


def _print_wrong(title: str, what: str, errors: tuple[Wrong, ...]) -> None:
    click.echo()
    layout.heading(title if errors else f"{title}: none")
    for error in errors:
        click.echo(f"  {layout.cell(error.what)}  {layout.counted(error.pairs, what)}")
        for reason in error.reasons:
            click.echo(f"      {layout.cell(reason)}")


def _print_calibration(found: Calibration) -> None:
    click.echo()
    layout.heading(
        "calibration of confidence",
        f"{found.memberships:,} memberships tested, {found.untested:,} without labelled rows on both sides",
    )
    layout.grid(
        ("confidence", "predicted", "observed", "95% interval", "memberships", "customers"),
        [
            (f"{b.low:g} to {b.high:g}", f"{b.predicted:.4f}", f"{b.observed:.4f}", _interval(b.interval), b.count, b.customers)
            for b in found.bins
        ],
    )  # fmt: skip
    click.echo(
        f"Brier score {found.brier:.4f} ({found.constant:.4f} if {found.observed:.4f}, the overall share, were said of all);"
        f" expected calibration error {found.error:.4f}"
    )


def _print_curve(points: tuple[Point, ...]) -> None:
    click.echo()
    layout.heading(
        "other bars", "the customers found, without matches below the bar" if points else "no match was made"
    )
    if points:
        layout.grid(
            ("bar", "matches", "customers", "precision", "recall", "F1"),
            [
                ("none" if p.bar is None else f"{p.bar:g}", p.matches, p.customers, *_figures(p.pairwise))
                for p in points
            ],
        )
        click.echo("a run with another bar groups anew and may differ: try it before you keep it")


def _print_sizes(sizes: tuple[SizeClass, ...]) -> None:
    click.echo()
    layout.heading("by size of customers")
    layout.grid(
        ("rows", "customers", "of one person", "95% interval", "wrong pairs", "precision"),
        [
            (f"{s.least:,}" if s.least == s.most else f"{s.least:,} to {s.most:,}", s.customers,
             f"{s.pure / s.customers:.4f}", _interval(s.interval), s.wrong_pairs, f"{s.precision:.4f}")
            for s in sizes
        ],
    )  # fmt: skip


def _print_pairs(found: PairScore) -> None:
    click.echo(f"{found.pairs:,} judged pairs compared, {found.same:,} of them one person")
    for count, one, many, what in (
        (found.ruled, "is", "are", "ruled on in the ledger, which the engine obeys: left out"),
        (found.unknown, "names", "name", "what the store does not have: left out"),
        (found.own, "is", "are", "of an end with itself: left out"),
        (found.contradicted, "is", "are", "judged both ways: left out"),
        (found.repeated, "is", "are", "judged before, and alike: left out"),
        (found.unsure, "is", "are", "not judged: left out"),
    ):
        if count:
            click.echo(f"{count:,} {one if count == 1 else many} {what}")
    if found.ruled is None:
        click.echo("pairs of rows are not checked against rulings, which the engine obeys")
    kind = (
        f"a random sample in each of {found.strata:,} strata"
        if found.strata
        else "a simple random sample of pairs"
    )
    click.echo(f"taken for {kind}\n")
    layout.grid(
        ("", "estimate", "95% interval", "pairs"),
        [_estimate("precision", found.precision), _estimate("recall", found.recall)],
    )
    click.echo("recall speaks of the pairs the sample was drawn from, not of those nobody looked at")


def _estimate(title: str, found: Estimate) -> tuple[str, str, str, int]:
    share = "unknown" if found.share is None else f"{found.share:.4f}"
    return title, share, _interval(found.interval), found.pairs


def _interval(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.4f} to {ends[1]:.4f}"


def _figures(measure: Measure) -> tuple[str, str, str]:
    return f"{measure.precision:.4f}", f"{measure.recall:.4f}", f"{measure.f1:.4f}"


def _line(title: str, measure: Measure) -> str:
    return f"{title:<13}    {measure.precision:.4f}   {measure.recall:.4f}   {measure.f1:.4f}"
