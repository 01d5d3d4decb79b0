"""`scvgraph review`: lists doubtful cases, or asks about them one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.place import json_option, open_store, place_options, project_path
from scvgraph.errors import SourceError, UsageError

if TYPE_CHECKING:
    from scvgraph.api import View
    from scvgraph.review import Answers, Case, End


@click.command("review")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many cases.")
@click.option("--answer", is_flag=True, help="Ask about each: same, different, skip or quit.")
@click.option("--by", help="Who answers; default: the name you are logged in with.")
@click.option(
    "--sample", type=click.IntRange(1), help="Instead: draw about so many pairs to judge (see --to)."
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="CSV file for the sample; `evaluate --pairs` reads it."
)
@click.option("--seed", default="1", show_default=True, help="Another seed draws another sample.")
@json_option
@place_options
def command(
    limit: int,
    by: str | None,
    sample: int | None,
    to: Path | None,
    seed: str,
    project: Path | None,
    store: Path | None,
    *,
    answer: bool,
    as_json: bool,
) -> None:
    """The doubtful cases of the store, those first whose answer is worth most.

    Each is a pair of identifiers: are they one person's? With --answer you are asked; what you say is added to the
    project's file of decisions, and the next `scvgraph run` obeys it. docs/evaluation.md says how cases are valued.

    \b
    Examples:
      scvgraph review
      scvgraph review --answer --by ann
      scvgraph review --limit 500 --json
      scvgraph review --sample 200 --to judge.csv
    """
    from scvgraph.api import View

    if (sample is None) != (to is None):
        raise UsageError("--sample draws pairs into a file named with --to; give both or neither")
    if answer and (as_json or sample is not None):
        raise UsageError("--answer asks on the terminal; leave out --json and --sample")
    if by is not None and not answer:
        raise UsageError("--by names who answers; add --answer")
    with View(open_store(project, store)) as view:
        if sample is not None and to is not None:
            drawn = view.sample_pairs(to, sample, seed)
            click.echo(f"{layout.counted(drawn, 'pair')} drawn into {to}: write yes or no into column `same`")
            return
        answers = _answers(project, store, needed=answer)
        if answer and answers is not None:
            answers.check()
        cases = _cases(view, limit, answers, answer=answer)
    if as_json:
        layout.as_json([case.to_dict() for case in cases])
    elif answer and answers is not None:
        _dialogue(cases, answers, by)
    else:
        _list(cases)


def _answers(project: Path | None, store: Path | None, *, needed: bool) -> Answers | None:
    """The project's file of answers; none where only a store was named."""
    from scvgraph.config import load
    from scvgraph.review import Answers

    if store is not None and project is None:
        if needed:
            raise UsageError("answers are kept with the project: name it with --project instead of --store")
        return None
    found = load(project_path(project), reading=True)
    return Answers.of(found.folder, found.decisions)


def _cases(view: View, limit: int, answers: Answers | None, *, answer: bool) -> list[Case]:
    """The cases. Decisions that cannot be read are told, and stop only those who are about to add to them."""
    try:
        return view.review(limit, answers)
    except SourceError as error:
        if answer:
            raise
        click.secho(
            f"{error}\nso what it decides is not left out here, and the next run will stop",
            fg="yellow",
            err=True,
        )
        return view.review(limit)


def _list(cases: list[Case]) -> None:
    if not cases:
        click.echo("no doubtful case: nothing was refused, blamed or joined that a look could change")
        return
    for number, case in enumerate(cases, 1):
        _head(case, f"{number}.")
        click.echo()
    click.secho("answer them with `scvgraph review --answer`", dim=True)


def _head(case: Case, number: str) -> None:
    click.echo(
        f"{number} {click.style(layout.cell(case.a.id), bold=True)}  {click.style(layout.cell(case.b.id), bold=True)}"
    )
    customers = case.a.customer if case.joined else f"{case.a.customer} and {case.b.customer}"
    click.echo(f"   {case.question} ({customers}): {layout.cell(case.why)}")
    if case.signs:
        click.echo(f"   for two persons speaks: {layout.cell('; '.join(case.signs))}")
    click.secho(
        f"   one person with probability {case.probability:.3f}, {layout.counted(case.rows, 'row')} at stake, value {case.value:.2f}",
        dim=True,
    )


def _dialogue(cases: list[Case], answers: Answers, by: str | None) -> None:
    import getpass

    from scvgraph.review import DECISIONS, Answer, parsed

    author, given = by or getpass.getuser(), 0
    for number, case in enumerate(cases, 1):
        click.echo()
        _head(case, f"{number} of {len(cases)}.")
        for end in (case.a, case.b):
            _end(end)
        verb, reason = None, ""
        while verb is None:
            reply = click.prompt(
                "one person? same / different / skip / quit (s, d, k, q; then a reason if you like)"
            )
            verb, reason = parsed(reply)
        if verb == "quit":
            break
        if verb in DECISIONS:
            now = datetime.now(UTC).replace(tzinfo=None)
            said = reason or f"reviewed: {case.question}"
            answers.add(Answer(DECISIONS[verb], case.a.id, case.b.id, now, author, said))
            given += 1
    click.echo()
    if not cases:
        click.echo("no doubtful case")
    if given:
        click.echo(
            f"{layout.counted(given, 'answer')} added to {answers.path}; the next `scvgraph run` obeys them"
        )
        if answers.cure:
            click.secho(
                f"the project does not read that file yet: add {answers.cure} to its file", fg="yellow"
            )


def _end(end: End) -> None:
    click.echo("   " + click.style(layout.cell(end.id), bold=True) + f"  {end.customer or 'nobody'}")
    shown = [
        ("golden record", end.golden),
        ("its rows tell", {trait: " | ".join(values) for trait, values in end.tells.items()}),
        ("seen with", [beside.id for beside in end.seen_with]),
        ("rows", end.count),
        ("seen", [at for at in (end.first_seen, end.last_seen) if at]),
    ]
    layout.fields([(name, value) for name, value in shown if value], indent=6)
