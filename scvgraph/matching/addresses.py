"""Number and street as one trait: apart they agree together far more often than two traits of strangers would."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.folding import sort_values
from scvgraph.matching.traits import Trait, rows_of


def joined_address(traits: list[Trait]) -> list[Trait]:
    """The traits with the first street and number joined to an `address`; a street alone is an address by itself."""
    streets = [trait for trait in traits if trait.role == "street"]
    numbers = [trait for trait in traits if trait.role == "street_number"]
    if not streets:
        return traits
    street = streets[0]
    address = dataclasses.replace(street, role="address") if not numbers else _joined(numbers[0], street)
    others = [trait for trait in traits if trait is not street and not (numbers and trait is numbers[0])]
    return [*others, address]


def _joined(number: Trait, street: Trait) -> Trait:
    """Every number of an entity before every street of it; one alone where the other is missing."""
    have, want = np.diff(number.start).astype(np.int64), np.diff(street.start).astype(np.int64)
    owner = np.repeat(np.arange(have.size), np.maximum(have, 1) * np.maximum(want, 1) * ((have + want) > 0))
    begin = np.searchsorted(owner, np.arange(have.size))
    inside = np.arange(owner.size) - begin[owner]
    width = np.maximum(want, 1)[owner]
    nothing = pa.array([""])
    one = _code(number, owner, inside // width)
    other = _code(street, owner, inside % width)
    words, place = np.unique(one << 32 | other, return_inverse=True)
    numbers = pa.concat_arrays([number.values, nothing]).take(pa.array(words >> 32))
    streets = pa.concat_arrays([street.values, nothing]).take(pa.array(words & 0xFFFFFFFF))
    values, moved = sort_values(pc.ascii_trim_whitespace(pc.binary_join_element_wise(numbers, streets, " ")))
    start, code = rows_of(owner, moved[place], have.size)
    return Trait(f"{number.name} {street.name}", "address", values, start, code)


def _code(trait: Trait, owner: np.ndarray, nth: np.ndarray) -> np.ndarray:
    """The nth value of each owner; the number of values where it has none."""
    held = np.diff(trait.start)[owner] > 0
    if not trait.code.size:
        return np.full(owner.size, len(trait.values), np.int64)
    at = np.where(held, trait.start[owner].astype(np.int64) + nth, 0)
    return np.where(held, trait.code[at].astype(np.int64), len(trait.values))
