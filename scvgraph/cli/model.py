"""`scvgraph model`: shows the matching model, as a table, as JSON, as a page, and keeps it in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scvgraph.cli import layout
from scvgraph.cli.place import json_option, open_store, place_options

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from scvgraph.report.model import ShownModel, Trait

_HALVES = (4, 16)  # least and most characters of a bar, either side of nought


@click.command("model")
@click.option("--html", type=click.Path(path_type=Path), help="Write a page for the browser to this file.")
@click.option(
    "--to",
    "kept",
    type=click.Path(path_type=Path),
    help="Keep the model in this file, for [resolve] model = FILE. It holds values of traits: personal data.",
)
@json_option
@place_options
def command(
    html: Path | None, kept: Path | None, project: Path | None, store: Path | None, *, as_json: bool
) -> None:
    """What agreement and disagreement in each trait are worth when customers are compared.

    Of every level of agreement: m, how often it is seen between records of one person; u, how often between
    different ones; bits, the binary logarithm of their ratio. The prior and the bits of all traits add up to
    a score; 0 is a probability of one half, 10 of 99.9%.

    \b
    Examples:
      scvgraph model
      scvgraph model --html model.html
      scvgraph model --to model.parquet     later runs use it with [resolve] model = "model.parquet"
    """
    from scvgraph.api import View

    with View(open_store(project, store)) as view:
        model = view.model()
        if html is not None:
            view.write_model_page(html)
        if kept is not None:
            view.keep_model(kept)
    if as_json:
        layout.as_json(model.to_dict())
        return
    if html is None and kept is None:
        _print(model)
    for file, what in ((html, "the page"), (kept, "the model")):
        if file is not None:
            click.echo(f"{what} is in {file}")
    if kept is not None:
        click.echo(f'use it in later runs: model = "{kept.name}" in [resolve]; it holds values of traits')


def _print(model: ShownModel) -> None:
    from rich.console import Console

    from scvgraph.report.model import probability

    console = Console(highlight=False)
    learnt = f"fixed by {model.model}" if model.model else "learnt from the data"
    layout.heading(f"generation {model.generation}", f"model {learnt}")
    layout.fields(
        [
            ("prior", f"{model.prior_bits:+.2f} bits, a probability of {model.prior:.2g}"),
            ("bar", f"{model.bar_bits:+.2f} bits, a probability of {probability(model.bar_bits):.4g}"),
        ]
    )  # fmt: skip
    console.print(_table(model, console.width))
    out = [f"{each.trait} ({each.origin})" for each in model.comparisons if each.role == "off"]
    out += [f"{layout.cell(trait.trait)} (not told)" for trait in model.traits if not trait.counts]
    if out:
        click.echo("not compared: " + ", ".join(out))


def _table(model: ShownModel, width: int) -> Table:
    """width: characters of the terminal; bars are as long as there is room."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rows = [row for trait in model.traits if trait.counts for row in _rows(trait)]
    beside = sum(max((len(str(row[n])) for row in rows), default=0) + 3 for n in range(4)) + 12
    half = max(_HALVES[0], min(_HALVES[1], (width - beside) // 2))
    most = max((abs(bits) for *_, bits in rows), default=1) or 1
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for name, right in (("trait", False), ("level", False), ("m", True), ("u", True), ("bits", True)):
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    names = ("against", "for") if half >= len("against") else ("-", "+")
    table.add_column(" ".join(each.center(half) for each in names), no_wrap=True)
    for place, (name, level, m, u, bits) in enumerate(rows):
        table.add_row(Text(name, style="bold"), level, m, u, f"{bits:+.2f}", _bar(bits, most, half))
        if place + 1 == len(rows) or rows[place + 1][0]:
            table.add_section()
    return table


def _rows(trait: Trait) -> list[tuple[str, str, str, str, float]]:
    """Trait (in its first row only), level, m, u and bits, the strongest agreement first."""
    from scvgraph.report.model_page import share

    name = layout.cell(trait.trait.replace("_", " "))
    return [
        (name if n == 0 else "", level.level, share(level.m), share(level.u), level.bits)
        for n, level in enumerate(reversed(trait.levels))
    ]


def _bar(bits: float, most: float, half: int) -> Text:
    from rich.text import Text

    size = round(8 * half * abs(bits) / most)
    if bits < 0:  # the left half has no eighths that begin at the right
        return Text(("█" * -(-size // 8)).rjust(half) + "│", style="red")
    return Text(" " * half + "│" + "█" * (size // 8) + ("", *"▏▎▍▌▋▊▉")[size % 8], style="green")
