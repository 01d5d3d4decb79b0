"""Names that stand in answers for what is no channel, and values of sources that read like one of them."""

from __future__ import annotations

START, CONVERSION, NULL, OTHERS = "(start)", "(conversion)", "(no conversion)", "(others)"
NO_TOUCHES = "(no touches)"
UNATTRIBUTED, OVERLAP, NOT_KNOWN = "(unattributed)", "(overlap)", "(not known)"
RESERVED = frozenset(
    {START, CONVERSION, NULL, OTHERS, NO_TOUCHES, UNATTRIBUTED, OVERLAP, NOT_KNOWN}
)  # fmt: skip


def spelled(value: str) -> str:
    r"""A value as answers spell it: with a backslash before it where it would read like a line of their own.

    Different values stay different.

    >>> print(spelled("Email"), spelled("(unattributed)"), spelled(spelled("(start)")))
    Email \(unattributed) \\(start)
    """
    return "\\" + value if value.lstrip("\\") in RESERVED else value
