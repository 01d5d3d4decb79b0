"""Attribution as a page: models side by side, credit over time, cost, whether it holds, and what journeys look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scvgraph.journeys.lines import UNATTRIBUTED
from scvgraph.report.checks_section import checks_section
from scvgraph.report.cost_section import cost_section
from scvgraph.report.credit_section import by_segment, comparison, over_time, shades_of
from scvgraph.report.markup import Markup, element, table
from scvgraph.report.page import card, page, section, tiles
from scvgraph.report.paths_section import funnel_section, paths_sections
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scvgraph.attribution.attribute import Attribution
    from scvgraph.report.credit import ShownCredit

CAUTION = (
    "Models share out the conversions there were, each by its own convention. None of them is causal: they do not say "
    "how many there would have been without a channel."
)


def credit_page(shown: ShownCredit) -> str:
    """The whole page."""
    found = shown.found
    intervals = shown.tables.get("intervals")
    models = [model.spec for model in found.models]
    shades = shades_of(found)
    parts = [
        tiles(_totals(found)),
        comparison(found, "conversions", intervals),
        comparison(found, "value", intervals),
        over_time(shown.over_time, shades),
        by_segment(shown.segmented) if shown.segmented is not None else None,
        cost_section(found, shown.tables["cost"], shown.tables.get("cost_by_period"))
        if "cost" in shown.tables
        else None,
        checks_section(shown.tables, models, found.told.by),
        *paths_sections(found.told.journeys, shades),
        funnel_section(shown.funnel) if shown.funnel is not None else None,
        _rests_on(shown),
    ]
    return page(
        "Which touches earned the conversions", CAUTION, *(part for part in parts if part is not None), style="credit.css", contents=True
    )  # fmt: skip


def _totals(found: Attribution) -> list[tuple[str, str, str | None]]:
    totals = found.totals
    first = found.credits[found.credits["model"] == found.models[0].spec] if found.models else found.credits
    loose = first.loc[first[found.told.by[0]] == UNATTRIBUTED, ["conversions", "value"]].sum()
    currency = " and ".join(found.stamp["currencies"]) or None
    return [
        ("conversions", amount(totals["conversions"]), None),
        ("value", amount(totals["value"]), currency),
        (
            "unattributed",
            amount(loose["conversions"]),
            _of_all(float(loose["conversions"]), totals["conversions"], float(loose["value"])),
        ),
        ("journeys", amount(totals["journeys"]), None),
        ("touches", amount(totals["touches"]), None),
    ]


def _of_all(part: float, whole: float, value: float) -> str:
    return f"{part / whole:.0%}, worth {amount(value)}" if whole else ""


def _rests_on(shown: ShownCredit) -> Markup:
    """The whole stamp, so that the page can be made again."""
    stamp = dict(shown.found.stamp)
    if shown.segmented is not None:
        stamp["question"] = shown.segmented.stamp["question"]
    stamp["options"] = {name: frame.attrs.get("options", {}) for name, frame in shown.tables.items()}
    if shown.funnel is not None:
        stamp["options"]["funnel"] = {"steps": shown.funnel.attrs["asked"]["steps"]}
    head = f"Generation {stamp.get('generation', '?')}, policy {stamp.get('policy', '?')}."
    rows = [(name, said) for name, said in _flat("", stamp)]
    listed = element(
        "details", element("summary", "everything that was asked"), table(("what", "said"), rows)
    )
    return section("What it rests on", head, card(None, None, listed))


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Names with dots, and values as texts."""
    if isinstance(value, dict):
        inner: Mapping[str, Any] = value
        for key, part in inner.items():
            yield from _flat(f"{name}.{key}" if name else str(key), part)
    elif isinstance(value, list | tuple):
        yield name, ", ".join(map(str, value)) or "none"
    else:
        yield (
            name,
            {None: "none", True: "yes", False: "no"}.get(value, str(value))
            if value is None or isinstance(value, bool)
            else str(value),
        )
