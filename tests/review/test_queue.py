"""Which cases are found, what they are worth, and that none comes twice."""

from __future__ import annotations

import pytest

import scvgraph
from club import AGAIN, MEMBERS, TOML
from scvgraph.config import load
from scvgraph.errors import UsageError
from scvgraph.pipeline import run
from scvgraph.review import Answer, Answers

DECIDING = TOML.replace("[project]", '[project]\ndecisions = "decisions.csv"')
MOVED = MEMBERS + AGAIN.replace("0 Mill Lane", "7 Other Road")
# A third and a fourth person at the landline: which two are asked about is a tie.
TIED = "r3,,020 7946 0018,Nina,Reed,1970-07-07,2 Quay\nr4,,020 7946 0018,Hugo,Lamb,1960-08-08,3 Quay\n"
# A device two cards were used on, thrice by the one and once by the other.
TILL = "slip,time,kind,card,device,home\n" + "".join(
    f"t{n},2026-01-0{n},{kind},{card},d5,\n"
    for n, (kind, card) in enumerate([("login", "L5"), ("login", "L5"), ("login", "L5"), ("page", "L6")], 1)
)


@pytest.fixture
def project(make_project):
    made = make_project(
        DECIDING, members__csv=MOVED, till__csv=TILL, decisions__csv="decision,a,b,at,by,reason\n"
    )
    run(made)
    return made


def cases(project, limit=50, answers=None):
    with scvgraph.open(project.folder) as view:
        return view.review(limit, answers)


def test_every_sort_of_doubt_is_found(project) -> None:
    """A match that holds two records, two cards on one device, two persons around a landline."""
    found = {case.sort: case for case in cases(project)}
    assert {"match", "refused", "shared"} <= found.keys()
    assert {found["match"].a.id, found["match"].b.id} == {"record:members/m0", "record:members/r0"}
    assert found["match"].joined
    assert "phone:+442079460018" in found["shared"].why
    assert not found["shared"].joined
    assert "at most 1 loyalty_id" in found["refused"].why


def test_value_is_rows_times_wrong(project) -> None:
    """The value is what the documents say, the greatest first."""
    found = cases(project)
    assert [case.value for case in found] == sorted((case.value for case in found), reverse=True)
    for case in found:
        p = case.probability
        assert case.value == pytest.approx(case.rows * (1 - p if case.joined else p), abs=1e-5 * case.rows)


def test_a_limit_cuts_the_tail(project) -> None:
    """The first cases are the same, however many are asked for."""
    assert [case.a.id for case in cases(project, 1)] == [case.a.id for case in cases(project)][:1]


def test_both_sides_say_what_they_know(project) -> None:
    """Golden record, what the rows tell, what it was seen with."""
    match = next(case for case in cases(project) if case.sort == "match")
    ends = {end.id: end for end in (match.a, match.b)}
    assert ends["record:members/r0"].tells["street"] == ("7 Other Road",)
    assert ends["record:members/m0"].golden["first_name"] == "Ada"
    assert [beside.id for beside in ends["record:members/m0"].seen_with] == ["loyalty_id:L0"]


def test_what_is_answered_is_obeyed_and_does_not_come_again(project, utc) -> None:
    """An answer hides its case at once; after the next run the customers are as it says and the case is gone."""
    answers = Answers.of(project.folder, project.decisions)
    match = next(case for case in cases(project) if case.sort == "match")
    answers.add(Answer("cannot_link", match.a.id, match.b.id, utc, "ann", "they are cousins"))
    ends = {match.a.id, match.b.id}
    assert all({case.a.id, case.b.id} != ends for case in cases(project, answers=answers))
    run(project)
    assert all({case.a.id, case.b.id} != ends for case in cases(project))
    with scvgraph.open(project.folder) as view:
        rows = dict(
            view.sql("SELECT key, customer FROM rows WHERE key IN ('m0', 'r0')").itertuples(index=False)
        )
        assert rows["m0"] != rows["r0"]
        assert view.table("decisions").to_dict("records")[0]["by"] == "ann"


def test_a_withdrawn_answer_brings_the_case_back(project, utc) -> None:
    """What was taken back is a question again."""
    answers = Answers.of(project.folder, project.decisions)
    case = cases(project)[0]
    answers.add(Answer("must_link", case.a.id, case.b.id, utc, "ann", "x"))
    before = answers.path.read_text(encoding="utf-8")
    answers.path.write_text(
        before + f"withdrawn,{case.a.id},{case.b.id},2027-01-01,ann,x\n", encoding="utf-8"
    )
    assert cases(project, answers=answers)[0].a.id == case.a.id


def test_a_sample_is_drawn_and_judged(project, tmp_path) -> None:
    """A sample holds pairs of every stratum with its population, the same for the same seed; judged, it is scored."""
    with scvgraph.open(project.folder) as view:
        path = tmp_path / "judge.csv"
        assert view.sample_pairs(path, 24) == view.sample_pairs(tmp_path / "again.csv", 24) == 24
        with pytest.raises(UsageError, match="may have been judged"):
            view.sample_pairs(path, 24)
        assert path.read_bytes() == (tmp_path / "again.csv").read_bytes()
        import pandas as pd

        drawn = pd.read_csv(path)
        assert drawn["same"].isna().all()
        assert list(drawn.columns) == ["a", "b", "stratum", "population", "same"]
        drawn["same"] = "yes"
        drawn.to_csv(path, index=False)
        scored = view.evaluate_pairs(path)
        assert scored.precision.share == 1.0
        assert scored.strata == drawn["stratum"].nunique()


def test_neither_cases_nor_samples_know_in_what_order_rows_came(tmp_path) -> None:
    """Dealt upside down, the same rows give the same questions in the same order, and the same pairs to judge."""
    found = []
    for turn in (1, -1):
        folder = tmp_path / str(turn)
        folder.mkdir()
        (folder / "scvgraph.toml").write_text(TOML, encoding="utf-8")
        for name, text in (("members.csv", MOVED + TIED), ("till.csv", TILL)):
            head, *rows = text.splitlines()
            (folder / name).write_text("\n".join((head, *rows[::turn])) + "\n", encoding="utf-8")
        run(load(folder))
        with scvgraph.open(folder) as view:
            view.sample_pairs(folder / "judge.csv", 24)
            asked = [(case.sort, case.a.id, case.b.id, case.why, case.rows) for case in view.review(None)]
        found.append((asked, (folder / "judge.csv").read_bytes()))
    assert found[0] == found[1]
