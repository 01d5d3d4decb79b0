"""Ids across files: the same values are the same kind of id, whatever the columns are called; and which are unique."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from scvgraph.identifiers.cleaning import Options, clean_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scvgraph.profile.column import Column
    from scvgraph.profile.recognise import Role
    from scvgraph.profile.sample import Sample

# Whose name wins where columns of several names hold the same ids and as many speak for each.
_STRENGTH = ("loyalty_id", "crm_id", "user_id", "device_id", "cookie_id")
_COMMON_SHARE, _COMMON = 0.2, 10
UNIQUE_KINDS = ("loyalty_id", "crm_id", "user_id")
_ANCHORS = ("email", "user_id", "device_id", "cookie_id")
_ENOUGH_ANCHORS, _BROKEN = 30, 0.05

Place = tuple[int, str]  # number of the file, name of the column


def unified(columns: Mapping[Place, Column], roles: Mapping[Place, Role]) -> dict[Place, Role]:
    """Roles in which opaque ids that share values across columns have one kind, that of the surest name."""
    groups = _groups(
        {
            place: columns[place]
            for place, role in roles.items()
            if role.opaque or _maybe_id(columns[place], role)
        }
    )
    result = dict(roles)
    for group in groups:
        votes = Counter(
            roles[place].name for place in group if roles[place].opaque and "GUESS" not in roles[place].why
        )
        if not votes or len(group) < 2:
            continue
        kind = max(votes, key=lambda name: (votes[name], -_rank(name)))
        for place in group:
            if roles[place].name != kind:
                others = ", ".join(
                    sorted({columns[other].name for other in group if roles[other].name == kind})
                )
                result[place] = replace(
                    roles[place],
                    role="identifier",
                    name=kind,
                    opaque=True,
                    why=f"holds the values of {others}",
                )
    return result


def _rank(kind: str) -> int:
    return _STRENGTH.index(kind) if kind in _STRENGTH else len(_STRENGTH)


def _maybe_id(column: Column, role: Role) -> bool:
    """An undecided column whose values are long enough not to meet others by chance."""
    if role.role != "undecided" or column.type == "nested" or column.distinct < _COMMON:
        return False
    return sum(bool(re.fullmatch(r"(?=.*\d)[\w.:-]{6,}", value)) for value in column.some) >= 0.9 * len(
        column.some
    )


def _groups(columns: Mapping[Place, Column]) -> list[list[Place]]:
    """Columns connected by shared values; short numbers count for nothing, they meet by chance."""
    values = {
        place: {v for v in column.values if len(v) >= 6 or not v.isdigit()}
        for place, column in columns.items()
    }
    home = {place: place for place in columns}
    for a, b in combinations(columns, 2):
        common = len(values[a] & values[b])
        if common >= _COMMON and common >= _COMMON_SHARE * min(len(values[a]), len(values[b])):
            old, new = home[b], home[a]
            home = {place: new if label == old else label for place, label in home.items()}
    grouped: dict[Place, list[Place]] = defaultdict(list)
    for place, label in home.items():
        grouped[label].append(place)
    return list(grouped.values())


def unique_kinds(samples: Sequence[Sample], roles: Mapping[Place, Role]) -> dict[str, str]:
    """Kinds of which a person seems to hold one, with the evidence.

    The evidence are e-mail addresses (failing enough of them, devices and cookies) that were seen in several rows
    with an id of the kind: at most 5% of them with more than one. Placeholders and busy kiosks do not count.
    """
    found = {}
    for kind in UNIQUE_KINDS:
        for anchor in _ANCHORS:
            if anchor == kind:
                continue
            seen, several = _evidence(samples, roles, kind, anchor)
            if seen >= _ENOUGH_ANCHORS:
                if several <= _BROKEN * seen:
                    found[kind] = (
                        f"{seen - several:,} of {seen:,} {anchor} values seen with it repeatedly had just one"
                    )
                break
    return found


def _evidence(
    samples: Sequence[Sample], roles: Mapping[Place, Role], kind: str, anchor: str
) -> tuple[int, int]:
    """How many anchors stand in two rows and more with an id of the kind, and how many with different ids."""
    rows: Counter[str] = Counter()
    ids: dict[str, set[str]] = defaultdict(set)
    for number, sample in enumerate(samples):
        columns = {
            place[1]: role.name
            for place, role in roles.items()
            if place[0] == number and role.role == "identifier"
        }
        for key in [c for c, name in columns.items() if name == kind]:
            for other in [c for c, name in columns.items() if name == anchor]:
                for value, held in _pairs(sample, other, key):
                    rows[value] += 1
                    ids[value].add(held)
    repeated = [value for value, count in rows.items() if count > 1 and len(ids[value]) <= 5]
    real = [value for value in repeated if clean_one(anchor, value, Options()).placeholder is None]
    return len(real), sum(len(ids[value]) > 1 for value in real)


def _pairs(sample: Sample, anchor: str, key: str) -> Iterable[tuple[str, str]]:
    for value, held in zip(sample.columns[anchor], sample.columns[key], strict=True):
        if value is not None and held is not None and clean_one("id", held, Options()).placeholder is None:
            yield value.lower(), held.lower()
