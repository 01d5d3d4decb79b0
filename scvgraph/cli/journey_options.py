"""Options that `attribute` and `journeys` share, and how they print tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.layout import Fixed, grid
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_OPTIONS = (
    click.option("--lookback", "lookback_days", type=float, default=90.0, show_default=True, help="Days before a conversion in which touches count."),
    click.option("--since", help="Conversions from this date or time."),
    click.option("--until", help="Conversions before this date or time."),
    click.option("--touches", type=click.Choice(["sessions", "events"]), default="sessions", show_default=True, help="What a touch is: a session under one channel, or every event."),
    click.option("--gap", "gap_minutes", type=float, default=30.0, show_default=True, help="Minutes without activity that end a session."),
    click.option("--midnight", is_flag=True, help="Midnight ends a session too."),
    click.option("--campaign-change", is_flag=True, help="Another campaign ends a session too."),
    click.option("--shared", is_flag=True, help="Conversions of one customer may see the same touches."),
    click.option("--without-converting-session", "without", is_flag=True, help="Touches of the session that converts do not count."),
    click.option("--nulls", type=click.Choice(["all", "never", "none"]), default="all", show_default=True, help="Journeys that do not convert: all, only of customers who never do, or none."),
    click.option("--steps", type=int, help="Only so many last touches."),
    click.option("--direct", type=click.Choice(["keep", "drop", "drop_tail", "overwrite"]), default="keep", show_default=True, help="What becomes of direct touches."),
    click.option("--overwrite-hours", type=float, default=24.0, show_default=True, help="For --direct overwrite."),
    click.option("--path", "path_form", type=click.Choice(["full", "merged", "first", "unique", "frequency"]), default="full", show_default=True, help="The form of paths."),
    click.option("--conversions", type=click.Choice(["all", "first", "last"]), default="all", show_default=True, help="All conversions, or of each customer the first or last in the period."),
    click.option("--conversion", help="A condition over events in place of what sources call a conversion."),
    click.option("--timezone", help="Of dates and midnight; default: the project's."),
)  # fmt: skip

_NAMES = ("lookback_days", "since", "until", "touches", "gap_minutes", "midnight", "campaign_change", "shared",
          "nulls", "steps", "direct", "overwrite_hours", "conversion", "conversions", "timezone")  # fmt: skip


def journey_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def options_of(said: dict[str, Any]) -> dict[str, Any]:
    """What was said as Options name it; `said` keeps the rest."""
    options = {name: said.pop(name) for name in _NAMES}
    options["converting_session"] = not said.pop("without")
    options["path"] = said.pop("path_form")
    return {name: value for name, value in options.items() if value is not None}


def csv_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(function)


def one_form(*, as_csv: bool, as_json: bool) -> None:
    """Raises UsageError where both forms are asked for."""
    if as_csv and as_json:
        raise UsageError("--csv and --json cannot be printed at once; ask for one")


def print_csv(frame: pd.DataFrame) -> None:
    """The table, and on standard error what it rests on."""
    click.echo(frame.to_csv(index=False), nl=False)
    print_stamp(frame.attrs)


def print_frame(
    frame: pd.DataFrame, *, repeated: int | None = None, as_named: bool = False, amounts: Collection[str] = ()
) -> None:
    """A table for people. repeated: first columns of each part, where a table wider than the terminal is to be shown in
    parts. amounts: columns whose numbers show two digits, if any of them needs one.
    """
    fixed = [str(column) in amounts and _broken(frame[column]) for column in frame.columns]
    rows = [
        [_plain(cell, fixed=at) for cell, at in zip(row, fixed, strict=True)]
        for row in frame.itertuples(index=False)
    ]
    grid([str(column) for column in frame.columns], rows, repeated=repeated, as_named=as_named)


def _broken(column: pd.Series[Any]) -> bool:
    """Whether a number among the values is not whole, as it would be shown."""
    known = column.dropna().astype(float).round(2)
    return bool((known % 1 != 0).any())


def _plain(cell: Any, *, fixed: bool) -> Any:
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return None
    plain = cell.item() if hasattr(cell, "item") else cell
    if not isinstance(plain, float):
        return plain
    if fixed:
        return Fixed(round(plain, 2) + 0.0)
    return int(plain) if plain.is_integer() else plain


def print_stamp(stamp: Mapping[Any, Any]) -> None:
    """What a table rests on, on standard error, since CSV has no place for it."""
    asked = {name: stamp[name] for name in ("question", "asked", "options") if stamp.get(name)}
    said = "; ".join(
        f"{name} {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in asked.items()
    )
    click.echo(f"generation {stamp['generation']}, policy {stamp['policy']}; {said}", err=True)
