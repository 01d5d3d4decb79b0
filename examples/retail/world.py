"""The truth behind the retail example: dice, the spelling of values, and the people themselves.

Times are int64 milliseconds since 1970, people and households are numbered from 0, an empty string means
"not known". Nothing loops over rows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Texts = NDArray[np.str_]
    Flags = NDArray[np.bool_]

HERE = Path(__file__).resolve().parent
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
YEAR = 365 * DAY
NEVER = np.int64(1 << 60)
DOMAINS = np.array(
    ["gmail.com", "outlook.com", "hotmail.co.uk", "yahoo.co.uk", "icloud.com", "btinternet.com", "sky.com"]
)


class Dice:
    """Random numbers for one table: `topic` keeps the tables' streams apart."""

    def __init__(self, seed: int, topic: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64([seed, topic]))

    def unit(self, n: int) -> NDArray[np.float64]:
        return self._rng.random(n)

    def below(self, n: int, limit: ArrayLike) -> Ints:
        return (self.unit(n) * limit).astype(np.int64)

    def chance(self, n: int, p: ArrayLike) -> Flags:
        return self.unit(n) < p

    def pick(self, n: int, weights: ArrayLike) -> Ints:
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.minimum(np.searchsorted(edges, self.unit(n) * edges[-1], side="right"), len(edges) - 1)

    def some(self, among: Ints, k: int) -> Ints:
        """K different members of `among`, in random order."""
        return among[np.argsort(self.unit(len(among)), kind="stable")[:k]]


def text(*parts: ArrayLike) -> Texts:
    """The parts joined end to end, elementwise."""
    whole: Texts = np.asarray(parts[0], dtype=np.str_)
    for part in parts[1:]:
        whole = np.strings.add(whole, np.asarray(part, dtype=np.str_))
    return whole


def digits(numbers: Ints, width: int) -> Texts:
    return np.strings.zfill(numbers.astype(f"U{width}"), width)


def letters(values: Texts) -> Texts:
    """A string array of n as an n x width array of single characters, a copy."""
    values = np.ascontiguousarray(values)
    return values.view("U1").reshape(len(values), max(values.dtype.itemsize // 4, 1)).copy()


def words(characters: Texts) -> Texts:
    return np.ascontiguousarray(characters).view(f"U{characters.shape[1]}").ravel()


def part(values: Texts, start: int, stop: int | None = None) -> Texts:
    return words(letters(values)[:, start:stop])


def swapped(values: Texts, at: Ints) -> Texts:
    """A typo: the characters at `at` and `at + 1` change places."""
    cells, rows = letters(values), np.arange(len(values))
    cells[rows, at], cells[rows, at + 1] = cells[rows, at + 1].copy(), cells[rows, at].copy()
    return words(cells)


def mixed(numbers: Ints, salt: int) -> NDArray[np.uint64]:
    """A bijection of 64 bits (splitmix64), so different numbers stay different."""
    z = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def hexes(numbers: Ints, salt: int) -> Texts:
    raw = mixed(numbers, salt).astype(">u8").tobytes().hex().encode()
    return np.frombuffer(raw, dtype="S16").astype("U16")


def uuids(numbers: Ints, salt: int) -> Texts:
    a, b = hexes(numbers, salt), hexes(numbers, salt + 1)
    return text(part(a, 0, 8), "-", part(a, 8, 12), "-4", part(a, 13), "-a", part(b, 1, 4), "-", part(b, 4))


def iso(times: Ints, unit: str = "ms") -> Texts:
    return np.datetime_as_string(times.astype("M8[ms]").astype(f"M8[{unit}]"))


def british(times: Ints) -> Texts:
    """DD/MM/YYYY HH:MM:SS."""
    cells = letters(iso(times, "s"))[:, [8, 9, 4, 5, 6, 4, 0, 1, 2, 3, 10, *range(11, 19)]]
    cells[:, [2, 5]], cells[:, 10] = "/", " "
    return words(cells)


def spaced(times: Ints) -> Texts:
    return np.strings.replace(iso(times, "s"), "T", " ")


def money(pence: Ints) -> Texts:
    sign = np.where(pence < 0, "-", "")
    return text(sign, (abs(pence) // 100).astype("U9"), ".", digits(abs(pence) % 100, 2))


# ---- the world -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """The truth: one row per person (household-level values repeated), times as everywhere."""

    seed: int
    start: int
    end: int
    household: Ints
    place: Ints  # 0 and 1 are the adults of a household
    first: Texts
    short: Texts
    last: Texts
    born: Ints
    emails: Texts  # people x 3, the main one first, "" where there is none
    mobile: Texts  # ten digits without the zero
    mobile_next: Texts
    mobile_switch: Ints  # from then on mobile_next
    landline: Texts
    card: Texts
    card_next: Texts
    card_switch: Ints
    city: Ints
    street: Texts
    postcode: Texts
    activity: NDArray[np.float64]
    subscribed: Flags
    registered: Flags
    app: Flags
    tablet: Ints  # the shared tablet's number, -1 without
    turn: Ints  # 0 or 1: whose turn on the tablet is this person's
    handover: Ints  # per person, of their tablet
    recycled: Ints  # n x 2: the person who had a mobile number first, the person who had it next
    reissued: Ints
    namesakes: Ints  # n x 2: father, son

    @property
    def size(self) -> int:
        return len(self.household)


def read_lists() -> dict[str, list[str]]:
    """The sections of names.txt."""
    sections: dict[str, list[str]] = {}
    for line in (HERE / "names.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections[line.strip("[]")] = []
        elif line and line[0] != "#":
            current.append(line)
    return sections


LISTS = read_lists()
STREETS = np.array(LISTS["street"])
CITIES, POSTAL, AREA, SHOPS = np.array([line.split("|") for line in LISTS["city"]]).T


def plain(pool: Texts) -> Texts:
    """Lower-case ASCII spellings, as people have them in e-mail addresses."""
    table = str.maketrans({"ł": "l", "ø": "o", "\u0131": "i", "'": None})
    folded = [unicodedata.normalize("NFKD", name.lower().translate(table)) for name in pool.tolist()]
    return np.array([name.encode("ascii", "ignore").decode() for name in folded])


def make_world(people: int, seed: int, until: str) -> World:
    dice = Dice(seed, 1)
    end = int((np.datetime64(until) + 1).astype("M8[ms]").astype(np.int64))
    sizes = 1 + dice.pick(people, (0.45, 0.28, 0.14, 0.10, 0.03))
    household = np.repeat(np.arange(people), sizes)[:people]
    place = np.arange(people) - np.searchsorted(household, household)
    homes = int(household[-1]) + 1
    headcount = np.bincount(household)

    first_pool, short_pool = np.array([[line.split()[0], line.split()[-1]] for line in LISTS["first"]]).T
    last_pool = np.array(LISTS["last"])
    first = (dice.unit(people) ** 2 * len(first_pool)).astype(np.int64)
    own = (dice.unit(people) ** 2 * len(last_pool)).astype(np.int64)
    head = np.arange(people) - place
    last = np.where((place == 1) & dice.chance(people, 0.25), own, own[head])
    elder = dice.below(homes, 52 * 365) + 28 * 365
    age = np.where(place == 0, elder[household], elder[household] + dice.below(people, 12 * 365) - 6 * 365)
    age = np.where(place > 1, 16 * 365 + dice.below(people, 12 * 365), age)

    sons = np.flatnonzero(place == 2)
    sons = dice.some(sons, max(2, len(sons) // 60))
    first[sons] = first[head[sons]]
    twins = np.flatnonzero(place == 3)
    twins = dice.some(twins, max(1, len(twins) // 15))
    age[twins] = age[twins - 1]

    city = dice.below(homes, len(CITIES))
    code = text(
        POSTAL[city], (1 + dice.below(homes, 28)).astype("U2"), " ", dice.below(homes, 10).astype("U1")
    )
    inward = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    code = text(code, inward[dice.below(homes, 20)], inward[dice.below(homes, 20)])
    street = text((1 + dice.below(homes, 180)).astype("U3"), " ", STREETS[dice.below(homes, len(STREETS))])
    line = text(AREA[city], digits(2_000_000 + np.arange(homes) * 618_033 % 1_000_000, 7))
    line = np.where(dice.chance(homes, 0.55), line, "")

    mobile, mobile_next, mobile_switch, recycled = make_mobiles(dice, household, end)
    card = text("LY", digits((np.arange(people) * 61_803_399 + 27_182_818) % 10**8, 8))
    card[~dice.chance(people, 0.82)] = ""
    reissued = dice.some(np.flatnonzero(card != ""), max(4, people // 330))
    card_next, card_switch = card.copy(), np.full(people, NEVER)
    card_next[reissued] = text("LY", digits((reissued * 61_803_399 + 77_182_819) % 10**8, 8))
    card_switch[reissued] = end - YEAR + dice.below(len(reissued), 200 * DAY) + 80 * DAY

    tablet, turn, handover = make_tablets(dice, household, headcount, end)
    busy = (tablet >= 0) | np.isin(np.arange(people), reissued)  # seen often enough to be worth showing
    return World(
        seed=seed, start=end - YEAR, end=end, household=household, place=place,
        first=first_pool[first], short=short_pool[first], last=last_pool[last],
        born=(end // DAY - age) * DAY,
        emails=make_emails(dice, plain(first_pool)[first], plain(short_pool)[first], plain(last_pool)[last], age),
        mobile=mobile, mobile_next=mobile_next, mobile_switch=mobile_switch, landline=line[household],
        card=card, card_next=card_next, card_switch=card_switch,
        city=city[household], street=street[household], postcode=code[household],
        activity=np.maximum(1 / (0.06 + dice.unit(people)), np.where(busy, 6.0, 0.0)), subscribed=dice.chance(people, 0.55),
        registered=dice.chance(people, 0.65), app=dice.chance(people, 0.5),
        tablet=tablet, turn=turn, handover=handover, recycled=recycled, reissued=reissued,
        namesakes=np.stack([head[sons], sons], axis=1),
    )  # fmt: skip


def make_mobiles(dice: Dice, household: Ints, end: int) -> tuple[Texts, Texts, Ints, Ints]:
    """A mobile each; some change theirs, and some of the numbers given up get a new owner later."""
    people = len(household)
    number = text("74", digits((np.arange(2 * people) * 61_803_399 + 14_142_135) % 10**8, 8))
    mobile, fresh = number[:people], number[people:]
    later, switch = mobile.copy(), np.full(people, NEVER)
    moving = dice.some(np.arange(people), max(16, people // 40))
    when = end - YEAR + 90 * DAY + dice.below(len(moving), 150 * DAY)
    later[moving], switch[moving] = fresh[moving], when
    # Of those who changed, the first `pairs` gave up numbers that the next `pairs` received 60 days later.
    pairs = max(4, people // 200)
    giver, taker = moving[:pairs], moving[pairs : 2 * pairs]
    apart = household[giver] != household[taker]
    giver, taker = giver[apart], taker[apart]
    later[taker], switch[taker] = mobile[giver], switch[giver] + 60 * DAY
    return mobile, later, switch, np.stack([giver, taker], axis=1)


def make_tablets(dice: Dice, household: Ints, headcount: Ints, end: int) -> tuple[Ints, Ints, Ints]:
    """Tablets that two adults of one household use in turns: half handed over once, half to and fro."""
    people = len(household)
    tablet, turn, handover = np.full(people, -1), np.zeros(people, np.int64), np.full(people, NEVER)
    couples = np.flatnonzero(headcount > 1)
    homes = dice.some(couples, max(2, len(headcount) // 14))
    one = np.searchsorted(household, homes)
    tablet[one] = tablet[one + 1] = np.arange(len(homes))
    turn[one + 1] = 1
    once = dice.chance(len(homes), 0.5)
    handover[one] = handover[one + 1] = np.where(
        once, end - YEAR // 2 + dice.below(len(homes), 100 * DAY) - 50 * DAY, NEVER
    )
    return tablet, turn, handover


def make_emails(dice: Dice, first: Texts, short: Texts, last: Texts, age: Ints) -> Texts:
    """One to three addresses a person, no mailbox shared, some saying little about the name."""
    n = len(first)
    year = digits((2026 - age // 365) % 100, 2)
    how_many = 1 + dice.pick(n, (0.62, 0.30, 0.08))
    out = []
    for k in range(3):
        initial = part(first, 0, 1)
        odd = text(
            np.array(["blue", "mad", "sunny", "little", "the"])[dice.below(n, 5)],
            np.array(["fox", "robin", "cook", "rambler", "violet"])[dice.below(n, 5)],
            year,
        )
        shapes = [
            text(first, ".", last),
            text(initial, last),
            text(first, "_", last),
            text(first, year),
            text(short, ".", last),
            text(last, ".", first),
            odd,
        ]
        local = np.choose(dice.pick(n, (0.34, 0.18, 0.08, 0.14, 0.08, 0.06, 0.12)), shapes)
        domain = DOMAINS[dice.pick(n, (0.45, 0.14, 0.12, 0.10, 0.09, 0.06, 0.04))]
        out.append(np.where(how_many > k, text(local, "@", domain), ""))
    flat = np.concatenate(out)
    boxes = np.strings.replace(flat, ".", "")  # what Gmail sees: dots do not make another mailbox
    taken = pd.DataFrame({"box": boxes}).groupby("box").cumcount().to_numpy()
    local, at, domain = np.strings.partition(flat, "@")
    clash = (taken > 0) & (flat != "")
    # An underscore and a number follow the second and later owners of a name: no shape above ends like that.
    flat = np.where(clash, text(local, "_", (taken + 1).astype("U8"), at, domain), flat)
    return np.stack(np.split(flat, 3), axis=1)


def mobile_at(world: World, person: Ints, when: Ints) -> Texts:
    return np.where(when >= world.mobile_switch[person], world.mobile_next[person], world.mobile[person])


def card_at(world: World, person: Ints, when: Ints) -> Texts:
    return np.where(when >= world.card_switch[person], world.card_next[person], world.card[person])


def address(world: World, dice: Dice, person: Ints, other: float) -> Texts:
    """The person's main e-mail, or with chance `other` another one they have."""
    n = len(person)
    second = world.emails[person, 1 + dice.below(n, 2)]
    return np.where(dice.chance(n, other) & (second != ""), second, world.emails[person, 0])


def typed(dice: Dice, emails: Texts, typo: float) -> Texts:
    """E-mails as people type them: capitals, Gmail dots and tags, transpositions."""
    n = len(emails)
    local, at, domain = np.strings.partition(emails, "@")
    gmail, way = domain == "gmail.com", dice.unit(n)
    tagged = text(local, np.array(["+shop", "+hp", "+offers"])[dice.below(n, 3)])
    local = np.where(gmail & (way < 0.06), tagged, local)
    undotted = np.strings.replace(local, ".", "")
    dotted = text(part(undotted, 0, 1), ".", part(undotted, 1))
    local = np.where(gmail & (way > 0.94), np.where(undotted == local, dotted, undotted), local)
    where = 1 + dice.below(n, np.maximum(np.strings.str_len(local) - 2, 1))
    wrong = dice.chance(n, typo) & (np.strings.str_len(local) > 3)
    local[wrong] = swapped(local[wrong], where[wrong])
    whole = text(local, at, domain)
    case = dice.unit(n)
    whole = np.where(case < 0.02, np.strings.upper(whole), whole)
    whole = np.where(case > 0.96, np.strings.title(whole), whole)
    return np.where(emails == "", "", whole)


def accounts(world: World, dice: Dice) -> Texts:
    """The e-mail each person signed up with somewhere, spelt as they spelt it that day."""
    return typed(dice, address(world, dice, np.arange(world.size), 0.09), 0.0)


def written(dice: Dice, numbers: Texts) -> Texts:
    """Ten national digits in one of the many ways the British write them."""
    a, b = part(numbers, 0, 4), part(numbers, 4)
    ways = [
        text("0", a, " ", b),
        text("0", numbers),
        text("+44", numbers),
        text("+44 ", a, " ", b),
        text("0044 ", a, b),
        text("(0", a, ") ", b),
        text("+44 (0)", a, " ", b),
        text("0", a, "-", part(b, 0, 3), "-", part(b, 3)),
    ]
    chosen = np.choose(dice.pick(len(numbers), (0.3, 0.26, 0.16, 0.08, 0.04, 0.06, 0.05, 0.05)), ways)
    return np.where(numbers == "", "", chosen)
