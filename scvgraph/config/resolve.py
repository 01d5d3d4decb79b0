"""Section `[resolve]` of a project file."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from scvgraph import nicknames
from scvgraph.config.project import OFF, ResolvePolicy, Source
from scvgraph.roles import ROLES, SHOWN
from scvgraph.sightings import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scvgraph.config.faults import Section

COMPARED = (*sorted(ROLES - {"ignore"}), OFF)  # what [resolve.compare] may say of a trait
STEPS = ("name_conflicts", "date_conflicts", "email_names", "blame", "match", "fragments", "relations")


def resolve_policy(part: Section, sources: Mapping[str, Source], folder: Path | None) -> ResolvePolicy:
    """The policy that the section writes. folder: what files are relative to; None where nobody will read them."""
    rules, events = _rules(part)
    policy = ResolvePolicy(
        rules=rules,
        events=events,
        hub=part.whole("hub", 10, lambda n: n >= 1, "a whole number of at least 1"),
        shared_ratio=part.number("shared_ratio", 0.4, lambda x: 0 < x <= 1, "a number above 0 and at most 1"),
        half_life_days=part.number("half_life_days", 0.0, lambda x: x >= 0, "a number of days, 0 for never"),
        bar=part.number("bar", 0.5, _probability, "a probability above 0 and below 1"),
        cap=part.whole("cap", 100, lambda n: n >= 2, "a whole number of at least 2"),
        nicknames=_nicknames(part, folder),
        model=part.text("model"),  # whether it is there is looked at when a run begins: nobody else needs it
        compare=_compare(part.section("compare"), sources),
        **{step: part.flag(step, default=True) for step in STEPS},
    )
    part.close()
    return policy


def _probability(x: float) -> bool:
    return 0 < x < 1


def _rules(part: Section) -> tuple[dict[str, float], dict[str, str]]:
    """Weights by rule, and rules by event kind."""
    rules_part, events_part = part.section("rules"), part.section("events")
    rules = {}
    for name in dict.fromkeys((*RULES, *rules_part.names())):
        default = RULES[name].weight if name in RULES else 0.5
        rules[name] = rules_part.number(name, default, _probability, "a probability above 0 and below 1")
    events: Mapping[str, Any] = {
        kind: events_part.text(kind, choices=tuple(rules)) for kind in events_part.names()
    }
    return rules, {kind.lower(): rule for kind, rule in events.items() if rule is not None}


def _nicknames(part: Section, folder: Path | None) -> str | None:
    file: str | None = part.text("nicknames")
    fault = nicknames.fault_of(folder / file) if file is not None and folder is not None else None
    if fault is not None:
        part.fault("nicknames", fault)
    return file


def _compare(part: Section, sources: Mapping[str, Source]) -> dict[str, str]:
    """How traits and identifiers are compared, by name."""
    traits = {trait for source in sources.values() for trait, _ in source.traits}
    kinds = {kind for source in sources.values() for kind, _ in source.identifiers}
    found = {}
    for name in part.names():
        if name not in traits | kinds:
            near = difflib.get_close_matches(name, traits | kinds, 1)
            hint = f"did you mean '{near[0]}'?" if near else "known: " + ", ".join(sorted(traits | kinds))
            part.raw(name)
            part.fault(name, f"no source has such a trait or identifier; {hint}")
            continue
        role = part.text(name, choices=COMPARED if name in traits else (*SHOWN, OFF))
        if role is not None:
            found[name] = role
    return found
