"""Findings between sources and kinds: no path, no overlap, one value under two kinds, exchanged traits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.audit.finding import Finding, percent
from scvgraph.identifiers.kinds import rule_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.audit.evidence import Evidence, PairHealth

_ENOUGH = 20


def _shares(pair: PairHealth) -> bool:
    """Whether the two sources show a common identifier of a kind that merges people."""
    return any(count and rule_for(kind).links for kind, count in pair.identifiers.items())


def islands(evidence: Evidence) -> dict[str, str]:
    """Source -> the first source (by name) that it can be reached from over shared identifiers.

    Sources with the same answer are connected. Union by repeated relabelling: there are few sources.
    """
    home = {name: name for name in evidence.sources}
    for pair in evidence.pairs:
        if _shares(pair) and home.get(pair.a) != home.get(pair.b):
            low, high = sorted((home[pair.a], home[pair.b]))
            home = {name: low if label == high else label for name, label in home.items()}
    return home


def no_path(evidence: Evidence) -> Iterator[Finding]:
    """Two sources with rows share no identifier, and no chain of other sources joins them."""
    home = islands(evidence)
    for pair in evidence.pairs:
        a, b = evidence.sources[pair.a], evidence.sources[pair.b]
        if home[pair.a] != home[pair.b] and a.rows and b.rows:
            yield Finding(
                "bad", "no_path", pair.a, None, min(a.rows, b.rows),
                f"{pair.a} and {pair.b} share no identifier: no path between them",
                "nobody seen in both can be recognised; they count as two customers",
                f"map a column that both have (e-mail, phone, a customer or loyalty id) under [sources.{pair.a}.identifiers] and [sources.{pair.b}.identifiers]",
                other=pair.b,
            )  # fmt: skip


def no_overlap(evidence: Evidence) -> Iterator[Finding]:
    """Two sources both have a kind and not one of its values in common, out of 20 and more on either side."""
    for pair in evidence.pairs:
        for kind, count in pair.identifiers.items():
            fewest = min(pair.of_a[kind], pair.of_b[kind])
            if count == 0 and fewest >= _ENOUGH and rule_for(kind).links:
                yield Finding(
                    "warning", "no_overlap", pair.a, None, fewest,
                    f"{pair.a} and {pair.b} both have {kind}, and none of {pair.of_a[kind]:,} and {pair.of_b[kind]:,} in common",
                    f"{kind} joins nobody between them: other people, another notation, or two different ids under one name",
                    f"if the notation differs, set identifiers.{kind}.strip or .case; if they are different ids, give one of them its own kind",
                    other=pair.b,
                )  # fmt: skip


def two_kinds(evidence: Evidence) -> Iterator[Finding]:
    """A tenth of a kind's values, and 20 at least, also stand under another kind."""
    for (kind, other), count in sorted(evidence.clashes.items()):
        fewest = min((k for k in (kind, other)), key=lambda k: evidence.kinds[k].identifiers)
        total = evidence.kinds[fewest].identifiers
        if count < _ENOUGH or count < total / 10:
            continue
        places = sorted({f"{c.source}.{c.column}" for c in evidence.identifiers if c.kind == fewest})
        source = next((c.source for c in evidence.identifiers if c.kind == fewest), None)
        keep = other if fewest == kind else kind
        yield Finding(
            "bad", "two_kinds", source, None, count,
            f"{percent(count, total)} of the values of {fewest} ({', '.join(places)}) also stand under {keep}",
            "the same id under two kinds never meets itself; unless both are short numbers that only look alike",
            f"if they are one id, declare {', '.join(places)} as {keep} in the project file",
        )  # fmt: skip


def exchanged_traits(evidence: Evidence) -> Iterator[Finding]:
    """The frequent values of two traits of a source stand under each other's name in other sources."""
    for source, trait, other in evidence.exchanged:
        yield Finding(
            "bad", "exchanged_traits", source, trait, evidence.sources[source].rows,
            f"{trait} and {other} of {source} look swapped, compared with the other sources",
            "records of one person disagree in both, so they are kept apart or shown wrongly",
            f"exchange the two columns in [sources.{source}.traits]; with two sources only, check which of them is wrong",
        )  # fmt: skip


RULES = (no_path, no_overlap, two_kinds, exchanged_traits)
