"""Small files of people for tests of matching: enough of them to tell what is rare."""

from __future__ import annotations

import itertools

FIRSTS = ["Robert", "Maria", "Ahmed", "Ingrid", "Tomas", "Beatrice", "Willem", "Katherine", "Declan", "Yusuf"]
LASTS = ["Lindqvist", "Okafor", "Marchetti", "Haddad", "Petrov", "Sullivan", "Yamamoto", "Delgado"]
STREETS = ("Mill Lane", "Church Road", "Harbour Street", "Orchard Close", "Quay")
HEADER = "id,first,last,born,street,member,phone"

TOML = """
[project]
region = "GB"
[identifiers.loyalty_id]
unique = true
[resolve]
bar = 0.5
[graph]
build = false
[sources.people]
shape = "records"
files = "people*.csv"
key = "id"
[sources.people.identifiers]
loyalty_id = "member"
phone = "phone"
[sources.people.traits]
first_name = "first"
last_name = "last"
birth_date = "born"
street = "street"
"""
PLAIN = TOML.replace('[sources.people.identifiers]\nloyalty_id = "member"\nphone = "phone"\n', "")
# Two members who sign in on a website, and visits to it.
VISITORS = """
[project]
region = "GB"
[resolve]
fragments = true
[graph]
build = false
[identifiers.user_id]
unique = true
[sources.web]
shape = "events"
files = "web*.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
email = "email"
cookie_id = "cookie"
ip = "ip"
[sources.members]
shape = "records"
files = "members.csv"
key = "id"
[sources.members.identifiers]
user_id = "id"
[sources.members.traits]
first_name = "first"
last_name = "last"
"""
MEMBERS = "id,first,last\nu1,Ada,Marsh\nu2,Jon,Keller\n"
VISITS = "time,kind,user,email,cookie,ip\n"


def crowd() -> list[str]:
    """Eighty different people, a row each: no two have more than a first or a last name in common."""
    return [
        f"p{n},{first},{last},{1935 + (n * 7) % 65}-{1 + n % 12:02d}-{1 + (n * 5) % 28:02d},{1 + n} {STREETS[n % 5]},,"
        for n, (first, last) in enumerate(itertools.product(FIRSTS, LASTS))
    ]


def text(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def groups(result) -> list[list[str]]:
    """Profiles of every customer that has several, by key."""
    with result.generation.engine() as engine:
        found = engine.rows(
            "SELECT list(i.value ORDER BY i.value) FROM memberships m JOIN identifiers i ON m.identifier = i.no"
            " WHERE i.kind = 'record' GROUP BY m.customer HAVING count(*) > 1 ORDER BY 1"
        )
    return [[value.partition("/")[2] for value in values] for (values,) in found]


def customers(result) -> list[list[str]]:
    """Every customer's identifiers, kind:value."""
    with result.generation.engine() as engine:
        found = engine.rows(
            "SELECT list(i.kind || ':' || i.value ORDER BY i.kind, i.value) FROM memberships m"
            " JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer ORDER BY 1"
        )
    return [values for (values,) in found]
