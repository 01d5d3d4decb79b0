"""Which value of a trait survives, and where it comes from."""

from __future__ import annotations

import pytest

from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
updated = "updated"
[sources.crm.identifiers]
email = "email"
[sources.crm.traits]
city = "city"
[sources.shop]
shape = "records"
files = "shop.csv"
key = "id"
updated = "updated"
[sources.shop.identifiers]
email = "email"
[sources.shop.traits]
city = "city"
[customers]
priority = ["shop", "crm"]
[customers.traits]
city = "RULE"
"""
CRM = "id,updated,email,city\n1,2026-01-01,a@x.org,Bath\n2,2026-02-01,a@x.org,Bath\n3,2026-04-01,a@x.org,Newcastle\n4,2026-05-01,a@x.org,\n"
SHOP = "id,updated,email,city\n9,2026-03-01,a@x.org,York\n"


@pytest.mark.parametrize(
    ("rule", "value", "source", "key"),
    [
        ("most_recent", "Newcastle", "crm", "3"),
        ("most_frequent", "Bath", "crm", "2"),
        ("source_priority", "York", "shop", "9"),
        ("longest", "Newcastle", "crm", "3"),
    ],
)
def test_survivorship_rules(make_project, rule: str, value: str, source: str, key: str) -> None:
    """Each rule picks its value; empty cells never survive; provenance names source, key, rule and rivals."""
    project = make_project(TOML.replace("RULE", rule), crm__csv=CRM, shop__csv=SHOP)
    with run(project).generation.engine() as engine:
        assert engine.rows("SELECT value, source, key, rule, rivals FROM provenance") == [
            (value, source, key, rule, 2)
        ]
        assert engine.rows('SELECT identifiers, "rows", city FROM customers') == [(1, 5, value)]


def test_a_later_version_of_a_record_replaces_the_earlier(make_project) -> None:
    """Of rows with one key only the latest counts, for traits and for identifiers."""
    versions = "id,updated,email,city\n1,2026-01-01,old@x.org,Bath\n1,2026-02-01,new@x.org,York\n"
    project = make_project(
        TOML.replace("RULE", "longest"), crm__csv=versions, shop__csv="id,updated,email,city\n"
    )
    with run(project).generation.engine() as engine:
        assert engine.rows("SELECT value FROM identifiers WHERE kind <> 'record'") == [("new@x.org",)]
        assert engine.rows("SELECT city FROM customers") == [("York",)]
