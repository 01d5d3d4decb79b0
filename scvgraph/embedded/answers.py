"""What look-ups answer with: small frozen values. `plain` turns any of them into what `--json` prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

_HOUSEHOLD = re.compile(r"H\d+")


def plain(value: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists, times as ISO 8601, the rest as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def as_id(asked: str) -> str:
    """The id of a customer or household as the store writes it; anything else as it is.

    >>> as_id("c000000042"), as_id("h000000042"), as_id("card-7")
    ('C000000042', 'H000000042', 'card-7')
    """
    digits = asked[1:]
    return asked.upper() if asked[:1] in ("c", "h") and digits.isascii() and digits.isdigit() else asked


@dataclass(frozen=True, slots=True)
class Identifier:
    """status: ok, placeholder or shared; why it is not ok."""

    kind: str
    value: str
    status: str
    why: str | None
    count: int
    first_seen: datetime | None
    last_seen: datetime | None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Held(Identifier):
    """An identifier of a customer; valid_from and valid_to where it was another's before or after."""

    confidence: float
    basis: str
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Touchpoint:
    seq: int
    ts: datetime | None
    channel: str | None
    type: str | None
    campaign: str | None
    value: float | None
    converted: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """Another customer who shares something with one. name: as the golden record has it, None if it has none.

    why: kinds of things shared. things: how many. household: whether both are in one. through: the identifiers among
    the things (kind:value), where they were asked for.
    """

    customer: str
    name: str | None
    why: str
    strength: float
    things: int
    household: bool
    through: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What relates the two, in words."""
        home = ", in one household" if self.household else ""
        through = f" ({', '.join(self.through)})" if self.through else ""
        return f"related by {self.why}{through}, strength {self.strength:.3f}{home}"


def name_of(traits: Mapping[str, Any], declared: Mapping[str, str] | None = None) -> str | None:
    """The name a golden record has: the full one, else first and last.

    declared: roles of traits as the project says, before what their names say. A name that is `off` is not compared,
    and shown all the same.

    >>> name_of({"city": "Ghent", "surname": "Okafor", "first_name": "Ada"}), name_of({"city": "Ghent"})
    ('Ada Okafor', None)
    >>> name_of({"a1": "Ada", "a2": "Okafor"}, {"a1": "first_name", "a2": "last_name"})
    'Ada Okafor'
    """
    from scvgraph.roles import role_of

    parts: dict[str, str] = {}
    for trait, value in traits.items():
        if isinstance(value, str) and value:
            said = (declared or {}).get(trait, "off")
            parts.setdefault(role_of(trait) if said == "off" else said, value)
    words = [parts[role] for role in ("first_name", "last_name") if role in parts]
    return parts.get("full_name") or " ".join(words) or None


@dataclass(frozen=True, slots=True)
class Card:
    """One customer on a card: golden record, identifiers (the first hundred), the last ten touchpoints, the five
    most closely related customers.
    """

    id: str
    traits: Mapping[str, str | None]
    first_seen: datetime | None
    last_seen: datetime | None
    rows: int
    identifier_count: int
    identifiers: tuple[Held, ...]
    touchpoint_count: int
    touchpoints: tuple[Touchpoint, ...]
    household: str | None
    related_count: int
    related: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A customer that a placeholder or shared identifier touches, through which identifier of the customer.

    relation: holds (it is the customer's for the interval), linked, or the reason why the link was refused.
    """

    customer: str
    through: str
    relation: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """An identifier that stands for no single customer, and customers it touches; `more` if there are others."""

    identifier: Identifier
    customers: tuple[Touched, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a customer id: merged into, split from, retired, revived; or an identifier that moved to another."""

    id: str
    change: str
    other: str | None
    generation: int
    why: str | None
    identifier: str | None = None

    @property
    def sentence(self) -> str:
        link = {"merged": " into ", "split": " from "}.get(self.change, " ")
        other = f"{link}{self.other}" if self.other else ""
        why = f": {self.why}" if self.why else ""
        if self.change == "moved":
            return (
                f"{self.identifier} moved from {self.id} to {self.other} in generation {self.generation}{why}"
            )
        return f"{self.id} was {self.change}{other} in generation {self.generation}{why}"


@dataclass(frozen=True, slots=True)
class Tried:
    """A kind under which the value was looked for: what it was read as, or why it cannot be of the kind."""

    kind: str
    value: str | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """found: whether anything is known of what was asked. matched: the identifiers the value names."""

    asked: str
    generation: int
    found: bool
    matched: tuple[Identifier, ...]
    customers: tuple[Card, ...]
    loose: tuple[Loose, ...]
    changes: tuple[Change, ...]
    tried: tuple[Tried, ...]

    def to_dict(self) -> dict[str, Any]:
        return plain(self)  # type: ignore[no-any-return]

    @property
    def unknown(self) -> str:
        """What to say where nothing was found."""
        if self.changes:
            return f"{self.changes[-1].sentence}; it holds nothing now"
        read = [
            f"{tried.kind} {tried.value}" if tried.value != self.asked else tried.kind
            for tried in self.tried
            if tried.value
        ]
        unfit = [tried.kind for tried in self.tried if tried.fault]
        said = f"nobody is known by '{self.asked}' in generation {self.generation}"
        if _HOUSEHOLD.fullmatch(as_id(self.asked)):
            return f"{said}; a household: `scvgraph query household_members -p household={as_id(self.asked)}`"
        if read:
            said += f"\n  looked for it as: {', '.join(read)}"
        if unfit:
            said += f"\n  it cannot be: {', '.join(unfit)}"
        return f"{said}\n  next: check the spelling, name the kind (kind:value), or see `scvgraph status` for what has been taken in"
