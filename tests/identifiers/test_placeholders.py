"""The lists of null words and placeholders."""

from __future__ import annotations

from scvgraph.identifiers import placeholders as lists


def test_listed_words_can_match():
    """Every word is spelt as the comparison spells values: lower case, and for e-mail without separators."""
    for words in (lists.NULL_WORDS, lists.ID_PLACEHOLDERS, lists.EMAIL_LOCALS, lists.EMAIL_LOCALS_NUMBERED):
        assert all(word == word.lower().strip() and word for word in words)
    for word in lists.EMAIL_LOCALS | lists.EMAIL_LOCALS_NUMBERED:
        assert lists.email_skeleton(word) == word


def test_null_words_and_placeholders_are_different_things():
    """A word either says that there is no value, or is a value that merges nobody."""
    assert not lists.NULL_WORDS & lists.ID_PLACEHOLDERS
