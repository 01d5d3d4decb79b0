"""A small town for tests of relations: what people tell and where they were seen, and who came out related."""

from __future__ import annotations

TOML = """
[project]
region = "GB"
[identifiers.user_id]
unique = true
[resolve]
match = false
{resolve}
[graph]
build = false
[sources.people]
shape = "records"
files = "people.csv"
key = "id"
[sources.people.identifiers]
user_id = "id"
phone = "phone"
[sources.people.traits]
last_name = "last"
street_number = "number"
street = "street"
postcode = "code"
city = "city"
[sources.web]
shape = "events"
files = "web*.csv"
time = "time"
[sources.web.identifiers]
user_id = "user"
device_id = "device"
ip = "ip"
"""
PEOPLE = "id,last,number,street,code,city,phone\n"
WEB = "time,user,device,ip\n"


def people(*rows: str) -> str:
    """Profiles: id, last, number, street, code, city, phone; the commas at the end may be left out."""
    return PEOPLE + "".join(row + "," * (6 - row.count(",")) + "\n" for row in rows)


def visits(*rows: str, times: int = 1) -> str:
    """Events: user, device, ip; each as often as `times` says, on days of its own."""
    return WEB + "".join(
        f"2026-01-{1 + n % 28:02d}T{n // 28:02d}:{place:02d}:00Z,{row}\n"
        for n in range(times)
        for place, row in enumerate(rows)
    )


def _ends(engine) -> dict[str, str]:
    """The account of every customer, by its id."""
    return dict(
        engine.rows(
            "SELECT c.id, min(i.value) FROM memberships m JOIN customers c USING (customer)"
            " JOIN identifiers i ON i.no = m.identifier WHERE i.kind = 'user_id' GROUP BY c.id"
        )
    )


def related(result) -> dict[tuple[str, str], tuple[str, float, int]]:
    """By the accounts of two related customers: why, strength, things."""
    with result.generation.engine() as engine:
        name = _ends(engine)
        return {
            tuple(sorted((name[a], name[b]))): tuple(rest)
            for a, b, *rest in engine.rows("SELECT customer, other, why, strength, things FROM relations")
        }


def households(result) -> list[list[str]]:
    """The accounts in each household."""
    with result.generation.engine() as engine:
        name = _ends(engine)
        found = engine.rows("SELECT list(id ORDER BY id) FROM households GROUP BY household")
    return sorted(sorted(name[each] for each in ids) for (ids,) in found)
