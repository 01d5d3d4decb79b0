"""When it happened, what happened, over which channel, and what counts as a sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.profile import name_hints as hints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.profile.draft import Draft
    from scvgraph.profile.recognise import Role

_EVENT_PARTS = ("kind", "channel", "campaign", "value")
_PURCHASES = (
    "purchase",
    "order",
    "order_completed",
    "checkout_completed",
    "checkout",
    "sale",
    "transaction",
    "payment",
)


def take_time(draft: Draft, times: Mapping[str, Role]) -> None:
    """The best time column: for records the one of the last change, for events the one most often filled."""

    def rank(column: str) -> tuple[int, float]:
        words = draft.columns[column].words
        updated = bool(hints.UPDATED.fullmatch(words))
        fits = updated if draft.shape == "records" else not updated and not hints.CREATED.fullmatch(words)
        return (int(fits), round(draft.columns[column].fill, 1))

    ranked = sorted(times, key=rank, reverse=True)
    if not ranked:
        return
    role = times[ranked[0]]
    draft.parts["time"] = (ranked[0], role.why if role.written is None or role.written.format is None else "")
    if role.written is not None and draft.columns[ranked[0]].type != "time":
        draft.time_format, draft.time_why = role.written.format, role.written.why
    draft.left += [(column, f"a time too: {times[column].why}") for column in ranked[1:]]


def take_event_parts(draft: Draft, roles: Mapping[str, Role]) -> None:
    """Of several candidates the one whose name says so, else the fullest, else the first."""
    patterns = {
        "kind": hints.KIND,
        "channel": hints.CHANNEL,
        "campaign": hints.CAMPAIGN,
        "value": hints.VALUE,
    }
    for part in _EVENT_PARTS:
        found = [
            column
            for column, role in roles.items()
            if role.role == part and column != draft.parts.get("key", ("",))[0]
        ]
        found.sort(
            key=lambda c: (bool(patterns[part].fullmatch(draft.columns[c].words)), draft.columns[c].fill),
            reverse=True,
        )
        if (
            part == "kind"
            and found
            and not hints.KIND.fullmatch(draft.columns[found[0]].words)
            and _constants(draft.name)[0]
        ):
            continue
        if found:
            draft.parts[part] = (found[0], roles[found[0]].why)
            draft.left += [(column, f"another {part}: {roles[column].why}") for column in found[1:]]
            if part == "value":
                draft.decimal = roles[found[0]].decimal


def _constants(name: str) -> tuple[str | None, str | None]:
    """The kind and channel that a source's name says of all its events."""
    return next(
        ((kind, channel) for pattern, kind, channel in hints.SOURCES if pattern.fullmatch(name.lower())),
        (None, None),
    )


def take_constants(draft: Draft) -> None:
    kind, channel = _constants(draft.name)
    if kind and "kind" not in draft.parts and (kind != "purchase" or "value" in draft.parts):
        draft.fixed["kind"] = kind
    if channel and "channel" not in draft.parts:
        draft.fixed["channel"] = channel


def conversion(draft: Draft) -> str | None:
    """What counts as a sale: the event kind that reads like one."""
    kind = None
    if "kind" in draft.parts:
        held = draft.columns[draft.parts["kind"][0]].values
        kind = next(
            (value for word in _PURCHASES for value in held if value.lower().replace(" ", "_") == word), None
        )
    elif draft.fixed.get("kind") == "purchase":
        kind = "purchase"
    if kind is None:
        return None
    predicate = "kind = '{}'".format(kind.replace("'", "''"))
    if "value" in draft.parts and any(
        v.startswith("-") for v in draft.columns[draft.parts["value"][0]].values
    ):
        predicate += " AND value > 0"
    return predicate
