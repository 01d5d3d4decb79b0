"""Whether rows are events or records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.profile import name_hints as hints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.profile.column import Column
    from scvgraph.profile.recognise import Role

SURE_TRAITS = 2  # person's traits that make a row look like a profile


def shape_of(
    columns: Mapping[str, Column], roles: Mapping[str, Role], key: tuple[str, str] | None, timed: bool
) -> tuple[str, str]:
    """Events (many rows a person, each at a time) or records (one row a person)."""
    held = [role.role for role in roles.values()]
    described = held.count("trait") >= SURE_TRAITS
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
    if held.count("trait") >= SURE_TRAITS:
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
