"""What people do: sessions on the web and in the app, on which browser or device, brought by which channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from world import DAY, HOUR, MINUTE, NEVER, Dice, World, digits, hexes, mixed, text, uuids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Texts = NDArray[np.str_]
    Flags = NDArray[np.bool_]

CHANNELS = ("direct", "organic", "paid_search", "paid_social", "email", "display", "referral", "push")
DIRECT, EMAIL, PUSH = 0, 4, 7
FIRST_TOUCH = (0.15, 0.24, 0.16, 0.17, 0.08, 0.12, 0.08)
LATER_TOUCH = (0.34, 0.18, 0.14, 0.06, 0.20, 0.03, 0.05)
LIFT = np.array([0.03, 0.05, 0.08, 0.04, 0.10, 0.02, 0.06, 0.07])  # what a touch adds to the chance of a sale
THEMES = np.array(["new-in", "summer-sale", "bedding", "lighting", "coats", "gifts", "garden", "last-chance"])
NIL = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Visits:
    """Sessions on the web or in the app, in missions (from a first idea to a sale, or not)."""

    person: Ints
    time: Ints
    channel: Ints
    in_app: Flags
    on_tablet: Flags
    sale: Flags  # this session ends in an order
    store_sale: Flags  # this one sends its person to a shop


def moments(dice: Dice, world: World, n: int, opens: int, closes: int) -> Ints:
    """Times between the hours given; more before Christmas and at weekends, more in the evening."""
    day = np.arange((world.end - world.start) // DAY)
    date = (world.start // DAY + day).astype("M8[D]")
    month, weekday = date.astype("M8[M]").astype(np.int64) % 12, (date.astype(np.int64) + 3) % 7
    weight = np.array([1.1, 0.8, 0.9, 1, 1, 1, 1, 0.9, 1, 1.1, 1.7, 1.8])[month] * np.where(
        weekday > 4, 1.35, 1.0
    )
    late = np.maximum(dice.unit(n), dice.unit(n) * 0.9)
    return (
        world.start
        + dice.pick(n, weight) * DAY
        + opens * HOUR
        + (late * (closes - opens) * HOUR).astype(np.int64)
    )


def make_visits(world: World, sessions: int) -> Visits:
    dice = Dice(world.seed, 2)
    length = (0.36, 0.25, 0.17, 0.11, 0.07, 0.04)  # a mission has 1 to 6 sessions, 2.4 on average
    missions = int(sessions / 2.4)
    steps = 1 + dice.pick(missions, length)
    begin = np.cumsum(steps) - steps
    mission = np.repeat(np.arange(missions), steps)
    n = len(mission)
    step = np.arange(n) - begin[mission]
    person = dice.pick(missions, world.activity)[mission]
    gap = np.where(step > 0, (dice.unit(n) ** 2 * 6 * DAY).astype(np.int64) + HOUR, 0)
    run = np.cumsum(gap)
    time = moments(dice, world, missions, 6, 24)[mission] + run - run[begin][mission]
    channel = np.where(step > 0, dice.pick(n, LATER_TOUCH), dice.pick(n, FIRST_TOUCH))
    channel[(channel == EMAIL) & ~world.subscribed[person]] = DIRECT
    in_app = world.app[person] & dice.chance(n, 0.6) & (channel != EMAIL)
    channel[in_app] = np.where(dice.chance(n, 0.35), PUSH, DIRECT)[in_app]
    final = step == steps[mission] - 1
    hope = np.minimum(0.03 + np.bincount(mission, weights=LIFT[channel], minlength=missions), 0.8)
    sold = final & dice.chance(n, hope[mission])
    in_store = sold & dice.chance(n, 0.22)

    slot = np.where(
        world.handover[person] < NEVER,
        time >= world.handover[person],
        (time // (19 * DAY) + world.tablet[person]) % 2,
    )
    on_tablet = (world.tablet[person] >= 0) & (slot == world.turn[person]) & dice.chance(n, 0.7)
    keep = time < world.end - 2 * HOUR
    return Visits(
        *(column[keep] for column in (person, time, channel, in_app, on_tablet, sold & ~in_store, in_store))
    )


def prices(dice: Dice, n: int) -> Ints:
    """Pence: mostly small, some large, ending in .99, .50 or .00 as prices do."""
    return (400 + (dice.unit(n) ** 3 * 24_000).astype(np.int64)) // 100 * 100 + np.array([99, 50, 0])[
        dice.pick(n, (0.6, 0.2, 0.2))
    ]


def cookies(world: World, dice: Dice, visits: Visits) -> Texts:
    """One to seven browsers a person, of which three in ten forget their cookie every five weeks or so."""
    n, person = len(visits.person), visits.person
    owned = np.array([1, 1, 1, 2, 2, 2, 3, 3, 4, 7])[mixed(person, 31) % np.uint64(10)]
    browser = (dice.unit(n) ** 2 * owned).astype(np.int64)
    owner = person * 8 + browser
    forgets = mixed(owner, 32) % np.uint64(10) < np.uint64(3)
    age = (visits.time - world.start) // DAY + (mixed(owner, 33) % np.uint64(36)).astype(np.int64)
    jar = (owner << 8) + np.where(forgets, age // 36 + 1, 0)
    return np.where(visits.on_tablet, hexes(world.tablet[person], 5), hexes(jar, 4))


def devices(world: World, dice: Dice, visits: Visits) -> Texts:
    """One app device a person, two for one in six; nil from the broken SDK of last autumn."""
    n, person = len(visits.person), visits.person
    two = (mixed(person, 41) % np.uint64(6) == np.uint64(0)) & dice.chance(n, 0.4)
    device = np.where(visits.on_tablet, uuids(world.tablet[person], 8), uuids(person * 2 + two, 6))
    broken = (
        (visits.time > world.start + 100 * DAY)
        & (visits.time < world.start + 160 * DAY)
        & dice.chance(n, 0.12)
    )
    return np.where(broken, NIL, device)


def home_ips(world: World, dice: Dice, person: Ints) -> Texts:
    """Reserved addresses: a household's own (100.64/10), or one of a mobile carrier's 200 (198.18/24)."""
    home = (world.household[person] * 40_503 + 7) % (1 << 22)
    fixed = text(
        "100.",
        (64 + home // 65_536).astype("U3"),
        ".",
        (home // 256 % 256).astype("U3"),
        ".",
        (home % 256).astype("U3"),
    )
    n = len(person)
    return np.where(dice.chance(n, 0.75), fixed, text("198.18.0.", dice.below(n, 200).astype("U3")))


def newsletter(world: World, when: Ints) -> tuple[Ints, Texts]:
    """Sending time and name of the weekly newsletter last sent before `when`."""
    week = (when - world.start) // (7 * DAY)
    return world.start + week * 7 * DAY + 5 * MINUTE, text(
        "wk", digits(week + 1, 2), "-", THEMES[week % len(THEMES)]
    )
