"""Credit against spend: cost per conversion and return, with nothing dropped on either side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.attribution.attribute import Attribution
from scvgraph.attribution.periods import periods
from scvgraph.errors import UsageError
from scvgraph.journeys.build import local_time, moment
from scvgraph.journeys.events import NOT_SET
from scvgraph.journeys.lines import OVERLAP, UNATTRIBUTED, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pandas as pd

BOTH, NO_CREDIT, NO_SPEND = "", "spend without credit", "credit without spend"
UNDATED = "spend without dates, so of any time"


def read_spend(path: str | Path) -> pd.DataFrame:
    """A spend table from a CSV or Parquet file. Raises UsageError for what is none, or an amount that is none."""
    import pandas as pd

    place = Path(path)
    if not place.is_file():
        what = "is a folder, not a spend table" if place.is_dir() else "does not exist"
        raise UsageError(f"no spend table at {place}: it {what}")
    if not place.stat().st_size:
        raise UsageError(f"{place} is not a spend table: it is empty")
    try:
        if place.suffix == ".parquet":
            table, unit = pd.read_parquet(place), "row"
        else:
            table, unit = _read_csv(place), "line"
    except (ValueError, OSError) as error:
        raise UsageError(f"{place} is not a spend table: {str(error).splitlines()[0]}") from None
    if "spend" not in table:
        return table
    first = 2 if unit == "line" else 1  # the first line of a CSV names its columns
    lines = table.index.to_numpy() + first if unit == "line" else np.arange(len(table)) + first
    amounts = _amounts(table["spend"], lambda at: f"{place}, {unit} {lines[at]}")
    return table.assign(spend=amounts).reset_index(drop=True)


def _read_csv(place: Path) -> pd.DataFrame:
    """Cells as they are written, by their line; a channel called NA is one. Lines without anything are left out."""
    import pandas as pd

    table = pd.read_csv(place, dtype=str, keep_default_na=False, skip_blank_lines=False).fillna("")
    head = pd.read_csv(place, dtype=str, keep_default_na=False, header=None, nrows=1).iloc[0].astype(str)
    if head.duplicated().any():
        raise ValueError(f"two of its columns are called '{head[head.duplicated()].iloc[0]}'")
    if not isinstance(table.index, pd.RangeIndex):
        raise ValueError("its lines have more cells than it has columns")  # noqa: TRY004 - of the file
    return table[(table != "").any(axis=1)]


def _amounts(spend: pd.Series[Any], place: Callable[[int], str]) -> npt.NDArray[np.float64]:
    """Spend as finite numbers. place: where the n-th is, for the message about the first that is none."""
    import pandas as pd

    amounts = pd.to_numeric(spend, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~np.isfinite(amounts))
    if wrong.size:
        at = int(wrong[0])
        raise UsageError(f"{place(at)}, column spend: '{spend.iloc[at]}' is not a finite number")
    return amounts


def cost(found: Attribution, spend: pd.DataFrame) -> pd.DataFrame:
    """Credit of each model beside what was spent: CPA (spend per conversion) and ROAS (value per spend).

    spend: a column for each of `by`, `spend`, and `date` or `period` where credit is by period. Rows of one cell and
    period are added up; with dates, only those that begin between since and until. note: says where there is spend
    without credit, or credit without spend, or that spend without dates may be of another time; the ratios are null
    where they would divide by nothing. `attrs` hold what it rests on, `left_out` the spend of another time.
    """
    import pandas as pd

    keys = [*(["period"] if "period" in found.told.within else []), *found.told.by]
    known = _known(found, spend, keys)
    since, until, zone = _time_of(found)
    table = _between(known, since, until, zone)
    spent = table.groupby(keys, as_index=False, sort=True)["spend"].sum()
    parts = []
    for model in found.models:
        credit = found.credits[found.credits["model"] == model.spec]
        credit = credit.groupby(keys, as_index=False, sort=True)[["conversions", "value"]].sum()
        both = credit.merge(spent, on=keys, how="outer")
        both.insert(0, "model", model.spec)
        parts.append(both)
    frame = pd.concat([_lines_last(part, found.told.by[0]) for part in parts], ignore_index=True)
    frame["note"] = _notes(frame, found.told.by[0])
    if (since is not None or until is not None) and "date" not in table:
        whole = frame["spend"].fillna(0) != 0
        frame["note"] = frame["note"].mask(whole, (frame["note"] + "; " + UNDATED).str.removeprefix("; "))
    frame[["conversions", "value"]] = frame[["conversions", "value"]].fillna(0.0)
    frame["cpa"] = _ratio(frame["spend"], frame["conversions"])
    frame["roas"] = _ratio(frame["value"], frame["spend"])
    made = frame[["model", *keys, "conversions", "value", "spend", "cpa", "roas", "note"]]
    counted = float(table["spend"].sum())
    left_out = round(float(known["spend"].sum()) - counted, 9)
    options = {"rows": len(spend), "spend": counted, "left_out": left_out}
    made.attrs.update({**found.stamp, "options": options})
    return made


def _known(found: Attribution, spend: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Spend with amounts as numbers, and keys as credit has them."""
    table = _in_periods(found, spend) if "period" in keys else spend
    missing = [column for column in (*keys, "spend") if column not in table]
    if missing:
        need = ", ".join("date or period" if key == "period" else key for key in (*keys, "spend"))
        there = ", ".join(f"'{column}'" for column in spend.columns)
        raise UsageError(
            f"the spend table has no column '{missing[0]}'; it needs {need} and has {there or 'none'}"
        )
    amounts = _amounts(table["spend"], lambda at: f"the spend table, row {at + 1}")
    return table.assign(spend=amounts, **{key: _said(table[key]) for key in keys})


def _time_of(found: Attribution) -> tuple[str | None, str | None, str]:
    """The time that was asked for, and its zone."""
    journeys = found.stamp.get("question", {}).get("journeys", {})
    return journeys.get("since"), journeys.get("until"), str(journeys.get("timezone", "UTC"))


def _said(column: pd.Series[Any]) -> pd.Series[Any]:
    """Texts as events have them: blank ones are a cell of their own, and none reads like a line of the answer."""
    texts = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    return texts.map(spelled).where(texts != "", NOT_SET)


def _in_periods(found: Attribution, spend: pd.DataFrame) -> pd.DataFrame:
    """Spend with a column `period` as credit has it, made of its dates if it has none."""
    if "period" in spend or "date" not in spend:
        return spend
    question = found.stamp["question"]
    days = _days(spend, str(question["journeys"]["timezone"]))
    coded = periods(days, str(question["period"]), "UTC")
    return spend.assign(period=np.array(coded.names, np.object_)[coded.code])


def _between(spend: pd.DataFrame, since: str | None, until: str | None, zone: str) -> pd.DataFrame:
    """Spend whose date begins in the time asked for, on the clocks of a zone; all of it without dates."""
    if "date" not in spend or (since is None and until is None):
        return spend
    days = _days(spend, zone)
    low, high = (
        None if end is None else local_time(np.array([moment(end, zone)]), zone)[0] for end in (since, until)
    )
    chosen = np.ones(days.size, np.bool_)
    if low is not None:
        chosen &= days >= low
    if high is not None:
        chosen &= days < high
    return spend[chosen]


def _days(spend: pd.DataFrame, zone: str) -> npt.NDArray[np.int64]:
    """[rows] microseconds since 1970 of dates as clocks of a zone show them, whether they say a zone of their own."""
    import pandas as pd

    said = spend["date"].astype(object).where(spend["date"].notna(), "")
    texts = said.map(lambda each: each if isinstance(each, str) else each.isoformat()).astype(str).str.strip()
    zoned = texts.str.contains(r"[T ].*(?:Z|[+-]\d{2}(?::?\d{2})?)$", regex=True).to_numpy(np.bool_)
    local = pd.to_datetime(texts.mask(zoned, "1970-01-01"), format="ISO8601", errors="coerce")
    of_zone = pd.to_datetime(
        texts.where(zoned, "1970-01-01T00Z"), format="ISO8601", errors="coerce", utc=True
    )
    dates = local.mask(zoned, of_zone.dt.tz_convert(zone).dt.tz_localize(None))
    if dates.isna().any():
        at = int(dates.isna().argmax())
        raise UsageError(
            f"the spend table has a date that is none: row {at + 1} has '{texts.iloc[at]}', not one such as 2026-01-31"
        )
    return dates.dt.as_unit("us").to_numpy("datetime64[us]").astype(np.int64)


def _lines_last(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """The same rows; within a period the lines stand below cells."""
    order = ["period"] if "period" in frame else []
    lines = frame.assign(line=frame[by].isin((UNATTRIBUTED, OVERLAP)))
    return lines.sort_values([*order, "line"], kind="stable").drop(columns="line")


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
