"""What an audit says: one finding, and the order of findings."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("bad", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a source.

    severity: bad (people are merged wrongly or cannot be joined), warning (quality is lost) or note.
    source, column: where; `other` is the second source of a pair. rows: how many rows it touches, for the order.
    finding, means, do: what was found, what it does to the merge, and what to change where.
    """

    severity: str
    rule: str
    source: str | None
    column: str | None
    rows: int
    finding: str
    means: str
    do: str
    other: str | None = None


def order(finding: Finding) -> tuple[int, int, str, str, str]:
    """Worst first: severity, then rows touched, then by name so that equal audits read the same."""
    return (
        SEVERITIES.index(finding.severity),
        -finding.rows,
        finding.source or "",
        finding.column or "",
        finding.finding,
    )


def percent(part: float, whole: float) -> str:
    """A share for people: '12%', '0.4%', 'under 0.1%'.

    >>> percent(12, 100), percent(4, 1000), percent(1, 100_000), percent(999, 1000)
    ('12%', '0.4%', 'under 0.1%', '99.9%')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.1:
        return "under 0.1%"
    return f"{share:.1f}%" if share < 1 or 99 < share < 100 else f"{share:.0f}%"
