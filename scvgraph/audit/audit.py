"""The audit: measure, judge, sort. Set-based SQL throughout; nothing here grows with the number of rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scvgraph.audit import measure, overlap, rules_columns, rules_matching, rules_pairs, rules_sources, traits
from scvgraph.audit.evidence import (
    BlockHealth,
    ColumnHealth,
    Declared,
    Evidence,
    KindHealth,
    PairHealth,
    SourceHealth,
)
from scvgraph.audit.finding import Finding, order
from scvgraph.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Collection

    from scvgraph.engine import Engine
    from scvgraph.store import Ledger

RULES = (*rules_sources.RULES, *rules_columns.RULES, *rules_pairs.RULES, *rules_matching.RULES)


@dataclass(frozen=True, slots=True)
class Audit:
    """Findings, worst first, and the counts they rest on."""

    findings: tuple[Finding, ...]
    sources: tuple[SourceHealth, ...]
    columns: tuple[ColumnHealth, ...]
    kinds: tuple[KindHealth, ...]
    pairs: tuple[PairHealth, ...]
    blocks: tuple[BlockHealth, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values of a stable shape; times as ISO text."""
        plain: dict[str, Any] = asdict(self)
        for source in plain["sources"]:
            for key, value in source.items():
                source[key] = value.isoformat() if isinstance(value, datetime) else value
        for column, health in zip(plain["columns"], self.columns, strict=True):
            column["fill"] = round(health.fill, 6)
            column["validity"] = round(health.validity, 6)
            column["duplicates"] = round(health.duplicates, 6)
        return plain


def declared_by(ledger: Ledger) -> list[Declared]:
    """Every column the ledger's files were read from, also those that never held a value or a row."""
    found = {}
    for entry in ledger.files:
        said = ledger.declarations.get(entry.mapping)
        if said is not None and not entry.retired:
            for kind, column in said["identifiers"]:
                found[entry.source, column, kind] = Declared(entry.source, said["shape"], column, kind, kind)
    for segment in ledger.segments:
        for kind, column in segment.identifiers:
            found[segment.source, column, kind] = Declared(segment.source, segment.shape, column, kind, kind)
        for trait in segment.traits:
            found[segment.source, trait, ""] = Declared(segment.source, segment.shape, trait, trait, None)
    return list(found.values())


def audit(engine: Engine, declared: Collection[Declared] = (), now: datetime | None = None) -> Audit:
    """Audit the tables of a generation as they can be read by name in an engine (`Generation.engine`).

    declared: what `declared_by` says of the ledger, so that columns without any value are noticed.
    now: UTC without a zone; what lies later is in the future.
    """
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    evidence = _gather(engine, declared, moment)
    findings = sorted((finding for rule in RULES for finding in rule(evidence)), key=order)
    return Audit(
        tuple(findings),
        tuple(evidence.sources.values()),
        evidence.columns,
        tuple(evidence.kinds.values()),
        evidence.pairs,
        evidence.blocks,
    )


def _gather(engine: Engine, declared: Collection[Declared], now: datetime) -> Evidence:
    sources = measure.sources(engine, declared, now)
    identifiers = measure.identifier_columns(engine, declared, sources)
    pairs = overlap.pairs(engine, sources)
    engine.drop("audit_seen")
    held, values = traits.trait_columns(engine, sources)
    return Evidence(
        now=now,
        sources=sources,
        columns=tuple(
            sorted([*identifiers, *held], key=lambda c: (c.source, c.kind is None, c.column, c.kind or ""))
        ),
        kinds=measure.kinds(engine),
        pairs=pairs,
        clashes=overlap.clashes(engine),
        mistaken=overlap.mistaken(engine, identifiers),
        exchanged=traits.exchanged(values),
        blocks=measure.blocks(engine),
        strange=measure.strange(engine),
    )


def with_findings(whole: Audit, findings: Collection[Finding]) -> Audit:
    """An audit with further findings in their places."""
    return replace(whole, findings=tuple(sorted((*whole.findings, *findings), key=order)))


def of_source(whole: Audit, source: str) -> Audit:
    """What an audit says about one source, pairs with others included. Raises UnknownName."""
    names = [health.name for health in whole.sources]
    if source not in names:
        raise UnknownName(f"no source '{source}' in this store; its sources: {', '.join(names) or 'none'}")
    columns = tuple(column for column in whole.columns if column.source == source)
    kinds = {column.kind for column in columns}
    return Audit(
        tuple(f for f in whole.findings if source in (f.source, f.other)),
        tuple(health for health in whole.sources if health.name == source),
        columns,
        tuple(kind for kind in whole.kinds if kind.kind in kinds),
        tuple(pair for pair in whole.pairs if source in (pair.a, pair.b)),
    )
