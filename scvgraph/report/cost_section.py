"""Credit beside spend on the page of attribution: ROAS as bars, ROAS and CPA as tables."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, TypeAlias

from scvgraph.journeys.lines import OVERLAP, UNATTRIBUTED
from scvgraph.report.charts import Group, grouped_bars, legend
from scvgraph.report.markup import Markup, element, table
from scvgraph.report.page import card, section
from scvgraph.report.words import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from scvgraph.attribution.attribute import Attribution
    from scvgraph.report.markup import Part

    Cell: TypeAlias = tuple[str, ...]

SHOWN = 12  # cells in the chart; tables have all
MEASURES = ("conversions", "value", "spend", "cpa", "roas")
LINES = (UNATTRIBUTED, OVERLAP)


@dataclass(frozen=True, slots=True)
class _Cost:
    """measures: by model and cell, NaN for what there is not. notes: by cell. cells: those of most spend first."""

    models: Sequence[str]
    by: Sequence[str]
    cells: Sequence[Cell]
    measures: Mapping[tuple[str, Cell], Mapping[str, float]]
    notes: Mapping[Cell, str]

    @staticmethod
    def of(found: Attribution, frame: pd.DataFrame) -> _Cost:
        keys = list(zip(*(frame[column].astype(str) for column in found.told.by), strict=True))
        measures: dict[tuple[str, Cell], dict[str, float]] = {}
        notes: dict[Cell, dict[str, None]] = {}
        spent: dict[Cell, float] = {}
        for model, cell, note, row in zip(
            frame["model"], keys, frame["note"], frame[list(MEASURES)].to_numpy(), strict=True
        ):
            measures[str(model), cell] = dict(zip(MEASURES, map(float, row), strict=True))
            notes.setdefault(cell, {})[str(note)] = None
            spent.setdefault(cell, 0.0 if isnan(row[2]) else float(row[2]))
        order = sorted(spent, key=lambda cell: (cell[0] in LINES, -spent[cell], cell))
        said = {cell: "; ".join(filter(None, every)) for cell, every in notes.items()}
        return _Cost([model.spec for model in found.models], found.told.by, order, measures, said)

    def of_cell(self, cell: Cell, measure: str) -> list[float]:
        """A measure of a cell under every model."""
        return [self.measures.get((model, cell), {}).get(measure, nan) for model in self.models]

    def total(self, model: str, measure: str) -> float:
        """A sum over all cells."""
        known = (self.measures.get((model, cell), {}).get(measure, nan) for cell in self.cells)
        return sum(value for value in known if not isnan(value))


def cost_section(found: Attribution, frame: pd.DataFrame, by_period: pd.DataFrame | None) -> Markup:
    """frame: cost of the whole time; by_period: the same by period, if that was asked for."""
    cost = _Cost.of(found, frame)
    groups = [
        Group(_name(cell), cost.of_cell(cell, "roas"))
        for cell in cost.cells
        if not all(map(isnan, cost.of_cell(cell, "roas")))
    ]
    parts = []
    if groups:
        bars = grouped_bars(groups[:SHOWN], cost.models)
        parts.append(card("ROAS", "value credited per unit spent", legend(cost.models), bars))
    parts.append(card("ROAS", "value per spend", _table(cost, "roas", "value", "spend")))
    parts.append(card("CPA", "spend per conversion", _table(cost, "cpa", "spend", "conversions")))
    if by_period is not None:
        parts.append(card("By period", None, _by_period(found, by_period)))
    about = "Spend without credit and credit without spend are rows too. The last row is of all value and conversions, also those without spend, and of all spend."
    left_out = frame.attrs["options"]["left_out"]
    if left_out:
        about += f" Spend of {amount(left_out)} is not of the time asked for."
    return section("Credit beside spend", about, *parts)


def _table(cost: _Cost, measure: str, part: str, of: str) -> Markup:
    """A measure under every model, beside what was spent, and what is to be noted."""
    rows: list[tuple[Part, ...]] = [
        (_name(cell), amount(cost.of_cell(cell, "spend")[0]), *map(amount, cost.of_cell(cell, measure)), cost.notes[cell])
        for cell in cost.cells
    ]  # fmt: skip
    whole = [(cost.total(model, part), cost.total(model, of)) for model in cost.models]
    ratios = (amount(above / below) if below > 0 else "" for above, below in whole)
    head = (", ".join(cost.by), "spend", *cost.models, "note")
    foot = ("total", amount(cost.total(cost.models[0], "spend")), *ratios, "")
    return table(head, rows, tuple(range(1, len(head) - 1)), "cost", foot=foot)


def _by_period(found: Attribution, frame: pd.DataFrame) -> Markup:
    """Long, under the last model only, since it has a row for each period and cell."""
    model = found.models[-1].spec
    own = frame[frame["model"] == model]
    cells = own[list(found.told.by)].astype(str).itertuples(index=False, name=None)
    rows = [
        (str(period), _name(cell), *map(amount, row), note)
        for period, cell, row, note in zip(own["period"], cells, own[list(MEASURES)].to_numpy(), own["note"], strict=True)
    ]  # fmt: skip
    head = ("period", ", ".join(found.told.by), "conversions", "value", "spend", "CPA", "ROAS", "note")
    sums = (amount(float(own[measure].sum())) for measure in MEASURES[:3])
    made = table(head, rows, (2, 3, 4, 5, 6), "cost", foot=("total", "", *sums, "", "", ""))
    return element("details", element("summary", f"under {model}, {len(rows):,} rows"), made)


def _name(cell: Cell) -> str:
    return cell[0] if cell[0] in LINES else " / ".join(cell)
