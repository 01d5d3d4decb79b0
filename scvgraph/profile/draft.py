"""From recognised columns to a source: its shape, its key, its time, and which column plays which part.

`key` and `shape` come first, `event_parts` and `person` take the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scvgraph.identifiers.kinds import BUILT_IN
from scvgraph.profile import name_hints as hints
from scvgraph.profile.event_parts import conversion, take_constants, take_event_parts, take_time
from scvgraph.profile.key import key_of, not_key
from scvgraph.profile.person import take_identifiers, take_traits
from scvgraph.profile.shape import SURE_TRAITS, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scvgraph.profile.column import Column
    from scvgraph.profile.recognise import Role
    from scvgraph.profile.sample import Sample


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
    key = key_of(columns, roles)
    shape, why = shape_of(columns, roles, key, bool(times))
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
    take_time(draft, times)
    if shape == "events":
        take_event_parts(draft, roles)
        take_constants(draft)
        draft.conversion = conversion(draft)
    take_identifiers(draft, roles)
    take_traits(draft, roles)
    used = {column for column, _ in draft.parts.values()} | {
        c for _, c, _ in (*draft.identifiers, *draft.traits)
    }
    listed = {column for column, _ in draft.left}
    keyless = draft.shape == "records" and key is None
    draft.left += [
        (c, not_key(columns[c]) if keyless and hints.KEY.fullmatch(columns[c].words) else roles[c].why)
        for c in columns
        if c not in used and c not in listed
    ]
    draft.fault = _fault(draft)
    return draft


def _fault(draft: Draft) -> str | None:
    if not draft.identifiers and (draft.shape == "events" or len(draft.traits) < SURE_TRAITS):
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


def header_of(sample: Sample) -> Sequence[object]:
    """What two files must have in common to be one source."""
    return (sample.format, sample.delimiter, sample.encoding, sample.header, *sample.columns)
