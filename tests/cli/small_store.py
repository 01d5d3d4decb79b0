"""A very small store for the commands that read one, made by the pipeline."""

from __future__ import annotations

from scvgraph.config import parse
from scvgraph.pipeline import run
from scvgraph.store import Store

_TOML = """
[graph]
build = false
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
updated = "updated"
[sources.crm.identifiers]
email = "e_mail"
[sources.crm.traits]
first_name = "first_name"
"""
_ROWS = """id,updated,e_mail,first_name
k1,2026-01-01,ann@x.com,Ann
k2,2026-01-02,ann@x.com,Ann
k3,2026-01-03,bob@x.com,Ann
k4,2026-01-04,bob@x.com,Ann
k5,2026-01-05,,
"""


def make_store(folder):
    """Source crm: rows k1 to k4 of two customers, k5 of none; the column e_mail holds the addresses."""
    place = folder.parent / f"{folder.name}-source"
    place.mkdir()
    (place / "crm.csv").write_text(_ROWS)
    project = parse(
        _TOML.replace("[graph]", f'[project]\nstore = "{folder}"\n[graph]', 1), place / "scvgraph.toml"
    )
    run(project)
    return Store.open(folder)
