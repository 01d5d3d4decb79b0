"""From recognised columns to a source: its shape, its key, its time, and which column plays which part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scvgraph.config.load import NAME, RESERVED
from scvgraph.identifiers.kinds import BUILT_IN
from scvgraph.profile import name_hints as hints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scvgraph.profile.column import Column
    from scvgraph.profile.recognise import Role
    from scvgraph.profile.sample import Sample

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
_SURE_TRAITS = 2  # person's traits that make a row look like a profile


@dataclass(slots=True)
class Draft:
    """A source as proposed. `parts` says for key, time and event columns which column, and why; `left` are the
    columns left out, with the reason. `fault` is why no source can be made of it.
    """

    name: str
    files: tuple[str, ...]
    sample: Sample
    columns: Mapping[str, Column]
    shape: str
    why: str
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    conversion: str | None = None
    identifiers: list[tuple[str, str, str]] = field(default_factory=list)  # kind, column, why
    traits: list[tuple[str, str, str]] = field(default_factory=list)  # trait, column, why
    left: list[tuple[str, str]] = field(default_factory=list)
    time_format: str | None = None
    time_why: str = ""
    decimal: str = "."
    fault: str | None = None


def drafted(
    name: str,
    files: tuple[str, ...],
    sample: Sample,
    columns: Mapping[str, Column],
    roles: Mapping[str, Role],
) -> Draft:
    """The source that a file (or several of one header) makes."""
    times = {c: role for c, role in roles.items() if role.role == "time"}
    key = _key(columns, roles)
    shape, why = _shape(columns, roles, key, bool(times))
    draft = Draft(name, files, sample, columns, shape, why)
    if (
        shape == "events"
        and key is not None
        and roles[key[0]].role == "identifier"
        and roles[key[0]].name in BUILT_IN
    ):
        key = None  # a person's identifier comes again tomorrow; as a key each event would replace the one before
    if key is not None:
        draft.parts["key"] = key
    _take_time(draft, times)
    if shape == "events":
        _take_event_parts(draft, roles)
        _take_constants(draft)
        draft.conversion = _conversion(draft)
    _take_identifiers(draft, roles)
    _take_traits(draft, roles)
    used = {column for column, _ in draft.parts.values()} | {
        c for _, c, _ in (*draft.identifiers, *draft.traits)
    }
    listed = {column for column, _ in draft.left}
    keyless = draft.shape == "records" and key is None
    draft.left += [
        (c, _not_key(columns[c]) if keyless and hints.KEY.fullmatch(columns[c].words) else roles[c].why)
        for c in columns
        if c not in used and c not in listed
    ]
    draft.fault = _fault(draft)
    return draft


def _fault(draft: Draft) -> str | None:
    if not draft.identifiers and (draft.shape == "events" or len(draft.traits) < _SURE_TRAITS):
        return (
            "no column holds an identifier of a person (e-mail, phone, customer, card, device or cookie id), and"
            " there are no two traits of people to compare instead" + _not_read(draft)
        )
    if draft.shape == "events" and "time" not in draft.parts:
        return "no column says when it happened, and no column is unique, so that rows are neither events nor records"
    return None


def _not_read(draft: Draft) -> str:
    """A cure where names of columns are in a script that none was understood in."""
    strange = [column for column in draft.columns if not column.isascii()]
    if draft.traits or not strange:
        return ""
    return (
        f"; the headers were not understood: rename them (first_name, last_name, birth_date ...), or write the"
        f' source yourself, with lines such as first_name = "{strange[0]}" under [sources.{draft.name}.traits]'
    )


def _key(columns: Mapping[str, Column], roles: Mapping[str, Role]) -> tuple[str, str] | None:
    """The column that names a row: unique and never empty; by its name also where 2% come again.

    An id by name goes before one by content, a person's own e-mail or phone only where there is nothing else.
    """
    best: tuple[tuple[int, ...], str, str] | None = None
    for position, (name, column) in enumerate(columns.items()):
        role = roles[name]
        named = bool(hints.KEY.fullmatch(column.words))
        if role.role in ("time", "value", "channel", "campaign", "kind") or (role.role == "trait"):
            continue
        full = column.filled == column.rows
        if column.rows < 2 and not named:
            continue
        if column.rows and (not full or column.unique < (0.98 if named else 1.0)):
            continue
        spaced = any(" " in value for value in column.some)
        person = role.name in ("email", "phone", "ip")
        rank = (not person, named, column.unique == 1.0, not spaced, -position)
        if best is None or tuple(map(int, rank)) > best[0]:
            best = (tuple(map(int, rank)), name, _key_why(column))
    return (best[1], best[2]) if best else None


def _key_why(column: Column) -> str:
    if column.rows == 0:
        return "by its name only: no rows"
    if column.unique == 1.0:
        return f"different in all {column.rows:,} rows looked at"
    return f"its name says so; {1 - column.unique:.1%} come again, and the later row counts"


def _not_key(column: Column) -> str:
    again = f"{column.filled - column.distinct:,} of its values come again"
    empty = f"{column.rows - column.filled:,} rows are without one"
    return f"it would name the rows, but {again if column.filled > column.distinct else empty}"


def _shape(
    columns: Mapping[str, Column], roles: Mapping[str, Role], key: tuple[str, str] | None, timed: bool
) -> tuple[str, str]:
    """Events (many rows a person, each at a time) or records (one row a person)."""
    held = [role.role for role in roles.values()]
    described = held.count("trait") >= _SURE_TRAITS
    if not timed:
        return ("records", "no column says when something happened") if key or described else ("events", "")
    times = [columns[c].words for c, role in roles.items() if role.role == "time"]
    of_records = all(hints.UPDATED.fullmatch(word) or hints.CREATED.fullmatch(word) for word in times)
    if key is None and not (described and of_records):
        return "events", "no column is unique, and there is a time"
    if key is None:
        return "records", "it describes people, and its times say when a record was made or changed"
    busiest = _rows_per_value(columns, roles, key[0])
    return _by_points(held, (key[0], roles[key[0]].name), busiest, of_records=of_records)


def _by_points(held: list[str], key: tuple[str, str], busiest: float, *, of_records: bool) -> tuple[str, str]:
    """By what speaks for either. held: roles of the columns. key: its name and what it identifies. busiest: rows a value of an identifier."""
    event, record = [], []
    if "kind" in held or "channel" in held or "campaign" in held:
        event.append("says what happened or over which channel")
    if "value" in held:
        event.append("has an amount")
    if busiest >= 1.5:
        event.append(f"{busiest:.1f} rows a value of its identifiers")
    if of_records:
        record += ["its times say when a record was made or changed"] * 2
    if key[1] in ("crm_id", "user_id", "loyalty_id", "email"):
        record += [f"its key {key[0]} names a person"] * 2
    if held.count("trait") >= _SURE_TRAITS:
        record.append("it describes people")
    if len(record) > len(event):
        return "records", "; ".join(dict.fromkeys(record))
    return "events", "; ".join(event) or "there is a time in every row"


def _rows_per_value(columns: Mapping[str, Column], roles: Mapping[str, Role], key: str) -> float:
    """Rows per distinct value of the identifier that repeats most, the key and addresses of places left out."""
    ratios = [
        columns[c].filled / columns[c].distinct
        for c, role in roles.items()
        if role.role == "identifier" and c != key and role.name != "ip" and columns[c].distinct >= 5
    ]
    return max(ratios, default=0.0)


def _take_time(draft: Draft, times: Mapping[str, Role]) -> None:
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


def _take_event_parts(draft: Draft, roles: Mapping[str, Role]) -> None:
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


def _take_constants(draft: Draft) -> None:
    kind, channel = _constants(draft.name)
    if kind and "kind" not in draft.parts and (kind != "purchase" or "value" in draft.parts):
        draft.fixed["kind"] = kind
    if channel and "channel" not in draft.parts:
        draft.fixed["channel"] = channel


def _conversion(draft: Draft) -> str | None:
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


def _take_identifiers(draft: Draft, roles: Mapping[str, Role]) -> None:
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


def _take_traits(draft: Draft, roles: Mapping[str, Role]) -> None:
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


def header_of(sample: Sample) -> Sequence[object]:
    """What two files must have in common to be one source."""
    return (sample.format, sample.delimiter, sample.encoding, sample.header, *sample.columns)
