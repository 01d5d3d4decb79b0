"""How fast identifiers are cleaned in bulk, and whether the bulk agrees with `phonenumbers` number by number.

    python benchmarks/normalise.py [--rows 200000]

Prints values a second for every kind and for the package, and each disagreement (there must be none).
"""

from __future__ import annotations

import argparse
import random
import sys
import time

import phonenumbers
import pyarrow as pa

from scvgraph.identifiers.cleaning import clean
from scvgraph.identifiers.options import Options
from scvgraph.identifiers.phone import UNQUALIFIED

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
SPELLINGS = (
    lambda n, code: f"+{code}{n}",
    lambda n, code: f"+{code} {n[:3]} {n[3:6]} {n[6:]}",
    lambda n, code: f"+{code} (0){n}",
    lambda n, code: f"+{code}-{n[:2]}-{n[2:]}",
    lambda n, code: f"00{code}{n}",
    lambda n, code: f"00 {code} {n[:4]} {n[4:]}",
    lambda n, code: f"011 {code} {n}",
    lambda n, code: f"{code}{n}",
    lambda n, _: n,
    lambda n, _: f"0{n}",
    lambda n, _: f"0{n[:3]} {n[3:]}",
    lambda n, _: f"8{n}",
    lambda n, _: f"1{n}",
    lambda n, _: f"({n[:3]}) {n[3:6]}-{n[6:]}",
    lambda n, _: f"{n[:3]}.{n[3:6]}.{n[6:]}",
    lambda n, _: f"0{n[:3]}/{n[3:]}",
    lambda n, _: f"0{n} ext 12",
    lambda n, _: f"{n} x7",
)


def national_number(region: str, rng: random.Random) -> str:
    """A number near the region's example: some of its first digits kept, its length mostly."""
    kinds = [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]
    example = phonenumbers.example_number_for_type(region, rng.choice(kinds)) or phonenumbers.example_number(
        region
    )
    digits = phonenumbers.national_significant_number(example) if example else "12345678"
    kept = rng.choice((0, 1, 2, 3, 4, 4, 4))
    length = max(4, len(digits) + rng.choice((0, 0, 0, 0, 0, 0, -1, 1, 2)))
    return digits[:kept] + "".join(rng.choice("0123456789") for _ in range(length - kept))


def dialled(count: int, home: str, rng: random.Random) -> list[str]:
    """Distinct numbers of a home region, one in four from elsewhere, in all spellings."""
    found: dict[str, None] = {}
    while len(found) < count:
        region = home if rng.random() < 0.75 else rng.choice(REGIONS)
        number = national_number(region, rng)
        found[rng.choice(SPELLINGS)(number, phonenumbers.country_code_for_region(region))] = None
    return list(found)


def package_says(text: str, region: str) -> str | None:
    """E.164 by the package alone, where the length is possible with its area code."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def settled(text: str, region: str) -> str | None:
    """What the package makes of its own answer in the end: not all of its answers read the same again."""
    value = package_says(text, region)
    for _ in range(3):
        if value is None or package_says(value, None) == value:
            return value
        value = package_says(value, None)
    return None


def disagreements(texts: list[str], region: str) -> list[tuple[str, str, str | None, str | None]]:
    """(region, text, bulk, package) wherever the two differ; a placeholder kept as dialled is no value."""
    bulk = clean("phone", pa.array(texts), Options(region=region)).value.to_pylist()
    qualified = [None if value is None or value.startswith(UNQUALIFIED) else value for value in bulk]
    package = [settled(text, region) for text in texts]
    return [
        (region, text, ours, theirs)
        for text, ours, theirs in zip(texts, qualified, package, strict=True)
        if ours != theirs
    ]


def timed(label: str, kind: str, texts: list[str], options: Options) -> None:
    raw = pa.array(texts)
    clean(kind, raw.slice(0, 100), options)
    start = time.perf_counter()
    cleaned = clean(kind, raw, options)
    seconds = time.perf_counter() - start
    refused = len(texts) - cleaned.fault.null_count
    print(
        f"{label:<28}{len(texts):>10,} in {seconds:6.3f} s {len(texts) / seconds:>12,.0f}/s  refused {refused:,}"
    )


def spelt(region: str, lengths: tuple[int, ...], spellings: tuple[str, ...], count: int) -> list[str]:
    """Ordinary numbers of one region."""
    rng = random.Random(region)
    made = []
    for row in range(count):
        d = rng.choice("23456789") + "".join(rng.choices("0123456789", k=rng.choice(lengths) - 1))
        made.append(spellings[row % len(spellings)].format(d=d, a=d[:3], b=d[3:6], c=d[6:]))
    return list(dict.fromkeys(made))


def speeds(rows: int) -> None:
    us = spelt("US", (10,), ("{d}", "({a}) {b}-{c}", "{a}-{b}-{c}", "+1 {a} {b} {c}", "1{d}"), rows)
    gb = spelt("GB", (10,), ("0{d}", "0{a} {b} {c}", "+44 (0){d}", "0044{d}"), rows)
    de = spelt("DE", (9, 10, 11), ("0{d}", "0{a}/{b}{c}", "+49 {d}"), rows)
    timed("phone, US", "phone", us, Options(region="US"))
    timed("phone, GB", "phone", gb, Options(region="GB"))
    timed("phone, DE", "phone", de, Options(region="DE"))
    timed("phone, no region", "phone", gb, Options())
    domains = ("gmail.com", "my-shop.co.uk", "yahoo.com")
    timed("email", "email", [f"First.Last{n}@{domains[n % 3]}" for n in range(rows)], Options())
    timed(
        "id of 20 characters",
        "cookie_id",
        [f"{n * 2654435761 % 2**40:x}".zfill(20) for n in range(rows)],
        Options(),
    )
    timed("ip", "ip", [f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(rows)], Options())
    start = time.perf_counter()
    for text in us[:5000]:
        package_says(text, "US")
    print(f"{'phonenumbers, US':<28}{5000 / (time.perf_counter() - start):>37,.0f}/s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    speeds(rows)
    rng = random.Random(0)
    major = ["US", "GB"]
    share = rows // (len(major) * 4)
    wrong = [row for home in major for row in disagreements(dialled(share, home, rng), home)]
    rest = (rows - share * len(major)) // len(REGIONS)
    wrong += [row for home in REGIONS for row in disagreements(dialled(rest, home, rng), home)]
    print(
        f"compared with phonenumbers: {share * len(major) + rest * len(REGIONS):,}, disagreements: {len(wrong)}"
    )
    for row in wrong[:40]:
        print("  ", *row)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
