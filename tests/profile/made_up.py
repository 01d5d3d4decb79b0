"""Made-up rows for files to be profiled."""

from __future__ import annotations

import random
import uuid

FIRST = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jo")
LAST = ("Smith", "Jones", "Brown", "Khan", "Patel", "Müller", "Núñez", "Reid", "Shaw", "Webb")


class People:
    """People with what they own; the same seed makes the same people."""

    def __init__(self, count=60, seed=1):
        self.dice = random.Random(seed)
        self.people = [self._person(n) for n in range(count)]

    def _person(self, n):
        first, last = self.dice.choice(FIRST), self.dice.choice(LAST)
        return {
            "first": first,
            "last": last,
            "email": f"{first}.{n}@example{n % 3}.co.uk".lower(),
            "phone": f"0791{self.dice.choice('1235')} {self.dice.randrange(100_000, 999_999)}",
            "card": f"LY{self.dice.randrange(10**8, 10**9)}",
            "cookie": self.dice.randbytes(8).hex(),
            "device": str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
            "born": f"{self.dice.randrange(1940, 2005)}-{self.dice.randrange(1, 13):02}-{self.dice.randrange(1, 29):02}",
        }

    def any(self):
        return self.dice.choice(self.people)


def write_csv(path, header, rows, delimiter=",", encoding="utf-8"):
    lines = [header, *rows] if header else rows
    path.write_bytes("".join(delimiter.join(map(str, row)) + "\n" for row in lines).encode(encoding))
    return path
