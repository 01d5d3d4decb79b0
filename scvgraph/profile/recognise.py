"""What a column holds: content first, name second.

`RECOGNISERS` is the order in which meanings are tried; each is a function whose docstring says when it speaks.
The first that speaks decides, and its words become the `why` of the column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scvgraph.identifiers.cleaning import Options, clean_one
from scvgraph.profile import name_hints as hints
from scvgraph.profile.region import looks_dialled, valid_share
from scvgraph.profile.times import Written, span, written

if TYPE_CHECKING:
    from scvgraph.profile.column import Column

_OPAQUE = re.compile(
    r"(?i)[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f-]{27}|GA\d\.\d\.\d+\.\d+|fb\.1\..+|[0-9a-z_-]{16,}"
)
_AMOUNT = re.compile(r"[-+]?\d+(\.\d{1,6})?")
_COMMA_AMOUNT = re.compile(r"[-+]?\d{1,3}(\.?\d{3})*,\d{1,4}")
_GENDERS = frozenset(
    [
        "m",
        "f",
        "male",
        "female",
        "man",
        "woman",
        "x",
        "d",
        "w",
        "div",
        "diverse",
        "other",
        "non-binary",
        "nonbinary",
        "u",
    ]
)
_FEW = 60


@dataclass(frozen=True, slots=True)
class Role:
    """What a column is: `role` is identifier, trait, time, kind, channel, campaign, value or undecided.

    name: the identifier kind or trait. why: the evidence. opaque: an id whose kind the name may have told wrongly,
    so that values met in other files may correct it. written: of times. decimal: of values.
    """

    role: str
    name: str
    why: str
    opaque: bool = False
    written: Written | None = None
    decimal: str = "."


def recognise(column: Column, region: str | None) -> Role:
    """The role of a column. `region` is where phone numbers without a country code are dialled."""
    if column.type == "nested":
        return Role("undecided", "", "holds lists, objects or bytes")
    if not column.filled:
        return _by_name_alone(column)
    for recogniser in RECOGNISERS:
        role = recogniser(column, region)
        if role is not None:
            return role
    return Role("undecided", "", "neither content nor name say what it is")


def _by_name_alone(column: Column) -> Role:
    why = "by its name only: no values in the sample"
    for role, pattern in (("channel", hints.CHANNEL), ("campaign", hints.CAMPAIGN)):
        if pattern.fullmatch(column.words):
            return Role(role, "", why)
    trait = hints.meaning(column.words, hints.TRAITS)
    kind = hints.meaning(column.words, hints.IDENTIFIERS)
    if kind and not hints.NOT_A_PERSON.fullmatch(column.words) and trait in (None, "full_name"):
        return Role("identifier", kind, why)
    if trait:
        return Role("trait", trait, why)
    timely = re.fullmatch(r"(.*_)?(at|time|timestamp|date|datetime|ts|when)", column.words)
    return (
        Role("time", "", why, written=Written(None, why, (2000, 2000), clock=True, share=0))
        if timely
        else Role("undecided", "", why)
    )


def _floor(share: float) -> str:
    """A share that is called 100% only where it is all."""
    return f"{int(share * 100)}%"


def _accepted(column: Column, kind: str, region: str | None) -> float:
    verdicts = [clean_one(kind, value, Options(region=region)) for value in column.some]
    return sum(verdict.value is not None for verdict in verdicts) / len(verdicts)


def email(column: Column, region: str | None) -> Role | None:
    """Seven in ten distinct values are e-mail addresses."""
    if sum("@" in value for value in column.some) < 0.7 * len(column.some):
        return None
    share = _accepted(column, "email", region)
    return Role("identifier", "email", f"{_floor(share)} are e-mail addresses") if share >= 0.7 else None


def ip(column: Column, region: str | None) -> Role | None:
    """Nine in ten distinct values are IP addresses."""
    if sum(value.count(".") == 3 or value.count(":") > 1 for value in column.some) < 0.9 * len(column.some):
        return None
    share = _accepted(column, "ip", region)
    return Role("identifier", "ip", f"{_floor(share)} are IP addresses") if share >= 0.9 else None


def national_id(column: Column, region: str | None) -> Role | None:
    """A name that says so, or values such as 999-99-9999: a trait, for people get such numbers wrong."""
    del region
    hits = sum(bool(re.fullmatch(r"\d{3}-\d\d-\d{4}", value)) for value in column.some)
    if hits >= 0.9 * len(column.some):
        return Role("trait", "national_id", "written as social security numbers")
    numbers = sum(any(map(str.isdigit, value)) for value in column.some)
    if numbers >= 0.9 * len(column.some) and hints.meaning(column.words, hints.TRAITS) == "national_id":
        return Role("trait", "national_id", "by its name")
    return None


def time(column: Column, region: str | None) -> Role | None:
    """Times or dates; of birth where the name says so, or where days without a clock reach back for decades."""
    if column.type == "time":
        years = [int(value[:4]) for value in column.some if value[:4].isdigit()] or [2000]
        found = Written(
            None, "a column of times", span(years), any(len(value) > 10 for value in column.some), 1.0
        )
    else:
        numbered = hints.KEY.fullmatch(column.words) or hints.VALUE.fullmatch(column.words)
        looks = written(column.some, region)
        if looks is None or (
            looks.why.startswith(("numbers", "digits")) and numbered and column.unique > 0.5
        ):
            return None
        found = looks
    this_year = datetime.now(UTC).year
    born = hints.BIRTH.fullmatch(column.words)
    if born or (not found.clock and found.years[0] < this_year - 40 and found.years[1] - found.years[0] > 20):
        return Role("trait", "birth_date", f"dates from {found.years[0]} to {found.years[1]}", written=found)
    return Role("time", "", found.why, written=found)


def phone(column: Column, region: str | None) -> Role | None:
    """Nearly all values are dialled by their signs; digits alone count where the name says phone, or all are assigned.

    A third of words among them ('withheld') is borne where the name speaks for phones.
    """
    named = hints.meaning(column.words, hints.IDENTIFIERS) == "phone"
    dialled = looks_dialled(column.some)
    if dialled < (0.5 if named else 0.8) or hints.BIRTH.fullmatch(column.words):
        return None
    share = _accepted(column, "phone", region)
    signed = sum(
        value.startswith(("+", "00", "(")) or bool(re.search(r"\d[ )/-]", value)) for value in column.some
    )
    if named and share >= 0.5:
        return Role("identifier", "phone", f"{_floor(share)} can be phone numbers, and so says the name")
    if signed >= 0.3 * len(column.some) and share >= 0.8:
        return Role("identifier", "phone", f"{_floor(share)} can be phone numbers")
    assigned = valid_share(column.some, region) if region else 0.0
    telling = len(column.some) >= 20 and not hints.NOT_A_PERSON.fullmatch(column.words)
    if assigned >= 0.9 and telling:
        return Role("identifier", "phone", f"{_floor(assigned)} are assigned phone numbers in {region}")
    return None


def gender(column: Column, region: str | None) -> Role | None:
    """A handful of words such as F, M, female."""
    del region
    words = {value.lower() for value in column.values}
    if len(words) >= 2 and words <= _GENDERS:
        return Role("trait", "gender", "its values are words for gender")
    return None


def channel(column: Column, region: str | None) -> Role | None:
    """Few values, most of them names of channels; or a name that says so."""
    del region
    known = sum(value.lower().replace(" ", "_") in hints.CHANNEL_VALUES for value in column.values)
    if 2 <= column.distinct <= _FEW and known >= 0.6 * column.distinct:
        return Role("channel", "", f"{known} of its {column.distinct} values are channels")
    if column.distinct <= _FEW and hints.CHANNEL.fullmatch(column.words):
        return Role("channel", "", f"by its name; {column.distinct} values")
    return None


def campaign(column: Column, region: str | None) -> Role | None:
    """The name says campaign, and values repeat."""
    del region
    if hints.CAMPAIGN.fullmatch(column.words) and (column.unique < 0.9 or column.distinct < 5):
        return Role("campaign", "", f"by its name; {column.distinct} values")
    return None


def event_kind(column: Column, region: str | None) -> Role | None:
    """Few values that read as things people do; or a name that says event or action."""
    del region
    from scvgraph.sightings import DEFAULT_RULE, rule_of

    if (
        column.distinct > _FEW
        or column.type == "number"
        or hints.meaning(column.words, hints.TRAITS) not in (None, "full_name")
    ):
        return None
    known = sum(rule_of(value, {}) != DEFAULT_RULE for value in column.values)
    worded = sum(any(map(str.isalpha, value)) for value in column.values) >= 0.9 * column.distinct
    named = worded and hints.KIND.fullmatch(column.words) and not column.words.endswith("_id")
    if named or (column.distinct >= 3 and known >= 0.7 * column.distinct):
        return Role("kind", "", f"{known} of its {column.distinct} values say what happened")
    return None


def amount(column: Column, region: str | None) -> Role | None:
    """Numbers under a name that speaks of money, or most of them with two decimals."""
    del region
    plain = sum(bool(_AMOUNT.fullmatch(value)) for value in column.some)
    comma = sum(bool(_COMMA_AMOUNT.fullmatch(value)) for value in column.some)
    if plain + comma < 0.9 * len(column.some):
        return None
    named = hints.VALUE.fullmatch(column.words)
    cents = sum(bool(re.fullmatch(r"[-+]?\d+[.,]\d\d", value)) for value in column.some)
    if named or cents >= 0.8 * len(column.some):
        why = "numbers, and the name speaks of money" if named else "numbers with two decimals"
        return Role("value", "", why, decimal="," if comma > len(column.some) / 20 else ".")
    return None


def trait(column: Column, region: str | None) -> Role | None:
    """The name is that of a trait."""
    del region
    name = hints.meaning(column.words, hints.TRAITS)
    id_like = re.fullmatch(r".*(?:^|_)(?:id|no|nr|number|key|code)", column.words) and name not in {
        "postcode",
        "country",
        "house_number",
    }
    if name is None or id_like:
        return None
    return Role("trait", name, "by its name")


def named_id(column: Column, region: str | None) -> Role | None:
    """Ids (no blanks, not a handful) under a name, or with a beginning, that says whose they are."""
    del region
    id_like = sum(" " not in value and any(map(str.isdigit, value)) for value in column.some) >= 0.8 * len(
        column.some
    )
    many = column.distinct > 20 or column.rows < 50 or all(len(value) >= 3 for value in column.some)
    if not (id_like or column.distinct > _FEW) or not many or hints.NOT_A_PERSON.fullmatch(column.words):
        return None
    begins = hints.prefix_meaning(column.some)
    if begins is not None:
        return Role("identifier", begins, "by how the values begin", opaque=True)
    kind = hints.meaning(column.words, hints.IDENTIFIERS)
    if kind in (None, "email", "phone", "ip"):
        return None
    return Role("identifier", str(kind), "by its name", opaque=True)


def repeated_id(column: Column, region: str | None) -> Role | None:
    """Long random-looking ids that come back: what a browser's cookie looks like. A guess, and it says so."""
    del region
    opaque = sum(bool(_OPAQUE.fullmatch(value)) for value in column.some) >= 0.9 * len(column.some)
    if not opaque or column.unique > 0.9 or column.distinct < 5 or hints.NOT_A_PERSON.fullmatch(column.words):
        return None
    apple = all(re.fullmatch(r"[0-9A-F]{8}-[0-9A-F-]{27}", value) for value in column.some)
    kind = "device_id" if apple else "cookie_id"
    return Role("identifier", kind, "a GUESS: random-looking ids that come back", opaque=True)


RECOGNISERS = (
    email,
    ip,
    national_id,
    time,
    gender,
    channel,
    campaign,
    amount,
    phone,
    event_kind,
    trait,
    named_id,
    repeated_id,
)
