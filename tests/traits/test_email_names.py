"""Names read in e-mail addresses, by the whole ledger way: profiles tell the names, addresses are read by them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from scvgraph.engine import Engine
from scvgraph.traits.email_names import names_in_emails

FIRST = {"anna": 9, "jordan": 5, "ann": 2, "maria": 4, "alexander": 3, "zoe": 1, "leon": 1}
LAST = {"marsh": 6, "jordan": 1, "smithjones": 2, "nadel": 1, "okafor": 4, "lee": 3, "leon": 5}


def read(tmp_path, *addresses: str) -> list[tuple[str, str]]:
    """First and last name of each address, empty where there is none."""
    with Engine(spill=tmp_path / "spill") as engine:
        engine.put(
            "spellings",
            pa.table(
                {
                    "no": pa.array(range(len(addresses)), pa.int32()),
                    "kind": ["email"] * len(addresses),
                    "raw": pa.array(addresses, pa.string()),
                }
            ),
        )
        work = SimpleNamespace(engine=engine, leads_to=np.arange(len(addresses), dtype=np.int32))
        said = names_in_emails(work, FIRST, LAST)  # type: ignore[arg-type]
    names = [dict(zip(each.node.tolist(), (each.texts[n] for n in each.place), strict=True)) for each in said]
    return [(names[0].get(n, ""), names[1].get(n, "")) for n in range(len(addresses))]


PATTERNS = {
    "anna.marsh@x.org": ("anna", "marsh"),
    "a.marsh@x.org": ("a", "marsh"),
    "amarsh@x.org": ("a", "marsh"),
    "anna_m@x.org": ("anna", "m"),
    "annam@x.org": ("anna", "m"),
    "annamarsh@x.org": ("anna", "marsh"),
    "marsh.anna@x.org": ("anna", "marsh"),
    "anna@x.org": ("anna", ""),
    "anna.smith-jones@x.org": ("anna", "smithjones"),
    "annasmith-jones@x.org": ("anna", "smithjones"),
    "asmith-jones@x.org": ("a", "smithjones"),
    "anna.marsh87@x.org": ("anna", "marsh"),
    "87anna.marsh@x.org": ("anna", "marsh"),
    "anna_87_marsh@x.org": ("anna", "marsh"),
    "Anna.Marsh@X.org": ("anna", "marsh"),
    "anna.marsh+news@x.org": ("anna", "marsh"),
    "anna+marsh@x.org": ("anna", ""),
    "marsh.a@x.org": ("a", "marsh"),
    "marsh_a87@x.org": ("a", "marsh"),
    "q.unheard@x.org": ("q", "unheard"),
    "info.q@x.org": ("", ""),
    "a.n@x.org": ("", ""),
    "no.body@x.org": ("", ""),
    "qqqq@x.org": ("", ""),
    "1234@x.org": ("", ""),
    "zoë.marsh@x.org": ("zo", "marsh"),
    "李雷@x.org": ("", ""),
    "@x.org": ("", ""),
}


def test_each_pattern_is_read(tmp_path) -> None:
    """Every usual way to make an address of a name is read; addresses that fit no known name tell nothing."""
    assert dict(zip(PATTERNS, read(tmp_path, *PATTERNS), strict=True)) == PATTERNS


def test_a_name_that_is_both_goes_by_how_often_it_is_each(tmp_path) -> None:
    """Of first.last and last.first the likelier by how often the names are told."""
    assert read(tmp_path, "jordan.lee@x.org", "lee.jordan@x.org", "leon.anna@x.org", "anna.leon@x.org") == [
        ("jordan", "lee"),
        ("jordan", "lee"),
        ("anna", "leon"),
        ("anna", "leon"),
    ]


def test_a_cut_needs_both_names(tmp_path) -> None:
    """What is written together is cut only where both parts are known names."""
    assert read(tmp_path, "annokafor@x.org", "annadel@x.org") == [("ann", "okafor"), ("", "")]


def test_without_known_names_nothing_is_read(tmp_path) -> None:
    """No profile tells a first name: no address does."""
    with Engine(spill=tmp_path / "spill") as engine:
        engine.put(
            "spellings",
            pa.table({"no": pa.array([0], pa.int32()), "kind": ["email"], "raw": ["anna.marsh@x.org"]}),
        )
        work = SimpleNamespace(engine=engine, leads_to=np.zeros(1, np.int32))
        first, last = names_in_emails(work, {}, LAST)  # type: ignore[arg-type]
    assert not first.node.size
    assert not last.node.size


def test_a_refused_address_tells_nothing(tmp_path) -> None:
    """An address that cleaning refused leads to no identifier, and so tells nothing of anyone."""
    with Engine(spill=tmp_path / "spill") as engine:
        engine.put(
            "spellings",
            pa.table({"no": pa.array([0], pa.int32()), "kind": ["email"], "raw": ["anna.marsh@"]}),
        )
        work = SimpleNamespace(engine=engine, leads_to=np.full(1, -1, np.int32))
        first, _ = names_in_emails(work, FIRST, LAST)  # type: ignore[arg-type]
    assert not first.node.size
