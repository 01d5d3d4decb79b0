"""From groups to entities: what a group tells is what its members tell."""

from __future__ import annotations

import pytest
from people import TOML, crowd, text

from scvgraph.matching import stage
from scvgraph.pipeline import run


@pytest.fixture
def made(monkeypatch):
    """The entities of a run, and values of each trait by the value that stands for the entity."""
    kept = []
    build = stage.entities_of

    def listen(work, fixed):
        found = build(work, fixed)
        names = dict(work.engine.rows("SELECT no, kind || ':' || raw FROM spellings"))
        if found is not None:
            faces = [names[no] for no in found.face.tolist()]
            kept.append((found, faces))
        else:
            kept.append((None, []))
        return found

    monkeypatch.setattr(stage, "entities_of", listen)
    return kept


def values(trait, entity: int) -> list[str]:
    return sorted(
        trait.values.to_pylist()[code] for code in trait.code[trait.start[entity] : trait.start[entity + 1]]
    )


def test_a_group_tells_what_all_its_profiles_tell(make_project, made) -> None:
    """Two records of one card are one entity with both spellings of a trait; the face is the least profile."""
    rows = [
        "a1,Ann,Marsh,1970-01-01,1 Quay,L1,",
        "a2,Anne,Marsh,1970-01-01,2 Quay,L1,",
        "b,Jon,Keller,,,L2,07400 120 945",
    ]
    run(make_project(TOML, people__csv=text(*rows)))
    ((found, faces),) = made
    assert sorted(faces) == ["record:people/a1", "record:people/b"]
    traits = {trait.name: trait for trait in found.traits}
    both, one = faces.index("record:people/a1"), faces.index("record:people/b")
    assert values(traits["first_name"], both) == ["Ann", "Anne"]
    assert values(traits["street"], both) == ["1 Quay", "2 Quay"]
    assert values(traits["street"], one) == []
    assert values(traits["phone"], one) == ["+447400120945"]


def test_the_order_is_that_of_kind_and_value(make_project, made) -> None:
    """Entities are ranked by the value that stands for them, whatever numbers they have."""
    run(make_project(TOML, people__csv=text(*reversed(crowd()[:12]))))
    ((found, faces),) = made
    ranked = [face for _, face in sorted(zip(found.order.tolist(), faces, strict=True))]
    assert ranked == sorted(faces)


def test_constraints_are_those_of_the_groups(make_project, made) -> None:
    """Cards that a group holds count against the limit; a cannot-link stands between entities."""
    toml = TOML.replace('region = "GB"', 'region = "GB"\ndecisions = "decisions.csv"')
    rows = ["a,Ann,Marsh,1970-01-01,1 Quay,L1,", "b,Jon,Keller,1971-02-02,,,"]
    decisions = "decision,a,b,at\ncannot_link,loyalty_id:L1,record:people/b,2026-01-01T00:00:00Z\n"
    run(make_project(toml, people__csv=text(*rows), decisions__csv=decisions))
    ((found, faces),) = made
    cards = found.constraints.held.sum(axis=1).tolist()
    assert dict(zip(faces, cards, strict=True)) == {"record:people/a": 1, "record:people/b": 0}
    assert sorted(found.constraints.cannot[0].tolist()) == [0, 1]


def test_fewer_than_two_who_tell_anything_are_not_compared(make_project, made) -> None:
    """One profile has nobody to be compared with."""
    run(make_project(TOML, people__csv=text("a,Ann,Marsh,1970-01-01,1 Quay,L1,")))
    assert made == [(None, [])]
