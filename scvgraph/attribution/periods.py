"""Days, weeks, months, quarters and years on the clocks of a zone, those without conversions among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.errors import UsageError
from scvgraph.journeys.build import Options, local_time, moment
from scvgraph.journeys.events import Coded

if TYPE_CHECKING:
    import numpy.typing as npt

    Int64 = npt.NDArray[np.int64]
    Units = npt.NDArray[np.datetime64]

PERIODS = {"day": ("D", 1), "week": ("D", 7), "month": ("M", 1), "quarter": ("M", 3), "year": ("Y", 1)}


def periods(at: Int64, period: str, timezone: str) -> Coded:
    """The day, week (from Monday), month, quarter or year of moments, on the clocks of a zone."""
    times, code = np.unique(_units(at, period, timezone), return_inverse=True)
    return Coded(code.astype(np.int32), _names(times, period))


def every_period(at: Int64, period: str, options: Options) -> tuple[str, ...]:
    """All periods from the first to the last moment, of those that lie between since and until."""
    zone = options.timezone
    first = None if options.since is None else moment(options.since, zone)
    end = None if options.until is None else moment(options.until, zone)
    if not at.size:
        return ()
    low = max(int(at.min()), int(at.min()) if first is None else first)
    high = min(int(at.max()), int(at.max()) if end is None else end - 1)
    if low > high:
        return ()
    low_unit, high_unit = _units(np.array([low, high]), period, zone)
    return _names(np.arange(low_unit, high_unit + 1, PERIODS[period][1]), period)


def _units(at: Int64, period: str, timezone: str) -> Units:
    """The first day, month or year of each period."""
    if period not in PERIODS:
        raise UsageError(f"period '{period}' is none of {', '.join(PERIODS)}")
    kind, many = PERIODS[period]
    local = local_time(at, timezone).view("datetime64[us]").astype(f"datetime64[{kind}]")
    number: Any = local.astype(np.int64)
    shift = 3 if period == "week" else 0  # 1970-01-01 was a Thursday
    units: Units = (number - (number + shift) % many).astype(f"datetime64[{kind}]")
    return units


def _names(units: Units, period: str) -> tuple[str, ...]:
    names = np.datetime_as_string(units).tolist() if units.size else []
    if period == "quarter":
        names = [f"{name[:4]}-Q{(int(name[5:7]) + 2) // 3}" for name in names]
    return tuple(names)
