"""The columns of a comparison vector: what agreement can look like in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scvgraph.matching.kernel_compiled import Int64

MOST_LEVELS = 8  # of any column, `unknown` included


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels of agreement, rising; level 0 is `unknown`, and one without a name is never reached."""

    levels: tuple[str, ...]
    shares: tuple[int, ...]  # thousandths of a value's surprise that count at each level
    telling: bool = False  # whether it says something that one side holds no value
    beside: tuple[str, ...] = ()  # agreement of another kind: neither more nor less than that of other levels

    @property
    def reached(self) -> Int64:
        """Numbers of the levels that say something and occur, ascending."""
        named = [level for level, name in enumerate(self.levels) if name]
        return np.array(named if self.telling else named[1:], np.int64)

    @property
    def rising(self) -> list[int]:
        """Numbers of the levels of which each is more agreement than the one before."""
        return [level for level, name in enumerate(self.levels) if level and name and name not in self.beside]


VALUES = Scale(("unknown", "different", "similar", "close", "same"), (0, 0, 500, 500, 1000))
# Who shows an identifier on both sides would mostly show the same one, and then there were nothing to match.
IDENTIFIERS = Scale(VALUES.levels, VALUES.shares, telling=True)
CATEGORIES = Scale(("unknown", "different", "", "", "same"), (0, 0, 0, 0, 1000))
DATES = Scale(("unknown", "different", "same year", "two parts", "close", "same"), (0, 0, 0, 0, 0, 1000))
# How often two were seen, both together, beside how often one is: by how many of a hundred are seen more often.
VISITS = Scale(
    ("unknown", "too many for one", "many for one", "usual for one", "few for one"), (0, 0, 0, 0, 0)
)
NAMES = Scale(
    ("unknown", "different", "initial", "similar", "nickname", "close", "moved", "same"),
    (0, 0, 1000, 500, 500, 500, 1000, 1000),
    beside=("initial", "nickname", "moved"),
)
_SCALES = {
    "date": DATES,
    "category": CATEGORIES,
    "gender": CATEGORIES,
    "region": CATEGORIES,
    "unit": CATEGORIES,
    "home": CATEGORIES,
    "visits": VISITS,
    "shown_email": IDENTIFIERS,
    "shown_phone": IDENTIFIERS,
    "shown_code": IDENTIFIERS,
}
GIVEN_NAME, MIDDLE_NAME, FAMILY_NAME = "given_name", "middle_name", "family_name"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the comparison vector: a trait, or a part of the name."""

    name: str
    role: str

    @property
    def scale(self) -> Scale:
        """The levels that its role is compared by."""
        if self.role in {GIVEN_NAME, MIDDLE_NAME, FAMILY_NAME}:
            return NAMES
        return _SCALES.get(self.role, VALUES)
