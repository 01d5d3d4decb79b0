"""Text made comparable: folded byte by byte as patterns would, and sorted as bytes are."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from scvgraph.matching.folding import MANY, distinct, folded_of, order_of, words_of
from scvgraph.matching.kernel_folding import mailboxes


def drawn(count: int, letters: str, most: int) -> pa.Array:
    """Distinct words of up to so many letters, in no order."""
    draw = random.Random(7)
    words = {"".join(draw.choices(letters, k=draw.randrange(1, most))) for _ in range(count)}
    shuffled = sorted(words)
    draw.shuffle(shuffled)
    return pa.array(shuffled)


@pytest.mark.parametrize("letters", ["ab", "abc.@ü", "a\0"])
def test_many_values_are_sorted_by_their_bytes(letters: str) -> None:
    """Whether they differ early, late, or in their lengths alone."""
    values = drawn(4 * MANY, letters, 24)
    assert len(values) >= MANY
    assert order_of(values).tolist() == pc.sort_indices(values).to_pylist()


def test_values_told_apart_late_are_sorted() -> None:
    """A long beginning in common is passed over."""
    values = pa.array([f"{'x' * 40}{n * 7919 % 6007:04}" for n in range(MANY)])
    assert order_of(values).tolist() == pc.sort_indices(values).to_pylist()


def test_words_are_what_patterns_would_make() -> None:
    """Marks inside words go, all else but letters and digits parts them, and nothing stands around them."""
    values = drawn(2000, "ab1'`. -_@", 9)
    plain = pc.replace_substring_regex(values, "['`.]+", "")
    plain = pc.ascii_trim_whitespace(pc.replace_substring_regex(plain, "[^a-z0-9]+", " "))
    found = words_of(values)
    assert pc.fill_null(found, "").to_pylist() == plain.to_pylist()
    packed, emails = folded_of(values, "code"), folded_of(values, "email")
    assert pc.fill_null(packed, "").equals(pc.replace_substring_regex(values, "[^a-z0-9]+", ""))
    assert pc.fill_null(emails, "").equals(pc.replace_substring_regex(values, r"[^a-z0-9@._+-]+", ""))


def test_nothing_known_stays_null() -> None:
    """A null and a spelling of nothing are null; places of distinct values are -1 for them."""
    folded = words_of(pa.array(["B", None, "N/A", "a", "b."]))
    assert folded.to_pylist() == ["b", None, None, "a", "b"]
    values, place = distinct(folded)
    assert (values.to_pylist(), place.tolist()) == (["a", "b"], [1, -1, -1, 0, 1])


def test_values_in_order_stay_as_they_are() -> None:
    """What ascends already is its own list of distinct values."""
    values, place = distinct(pa.array(["a", "ab", "b"]))
    assert (values.to_pylist(), place.tolist()) == (["a", "ab", "b"], [0, 1, 2])
    values, place = distinct(pa.array(["a", "a", "b"]))
    assert (values.to_pylist(), place.tolist()) == (["a", "b"], [0, 0, 1])


def test_mailboxes_are_numbered_by_what_stands_before_the_sign() -> None:
    """Equal ones alike, others apart, also where one begins like the other; False where a sign is missing."""
    emails = sorted(["a.b@x.org", "a@x.org", "a@y.org", "ab@x.org", "b@x.org"])
    data = np.frombuffer("".join(emails).encode(), np.uint8)
    offset = np.cumsum([0, *map(len, emails)]).astype(np.int32)
    code = np.empty(len(emails), np.int64)
    assert mailboxes(data, offset, ord("@"), code)
    boxes = [email.split("@")[0] for email in emails]
    assert len(set(zip(code.tolist(), boxes, strict=True))) == len(set(boxes)) == len(set(code.tolist()))
    assert not mailboxes(data, np.array([0, 2], np.int32), ord("@"), code)
