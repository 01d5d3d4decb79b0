"""Events of a large retailer in one CSV file, for benchmarks, written by DuckDB.

    python benchmarks/generate_events.py OUT.csv --events 10000000 --seed 1

The invariant: a row is a function of its number, the number of events and the seed. Every choice is taken
from the digits of md5(seed, row) and 64-bit arithmetic on them, never from random() or hash(), so the bytes
depend neither on the number of threads nor on DuckDB's release.

There are a tenth as many people as events; the busiest tenth makes over a third of the events. A person has 1 to
4 cookies, some up to 16; one cookie in 200 is used by two people, a few kiosk cookies by hundreds; one e-mail
in 1,000 is a placeholder. Figures quoted elsewhere come from this file: change it only together with them.
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
    END AS phone
FROM cookies
"""


def generate(path: str | Path, events: int, seed: int = 1, threads: int | None = None) -> None:
    """Write `events` rows to `path`; about 1 s a million rows on two cores, memory constant."""
    query = EVENTS
    for name, value in {
        "events": events,
        "people": max(events // 10, 1),
        "busiest": max(events // 100, 1),
        "seed": seed,
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
    args = parser.parse_args()
    started = time.perf_counter()
    generate(args.out, args.events, args.seed, args.threads)
    size = args.out.stat().st_size / 1e6
    print(f"{args.events:,} events, {size:,.0f} MB in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
