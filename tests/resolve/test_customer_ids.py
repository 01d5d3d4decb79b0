"""Customer ids are for keeps."""

from __future__ import annotations

from pathlib import Path

from scvgraph.config import load
from scvgraph.pipeline import Outcome, run

TOML = """
[graph]
build = false
[project]
decisions = "decisions.csv"
[sources.web]
shape = "events"
files = "*-events.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
email = "email"
"""
HEAD = "time,kind,user,email\n"


def step(folder: Path, name: str, rows: str, decisions: str = "") -> Outcome:
    (folder / "scvgraph.toml").write_text(TOML)
    (folder / f"{name}-events.csv").write_text(HEAD + rows)
    (folder / "decisions.csv").write_text("decision,a,b,at,by,reason\n" + decisions)
    return run(load(folder))


def places(outcome: Outcome) -> dict[str, str]:
    with outcome.generation.engine() as engine:
        return dict(
            engine.rows(
                "SELECT i.value, c.id FROM memberships m JOIN identifiers i ON m.identifier = i.no JOIN customers c USING (customer)"
            )
        )


def changes(outcome: Outcome) -> list[tuple[object, ...]]:
    with outcome.generation.engine() as engine:
        return engine.rows(
            "SELECT id, change, other, generation FROM lineage ORDER BY generation, id, change"
        )


def test_ids_are_numbered_by_first_sighting(tmp_path: Path) -> None:
    """New customers get their numbers in the order in which they were first seen."""
    found = places(step(tmp_path, "a", "2026-01-02,login,u2,b@x.org\n2026-01-01,login,u1,a@x.org\n"))
    assert found["u1"] == "C000000001"
    assert found["u2"] == "C000000002"


def test_on_a_merge_the_oldest_id_survives(tmp_path: Path) -> None:
    """When evidence joins two customers the older id stays and lineage says what the other became."""
    step(
        tmp_path,
        "a",
        "2026-01-01,login,u1,a@x.org\n2026-01-02,login,u2,b@x.org\n2026-01-03,login,u3,c@x.org\n",
    )
    merged = step(tmp_path, "b", "2026-02-01,login,u1,b@x.org\n2026-02-02,login,u4,d@x.org\n")
    found = places(merged)
    assert found["u1"] == found["u2"] == "C000000001"
    assert found["u3"] == "C000000003"
    assert found["u4"] == "C000000004"
    assert changes(merged)[3:] == [
        ("C000000002", "merged", "C000000001", 2),
        ("C000000004", "created", None, 2),
    ]


def test_on_a_split_the_larger_part_keeps_the_id(tmp_path: Path) -> None:
    """When a decision parts a customer the part with most of its identifiers keeps the id."""
    rows = "2026-01-01,login,u1,a@x.org\n2026-01-02,login,u1,b@x.org\n2026-01-03,login,u2,b@x.org\n"
    before = places(step(tmp_path, "a", rows))
    assert len(set(before.values())) == 1
    split = step(tmp_path, "a", rows, "cannot_link,user_id:u1,user_id:u2,2026-03-01,me,two people\n")
    found = places(split)
    assert found["u1"] == found["a@x.org"] == "C000000001"
    assert found["u2"] == "C000000002"
    assert ("C000000002", "split", "C000000001", 2) in changes(split)


def test_ids_outlive_runs_that_change_nothing_for_them(tmp_path: Path) -> None:
    """A run on more data leaves the ids of untouched customers as they were."""
    first = places(step(tmp_path, "a", "2026-01-01,login,u1,a@x.org\n2026-01-02,login,u2,b@x.org\n"))
    second = places(step(tmp_path, "b", "2025-01-01,login,u0,z@x.org\n"))
    assert {value: second[value] for value in first} == first
    assert second["u0"] == "C000000003"


def test_a_customer_without_identifiers_is_retired(tmp_path: Path) -> None:
    """When the only row of a customer is corrected to show somebody else, its id is retired and never given again."""
    toml = TOML.replace('time = "time"', 'time = "time"\nkey = "kind"')
    (tmp_path / "scvgraph.toml").write_text(toml)
    (tmp_path / "decisions.csv").write_text("decision,a,b,at,by,reason\n")
    (tmp_path / "a-events.csv").write_text(HEAD + "2026-01-01,row1,u1,a@x.org\n")
    run(load(tmp_path))
    (tmp_path / "a-events.csv").write_text(HEAD + "2026-01-02,row1,u9,other@x.org\n")
    changed = run(load(tmp_path))
    assert changes(changed) == [
        ("C000000001", "created", None, 1),
        ("C000000001", "retired", None, 2),
        ("C000000002", "created", None, 2),
    ]


def test_a_kind_no_longer_declared_still_counts(tmp_path: Path) -> None:
    """Rows of a file that is gone keep their identifiers, also of kinds the project file names no more."""
    before = places(step(tmp_path, "a", "2026-01-01,login,u1,a@x.org\n"))
    (tmp_path / "a-events.csv").unlink()
    (tmp_path / "b-events.csv").write_text(HEAD + "2026-01-02,login,u2,b@x.org\n")
    (tmp_path / "scvgraph.toml").write_text(TOML.replace('user_id = "user"\n', ""))
    after = places(run(load(tmp_path)))
    assert after["u1"] == after["a@x.org"] == before["u1"]
    assert "u2" not in after
