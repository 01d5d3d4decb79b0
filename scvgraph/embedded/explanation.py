"""What `explain` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scvgraph.embedded.answers import Identifier, Relation, plain
from scvgraph.sightings import RULES

if TYPE_CHECKING:
    from datetime import datetime

_OTHERS = {
    "match": "tell of one person",
    "household": "belong together by where they were seen",
    "must_link": "were joined by a person's decision",
    "cannot_link": "were kept apart by a person's decision",
}


def sentence(rule: str | None) -> str:
    """What a rule says of the two ends of a link.

    >>> sentence("login")
    'were seen together at a sign-in'
    """
    if rule is None:
        return "are not linked by any row"
    if rule in RULES:
        return RULES[rule].sentence
    return _OTHERS.get(rule, f"are linked by rule {rule}")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row that shows both ends of a link."""

    source: str
    key: str
    ts: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A link, in the direction of the explanation. Not followed: `reason`, and in words `refused_by`."""

    a: str
    b: str
    rule: str | None
    sentence: str
    weight: float
    count: int
    first_seen: datetime | None
    last_seen: datetime | None
    followed: bool
    reason: str | None
    refused_by: str | None
    rows: tuple[SourceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """One of the two things compared, and its customer: None where it is nobody's or several people's."""

    asked: str
    identifier: Identifier
    customer: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two identifiers belong together, or why not.

    verdict: in a sentence. path: the surest way from a to b, over followed links where both are one customer's,
    else over all evidence. certainty: the product of its weights. weakest: index of its weakest step.
    independent: ways from a to b that share no link. bridge: whether the weakest step is all that holds the two
    sides of the customer together. refused: links between the two customers that were not followed. related: what two
    customers share, None where nothing relates them.
    """

    a: End
    b: End
    same: bool
    verdict: str
    certainty: float | None
    path: tuple[Step, ...]
    weakest: int | None
    independent: int
    bridge: bool
    refused: tuple[Step, ...]
    related: Relation | None = None

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]
