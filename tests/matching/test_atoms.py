"""Keys of blocking: what two values that are nearly the same have in common."""

from __future__ import annotations

import pyarrow as pa

from scvgraph.matching.atoms import atoms_of
from scvgraph.matching.features import features_of
from scvgraph.matching.traits import trait_of_column


def shared(one: str, other: str) -> set[str]:
    """Atoms that two e-mail addresses have in common."""
    features = features_of([trait_of_column("email", "shown_email", pa.array([one, other]))])
    found = atoms_of(features)
    return {word for word, (atom,) in found.items() if atom.key[0] == atom.key[1]}


def test_two_neighbours_swapped_anywhere_in_a_mailbox_leave_a_key_in_common() -> None:
    """Wherever the swap is, in a mailbox of whatever length."""
    for mailbox in ("ab", "abc", "ann.lee", "u1234567", "catherine"):
        for place in range(len(mailbox) - 1):
            swapped = mailbox[:place] + mailbox[place + 1] + mailbox[place] + mailbox[place + 2 :]
            assert shared(f"{mailbox}@x.org", f"{swapped}@y.org") & {"early", "late"}, swapped


def test_letters_in_quite_another_order_are_no_key() -> None:
    """Account numbers of the same digits are as many as there are orders of them, and no two are one."""
    assert not shared("u12345678@x.org", "u87654321@y.org")
    assert shared("u12345678@x.org", "u12345678@y.org") == {"mailbox", "early", "late"}
