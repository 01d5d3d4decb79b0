"""People made up for the matching benchmark, with the truth: seeded, so that every machine makes the same.

    python benchmarks/people.py 1000000 people.parquet

Families of one to six live at one address: spouses share the last name, some children are twins (one birthday), some
grown-ups move, some women change the last name. A person has three records on average, each with its own typos,
nicknames of letters cut off, swapped days and months, missing values. Some values are common, as names are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SEED = 20
ONSET = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "th",
    "v",
    "w",
]
VOWEL = ["a", "e", "i", "o", "u", "ai", "ee", "ou"]
CODA = ["", "n", "r", "s", "l", "m", "ck", "nd", "t"]


def words(rng, count, syllables, ending=("",)):
    """Distinct made-up words."""
    made = []
    for _ in range(3):
        parts = [
            rng.choice(np.array(options), count) for _ in range(syllables) for options in (ONSET, VOWEL, CODA)
        ]
        parts.append(rng.choice(np.array(ending), count))
        word = parts[0].astype(object)
        for part in parts[1:]:
            word = word + part
        made.append(word)
    return np.array(sorted(set(np.concatenate(made)))[:], object)[::3][:count]


def common(rng, pool, count, skew):
    """Draws of a pool where the first are far more common than the last."""
    share = 1 / (np.arange(len(pool)) + 3) ** skew
    return rng.choice(len(pool), count, p=share / share.sum()), rng.permutation(pool)


def typos(rng, column, share):
    """One letter changed, dropped or put in, in a share of the values."""
    values = pa.array(column, pa.string())
    place = rng.integers(0, 8, len(values))
    place[rng.random(len(values)) >= share] = -1
    kind = rng.integers(0, 3, len(values))
    for at in range(8):
        for what in range(3):
            hit = pa.array((place == at) & (kind == what))
            letter = "" if what == 1 else "etaoinsr"[(at + what) % 8]
            changed = pc.binary_replace_slice(
                values, start=at, stop=at if what == 2 else at + 1, replacement=letter
            )
            values = pc.if_else(hit, changed, values)
    return values


def missing(rng, values, share):
    """Nothing in place of a share of the values."""
    return pc.if_else(pa.array(rng.random(len(values)) < share), pa.scalar(None, pa.string()), values)


def text(numbers, width):
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def population(rng, homes):
    """One row a person, of families at addresses."""
    size = rng.choice([1, 2, 3, 4, 5, 6], homes, p=[0.3, 0.3, 0.16, 0.14, 0.07, 0.03])
    home = np.repeat(np.arange(homes), size)
    people = home.size
    seat = np.arange(people) - np.repeat(np.cumsum(size) - size, size)  # 0 and 1 are grown-ups
    last, lasts = common(rng, words(rng, 40_000, 2, ("", "son", "er", "ley")), homes, 0.8)
    family = last[home]
    own = (seat == 1) & (rng.random(people) < 0.25)
    family[own] = rng.integers(0, len(lasts), own.sum())
    first, firsts = common(rng, words(rng, 3_000, 2, ("", "a", "y")), people, 0.9)
    born = np.where(seat < 2, rng.integers(-14_000, 12_000, people), rng.integers(8_000, 19_000, people))
    twin = (seat >= 3) & (rng.random(people) < 0.12)
    born[twin] = born[np.flatnonzero(twin) - 1]
    moved = (seat < 2) & (rng.random(people) < 0.25)
    later = np.where(moved, rng.integers(0, homes, people), home)
    wed = (seat == 1) & ~own & (rng.random(people) < 0.2)
    maiden = np.where(wed, rng.integers(0, len(lasts), people), family)
    return {
        "home": home, "later": later, "first": firsts[first], "last": lasts[family], "maiden": lasts[maiden],
        "initial": rng.integers(0, 26, people), "born": born, "sex": rng.integers(0, 2, people),
        "ssn": rng.integers(0, 10**9, people),
    }  # fmt: skip


def places(rng, homes):
    """Address of every home."""
    towns = words(rng, 2_000, 2, ("ton", "ville", "ford"))
    town = common(rng, towns, homes, 0.7)[0]
    street = rng.choice(words(rng, 20_000, 2, (" street", " road", " lane", " avenue")), homes)
    return {"number": rng.integers(1, 400, homes), "street": street, "city": towns[town], "zip": town * 17 % 90_000 + 10_000 + rng.integers(0, 5, homes)}  # fmt: skip


def records(rows, seed=SEED):
    """A table of about so many records and the person of each, in no order."""
    rng = np.random.default_rng(seed)
    homes = max(4, round(rows / 3.0 / 2.48))
    who, at = population(rng, homes), places(rng, homes)
    count = rng.choice([1, 2, 3, 4, 5, 6], who["home"].size, p=[0.2, 0.25, 0.22, 0.15, 0.1, 0.08])
    person = np.repeat(np.arange(count.size), count)[:]
    person = rng.permutation(person)
    n = person.size
    home = np.where(rng.random(n) < 0.5, who["home"][person], who["later"][person])
    last = np.where(rng.random(n) < 0.3, who["maiden"][person], who["last"][person])
    day = (np.datetime64("1970-01-01") + who["born"]).astype("datetime64[D]").astype(str)[person]
    swapped = np.char.add(
        np.char.add(day.astype("U5"), np.array([d[8:] for d in day])), np.array([d[4:7] for d in day])
    )
    day = np.where(rng.random(n) < 0.01, swapped, day)
    first = typos(rng, who["first"][person], 0.05)
    cut = pa.array(rng.random(n) < 0.05)
    first = pc.if_else(cut, pc.utf8_slice_codeunits(first, 0, 3), first)
    sex = pa.array(np.array(["f", "m"])[who["sex"][person]])
    table = pa.table({
        "record_id": pc.binary_join_element_wise("r", text(np.arange(n), 9), ""),
        "first_name": missing(rng, first, 0.03),
        "middle_initial": missing(rng, pa.array(np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))[who["initial"][person]]), 0.3),
        "last_name": missing(rng, typos(rng, last, 0.05), 0.02),
        "date_of_birth": missing(rng, typos(rng, day, 0.02), 0.25),
        "sex": missing(rng, sex, 0.3),
        "ssn": missing(rng, typos(rng, text(who["ssn"][person], 9), 0.02), 0.6),
        "street_number": missing(rng, text(at["number"][home], 1), 0.2),
        "street_name": missing(rng, typos(rng, at["street"][home], 0.05), 0.2),
        "city": missing(rng, typos(rng, at["city"][home], 0.03), 0.15),
        "zipcode": missing(rng, text(at["zip"][home], 5), 0.15),
    })  # fmt: skip
    return table, person


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    table, person = records(given.rows)
    pq.write_table(table.append_column("entity", pa.array(person)), given.file)


if __name__ == "__main__":
    main()
