"""Findings about whole sources: their times, their refused rows, their rows without a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.audit.finding import Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scvgraph.audit.evidence import Evidence, SourceHealth

_LATE_DAYS = 30  # behind the other sources
_GAP_DAYS = 14


def _found(
    severity: str, rule: str, source: SourceHealth, rows: int, *, finding: str, means: str, do: str
) -> Finding:
    return Finding(severity, rule, source.name, None, rows, finding, means, do)


def _time_column(source: SourceHealth) -> str:
    return f"sources.{source.name}.{'time' if source.shape == 'events' else 'updated'}"


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment is not None else "?"


def empty(evidence: Evidence) -> Iterator[Finding]:
    """A declared source has no rows."""
    for source in evidence.sources.values():
        if source.rows == 0:
            yield _found(
                "bad", "empty", source, source.rows_refused,
                finding=f"{source.name} has no rows",
                means="nothing of it reaches any customer",
                do=f"check sources.{source.name}.files, and `scvgraph export rejects` if its rows were refused",
            )  # fmt: skip


def refused_rows(evidence: Evidence) -> Iterator[Finding]:
    """At least 1% of a source's rows were refused when read; a tenth is bad."""
    for source in evidence.sources.values():
        if source.rows_refused and source.rows_refused >= source.rows_read / 100:
            yield _found(
                "bad" if source.rows_refused >= source.rows_read / 10 else "warning", "refused_rows", source, source.rows_refused,
                finding=f"{percent(source.rows_refused, source.rows_read)} of the rows of {source.name} were refused ({source.rows_refused:,})",
                means="they are kept aside and count nowhere",
                do="see why with `scvgraph export rejects`; often it is time_format, decimal, delimiter or encoding of the source",
            )  # fmt: skip


def future(evidence: Evidence) -> Iterator[Finding]:
    """Rows lie more than a day in the future; 1% of them is bad."""
    for source in evidence.sources.values():
        if source.future:
            yield _found(
                "bad" if source.future >= source.rows / 100 else "warning", "future", source, source.future,
                finding=f"{source.future:,} rows of {source.name} ({percent(source.future, source.rows)}) lie in the future, up to {_day(source.last)}",
                means="they win every 'most recent' and stand last in every journey",
                do=f"check {_time_column(source)} and time_format (day and month exchanged?), and project.timezone",
            )  # fmt: skip


def ancient(evidence: Evidence) -> Iterator[Finding]:
    """Rows lie before 1990, which usually means epoch zero or the wrong unit."""
    for source in evidence.sources.values():
        if source.ancient:
            yield _found(
                "bad" if source.ancient >= source.rows / 100 else "warning", "ancient", source, source.ancient,
                finding=f"{source.ancient:,} rows of {source.name} ({percent(source.ancient, source.rows)}) lie before 1990, from {_day(source.first)}",
                means="they stand first in journeys and stretch every interval",
                do=f'check {_time_column(source)}; seconds read as milliseconds need time_format = "epoch_s"',
            )  # fmt: skip


def undated(evidence: Evidence) -> Iterator[Finding]:
    """At least 1% of the rows have no time."""
    for source in evidence.sources.values():
        if source.undated and source.undated >= source.rows / 100:
            yield _found(
                "warning" if source.undated < source.rows else "note", "undated", source, source.undated,
                finding=f"{percent(source.undated, source.rows)} of the rows of {source.name} have no time",
                means="they are neither first nor last, and lose against any dated value of a trait",
                do=f"name the column that says when with {_time_column(source)}",
            )  # fmt: skip


def stale(evidence: Evidence) -> Iterator[Finding]:
    """A source ends 30 days and more before the newest one, and three of its own usual gaps."""
    sane = [s for s in evidence.sources.values() if s.last is not None and s.last <= evidence.now]
    newest = max((s.last for s in sane if s.last is not None), default=None)
    for source in sane:
        assert newest is not None
        assert source.last is not None
        days = (newest - source.last).days
        if days >= max(_LATE_DAYS, 3 * source.usual_gap_days):
            yield _found(
                "warning", "stale", source, source.rows,
                finding=f"{source.name} has not changed for {days} days (since {_day(source.last)}) while others go on to {_day(newest)}",
                means="its identifiers and traits age, and later events find no anchor in it",
                do=f"check that the export still runs and that sources.{source.name}.files finds the new files",
            )  # fmt: skip


def gap(evidence: Evidence) -> Iterator[Finding]:
    """An events source has two weeks and more without a row, and ten of its usual gaps."""
    for source in evidence.sources.values():
        if source.shape == "events" and source.gap_days >= max(_GAP_DAYS, 10 * source.usual_gap_days):
            yield _found(
                "warning", "gap", source, source.rows,
                finding=f"{source.name} has no row between {_day(source.gap_from)} and {_day(source.gap_to)} ({source.gap_days} days)",
                means="journeys have a hole there, and what was sold then is credited wrongly",
                do=f"look for missing files in sources.{source.name}.files",
            )  # fmt: skip


def without_customer(evidence: Evidence) -> Iterator[Finding]:
    """A fifth and more of the rows belong to no customer; the reasons are listed."""
    for source in evidence.sources.values():
        loose = sum(source.without_customer.values())
        if loose and loose >= source.rows / 5:
            why = ", ".join(
                f"{basis} {percent(n, source.rows)}" for basis, n in source.without_customer.items()
            )
            yield _found(
                "warning", "without_customer", source, loose,
                finding=f"{percent(loose, source.rows)} of the rows of {source.name} belong to no customer ({why})",
                means="they are missing from journeys and attribution",
                do=f"'none' means no identifier: map more columns under [sources.{source.name}.identifiers] if there are any",
            )  # fmt: skip


RULES = (empty, refused_rows, future, ancient, undated, stale, gap, without_customer)
