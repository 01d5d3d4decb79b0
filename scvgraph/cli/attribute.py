"""`scvgraph attribute`: prints an Attribution."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scvgraph.cli.journey_options import (
    csv_option,
    journey_options,
    one_form,
    options_of,
    print_csv,
    print_frame,
)
from scvgraph.cli.layout import as_json as print_json
from scvgraph.cli.layout import cell, fields, heading
from scvgraph.cli.place import json_option, open_view, place_options
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.api import View
    from scvgraph.attribution.attribute import Attribution
    from scvgraph.attribution.checks import Checks

OWN = "of a package that is installed here"
NOTED = 12  # cells that a note names


@click.command("attribute")
@click.option(
    "--model",
    "-m",
    "models",
    multiple=True,
    help="A model, as `markov:2`; may be said several times. `--model list` lists them.",
)
@click.option("--by", multiple=True, help="A column of events that credit goes to.  [default: channel]")
@click.option("--segment", help="A trait of customers, or a column of events as of the conversion.")
@click.option(
    "--period", type=click.Choice(["day", "week", "month", "quarter", "year"]), help="Of the conversion."
)
@click.option("--value", "by_value", is_flag=True, help="Compare models by value instead of conversions.")
@click.option("--milestone", "milestones", multiple=True, help="A kind of event that model w credits.")
@click.option(
    "--spend",
    type=click.Path(path_type=Path),
    help="CSV or Parquet of spend: shows CPA and ROAS. With --csv that table is printed, in place of credit.",
)
@click.option("--intervals", is_flag=True, help="Bootstrap intervals of credit, over customers.")
@click.option("--draws", type=int, default=200, show_default=True, help="For --intervals.")
@click.option(
    "--level",
    type=float,
    default=0.95,
    show_default=True,
    help="For --intervals: the share of draws between both ends.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="For --intervals and --orders.")
@click.option("--agreement", is_flag=True, help="How alike the models are.")
@click.option("--positions", is_flag=True, help="Credit by the place of a touch in its journey.")
@click.option(
    "--orders", type=int, help="Check which Markov order, up to this one, foretells held-out journeys best."
)
@click.option(
    "--folds",
    type=int,
    default=5,
    show_default=True,
    help="For --orders: into how many parts customers are dealt.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), help="Write a report as one HTML file that loads nothing."
)
@click.option("--funnel", multiple=True, help="For --html: kinds of events that are its funnel, in order.")
@journey_options
@csv_option
@json_option
@place_options
def command(
    models: tuple[str, ...],
    project: Path | None,
    store: Path | None,
    *,
    as_json: bool,
    as_csv: bool,
    **said: Any,
) -> None:
    """Which touches earned the conversions, under several models side by side.

    Credit always adds up to the conversions and the value there were. No model is causal: they share out what
    happened, and do not say what would have happened otherwise.

    \b
    Examples:
      scvgraph attribute
      scvgraph attribute --model last --model markov:2 --by channel --by campaign --value
      scvgraph attribute --model markov --period month --spend spend.csv
      scvgraph attribute --model markov --intervals --orders 4
      scvgraph attribute --html report.html --funnel page_view --funnel purchase
    """
    one_form(as_csv=as_csv, as_json=as_json)
    if "list" in models:
        _list_models(as_json=as_json)
        return
    checks, said = _checks_of(said, as_csv=as_csv)
    measure = "value" if said.pop("by_value") else "conversions"
    asked = {**options_of(said), "by": said["by"] or ("channel",), "milestones": said["milestones"]}
    asked |= {"segment": said["segment"], "period": said["period"]}
    spend = _spend(said["spend"])
    with open_view(project, store) as view:
        if said["html"] is not None:
            _write_page(view, models, said, {**asked, **asdict(checks), "spend": spend})
            if not as_json and not as_csv:
                click.echo(f"wrote {said['html']}")
                return
        found = view.attribute(*models, **asked)
    extras = _extras(found, checks, spend)
    if as_json:
        print_json(found.to_dict(extras))
    elif as_csv:
        print_csv(extras.get("cost", found.credits))
    else:
        _print(found, extras, measure)


def _checks_of(said: dict[str, Any], *, as_csv: bool) -> tuple[Checks, dict[str, Any]]:
    """The checks asked for, and what else was. Raises UsageError for tables that could not all be printed."""
    from scvgraph.attribution.checks import split_checks

    checks, rest = split_checks(said)
    also = [f"--{name}" for name in ("intervals", "agreement", "positions", "orders") if said[name]]
    if said["funnel"] and said["html"] is None:
        raise UsageError("--funnel is of the page: name its file with --html, or ask `scvgraph funnel`")
    if as_csv and also:
        raise UsageError(f"CSV is one table: ask for {' and '.join(also)} without --csv, or with --json")
    return checks, rest


def _spend(path: Path | None) -> pd.DataFrame | None:
    from scvgraph.attribution.cost import read_spend

    return None if path is None else read_spend(path)


def _write_page(view: View, models: tuple[str, ...], said: dict[str, Any], asked: dict[str, Any]) -> None:
    from scvgraph.export import write_text

    write_text(said["html"], view.attribution_report(*models, funnel=said["funnel"], **asked))


def _extras(found: Attribution, checks: Checks, spend: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """The further tables that were asked for, by name."""
    extras = {} if spend is None else {"cost": found.cost(spend)}
    return extras | checks.tables(found)


def _print(found: Attribution, extras: dict[str, pd.DataFrame], measure: str) -> None:
    table = found.table(measure)
    heading(f"credit of {measure}", f"generation {found.stamp['generation']}; no model is causal")
    shown = table.reset_index()
    total = table.sum().to_frame().T.assign(**{shown.columns[0]: "total"})
    keys = len(found.told.within) + len(found.told.by)
    models = list(map(str, table.columns))
    print_frame(_joined(shown, total), repeated=keys, as_named=True, amounts=models)
    click.echo()
    fields(
        [
            ("journeys", int(found.totals["journeys"])),
            ("touches", int(found.totals["touches"])),
            ("conversions", int(found.totals["conversions"])),
            ("value", found.totals["value"]),
            ("currencies", " and ".join(found.stamp["currencies"])),
            ("policy", found.stamp["policy"]),
            ("asked", _asked(found.stamp["question"])),
        ]
    )
    for name, frame in extras.items():
        click.echo()
        _print_extra(name, frame, found, measure)


def _print_extra(name: str, frame: pd.DataFrame, found: Attribution, measure: str) -> None:
    options = frame.attrs["options"]
    if name == "cost":
        left_out = options["left_out"]
        said = f"spend of {left_out:,.2f} is of another time than was asked for" if left_out else ""
        heading("credit beside spend", said)
        keys = 1 + len(found.told.by) + ("period" in found.told.within)
        amounts = ("conversions", "value", "spend", "cpa", "roas")
        print_frame(_with_totals(frame).drop(columns="note"), repeated=keys, amounts=amounts)
        fields(_noted(frame, keys))
    elif name == "intervals":
        said = f"{options['level']:.0%} of {options['draws']} draws of customers lie between low and high; seed {options['seed']}"
        heading("intervals, customers drawn anew", said)
        keys = 1 + len(found.told.by)
        shown = [column for column in frame.columns[keys:] if str(column).startswith(measure)]
        print_frame(frame[[*frame.columns[:keys], *shown]], repeated=keys, amounts=shown)
    elif name == "agreement":
        heading("how alike models are", "share of conversions given to different ones; rank correlation")
        print_frame(frame.round(4), repeated=2)
    elif name == "positions":
        heading("credit by position", "1 is the first touch of a journey; models that weigh touches")
        keys = 1 + len(found.told.by)
        print_frame(frame, repeated=keys, amounts=("conversions", "value"))
    else:
        said = f"{options['folds']} folds of customers, seed {options['seed']}"
        heading("journeys held out: which order foretells best", said)
        print_frame(frame.round(4), repeated=1)


def _asked(question: dict[str, Any]) -> str:
    """The options that are not the usual ones, in words."""
    from scvgraph.attribution.attribute import Question

    usual = asdict(Question())
    said = {**question, **question["journeys"]}
    known = {**usual, **usual["journeys"]}
    named = {
        name: value
        for name, value in said.items()
        if name not in ("models", "by", "journeys") and value != known[name]
    }
    told = [
        f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in named.items()
        if value not in (None, [])
    ]
    return "; ".join(told) or "all options as usual"


def _noted(cost: pd.DataFrame, keys: int) -> list[tuple[str, str]]:
    """Each note with the cells it is about, under whatever model."""
    noted = cost[cost["note"] != ""]
    said: dict[str, dict[str, None]] = {}
    for *about, note in noted[[*noted.columns[1:keys], "note"]].itertuples(index=False, name=None):
        said.setdefault(str(note), {})[" ".join(map(str, about))] = None
    return [
        (
            note,
            ", ".join(list(cells)[:NOTED])
            + (f" and {len(cells) - NOTED:,} more" if len(cells) > NOTED else ""),
        )
        for note, cells in said.items()
    ]


def _with_totals(cost: pd.DataFrame) -> pd.DataFrame:
    """Cost with a row below each model that sums up."""
    import pandas as pd

    parts = []
    for model, rows in cost.groupby("model", sort=False):
        sums = rows[["conversions", "value", "spend"]].sum()
        total = {
            "model": model,
            str(cost.columns[1]): "total",
            **sums,
            "cpa": _ratio(sums["spend"], sums["conversions"]),
        }
        parts += [rows, pd.DataFrame([{**total, "roas": _ratio(sums["value"], sums["spend"])}])]
    whole = pd.concat([part.dropna(axis=1, how="all") for part in parts], ignore_index=True)
    return whole.reindex(columns=cost.columns)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _joined(rows: Any, total: Any) -> Any:
    import pandas as pd

    return pd.concat([rows, total[[c for c in rows.columns if c in total]]], ignore_index=True)


def _list_models(*, as_json: bool) -> None:
    from scvgraph.attribution.models import MODELS, names_of_packages

    packages = names_of_packages()
    if as_json:
        listed = [{"model": m.name, "about": m.about, "setting": m.setting or None} for m in MODELS.values()]
        listed += [{"model": name, "about": OWN, "setting": "any"} for name in packages]
        print_json({"models": listed})
        return
    for model in MODELS.values():
        setting = f"  [:{model.setting}]" if model.setting else ""
        click.echo(f"  {model.name:<17} {cell(model.about)}{setting}")
    for name in packages:
        click.echo(f"  {cell(name):<17} {OWN}")
