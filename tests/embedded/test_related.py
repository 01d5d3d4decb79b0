"""Related customers as they are shown."""

from __future__ import annotations

import pytest

from scvgraph.api import open_view
from scvgraph.pipeline import run

TOML = """
[identifiers.user_id]
unique = true
[resolve]
match = false
[resolve.compare]
calling = "{role}"
[graph]
build = true
[sources.people]
shape = "records"
files = "people.csv"
key = "id"
identifiers = {{ user_id = "id", device_id = "device" }}
traits = {{ calling = "calling", last_name = "last" }}
"""
ROWS = "id,device,calling,last\na,d,Ada,Marsh\nb,d,Ben,Keller\n"


@pytest.mark.parametrize(
    ("role", "names"), [("first_name", {"Ada Marsh", "Ben Keller"}), ("off", {"Marsh", "Keller"})]
)
def test_names_are_what_the_project_says(make_project, role, names) -> None:
    """Who is related is named by the traits declared to be names, on the card and in the customer's own view."""
    result = run(make_project(TOML.format(role=role), people__csv=ROWS))
    with open_view(result.generation.folder.parent.parent) as view:
        ids = view.table("customers")["id"]
        assert {view.customer(each).related[0].name for each in ids} == names
        assert {view.lookup(each).customers[0].related[0].name for each in ids} == names
