"""Which pairs are ruled on, by the ledger and the file of answers together."""

from __future__ import annotations

import pytest

from scvgraph.engine import Engine
from scvgraph.identifiers.options import Options
from scvgraph.review import Answers, ruled

KINDS = {"email": Options()}
PAIR = frozenset(("email:a@x.com", "email:b@x.com"))


@pytest.fixture
def engine():
    """A ledger with one ruling, of the second of May."""
    with Engine(threads=1) as made:
        made.make(
            "decisions",
            "SELECT 1 AS batch, 'd.csv' AS file, 2 AS line, 'withdrawn' AS decision, 'email:A@x.com' AS a,"
            " 'email:b@x.com' AS b, TIMESTAMP '2026-05-02' AS at, 'ann' AS by, NULL AS reason",
        )
        yield made


def written(folder, *lines):
    (folder / "d.csv").write_text("\n".join(("decision,a,b,at,by", *lines)), encoding="utf-8")
    return Answers.of(folder, ("d.csv",))


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        ("2026-05-01", False),
        ("", False),
        ("2026-05-03T00:00:00Z", True),
        ("2026-05-02T00:30:00+01:00", False),
    ],
)
def test_the_later_ruling_stands_wherever_it_is_written(engine, tmp_path, at, stands) -> None:
    """A line of the file beats a ruling of the ledger by its time, in UTC, and not by where it stands."""
    answers = written(tmp_path, f"must_link,email:b@x.com,email:a@x.com,{at},bo")
    assert ruled(engine, answers, KINDS) == ({PAIR} if stands else set())


def test_lines_the_ledger_holds_are_no_news(engine, tmp_path) -> None:
    """Of two rulings of one time the later batch's stands, and a line taken in already is of its own batch."""
    engine.run(
        "INSERT INTO decisions SELECT * REPLACE (2 AS batch, 'must_link' AS decision, 'bo' AS \"by\") FROM decisions"
    )
    answers = written(tmp_path, "withdrawn,email:A@x.com,email:b@x.com,2026-05-02,ann")
    assert ruled(engine, answers, KINDS) == {PAIR}
