"""Entities to match in tests, from rows that may hold several values of a trait."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from scvgraph.matching import Trait, role_of
from scvgraph.matching.folding import sort_values
from scvgraph.matching.traits import rows_of

FIRST = [
    "Jonathan",
    "Margaret",
    "Willem",
    "Katarzyna",
    "Ahmed",
    "Beatrice",
    "Leopold",
    "Ingrid",
    "Tomás",
    "Zoë",
]
LAST = ["Lindqvist", "Okafor", "Marchetti", "Dąbrowski", "O'Sullivan", "van der Berg", "Haddad", "Petrov"]


def traits_of(rows: list[dict[str, str | list[str] | None]]) -> list[Trait]:
    """Traits of entities, one a dict; a list holds several values of one trait."""
    names = sorted({name for row in rows for name in row})
    return [trait_of(name, [row.get(name) for row in rows]) for name in names]


def trait_of(name: str, cells: list[str | list[str] | None]) -> Trait:
    """A trait whose entities hold no value, one, or several."""
    held = [[cell] if isinstance(cell, str) else (cell or []) for cell in cells]
    flat = [value for values in held for value in values]
    distinct, _ = sort_values(pa.array(sorted(set(flat)), pa.string()))
    place = {value: code for code, value in enumerate(distinct.to_pylist())}
    owner = np.repeat(np.arange(len(held)), [len(values) for values in held])
    code = np.array([place[value] for value in flat], np.int64)
    return Trait(name, role_of(name, sorted(set(flat))), distinct, *rows_of(owner, code, len(held)))


def household(people: int = 40) -> list[dict[str, str | list[str] | None]]:
    """Awkward company: two or three rows a person, twins, spouses, equal rows, swapped and missing values."""
    rng = np.random.default_rng(5)
    rows: list[dict[str, str | list[str] | None]] = []
    for person in range(people):
        first, last = FIRST[person % 10], LAST[person // 2 % 8]
        born = f"19{50 + person // 2}-{1 + person % 12:02d}-{3 + person // 2 % 25:02d}"
        home = {"street": f"{person // 2 + 1} Mill Lane", "postcode": f"AB{person // 4} 1CD"}
        rows.append({"first_name": first, "last_name": last, "birth_date": born, **home})
        rows.append({"first_name": first[:3], "last_name": last, "birth_date": None, **home})
        if person % 3 == 0:
            rows.append({"first_name": last, "last_name": first, "birth_date": [born, f"{born[:8]}01"]})
        if person % 5 == 0:
            rows.append(dict(rows[int(rng.integers(len(rows)))]))
        if person % 7 == 0:
            rows.append({"last_name": last})
    return rows


def groups(label: np.ndarray, names: np.ndarray) -> set[frozenset[int]]:
    """The groups of a labelling, as sets of names."""
    found: dict[int, set[int]] = {}
    for one, name in zip(label.tolist(), names.tolist(), strict=True):
        found.setdefault(one, set()).add(name)
    return {frozenset(members) for members in found.values()}
