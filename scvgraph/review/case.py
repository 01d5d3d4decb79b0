"""A doubtful case: two identifiers, and whether both are one person's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime

Sort = Literal["match", "elimination", "link", "near_match", "refused", "shared"]

QUESTIONS: dict[str, str] = {
    "match": "joined because they tell of one person",
    "elimination": "joined because nobody else was left",
    "link": "joined because they were seen together",
    "near_match": "came near to a match and were not joined",
    "refused": "seen together, and kept apart by a constraint",
    "shared": "both were seen with an identifier that is marked as shared",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An identifier, or a row that tells something, beside one end of a case."""

    id: str
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class End:
    """One end of a case. customer: whose it is now, None for nobody's. tells: what rows that show it say, the most
    frequent values of each trait. seen_with: identifiers it was seen with, the surest first.
    """

    id: str
    customer: str | None
    golden: dict[str, str]
    tells: dict[str, tuple[str, ...]]
    seen_with: tuple[Seen, ...]
    count: int
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """joined: whether both are one customer's now. why: the evidence. signs: what else speaks for two persons, in
    words. probability: that both are one person's, by both. rows: that would change their customer if the engine is
    wrong. value: rows x probability that the engine is wrong, see docs/evaluation.md.
    """

    sort: Sort
    a: End
    b: End
    joined: bool
    why: str
    signs: tuple[str, ...]
    probability: float
    rows: int
    value: float

    @property
    def question(self) -> str:
        return QUESTIONS[self.sort]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
