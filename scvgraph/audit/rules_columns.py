"""Findings about single columns. Each function is one rule: its docstring is when it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.audit.finding import Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.audit.evidence import ColumnHealth, Evidence

_MANY = 100  # rows below which shares say little
_SAME_FOR_MANY = frozenset({"kind", "channel", "campaign", "country", "state", "language", "gender", "title"})


def _found(
    severity: str, rule: str, column: ColumnHealth, rows: int, *, finding: str, means: str, do: str
) -> Finding:
    return Finding(severity, rule, column.source, column.column, rows, finding, means, do)


def _setting(column: ColumnHealth) -> str:
    return f"sources.{column.source}.identifiers.{column.kind}"


def never_filled(evidence: Evidence) -> Iterator[Finding]:
    """An identifier column that is declared has no value in any row."""
    for column in evidence.identifiers:
        if column.rows and not column.filled:
            yield _found(
                "bad", "never_filled", column, column.rows,
                finding=f"{column.column} of {column.source} is never filled",
                means=f"it joins nobody: no {column.kind} comes from {column.source}",
                do=f"check the column name in {_setting(column)} against the file, or take the line out",
            )  # fmt: skip


def rarely_filled(evidence: Evidence) -> Iterator[Finding]:
    """An identifier column has a value in less than 5% of the rows."""
    for column in evidence.identifiers:
        if column.rows >= _MANY and 0 < column.fill < 0.05:
            yield _found(
                "note", "rarely_filled", column, column.rows - column.filled,
                finding=f"{column.column} of {column.source} is filled in {percent(column.filled, column.rows)} of the rows",
                means="the other rows hang on the source's other identifiers",
                do=f"nothing, if that is how {column.source} works; else ask for it there or check the export",
            )  # fmt: skip


def refused(evidence: Evidence) -> Iterator[Finding]:
    """More than 5% of a column's values are refused; a third and more is bad."""
    for column in evidence.identifiers:
        if column.validity > 0.95 or (column.source, column.column) in evidence.mistaken:
            continue
        wrong = sum(column.refused.values())
        reasons = sorted(column.refused.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{reason} {percent(n, wrong)}" for reason, n in reasons[:3])
        yield _found(
            "bad" if column.validity < 2 / 3 else "warning", "refused", column, wrong,
            finding=f"{percent(1 - column.validity, 1)} of the values of {column.column} in {column.source} are refused ({listed})",
            means=f"those rows show no {column.kind}",
            do=_cure(column, reasons[0][0]),
        )  # fmt: skip


def _cure(column: ColumnHealth, reason: str) -> str:
    look = f"look at them with `scvgraph export rejects` (source {column.source}, column {column.column})"
    if reason.startswith("phone"):
        return (
            f'set identifiers.{column.kind}.region to the country they are dialled in, such as "GB"; {look}'
        )
    return f"check that {_setting(column)} names the right column; {look}"


def mistaken(evidence: Evidence) -> Iterator[Finding]:
    """Most refused values of a column are good values of another kind; two such columns look swapped."""
    for column in evidence.identifiers:
        kind = evidence.mistaken.get((column.source, column.column))
        if kind is None:
            continue
        partner = next(
            (
                other.column
                for other in evidence.identifiers
                if other.source == column.source and other.kind == kind
                and evidence.mistaken.get((other.source, other.column)) == column.kind
            ),
            None,
        )  # fmt: skip
        swapped = f"{column.column} and {partner} of {column.source} look swapped" if partner else ""
        yield _found(
            "bad", "mistaken", column, column.filled,
            finding=swapped or f"{column.column} of {column.source} is declared {column.kind} and holds values of kind {kind}",
            means="their values are refused, so they join nobody",
            do=f'set sources.{column.source}.identifiers.{kind} = "{column.column}" in the project file',
        )  # fmt: skip


def addresses(evidence: Evidence) -> Iterator[Finding]:
    """A third or more of an id column's values are e-mail addresses."""
    for column in evidence.identifiers:
        if column.kind != "email" and column.accepted and column.addresses > column.accepted / 3:
            yield _found(
                "bad", "addresses", column, column.addresses,
                finding=f"{percent(column.addresses, column.accepted)} of the values of {column.column} in {column.source} are e-mail addresses",
                means=f"as {column.kind} they never meet the same address elsewhere",
                do=f'set sources.{column.source}.identifiers.email = "{column.column}", and drop it from {column.kind}',
            )  # fmt: skip


def placeholders(evidence: Evidence) -> Iterator[Finding]:
    """At least 1% of a column's values are placeholders, 5% a warning; the most frequent one is shown."""
    for column in evidence.identifiers:
        if column.accepted >= _MANY and column.placeholders >= column.accepted / 100:
            one = (
                f", most of them '{column.placeholder}'"
                if column.placeholder_rows < column.placeholders
                else ""
            )
            only = f" ('{column.placeholder}')" if not one else ""
            words = "are placeholders" if one else "are one placeholder"
            yield _found(
                "warning" if column.placeholders >= column.accepted / 20 else "note", "placeholders", column, column.placeholders,
                finding=f"{column.column} in {column.source}: {percent(column.placeholders, column.accepted)} of the values {words}{only}{one}",
                means="they are marked and merge nobody; these rows hang on their other identifiers",
                do=f"nothing for the merge; to get more out of {column.source}, stop it from demanding {column.kind}",
            )  # fmt: skip


def one_for_all(evidence: Evidence) -> Iterator[Finding]:
    """One value that is neither placeholder nor shared stands in 2% of a column's rows, and in 50 at least."""
    for column in evidence.identifiers:
        if column.top_ok >= 50 and column.top_ok > column.accepted / 50 and column.distinct > 1:
            yield _found(
                "warning", "one_for_all", column, column.top_ok,
                finding=f"one value is {percent(column.top_ok, column.accepted)} of {column.column} in {column.source} and is not marked (not shown: personal data)",
                means="if it is nobody in particular, it may join strangers",
                do=f"find it with `scvgraph export identifiers` (largest count); if it is nobody's, add it to identifiers.{column.kind}.placeholders",
            )  # fmt: skip
        elif column.distinct == 1 and column.accepted >= _MANY:
            yield _found(
                "bad", "one_for_all", column, column.accepted,
                finding=f"{column.column} of {column.source} has the same value in every row",
                means="it is a constant, not an identifier, and joins everybody of the source",
                do=f"take it out of {_setting(column)}",
            )  # fmt: skip


def hubs(evidence: Evidence) -> Iterator[Finding]:
    """Identifiers of a column are shared by many people, as kiosks and switchboards are."""
    for column in evidence.identifiers:
        if column.shared_values:
            share = column.shared / column.accepted if column.accepted else 0
            plural = "identifier is" if column.shared_values == 1 else "identifiers are"
            yield _found(
                "warning" if share >= 0.1 else "note", "hubs", column, column.shared,
                finding=f"{column.kind}: {column.shared_values:,} {plural} shared in {column.column} of {column.source} ({percent(column.shared, column.accepted)} of the values)",
                means="kiosks, family tablets or an office's line: they merge nobody, and a row that shows nothing else belongs to nobody",
                do="nothing, if they are; raise resolve.hub or resolve.shared_ratio if too many honest ones are among them",
            )  # fmt: skip


def constant_traits(evidence: Evidence) -> Iterator[Finding]:
    """A trait of many values has one that is three times as frequent as the next, in 2% of the rows and 50 at least.

    Where there are fewer than 200 values, in half of the rows. Well-known defaults such as 1900-01-01 are reported from ten rows and 0.5% on, and shown.
    """
    for column in evidence.columns:
        if column.kind is not None or column.distinct < 20 or column.column in _SAME_FOR_MANY:
            continue
        known = column.placeholder is not None and column.top >= max(10, column.accepted / 200)
        share = 0.02 if column.distinct >= 200 else 0.5
        if not known and column.top < max(50, share * column.accepted, 3 * column.second):
            continue
        shown = f"'{column.placeholder}'" if column.placeholder else "one value (not shown: personal data)"
        yield _found(
            "warning", "constant_traits", column, column.top,
            finding=f"{column.column} in {column.source}: {percent(column.top, column.accepted)} of the values are {shown}",
            means="it looks like a default, and would agree between strangers",
            do=f"clear it in the export of {column.source}",
        )  # fmt: skip


RULES = (
    never_filled,
    rarely_filled,
    refused,
    mistaken,
    addresses,
    placeholders,
    one_for_all,
    hubs,
    constant_traits,
)
