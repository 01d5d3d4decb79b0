"""Whether credit holds, on the page of attribution: intervals, agreement, positions and orders of Markov chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.report.charts import heat_map
from scvgraph.report.markup import Markup, element, table
from scvgraph.report.page import card, section
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


def checks_section(
    tables: Mapping[str, pd.DataFrame], models: Sequence[str], by: Sequence[str]
) -> Markup | None:
    """What of it was asked for; None if nothing was."""
    parts = []
    if "intervals" in tables:
        parts.append(_intervals(tables["intervals"], by))
    if "agreement" in tables:
        parts.append(_agreement(tables["agreement"], models))
    if "positions" in tables:
        parts.append(_positions(tables["positions"], by))
    if "orders" in tables:
        parts.append(_orders(tables["orders"]))
    return section("Does it hold?", None, *parts) if parts else None


def _intervals(frame: pd.DataFrame, by: Sequence[str]) -> Markup:
    said = frame.attrs["options"]
    note = f"customers drawn anew {said['draws']} times, seed {said['seed']}: {said['level']:.0%} of draws lie between low and high"
    head = tuple(column.replace("_", " ") for column in frame.columns)
    texts = len(by) + 1
    rows = [(*row[:texts], *map(amount, row[texts:])) for row in frame.itertuples(index=False, name=None)]
    listed = element(
        "details",
        element("summary", f"{len(rows):,} rows"),
        table(head, rows, tuple(range(texts, len(head)))),
    )
    about = element("p", "They cover the luck of who came, not the choice of model.")
    return card("Intervals", note, about, listed)


def _agreement(frame: pd.DataFrame, models: Sequence[str]) -> Markup:
    pairs = {
        frozenset(pair): row for *pair, row in zip(frame["model"], frame["other"], frame.index, strict=True)
    }
    moved = [
        (one, [float("nan") if one == other else float(frame["moved_share"][pairs[frozenset((one, other))]]) for other in models])
        for one in models
    ]  # fmt: skip
    rows = [
        (one, other, f"{share:.1%}", amount(rank))
        for one, other, share, rank in frame[["model", "other", "moved_share", "rank_correlation"]].itertuples(index=False, name=None)
    ]  # fmt: skip
    listed = element(
        "details",
        element("summary", "with rank correlations"),
        table(("model", "other", "moved", "rank correlation"), rows, (2, 3)),
    )
    return card(
        "Agreement",
        "share of the credit that two models give to different ones",
        heat_map("", moved, models, zeros=True),
        listed,
    )


def _positions(frame: pd.DataFrame, by: Sequence[str]) -> Markup:
    keys = len(by) + 2
    rows = [
        (*map(str, row[:keys]), *map(amount, row[keys:])) for row in frame.itertuples(index=False, name=None)
    ]
    listed = element(
        "details",
        element("summary", f"{len(rows):,} rows"),
        table(tuple(frame.columns), rows, tuple(range(keys - 1, len(frame.columns)))),
    )
    return card("Positions", "credit by the place of a touch in its journey; 1 is the first", listed)


def _orders(frame: pd.DataFrame) -> Markup:
    said = frame.attrs["options"]
    note = f"{said['folds']} folds of customers held out, at most {said['customers']:,} of them, seed {said['seed']}"
    head = tuple(column.replace("_", " ") for column in frame.columns)
    rows = [
        (str(int(row[0])), *(f"{cell:.4f}" for cell in row[1:]))
        for row in frame.itertuples(index=False, name=None)
    ]
    about = "Log-likelihood per journey and transition, and AUC of conversion by path, each with its spread over the folds. A higher order is worth taking if these rise by more than that."
    return card("Markov orders", note, element("p", about), table(head, rows, tuple(range(len(head)))))
