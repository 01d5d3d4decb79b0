"""Comparisons of values: what is settled at a glance is what comparing them in full says."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pyarrow as pa
import pytest

from scvgraph.matching.features import features_of, text_of
from scvgraph.matching.kernel_compare import CODE, EMAIL, EXACT, LONGEST, code_level, email_level, value_level
from scvgraph.matching.traits import Trait, rows_of


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


def test_pairs_agree_as_they_would_alone() -> None:
    """What is remembered of names and settled at a glance of values changes nothing, with one value or several."""
    draw = random.Random(3)
    names = ["Ann Lee", "Lee Ann", "Bob", "Robert J Smith", "Smith, Bob", "ann lee", "Smyth", "J Smith"]
    emails = ["ann.lee@x.org", "ann.lee1@x.org", "anne.lee@x.org", "u1234@x.org", "u1243@x.org", "bob@y.com"]
    texts = {"full_name": names, "shown_email": emails, "code": ["AB12 345", "AB12 346", "ZZ99 111"]}
    size = 40
    traits = []
    for role, words in texts.items():
        values = pa.array(sorted(words))
        held = [draw.sample(range(len(values)), draw.randrange(3)) for _ in range(size)]
        owner = np.repeat(np.arange(size), [len(each) for each in held])
        code = np.array([place for each in held for place in each], np.int64)
        traits.append(Trait(role, role, values, *rows_of(owner, code, size)))
    features = features_of(traits)
    a, b = (side.astype(np.int32) for side in np.triu_indices(size, 1))
    level, gain = features.compare(a, b)
    for pair in range(a.size):
        one, own = features.compare(a[pair : pair + 1], b[pair : pair + 1])
        assert (one[:, 0].tolist(), own[:, 0].tolist()) == (level[:, pair].tolist(), gain[:, pair].tolist())
    email = features.plain[0]
    scratch = np.empty((3, LONGEST + 2), np.int32)
    for x, y, found in zip(a, b, level[3], strict=True):
        codes = [email.code[email.start[entity] : email.start[entity + 1]].tolist() for entity in (x, y)]
        levels = [
            EXACT if i == j else value_level(EMAIL, i, j, *email.text, scratch)
            for i, j in itertools.product(*codes)
        ]
        assert found == max(levels, default=0)
