"""A scenario file: a policy, some events, human decisions, and what a careful person expects of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scvgraph.config.load import default_kind
from scvgraph.config.project import (
    CustomerPolicy,
    GraphPolicy,
    IdentifierKind,
    Project,
    ResolvePolicy,
    Source,
)
from scvgraph.errors import UsageError
from scvgraph.sightings import RULES
from scvgraph.store.rulings import WRITTEN

if TYPE_CHECKING:
    import pyarrow as pa

OWN_KEYS = ("at", "kind")
PARTS = ("name", "why", "policy", "events", "decisions", "expect")
POLICIES = ("identifiers", "default_region")
EXPECTATIONS = ("customers", "together", "apart", "shared", "placeholder", "events", "related", "household")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file. events: as written, in the file's order, which is also their key."""

    path: Path
    name: str
    why: str
    policy: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]
    decisions: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Identifier kinds of the policy and of the events, in order of first use."""
        used = [key for event in self.events for key in event if key not in OWN_KEYS]
        return tuple(dict.fromkeys((*self.policy.get("identifiers", {}), *used)))


def read(path: Path) -> Scenario:
    """A scenario file. Raises UsageError saying what is wrong with it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path} is not JSON: {error}") from None
    if (
        not isinstance(said, dict)
        or not isinstance(said.get("events"), list)
        or not isinstance(said.get("expect"), dict)
    ):
        raise UsageError(
            f"{path} is no scenario: it needs a list `events` and an object `expect` (see docs/identity.md)"
        )
    fault = next(_faults(said), None)
    if fault is not None:
        raise UsageError(f"{path}: {fault}")
    return Scenario(
        path=path,
        name=said.get("name", path.stem),
        why=said.get("why", ""),
        policy=said.get("policy", {}),
        events=tuple(said["events"]),
        decisions=tuple(said.get("decisions", [])),
        expect=said["expect"],
    )


def _faults(said: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a scenario, in the order of its parts."""
    yield from (f"'{key}' is none of {', '.join(PARTS)}" for key in said if key not in PARTS)
    policy = said.get("policy", {})
    yield from (f"policy.{key} is none of {', '.join(POLICIES)}" for key in policy if key not in POLICIES)
    for kind, limits in policy.get("identifiers", {}).items():
        if (
            set(limits) - {"unique", "limit"}
            or not isinstance(limits.get("limit", 0), int)
            or not isinstance(limits.get("unique", True), bool)
        ):
            yield f'policy.identifiers.{kind} is {{}}, {{"unique": true}} or {{"limit": n}}'
    for number, event in enumerate(said["events"]):
        if not isinstance(event, dict) or not _is_time(event.get("at")):
            yield f"event {number} has no `at` that is a time, such as 2026-03-01T12:00:00Z"
    for number, decision in enumerate(said.get("decisions", [])):
        pair = decision.get("must_link", decision.get("cannot_link"))
        if not isinstance(pair, list) or len(pair) < 2 or not all(_is_identifier(end) for end in pair):
            yield f"decision {number} needs must_link or cannot_link with two identifiers written kind:value"
    yield from (
        f"expect.{key} is none of {', '.join(EXPECTATIONS)}"
        for key in said["expect"]
        if key not in EXPECTATIONS
    )
    for key in ("together", "apart", "related", "household"):
        for group in said["expect"].get(key, []):
            if not isinstance(group, list) or not all(_is_identifier(end) for end in group):
                yield f"expect.{key} is a list of lists of identifiers written kind:value"


def _is_time(value: Any) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_identifier(value: Any) -> bool:
    return isinstance(value, str) and ":" in value


def project_of(scenario: Scenario, folder: Path, policy: Project | None) -> Project:
    """A project that reads the scenario's events from memory, under its own policy or another project's."""
    region = scenario.policy.get("default_region") if policy is None else policy.region
    kinds = {kind: _kind(scenario, kind, region, policy) for kind in scenario.kinds}
    source = Source(
        name="events", shape="events", files=("<scenario>",), key="index", time="at", kind="kind", channel=None, campaign=None,
        value=None, conversion=None, fixed={}, identifiers=tuple((kind, kind) for kind in kinds), traits=(),
    )  # fmt: skip
    return Project(
        path=scenario.path,
        folder=folder,
        name=scenario.name,
        store=folder / "store",
        region=region,
        timezone="UTC",
        decisions=(),
        kinds=kinds,
        sources={"events": source},
        resolve=ResolvePolicy({name: rule.weight for name, rule in RULES.items()}, {})
        if policy is None
        else replace(policy.resolve, nicknames=str(policy.nicknames), model=None),
        customers=CustomerPolicy(),
        graph=GraphPolicy(build=False),
    )


def _kind(scenario: Scenario, kind: str, region: str | None, policy: Project | None) -> IdentifierKind:
    if policy is not None:
        return policy.kinds.get(kind) or default_kind(kind, region)
    said = scenario.policy.get("identifiers", {}).get(kind, {})
    return replace(default_kind(kind, region), limit=1 if said.get("unique") else said.get("limit", 0))


def frames_of(scenario: Scenario) -> dict[str, pa.Table]:
    """The scenario's events and decisions as tables."""
    import pyarrow as pa

    columns = ("at", "kind", *scenario.kinds)
    events = {column: [_cell(event.get(column)) for event in scenario.events] for column in columns}
    events["index"] = [str(number) for number in range(len(scenario.events))]
    said = [row for decision in scenario.decisions for row in _decision(decision)]
    text = pa.string()
    return {
        "events": pa.table(events, schema=pa.schema([(column, text) for column in events])),
        "decisions": pa.Table.from_pylist(said, schema=pa.schema([(column, text) for column in WRITTEN])),
    }


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


def _decision(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "decision": kind,
            "a": said[kind][0],
            "b": other,
            "at": said.get("at"),
            "by": said.get("by"),
            "reason": said.get("reason"),
        }
        for kind in ("must_link", "cannot_link")
        if kind in said
        for other in said[kind][1:]
    ]
