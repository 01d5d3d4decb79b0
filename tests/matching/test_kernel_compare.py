"""Comparisons of values: what is settled at a glance is what comparing them in full says."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pyarrow as pa
import pytest

from scvgraph.matching.features import text_of
from scvgraph.matching.kernel_compare import CODE, EMAIL, LONGEST, code_level, email_level, value_level


def spoilt(word: str, draw: random.Random) -> str:
    """A word with up to three letters changed, left out or swapped."""
    for _ in range(draw.randrange(4)):
        place = draw.randrange(len(word))
        letter = draw.choice(["", "7", "x", word[place] * 2, word[::-1][place]])
        word = word[:place] + letter + word[place + 1 :] or "0"
    return word


@pytest.mark.parametrize(
    ("kind", "in_full", "words"),
    [
        (CODE, code_level, ["447400123456", "ab12cd", "9" * 70, "1234"]),
        (EMAIL, email_level, ["jo81@example.org", "catherine.lee7@mail.com", "u12345678.b@x.org"]),
    ],
)
def test_values_that_cannot_be_near_are_told_apart_at_a_glance(
    kind: int, in_full: object, words: list[str]
) -> None:
    """The letters that occur rule out only what the comparison in full would."""
    draw = random.Random(5)
    values = pa.array([spoilt(draw.choice(words), draw) for _ in range(120)])
    data, offset, letters = text_of(values)
    scratch = np.empty((3, LONGEST + 2), np.int32)
    found = set()
    for x, y in itertools.combinations(range(len(values)), 2):
        if values[x] != values[y]:
            at = (offset[x], offset[x + 1] - offset[x], offset[y], offset[y + 1] - offset[y])
            level = value_level(kind, x, y, data, offset, letters, scratch)
            assert level == in_full(data, *at, scratch), (values[x], values[y])  # type: ignore[operator]
            found.add(level)
    assert len(found) > 1
