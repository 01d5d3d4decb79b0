"""Credit as a long table: a row for each model, segment, period and cell, and nothing left out that adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.lines import OVERLAP, UNATTRIBUTED

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.attribution.attribute import Told
    from scvgraph.attribution.credit import Credit
    from scvgraph.attribution.models import Asked

    Float = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

MEASURES = ("conversions", "value", "conversions_share", "value_share")
COLUMNS = frozenset({"model", "period", "date", "spend", "cpa", "roas", "note", "state", *MEASURES})


def credit_table(told: Told, models: Sequence[Asked], found: Sequence[Credit]) -> pd.DataFrame:
    """The rows of every model are those of the others, but for the line `(overlap)`."""
    import pandas as pd

    earned = [_with_lines(credit) for credit in found]
    cells = [*told.cells, *((line, *[""] * (len(told.by) - 1)) for line in (UNATTRIBUTED, OVERLAP))]
    values = [np.array(column, np.object_) for column in zip(*cells, strict=True)]
    groups = [np.array([name[n] for name in told.names], np.object_) for n in range(len(told.within))]
    shown = _shown(told, earned)
    parts = []
    for model, credit, measures in zip(models, found, earned, strict=True):
        group, cell = np.nonzero(shown & _lines(told, credit))
        total = credit.total[group]
        made = measures[group, cell]
        share = np.divide(made, total, out=np.where(made == 0, 0.0, np.nan), where=np.abs(total) > 0)
        keys = {column: names[group] for column, names in zip(told.within, groups, strict=True)}
        keys |= {column: names[cell] for column, names in zip(told.by, values, strict=True)}
        said = dict(zip(MEASURES, (*made.T, *share.T), strict=True))
        parts.append(pd.DataFrame({"model": np.full(group.size, model.spec, np.object_), **keys, **said}))
    empty = pd.DataFrame(columns=["model", *told.within, *told.by, *MEASURES])
    return pd.concat(parts, ignore_index=True) if parts else empty


def _with_lines(credit: Credit) -> Float:
    """[g, states + 2, 2]: credit, what is unattributed, and what is counted more than once."""
    return np.concatenate([credit.credit, credit.unattributed[:, None], credit.overlap[:, None]], axis=1)


def _shown(told: Told, earned: Sequence[Float]) -> Flags:
    """[g, states + 2] all cells; of segments those that earned in them under some model, in whatever period."""
    size = len(told.names), len(told.cells) + 2
    if not set(told.within) - {"period"}:
        return np.ones(size, np.bool_)
    shown = np.zeros(size, np.bool_)
    for measures in earned:
        shown |= (measures != 0).any(axis=2)
    if "period" in told.within:
        segments = {name[:-1]: number for number, name in enumerate(told.names)}
        number = {name: place for place, name in enumerate(segments)}
        of = np.array([number[name[:-1]] for name in told.names], np.int64)
        any_ = np.zeros((len(number), size[1]), np.bool_)
        np.logical_or.at(any_, of, shown)
        shown = any_[of]
    shown[:, -2:] = True
    return shown


def _lines(told: Told, credit: Credit) -> Flags:
    """[g, states + 2] whether a model has the line at all: `(overlap)` stands only where there is some."""
    has = np.ones((len(told.names), len(told.cells) + 2), np.bool_)
    has[:, -1] = credit.overlap.any(axis=1)
    return has
