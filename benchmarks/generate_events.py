"""Events of a large retailer in one CSV file, for benchmarks, written by DuckDB.

    python benchmarks/generate_events.py OUT.csv --events 10000000 --seed 1 [--names 0.05]

The invariant: a row is a function of its number, the number of events and the seed. Every choice is taken
from the digits of md5(seed, row) and 64-bit arithmetic on them, never from random() or hash(), so the bytes
depend neither on the number of threads nor on DuckDB's release.

There are a tenth as many people as events; the busiest tenth makes over a third of the events. A person has 1 to
4 cookies, some up to 16; one cookie in 200 is used by two people, a few kiosk cookies by hundreds; one e-mail
in 1,000 is a placeholder. With `--names` that share of the events has a column `name` too, a person's first and last
name: the commonest first name is every fourteenth person's, the commonest last name every thirtieth's. Figures quoted elsewhere come from this file: change it only together with them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import duckdb

EVENTS = """
WITH hashed AS (
    SELECT range AS i, md5(concat('$seed:', range)) AS digest FROM range($events)
),
-- two draws of 60 bits, cut into four dice of 30
drawn AS (
    SELECT i, CAST('0x' || left(digest, 15) AS BIGINT) AS high, CAST('0x' || substr(digest, 16, 15) AS BIGINT) AS low
    FROM hashed
),
dice AS (
    SELECT i, high >> 30 AS w, high & 1073741823 AS x, low >> 30 AS y, low & 1073741823 AS z FROM drawn
),
-- three events in ten go to the busiest tenth, the first numbers
people AS (
    SELECT i, x, y, z, w // 10 % CASE WHEN w % 10 < 3 THEN $busiest ELSE $people END AS person FROM dice
),
-- numbers are scrambled (a bijection below 10^8), so that nothing shows who was how busy
numbered AS (
    SELECT i, x, y, z, person, (person * 61803399 + $seed * 7919) % 100000000 AS number FROM people
),
jars AS (
    SELECT
        i, x, y, z, person, number,
        CASE
            WHEN number % 1000 < 90 THEN 0
            WHEN number % 1000 < 240 THEN x % 1000 % 2
            WHEN number % 1000 < 430 THEN x % 1000 % 3
            WHEN number % 1000 < 660 THEN x % 1000 % 5
            WHEN number % 1000 < 860 THEN x % 1000 % 9
            ELSE x % 1000 % 16
        END AS jar
    FROM numbered
),
-- some first cookies are also the neighbour's, and one event in 1,000 happens at a kiosk
cookies AS (
    SELECT
        i, x, y, z, number,
        CASE
            WHEN x // 100000 % 1000 = 0 THEN -1 - number % 8
            WHEN jar = 0 AND person % 54 = 1 THEN (person - 1) * 16
            ELSE person * 16 + jar
        END AS jar
    FROM jars
)
SELECT
    strftime(make_timestamp(1751328000000000 + i * 31536000 // $events * 1000000 + z // 300 % 1000 * 1000), '%Y-%m-%dT%H:%M:%S.%gZ') AS time,
    ['direct', 'direct', 'direct', 'direct', 'direct', 'direct', 'organic', 'organic', 'organic', 'organic', 'organic', 'paid_search', 'paid_search', 'paid_search', 'social', 'social', 'email', 'email', 'display', 'referral'][1 + x // 1000 % 20] AS channel,
    CASE WHEN y // 120 % 20 = 0 THEN concat(4 + y // 2400 % 397 * (y // 952800 % 1000) // 1000, '.', CASE WHEN z % 3 = 0 THEN '50' ELSE '99' END) END AS amount,
    CASE
        WHEN y % 10 > 2 THEN NULL
        WHEN x // 20000 % 1000 = 0 THEN ['test@test.com', 'noemail@noemail.com', 'none@none.com'][1 + z % 3]
        -- one sighting in twelve shows the second address
        ELSE concat('u', number, CASE WHEN y // 10 % 12 = 0 THEN '.b' ELSE '' END, ['@gmail.com', '@outlook.com', '@yahoo.co.uk', '@icloud.com'][1 + number // 1000 % 4])
    END AS email,
    CASE WHEN jar < 0 THEN concat('kiosk', -jar) ELSE concat('c', (jar + 1) * 2147483647 % 999999999989) END AS cookie,
    CASE WHEN z % 10 = 0 THEN concat('L', 900000000 + number) END AS loyalty,
    CASE
        WHEN z // 10 % 10 > 0 THEN NULL
        WHEN z // 100 % 3 = 0 THEN concat('+44', 7400000000 + number)
        WHEN z // 100 % 3 = 1 THEN concat('0', 7400000000 + number)
        ELSE concat('0', 7400 + number // 1000000, ' ', substr(CAST(1000000 + number % 1000000 AS VARCHAR), 2))
    END AS phone$name
FROM cookies
"""
# The first names of a list are the commonest: a place in it is the square of an even draw.
NAME = """,
    CASE WHEN i * 2654435761 // 4096 % 1000000 < $share THEN concat(
        $first[1 + CAST((number * 48271 % 99999989 % 10000) ** 2 AS BIGINT) * $firsts // 100000000], ' ',
        $last[1 + CAST((number * 69621 % 99999959 % 10000) ** 2 AS BIGINT) * $lasts // 100000000])
    END AS name"""
FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan "
    "Joseph Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Sandra "
    "Mark Margaret Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol "
    "Kevin Amanda Brian Melissa George Deborah Timothy Stephanie Ronald Rebecca Jason Sharon Edward Laura "
    "Jeffrey Cynthia Ryan Dorothy Jacob Amy Gary Kathleen Nicholas Angela Eric Shirley Jonathan Emma "
    "Stephen Brenda Larry Pamela Justin Nicole Scott Anna Brandon Samantha Benjamin Katherine Samuel "
    "Christine Gregory Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Olivia "
    "Dennis Heather Jerry Helen Tyler Catherine Aaron Diane Jose Julie Adam Victoria Nathan Joyce Henry "
    "Lauren Zachary Kelly Douglas Christina Peter Ruth Kyle Joan Noah Virginia Ethan Judith Jeremy Evelyn "
    "Christian Hannah Walter Andrea Keith Megan Austin Cheryl Roger Jacqueline Terry Madison Sean Teresa "
    "Gerald Abigail Carl Sophia Dylan Martha Harold Sara Jordan Gloria Jesse Janice Bryan Kathryn "
    "Lawrence Ann Arthur Isabella Gabriel Judy Bruce Charlotte Logan Julia Billy Grace Joe Amber Alan "
    "Alice Juan Jean Elijah Denise Willie Frances Albert Danielle Wayne Marilyn Randy Natalie Mason "
    "Beverly Vincent Diana Liam Brittany Roy Theresa Bobby Kayla Caleb Alexis Bradley Doris Russell Lori "
    "Lucas Tiffany "
)
LAST = (
    "Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson "
    "Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Patel Jackson Wood Turner Martin "
    "Cooper Hill Ward Morris Moore Clark Lee King Baker Harrison Morgan Allen James Scott Phillips Watson "
    "Davis Parker Price Bennett Young Griffiths Mitchell Kelly Cook Carter Richardson Bailey Collins Bell "
    "Shaw Murphy Miller Cox Richards Khan Marshall Anderson Simpson Ellis Adams Singh Begum Wilkinson "
    "Foster Chapman Powell Webb Rogers Gray Mason Ali Hunt Hussain Campbell Matthews Owen Palmer Holmes "
    "Mills Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Murray Dixon Harvey "
)
# The many rare last names: two parts that go together.
BEGIN = (
    "Ash Black Brad Brom Cald Charl Cram Den Dray East Els Fair Farn Gar Grim Hard Hart Hol Hur Kil Kings Lang Lin Lock "
    "Mar Mel Middle New North Nor Old Pem Pen Pres Rad Red Roth Ship Stan Stock Sut Thorn Thur Tun Wal West Whit Win"
)
END = "ton ley ford well field wood man worth by ham bury stead shaw more land"


def generate(
    path: str | Path, events: int, seed: int = 1, threads: int | None = None, names: float = 0
) -> None:
    """Write `events` rows to `path`; about 1 s a million rows on two cores, memory constant. names: share that has one."""
    query = EVENTS.replace("$name", NAME if names else "")
    rare = [begin + end for end in END.split() for begin in BEGIN.split()]
    for name, words in (("first", FIRST.split()), ("last", LAST.split() + rare)):
        query = query.replace(f"${name}s", str(len(words))).replace(f"${name}", str(words))
    for name, value in {
        "events": events,
        "people": max(events // 10, 1),
        "busiest": max(events // 100, 1),
        "seed": seed,
        "share": round(names * 1_000_000),
    }.items():
        query = query.replace(f"${name}", str(int(value)))
    with duckdb.connect() as con:
        if threads is not None:
            con.execute(f"SET threads = {int(threads)}")
        con.execute("SET preserve_insertion_order = true")
        target = str(path).replace("'", "''")
        con.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER true)")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write events of a large retailer as CSV.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--names", type=float, default=0, help="share of the events that show a name")
    args = parser.parse_args()
    started = time.perf_counter()
    generate(args.out, args.events, args.seed, args.threads, args.names)
    size = args.out.stat().st_size / 1e6
    print(f"{args.events:,} events, {size:,.0f} MB in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
