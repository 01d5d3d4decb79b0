"""One column summed up: how full, how many values, what they look like. No raw value leaves this room in a text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.identifiers.placeholders import NULL_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scvgraph.profile.sample import Cells, Sample

LOOKED_AT = 400  # distinct values that recognisers look at
_RUN = re.compile(r"(.)\1{4,}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sample. `values` counts its distinct values, null words left out, in order of appearance.

    type: 'time', 'number' or 'nested' where the format says so, else None. some: distinct values, few enough to
    be looked at one by one, spread over all.
    """

    name: str
    type: str | None
    rows: int
    filled: int
    values: Counter[str]
    some: tuple[str, ...]

    @property
    def distinct(self) -> int:
        return len(self.values)

    @property
    def fill(self) -> float:
        return self.filled / self.rows if self.rows else 0.0

    @property
    def unique(self) -> float:
        """Share of the values that are seen once, counting each value once: 1 where no value repeats."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def shape(self) -> str:
        """The most frequent pattern of the values, such as 'AA999'; never a value itself."""
        shapes = Counter(shape_of(value) for value in self.some)
        return max(shapes, key=lambda shape: (shapes[shape], shape)) if shapes else ""

    @property
    def words(self) -> str:
        """The name as words joined by '_', in lower case: 'customerNo' and 'Customer-No' are 'customer_no'."""
        return words_of(self.name)


def columns_of(sample: Sample) -> Iterator[Column]:
    for name, cells in sample.columns.items():
        yield summed_up(name, cells, sample.types.get(name))


def summed_up(name: str, cells: Cells, kind: str | None = None) -> Column:
    counted = Counter(cell for cell in cells if cell is not None)
    values = Counter({value: n for value, n in counted.items() if value.lower() not in NULL_WORDS})
    step = max(1, len(values) // LOOKED_AT)
    some = tuple(list(values)[::step][:LOOKED_AT])
    return Column(name, kind, len(cells), values.total(), values, some)


def shape_of(value: str) -> str:
    """Digits as 9, letters as A or a, blanks and signs as they are; long runs with their length.

    >>> shape_of("LY008623566"), shape_of("ab-12")
    ('AA9{9}', 'aa-99')
    """
    shape = "".join(
        "9" if letter.isdigit() else ("A" if letter.isupper() else "a") if letter.isalpha() else letter if letter.isprintable() else "?"
        for letter in value[:60]
    )  # fmt: skip
    return _RUN.sub(lambda run: f"{run[1]}{{{len(run[0])}}}", shape)[:30]


def words_of(name: str) -> str:
    """The words of a name in any script, joined by '_', in lower case and without accents.

    >>> words_of("customerNo"), words_of("E-Mail Address"), words_of("user.ID"), words_of("Straße"), words_of("Prénom")
    ('customer_no', 'e_mail_address', 'user_id', 'strasse', 'prenom')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    parts = unicodedata.normalize("NFKD", spaced.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "_", bare).strip("_")
