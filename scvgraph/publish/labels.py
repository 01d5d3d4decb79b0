"""Labels and types as Cypher text. Names come from our own parts and from kinds, never from values of rows."""

from __future__ import annotations

OWN = "_Scv"  # of every node we write; one that has no other label is not to be seen
PUBLIC = frozenset({"Customer", "Identifier", "Touchpoint", "Record", "Channel", "Lineage"})


def quoted(name: str) -> str:
    """A name in Cypher.

    >>> quoted("a`b")
    '`a``b`'
    """
    return "`" + name.replace("`", "``") + "`"


def kind_label(kind: str) -> str:
    """The second label of an identifier, by its kind, for the Browser's colours.

    >>> kind_label("loyalty_id"), kind_label("email"), kind_label("customer")
    ('LoyaltyId', 'Email', 'CustomerKind')
    """
    label = "".join(word[:1].upper() + word[1:] for word in kind.split("_"))
    return f"{label}Kind" if label in PUBLIC or not label else label


def pattern(labels: tuple[str, ...]) -> str:
    return "".join(f":{quoted(label)}" for label in labels)
