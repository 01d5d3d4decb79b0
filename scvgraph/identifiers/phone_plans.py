"""The reading of phone numbers that `phonenumbers` does one by one, done for columns of digits.

The same steps in the same order as `phonenumbers.parse`, over the package's own metadata: an international
prefix leads to a country code, a repeated country code and a national prefix are taken off where the number
is a number of the region without them, and its length decides. The metadata's regular expressions run
unchanged in RE2. Whatever would need more (prefixes that rewrite a number) is left to the scalar rule:
those rows are not *sure*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, region_code_for_country_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Rows = NDArray[np.int64]

POSSIBLE, TOO_LONG, LOCAL, TOO_SHORT, NO_LENGTH = range(5)
_LENGTHS = 64
_SCANNED = 6  # the scan looks for placeholders in as many last digits; shorter numbers are looked at here
_ONE_DIGIT = "^(?:" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
_FAULTS = {
    LOCAL: "phone_local",
    TOO_SHORT: "phone_impossible",
    TOO_LONG: "phone_impossible",
    NO_LENGTH: "phone_impossible",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What one region's metadata says, ready for columns.

    code: the country calling code. general: the shape of its national numbers, anchored.
    prefix: the national prefix, anchored, if any; rewrites: it may change the digits behind it.
    abroad: the international prefix, anchored. verdicts: what to think of a national number, by length.
    """

    code: str
    general: str
    prefix: str | None
    rewrites: bool
    abroad: str | None
    verdicts: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers read alike: `rows` of the column, the national `numbers` so far, the `plan` that reads them."""

    rows: Rows
    numbers: pa.StringArray
    plan: Plan


@lru_cache(maxsize=512)
def plan_of(code: int, region: str) -> Plan:
    data = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    assert data is not None
    general = data.general_desc
    assert general is not None
    possible, local = set(general.possible_length), set(general.possible_length_local_only)
    verdicts = np.full(_LENGTHS, NO_LENGTH, np.int8)
    verdicts[: min(possible)] = TOO_SHORT
    verdicts[max(possible) + 1 :] = TOO_LONG
    verdicts[list(possible)] = POSSIBLE
    verdicts[list(local)] = LOCAL
    prefix, abroad = data.national_prefix_for_parsing, data.international_prefix
    return Plan(
        str(data.country_code),
        f"^(?:{general.national_number_pattern})$",
        f"^(?:{prefix})" if prefix else None,
        bool(data.national_prefix_transform_rule),
        f"^(?:{abroad})" if abroad else None,
        verdicts,
    )


def main_plan(code: int) -> Plan:
    """The plan of the region that speaks for a country calling code."""
    return plan_of(code, region_code_for_country_code(code))


@lru_cache(maxsize=1)
def _codes() -> NDArray[np.int16]:
    """The country calling code that each number of three leading digits begins with, 0 where none does."""
    codes = np.zeros(1000, np.int16)
    for code in sorted(COUNTRY_CODE_TO_REGION_CODE):
        size = 10 ** (3 - len(str(code)))
        codes[code * size : (code + 1) * size] = code
    return codes


def _lengths(numbers: pa.StringArray) -> NDArray[np.int64]:
    return np.minimum(np.asarray(pc.binary_length(numbers), np.int64), _LENGTHS - 1)


def _matches(numbers: pa.StringArray, pattern: str) -> Mask:
    return np.asarray(pc.match_substring_regex(numbers, pattern))


def _kept(numbers: pa.StringArray, mask: Mask) -> pa.StringArray:
    return numbers if mask.all() else numbers.filter(pa.array(mask))


def _without(numbers: pa.StringArray, prefix: str) -> pa.StringArray:
    """The numbers without the prefix; a prefix that is plain digits needs no regular expression."""
    literals = prefix[len("^(?:") : -1].split("|")
    if not all(map(str.isdigit, literals)):
        return pc.replace_substring_regex(numbers, prefix, "", max_replacements=1)
    for literal in literals:  # prefixes of one region never begin with one another
        found = pc.starts_with(numbers, literal)
        if pc.any(found).as_py():
            numbers = pc.if_else(found, pc.utf8_slice_codeunits(numbers, len(literal)), numbers)
            break
    return numbers


def _stripped(numbers: pa.StringArray, plan: Plan) -> tuple[pa.StringArray, Mask]:
    """The numbers without the national prefix where they can do without, and where that is not sure."""
    unsure = np.zeros(len(numbers), np.bool_)
    if plan.prefix is None or len(numbers) == 0:
        return numbers, unsure
    rest = _without(numbers, plan.prefix)
    hit = _lengths(rest) != _lengths(numbers)
    if not hit.any():
        return numbers, unsure
    if plan.rewrites:
        return numbers, hit
    full = hit & _matches(numbers, plan.general)
    if full.any():
        full[full] = ~_matches(rest.filter(pa.array(full)), plan.general)
    return (pc.if_else(pa.array(full), numbers, rest) if full.any() else rest), unsure


def _from_abroad(rows: Rows, digits: pa.StringArray) -> tuple[list[Group], Rows]:
    """Numbers that begin with a country code, by code; and the rows in which there is none."""
    long_enough = _lengths(digits) > 4
    unsure, rows, digits = rows[~long_enough], rows[long_enough], _kept(digits, long_enough)
    if len(rows) == 0:
        return [], unsure
    head = pc.cast(pc.utf8_slice_codeunits(digits, 0, 3), pa.int16())
    codes = _codes()[np.asarray(head)]
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    groups = []
    for code, part in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
        if code == 0:
            unsure = np.concatenate([unsure, rows[part]])
            continue
        numbers = pc.utf8_slice_codeunits(digits.take(pa.array(part)), len(str(code)))
        groups.append(Group(rows[part], numbers, main_plan(code)))
    return groups, unsure


def _at_home(rows: Rows, digits: pa.StringArray, plan: Plan) -> tuple[list[Group], Rows]:
    """Numbers dialled in a region: as they are, or beginning with the region's own country code."""
    doubled = np.asarray(pc.starts_with(digits, plan.code))
    if not doubled.any():
        return [Group(rows, digits, plan)], rows[:0]
    full = _kept(digits, doubled)
    rest, odd = _stripped(pc.utf8_slice_codeunits(full, len(plan.code)), plan)
    better = ~_matches(full, plan.general) & _matches(rest, plan.general)
    better |= plan.verdicts[_lengths(full)] == TOO_LONG
    better &= ~odd
    take = doubled.copy()
    take[doubled] = better
    unsure = rows[doubled][odd]
    home = ~take
    home[doubled] &= ~odd
    return [
        Group(rows[home], _kept(digits, home), plan),
        Group(rows[take], _kept(rest, better), main_plan(int(plan.code))),
    ], unsure


def _dialled_in(rows: Rows, digits: pa.StringArray, region: str) -> tuple[list[Group], Rows]:
    """Numbers without '+', as dialled in a region: with its international prefix, or within it."""
    plan = plan_of(phonenumbers.country_code_for_region(region), region)
    if plan.abroad is None:
        return _at_home(rows, digits, plan)
    leaving = _matches(digits, plan.abroad)
    if not leaving.any():
        return _at_home(rows, digits, plan)
    outside = digits.filter(pa.array(leaving))
    rest = pc.replace_substring_regex(outside, plan.abroad, "", max_replacements=1)
    really = ~np.asarray(pc.starts_with(rest, "0"))  # no country code begins with 0
    leaving[leaving] = really
    groups, unsure = _from_abroad(rows[leaving], _kept(rest, really))
    more, odd = _at_home(rows[~leaving], _kept(digits, ~leaving), plan)
    return groups + more, np.concatenate([unsure, odd])


def _read(group: Group) -> tuple[pa.StringArray, NDArray[np.int8], Mask]:
    """The numbers in E.164, what their length says, and which are sure."""
    plan, main = group.plan, main_plan(int(group.plan.code))
    shorter, odd = _stripped(group.numbers, plan)
    fits = plan.verdicts[_lengths(shorter)] <= TOO_LONG
    numbers = shorter if fits.all() else pc.if_else(pa.array(fits), shorter, group.numbers)
    again, odd_again = _stripped(numbers, main)
    changed = (_lengths(again) != _lengths(numbers)) & (main.verdicts[_lengths(again)] <= TOO_LONG)
    sure = ~(odd | odd_again | changed)
    if sure.any() and _lengths(numbers).min() < _SCANNED:
        sure &= ~((_lengths(numbers) < _SCANNED) & _matches(numbers, _ONE_DIGIT))
    return pc.binary_join_element_wise("+" + plan.code, numbers, ""), main.verdicts[_lengths(numbers)], sure


def _unqualified(digits: pa.StringArray, plain: Mask, plus: Mask) -> tuple[pa.StringArray, Mask]:
    """Numbers of no known country, kept as dialled."""
    sizes = _lengths(digits)
    sure = plain & ~plus & (sizes >= 7) & (sizes <= 15) & ~np.asarray(pc.starts_with(digits, "00"))
    return pc.binary_join_element_wise("tel:", digits, ""), sure


def in_e164(
    digits: pa.StringArray, plain: Mask, plus: Mask, region: str | None
) -> tuple[pa.StringArray, pa.StringArray, Mask]:
    """Values (null where refused), faults, and for which rows both are sure to be the scalar rule's answer."""
    sure = np.zeros(len(digits), np.bool_)
    verdicts = np.full(len(digits), POSSIBLE, np.int8)
    value = pa.nulls(len(digits), pa.string())
    if region is None:
        value, sure = _unqualified(digits, plain, plus)
        abroad = plain & ~plus & np.asarray(pc.starts_with(digits, "00"))
        if abroad.any():
            digits = pc.if_else(pa.array(abroad), pc.utf8_ltrim(digits, "0"), digits)
            plus = plus | abroad
    with_code = np.flatnonzero(plain & plus)
    groups, _ = _from_abroad(with_code, digits.take(pa.array(with_code)))
    if region is not None:
        without = np.flatnonzero(plain & ~plus)
        groups += _dialled_in(without, digits.take(pa.array(without)), region)[0]
    groups = [group for group in groups if len(group.rows)]
    if groups:
        rows = np.concatenate([group.rows for group in groups])
        read = [_read(group) for group in groups]
        verdicts[rows] = np.concatenate([part[1] for part in read])
        sure[rows] = np.concatenate([part[2] for part in read])
        place = np.full(len(digits), -1, np.int64)
        place[rows] = np.arange(len(rows))
        ours = pa.concat_arrays([part[0] for part in read]).take(pa.array(place, mask=place < 0))
        value = pc.coalesce(ours, value)
    refused = verdicts != POSSIBLE
    if region is None:
        sure &= ~(refused & abroad)  # these are kept as dialled
    names = pa.array([None, *(_FAULTS[verdict] for verdict in range(TOO_LONG, NO_LENGTH + 1))], pa.string())
    value = pc.if_else(pa.array(refused), None, value) if refused.any() else value
    return value, names.take(pa.array(verdicts)), sure
