"""Why two identifiers belong to one customer, or why they do not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scvgraph.embedded.answers import Identifier, Relation, as_id
from scvgraph.embedded.explanation import End, Explanation, SourceRow, Step
from scvgraph.embedded.lookup import look_up
from scvgraph.embedded.paths import border, followed_network, network_around, support, surest_path
from scvgraph.errors import ScvgraphError

if TYPE_CHECKING:
    from scvgraph.embedded.finder import Finder, Found

REFUSED_SHOWN = 10
COMPARED = ("match", "household")  # rules of links that no row shows

Pairs = list[tuple[str, str]]  # ends of links, as kind:value


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where to read what stands behind links: the source rows that show both ends, what agreed between the ends of
    matches; and what relates two customers, by their numbers.
    """

    rows: Callable[[Pairs], dict[tuple[str, str], tuple[SourceRow, ...]]]
    reasons: Callable[[Pairs], dict[tuple[str, str], str]]
    related: Callable[[int, int], tuple[Relation, ...]]


@dataclass(frozen=True, slots=True)
class _Place:
    """An end of the question in the graph."""

    asked: str
    found: Found
    customer: tuple[int, str] | None

    @property
    def id(self) -> str:
        return self.found.identifier.id

    def end(self) -> End:
        return End(self.asked, self.found.identifier, self.customer[1] if self.customer else None)


def explain(finder: Finder, generation: int, a: str, b: str, evidence: Evidence) -> Explanation:
    """Raises ScvgraphError where one of them is unknown. Given bare values, readings that meet are preferred."""
    ours, theirs = (_places(finder, generation, asked) for asked in (a, b))
    pairs = [(one, other) for one in ours for other in theirs]
    one, other = next((p for p in pairs if p[0].customer and p[0].customer == p[1].customer), pairs[0])
    if one.id == other.id:
        said = f"{one.id} and what was asked second are one identifier"
        return Explanation(one.end(), other.end(), True, said, 1.0, (), None, 0, False, ())
    if one.customer and one.customer == other.customer:
        return _together(finder, one, other, evidence)
    return _apart(finder, one, other, evidence)


def _places(finder: Finder, generation: int, asked: str) -> list[_Place]:
    asked = asked.strip()
    found = finder.identifiers(finder.readings(asked))
    if not found:
        if finder.customer(as_id(asked)) is not None:
            raise ScvgraphError(
                f"'{asked}' is a customer id; explain compares identifiers: see `scvgraph customer {as_id(asked)}` for its own"
            )
        raise ScvgraphError(look_up(finder, generation, asked).unknown)
    places = []
    for each in found:
        alone = each.identifier.status == "ok" and len(each.owners) == 1
        places.append(_Place(asked, each, (each.owners[0]["no"], each.owners[0]["id"]) if alone else None))
    return places


def _together(finder: Finder, one: _Place, other: _Place, evidence: Evidence) -> Explanation:
    assert one.customer is not None
    number, name = one.customer
    network = followed_network(finder.graph, number)
    path = surest_path(network, one.id, other.id)
    if not path:
        said = f"{one.id} and {other.id} are both of {name}, but no link says so: it was decided by time or by hand"
        return Explanation(one.end(), other.end(), True, said, None, (), None, 0, False, ())
    weakest = min(range(len(path)), key=lambda n: path[n].weight)
    independent, bridge = support(network, one.id, other.id, path[weakest])
    certainty = round(math.prod(step.weight for step in path), 6)
    steps = "1 step" if len(path) == 1 else f"{len(path)} steps"
    return Explanation(
        a=one.end(),
        b=other.end(),
        same=True,
        verdict=f"both belong to {name}: joined by {steps}, together {certainty:.3f} sure",
        certainty=certainty,
        path=_with_rows(path, evidence),
        weakest=weakest,
        independent=independent,
        bridge=bridge,
        refused=(),
    )


def _apart(finder: Finder, one: _Place, other: _Place, evidence: Evidence) -> Explanation:
    refused = _between(finder, one, other)
    path = surest_path(network_around(finder.graph, one.found.no, other.found.no), one.id, other.id)
    return Explanation(
        a=one.end(),
        b=other.end(),
        same=False,
        verdict=_verdict(finder, one, other, refused, path),
        certainty=round(math.prod(step.weight for step in path), 6) if path else None,
        path=_with_rows(path, evidence),
        weakest=min(range(len(path)), key=lambda n: path[n].weight) if path else None,
        independent=0,
        bridge=False,
        refused=_with_rows(refused[:REFUSED_SHOWN], evidence),
        related=_related(one, other, evidence),
    )


def _related(one: _Place, other: _Place, evidence: Evidence) -> Relation | None:
    if one.customer is None or other.customer is None:
        return None
    return next(iter(evidence.related(one.customer[0], other.customer[0])), None)


def _between(finder: Finder, one: _Place, other: _Place) -> list[Step]:
    """Links between the two customers that were not followed, the strongest first."""
    if one.customer is None or other.customer is None:
        return []
    theirs = {identifier.id for identifier in _identifiers(finder, other.customer[0])}
    steps = [step for step in border(finder.graph, one.customer[0]) if step.b in theirs]
    return sorted(steps, key=lambda step: (-step.weight, step.a, step.b))


def _identifiers(finder: Finder, customer: int) -> list[Identifier]:
    cypher = (
        "MATCH (c:Customer {no: $no})-[:HAS]->(i:Identifier)"
        " RETURN DISTINCT i.kind, i.value, i.status, i.why, i.count, i.first_seen, i.last_seen"
    )
    return [Identifier(*row) for row in finder.graph.rows(cypher, no=customer)]


def _verdict(finder: Finder, one: _Place, other: _Place, refused: list[Step], path: list[Step]) -> str:
    who = f"{_owner(one)}, {_owner(other)}"
    if refused:
        return f"two customers ({who}), kept apart: {refused[0].refused_by or refused[0].reason}"
    if not path:
        return f"not one customer ({who}): no evidence connects them within six steps"
    loose = _loose_on(finder, path)
    if loose:
        return f"not one customer ({who}): connected only through {loose.id}, which is {_loose_words(loose)}"
    stop = next((step for step in path if not step.followed), None)
    if stop is None:
        return (
            f"not one customer ({who}), though every link between them was followed: ask for the rows of both"
        )
    return f"not one customer ({who}): the way from one to the other stops at {stop.a} - {stop.b}, refused: {stop.refused_by or stop.reason}"


def _owner(place: _Place) -> str:
    if place.customer is not None:
        return f"{place.id} is {place.customer[1]}'s"
    status = place.found.identifier.status
    return f"{place.id} is {'of no single customer' if status == 'ok' else status}"


def _loose_on(finder: Finder, path: list[Step]) -> Identifier | None:
    """The first identifier on a path that merges nobody."""
    for asked in dict.fromkeys(end for step in path for end in (step.a, step.b)):
        kind, _, value = asked.partition(":")
        for found in finder.stored(kind, value):
            if found.identifier.status != "ok":
                return found.identifier
    return None


def _loose_words(identifier: Identifier) -> str:
    article = "a placeholder" if identifier.status == "placeholder" else identifier.status
    return f"{article} ({identifier.why})" if identifier.why else article


def _with_rows(steps: list[Step], evidence: Evidence) -> tuple[Step, ...]:
    seen = [(step.a, step.b) for step in steps if step.rule not in COMPARED]
    compared = [(step.a, step.b) for step in steps if step.rule in COMPARED]
    rows = evidence.rows(seen) if seen else {}
    reasons = evidence.reasons(compared) if compared else {}
    told = {pair: f": {because}" for pair, because in reasons.items()}
    return tuple(
        replace(
            step,
            rows=rows.get((step.a, step.b), ()),
            sentence=step.sentence + told.get((step.a, step.b), ""),
        )
        for step in steps
    )
