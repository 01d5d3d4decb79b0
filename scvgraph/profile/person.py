"""What of a row stands for a person: identifiers, and traits by their usual names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scvgraph.config.load import NAME, RESERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.profile.draft import Draft
    from scvgraph.profile.recognise import Role


def take_identifiers(draft: Draft, roles: Mapping[str, Role]) -> None:
    key = draft.parts.get("key", ("", ""))[0]
    for column, role in roles.items():
        if role.role != "identifier":
            continue
        kind = role.name
        if column == key and draft.shape == "records" and role.opaque and kind in ("cookie_id", "device_id"):
            kind = "crm_id"
        if (
            column == key
            and draft.shape == "events"
            and role.opaque
            and draft.columns[column].unique == 1
            and draft.columns[column].rows > 1
        ):
            continue
        draft.identifiers.append((kind, column, role.why))


def take_traits(draft: Draft, roles: Mapping[str, Role]) -> None:
    """Traits by their usual names. Of several columns of one meaning the shortest name has it, the others keep theirs."""
    found = [(column, role) for column, role in roles.items() if role.role == "trait"]
    taken: set[str] = set()
    for column, role in sorted(found, key=lambda item: len(item[0])):
        name = role.name if role.name not in taken else _plain(draft.columns[column].words)
        if name in taken or not NAME.fullmatch(name) or name in RESERVED:
            draft.left.append((column, f"another {role.name}: {role.why}"))
            continue
        taken.add(name)
        draft.traits.append((name, column, role.why))
    order = list(draft.columns)
    draft.traits.sort(key=lambda trait: order.index(trait[1]))


def _plain(words: str) -> str:
    return re.sub(r"^[^a-z]+", "", words)[:60]
