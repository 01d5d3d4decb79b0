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


TWO = """
[sources.app]
shape = "events"
files = "app.csv"
time = "time"
kind = "kind"
[sources.app.identifiers]
user_id = "user"
email = "email"
"""


def without_app(folder: Path, web: str, *, graph: bool = False) -> Outcome:
    """A run in which source app is not declared."""
    (folder / "scvgraph.toml").write_text(TOML.replace("build = false", f"build = {str(graph).lower()}"))
    (folder / "decisions.csv").write_text("decision,a,b,at,by,reason\n")
    (folder / "web-events.csv").write_text(HEAD + web)
    return run(load(folder))


def with_app(folder: Path, app: str, web: str, *, graph: bool = False) -> Outcome:
    (folder / "app.csv").write_text(HEAD + app)
    (folder / "decisions.csv").write_text("decision,a,b,at,by,reason\n")
    (folder / "web-events.csv").write_text(HEAD + web)
    (folder / "scvgraph.toml").write_text(
        TOML.replace("build = false", f"build = {str(graph).lower()}") + TWO
    )
    return run(load(folder))


WEB = "2026-01-01,login,u1,a@x.org\n"
APP = "2026-01-02,login,u2,b@x.org\n2026-01-03,login,u2,c@x.org\n"


def test_a_retired_customer_comes_back_under_its_id(tmp_path: Path) -> None:
    """When a source is taken out and returns, its customers have their old ids again; new ones do not get those meanwhile."""
    before = places(with_app(tmp_path, APP, WEB))
    assert "u2" not in places(without_app(tmp_path, WEB))
    grown = WEB + "2026-02-01,login,u3,d@x.org\n"
    assert places(without_app(tmp_path, grown))["u3"] == "C000000003"
    back = with_app(tmp_path, APP, grown)
    assert {value: places(back)[value] for value in before} == before
    assert [change for change in changes(back) if change[0] == "C000000002"] == [
        ("C000000002", "created", None, 1),
        ("C000000002", "retired", None, 2),
        ("C000000002", "revived", None, 4),
    ]
    assert "u2" not in places(without_app(tmp_path, grown))
    assert places(with_app(tmp_path, APP, grown))["u2"] == "C000000002"


def test_a_small_part_that_comes_back_is_somebody_new(tmp_path: Path) -> None:
    """Not more than half of a retired customer's identifiers do not bring its id back; the rest may still do so later."""
    with_app(tmp_path, APP, WEB)
    without_app(tmp_path, WEB)
    part = without_app(tmp_path, WEB + "2026-02-01,page,,b@x.org\n")
    assert places(part)["b@x.org"] == "C000000003"
    assert changes(part)[-1] == ("C000000003", "created", None, 3)
    whole = with_app(tmp_path, APP, WEB + "2026-02-01,page,,b@x.org\n")
    assert {places(whole)[value] for value in ("u2", "b@x.org", "c@x.org")} == {"C000000003"}
    assert changes(whole)[-1] == ("C000000002", "merged", "C000000003", 4)


def test_a_retired_customer_that_comes_back_within_another_is_merged(tmp_path: Path) -> None:
    """Identifiers that return in a living customer's group lead the old id to that customer."""
    with_app(tmp_path, APP, WEB)
    without_app(tmp_path, WEB)
    joined = with_app(tmp_path, APP, WEB + "2026-02-01,login,u1,b@x.org\n")
    assert places(joined)["u2"] == "C000000001"
    assert changes(joined)[-1] == ("C000000002", "merged", "C000000001", 3)
    assert "revived" not in {change for _, change, _, _ in changes(joined)}


def test_an_identifier_that_moves_is_told(tmp_path: Path) -> None:
    """An identifier that goes from one customer to another, both living on, has a row of its own in the lineage."""
    rows = "2026-01-01,login,u1,a@x.org\n2026-01-01,login,u1,b@x.org\n2026-01-02,login,u2,c@x.org\n"
    step(tmp_path, "a", rows)
    said = "cannot_link,user_id:u1,email:b@x.org,2026-03-01,me,hers\nmust_link,user_id:u2,email:b@x.org,2026-03-01,me,hers\n"
    moved = step(tmp_path, "a", rows, said)
    assert places(moved)["b@x.org"] == "C000000002"
    with moved.generation.engine() as engine:
        assert engine.rows("SELECT id, change, identifier, other FROM lineage WHERE generation = 2") == [
            ("C000000001", "moved", "email:b@x.org", "C000000002")
        ]


def test_mergers_and_splits_say_it_for_their_identifiers(tmp_path: Path) -> None:
    """Identifiers that go with a merged customer, or to one split from theirs, have no rows of their own."""
    rows = "2026-01-01,login,u1,a@x.org\n2026-01-01,login,u1,b@x.org\n2026-01-02,login,u2,b@x.org\n2026-01-03,login,u3,c@x.org\n"
    step(tmp_path, "a", rows)
    said = (
        "cannot_link,user_id:u1,user_id:u2,2026-03-01,me,\nmust_link,user_id:u1,user_id:u3,2026-03-01,me,\n"
    )
    last = changes(step(tmp_path, "a", rows, said))
    assert [change for _, change, _, generation in last if generation == 2] == ["merged", "split"]


def test_look_ups_follow_ids_that_went_and_came(tmp_path: Path) -> None:
    """A retired id says so, a revived one shows its card and its story, and the id merged into it leads there."""
    import scvgraph

    with_app(tmp_path, "2026-01-02,login,u2,b@x.org\n2026-01-03,login,u4,c@x.org\n", WEB)
    with_app(tmp_path, "2026-01-02,login,u2,b@x.org\n2026-01-03,login,u4,c@x.org\n2026-01-04,login,u2,c@x.org\n", WEB)  # fmt: skip
    without_app(tmp_path, WEB, graph=True)
    with scvgraph.open(tmp_path) as view:
        assert view.lookup("C000000003").unknown.startswith("C000000002 was retired in generation 3")
    with_app(tmp_path, (tmp_path / "app.csv").read_text().removeprefix(HEAD), WEB, graph=True)
    with scvgraph.open(tmp_path) as view:
        for asked in ("C000000002", "C000000003"):
            assert [card.id for card in view.lookup(asked).customers] == ["C000000002"]
        said = [change.change for change in view.lookup("C000000002").changes]
        assert said == ["merged", "retired", "revived"]
        assert [c.change for c in view.customer("C000000002").lineage][-1] == "revived"
