"""Compares a generation with what a scenario expects."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from scvgraph.engine import Engine
from scvgraph.simulate.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation: what was expected, whether it holds, and what is the case if not."""

    expected: str
    kept: bool
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A scenario and what became of its expectations."""

    file: str
    name: str
    why: str
    findings: tuple[Finding, ...]

    @property
    def kept(self) -> bool:
        return all(finding.kept for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "kept": self.kept}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """customer: of each identifier that has one; status: of each identifier; owner: of each event, by its number;
    why: what relates two customers, by both; household: of each customer that has one.
    """

    customer: dict[str, str]
    status: dict[str, str]
    owner: dict[str, str | None]
    why: dict[frozenset[str], str]
    household: dict[str, str]


def check(engine: Engine, scenario: Scenario) -> Verdict:
    """Every expectation of a scenario against the tables of a generation."""
    outcome = _Outcome(
        customer=dict(
            engine.rows(
                "SELECT i.kind || ':' || i.value, c.id FROM memberships m JOIN identifiers i ON m.identifier = i.no"
                " JOIN customers c ON m.customer = c.customer"
            )
        ),
        status=dict(engine.rows("SELECT kind || ':' || value, status FROM identifiers")),
        owner=dict(engine.rows("SELECT key, customer FROM rows")),
        why={
            frozenset(pair): why for *pair, why in engine.rows("SELECT customer, other, why FROM relations")
        },
        household=dict(engine.rows("SELECT id, household FROM households")),
    )
    expect = scenario.expect
    findings = []
    if "customers" in expect:
        count = len(set(outcome.customer.values()))
        findings.append(Finding(f"{expect['customers']} customers", count == expect["customers"], f"{count}"))
    findings += [_together(outcome, group) for group in expect.get("together", [])]
    findings += [_apart(outcome, group) for group in expect.get("apart", [])]
    for status in ("shared", "placeholder"):
        findings += [_marked(outcome, identifier, status) for identifier in expect.get(status, [])]
    findings += [_owned(outcome, event, identifier) for event, identifier in expect.get("events", {}).items()]
    findings += [_related(outcome, pair) for pair in expect.get("related", [])]
    findings += [_household(outcome, group) for group in expect.get("household", [])]
    return Verdict(str(scenario.path), scenario.name, scenario.why, tuple(findings))


def _together(outcome: _Outcome, group: list[str]) -> Finding:
    where = {identifier: outcome.customer.get(identifier) for identifier in group}
    kept = len(set(where.values())) == 1 and None not in where.values()
    return Finding("together: " + ", ".join(group), kept, _places(where))


def _apart(outcome: _Outcome, group: list[str]) -> Finding:
    where = {identifier: outcome.customer.get(identifier) for identifier in group}
    placed = [customer for customer in where.values() if customer is not None]
    known = all(identifier in outcome.status for identifier in group)
    return Finding("apart: " + ", ".join(group), known and len(placed) == len(set(placed)), _places(where))


def _marked(outcome: _Outcome, identifier: str, status: str) -> Finding:
    found = outcome.status.get(identifier, "unknown")
    return Finding(f"{status}: {identifier}", found == status, found)


def _owned(outcome: _Outcome, event: str, identifier: str | None) -> Finding:
    owner = outcome.owner.get(event)
    wanted = None if identifier is None else outcome.customer.get(identifier, "unknown")
    return Finding(
        f"event {event} of {identifier or 'nobody for certain'}", owner == wanted, owner or "nobody"
    )


def _related(outcome: _Outcome, pair: list[str]) -> Finding:
    customers = frozenset(outcome.customer.get(identifier, "nobody") for identifier in pair)
    found = outcome.why.get(customers)
    return Finding("related: " + ", ".join(pair), found is not None, found or "nothing relates them")


def _household(outcome: _Outcome, group: list[str]) -> Finding:
    """Two or more customers in one household; one alone in none."""
    where = {end: outcome.household.get(outcome.customer.get(end, "nobody")) for end in group}
    kept = len(set(where.values())) == 1 and (None in where.values()) == (len(group) == 1)
    said = ", ".join(
        f"{identifier} in {household or 'no household'}" for identifier, household in where.items()
    )
    return Finding("household: " + ", ".join(group), kept, said)


def _places(where: dict[str, str | None]) -> str:
    return ", ".join(f"{identifier} in {customer or 'no customer'}" for identifier, customer in where.items())
