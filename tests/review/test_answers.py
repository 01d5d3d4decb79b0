"""Where answers go, and that no line is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from scvgraph.engine import Engine
from scvgraph.errors import SourceError, UsageError
from scvgraph.identifiers.options import Options
from scvgraph.review import Answer, Answers, parsed


def answer(at, a="email:a@x.com", b="email:b@x.com", reason="same phone, different day"):
    return Answer("must_link", a, b, at, "ann", reason)


def rulings(answers):
    with Engine(threads=1) as engine:
        return answers.rulings(engine, 1, {"email": Options()})


def test_a_declared_file_is_used_and_otherwise_one_beside_the_project(tmp_path) -> None:
    """The first CSV file named; without one, a file of its own and what to add to the project."""
    named = Answers.of(tmp_path, ("old.parquet", "rulings.csv", "more.csv"))
    assert (named.path.name, named.cure) == ("rulings.csv", None)
    assert 'decisions = ["decisions.csv"]' in (Answers.of(tmp_path, ()).cure or "")


def test_a_new_file_has_a_header(tmp_path, utc) -> None:
    """All columns of decisions, a reason with a comma quoted."""
    answers = Answers.of(tmp_path, ())
    answers.add(answer(utc))
    assert answers.path.read_text(encoding="utf-8") == (
        "decision,a,b,at,by,reason\n"
        'must_link,email:a@x.com,email:b@x.com,2026-05-01T12:00:00Z,ann,"same phone, different day"\n'
    )


def test_a_file_keeps_its_form(tmp_path, utc) -> None:
    """Other columns, another order, semicolons, Windows line ends and a last line without one are kept."""
    path = tmp_path / "d.csv"
    path.write_bytes(b"\xef\xbb\xbfa;b;decision;at;team\r\nemail:x@x.com;email:y@x.com;cannot_link;;Z")
    answers = Answers.of(tmp_path, ("d.csv",))
    answers.add(answer(utc, reason="n"))
    lines = path.read_bytes().decode().split("\r\n")
    assert lines == [
        "a;b;decision;at;team",
        "email:x@x.com;email:y@x.com;cannot_link;;Z",
        "email:a@x.com;email:b@x.com;must_link;2026-05-01T12:00:00Z;",
        "",
    ]
    assert [ruling.decision for ruling in rulings(answers)] == ["cannot_link", "must_link"]


def test_a_file_that_is_none_of_decisions_is_left_alone(tmp_path, utc) -> None:
    """The message says which columns are missing, and nothing is written."""
    path = tmp_path / "d.csv"
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    answers = Answers.of(tmp_path, ("d.csv",))
    for asked in (answers.check, lambda: answers.add(answer(utc))):
        with pytest.raises(UsageError, match=r"d\.csv: column decision, a, b is not there"):
            asked()
    assert path.read_text(encoding="utf-8") == "x,y\n1,2\n"


def test_what_a_run_takes_is_taken(tmp_path, utc) -> None:
    """A file without times, authors and reasons is added to as it is; names of columns count in any case."""
    path = tmp_path / "d.csv"
    path.write_text("Decision,A,b\nmust_link,email:x@x.com,email:y@x.com\n", encoding="utf-8")
    answers = Answers.of(tmp_path, ("d.csv",))
    answers.check()
    answers.add(answer(utc))
    assert path.read_text(encoding="utf-8").splitlines()[-1] == "must_link,email:a@x.com,email:b@x.com"
    assert [ruling.a for ruling in rulings(answers)] == ["email:x@x.com", "email:a@x.com"]


def test_every_decisions_file_counts(tmp_path, utc) -> None:
    """Answers go to the first, but what stands in the others is ruled on as well."""
    for name, address in (("d.csv", "x"), ("e.csv", "z")):
        text = f"decision,a,b\nmust_link,email:{address}@x.com,email:y@x.com\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = rulings(Answers.of(tmp_path, ("d.csv", "e.csv")))
    assert [(ruling.file, ruling.a) for ruling in found] == [
        ("d.csv", "email:x@x.com"),
        ("e.csv", "email:z@x.com"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("maybe,email:x@x.com,email:y@x.com,", r"d\.csv, line 2, decision: 'maybe' is none of"),
        ("must_link,email:x@x.com,email:y@x.com,soon", r"d\.csv, line 2, at: 'soon' is not a time"),
        ("must_link,email:x@x.com", r"d\.csv, line 2: b is missing"),
        ("must_link,x@x.com,email:y@x.com,", r"d\.csv, line 2, a: write kind:value"),
        ("must_link,email:x@x.com,email:X@x.com,", r"line 2: .* are one identifier"),
    ],
)
def test_a_line_that_a_run_would_refuse_is_named(tmp_path, line, said) -> None:
    """As a run does: the file, the line, and what to write."""
    (tmp_path / "d.csv").write_text(f"decision,a,b,at\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        rulings(Answers.of(tmp_path, ("d.csv",)))


def test_a_folder_in_place_of_the_file_is_named(tmp_path) -> None:
    """It is no empty file."""
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(SourceError, match=r"cannot read d\.csv: Is a directory"):
        rulings(Answers.of(tmp_path, ("d.csv",)))


def test_a_place_that_cannot_be_written_is_named(tmp_path, utc) -> None:
    """The message names the file of answers, not one that is written aside; nothing is left behind."""
    answers = Answers.of(tmp_path / "nowhere", ("d.csv",))
    for asked in (answers.check, lambda: answers.add(answer(utc))):
        with pytest.raises(UsageError, match=r"cannot add answers to \S*nowhere/d\.csv: No such file"):
            asked()
    taken = tmp_path / "taken"
    (taken / "d.csv.new").mkdir(parents=True)  # where the file would be written aside
    with pytest.raises(UsageError, match=r"cannot add answers to \S*taken/d\.csv: Is a directory"):
        Answers.of(taken, ("d.csv",)).add(answer(utc))


def test_many_may_answer_at_once(tmp_path, utc) -> None:
    """Forty answers by eight hands are forty whole lines."""
    answers = Answers.of(tmp_path, ())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: answers.add(answer(utc, a=f"email:p{n}@x.com")), range(40)))
    assert {ruling.a for ruling in rulings(answers)} == {f"email:p{n}@x.com" for n in range(40)}
    assert len(answers.path.read_text(encoding="utf-8").splitlines()) == 41


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("s", ("same", "")),
        ("Different her sister", ("different", "her sister")),
        ("k", ("skip", "")),
        ("quit", ("quit", "")),
        ("maybe", (None, "")),
        ("", (None, "")),
    ],
)
def test_replies_are_read(reply, meant) -> None:
    """A word or its letter, in either case, and a reason behind it."""
    assert parsed(reply) == meant
