"""Credit against spend: cost per conversion and return, with nothing dropped on either side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.attribution.attribute import OVERLAP, UNATTRIBUTED, Attribution, periods
from scvgraph.errors import SourceError, UsageError

if TYPE_CHECKING:
    import pandas as pd

BOTH, NO_CREDIT, NO_SPEND = "", "spend without credit", "credit without spend"


def read_spend(path: str | Path) -> pd.DataFrame:
    """A spend table from a CSV or Parquet file."""
    import pandas as pd

    place = Path(path)
    try:
        return pd.read_parquet(place) if place.suffix == ".parquet" else pd.read_csv(place)
    except FileNotFoundError:
        raise SourceError(f"no spend table at {place}") from None
    except (ValueError, OSError) as error:
        raise SourceError(f"{place} is not a spend table: {str(error).splitlines()[0]}") from None


def cost(found: Attribution, spend: pd.DataFrame) -> pd.DataFrame:
    """Credit of each model beside what was spent: CPA (spend per conversion) and ROAS (value per spend).

    spend: a column for each of `by`, `spend`, and `date` or `period` where credit is by period. Rows of one cell and
    period are added up. note: says where there is spend without credit, or credit without spend; the ratios are null
    where they would divide by nothing.
    """
    import pandas as pd

    keys = [*(["period"] if "period" in found.told.within else []), *found.told.by]
    table = _in_periods(found, spend) if "period" in keys else spend
    missing = [column for column in (*keys, "spend") if column not in table]
    if missing:
        raise UsageError(
            f"the spend table has no column '{missing[0]}'; it needs {', '.join((*keys, 'spend'))}"
        )
    table = table.assign(**{key: table[key].astype(str) for key in keys})
    spent = table.groupby(keys, as_index=False, sort=True)["spend"].sum()
    parts = []
    for model in found.models:
        credit = found.credits[found.credits["model"] == model.spec]
        credit = credit.groupby(keys, as_index=False, sort=True)[["conversions", "value"]].sum()
        both = credit.merge(spent, on=keys, how="outer", indicator=True)
        both.insert(0, "model", model.spec)
        parts.append(both)
    frame = pd.concat(parts, ignore_index=True)
    frame["note"] = _notes(frame, found.told.by[0])
    frame[["conversions", "value"]] = frame[["conversions", "value"]].fillna(0.0)
    frame["cpa"] = _ratio(frame["spend"], frame["conversions"])
    frame["roas"] = _ratio(frame["value"], frame["spend"])
    return frame.drop(columns="_merge")[
        ["model", *keys, "conversions", "value", "spend", "cpa", "roas", "note"]
    ]


def _in_periods(found: Attribution, spend: pd.DataFrame) -> pd.DataFrame:
    """Spend with a column `period` as credit has it, made of its dates if it has none."""
    import pandas as pd

    if "period" in spend or "date" not in spend:
        return spend
    try:
        days = pd.to_datetime(spend["date"], format="ISO8601").dt.as_unit("us").to_numpy("datetime64[us]")
    except ValueError as error:
        raise UsageError(f"the spend table has a date that is none: {str(error).splitlines()[0]}") from None
    coded = periods(days.astype(np.int64), str(found.stamp["question"]["period"]), "UTC")
    return spend.assign(period=np.array(coded.names, np.object_)[coded.code])


def _notes(frame: pd.DataFrame, by: str) -> list[str]:
    notes = []
    earned = (frame["conversions"].fillna(0) != 0) | (frame["value"].fillna(0) != 0)
    for has, spend, cell in zip(earned, frame["spend"], frame[by], strict=True):
        if spend == spend and spend != 0:  # noqa: PLR0124 - not NaN
            notes.append(BOTH if has else NO_CREDIT)
        else:
            notes.append(NO_SPEND if has and cell not in (UNATTRIBUTED, OVERLAP) else BOTH)
    return notes


def _ratio(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    ratio: pd.Series[float] = part / whole.where(whole > 0)
    return ratio
