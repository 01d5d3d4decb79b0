"""What lies behind the score: other bars, sizes, the worst errors and their reasons."""

from __future__ import annotations

import pytest

from club import AGAIN, MEMBERS, TILL, TOML, TRUTH
from scvgraph.evaluate import Wanted, evaluate
from scvgraph.pipeline import run


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    from scvgraph.config import load

    folder = tmp_path_factory.mktemp("club")
    files = {"scvgraph.toml": TOML, "members.csv": MEMBERS + AGAIN, "till.csv": TILL}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    with run(load(folder)).generation.engine() as made:
        yield made


def judged(engine, folder, extra, **wanted):
    truth = folder / "truth.csv"
    truth.write_text(TRUTH + extra, encoding="utf-8")
    return evaluate(engine, truth, Wanted(**wanted))


RIGHT = (
    "members,r0,P0\nmembers,r1,W\nmembers,r2,O\ntill,t1,P5\ntill,t2,P5\ntill,t3,P6\ntill,t4,P7\ntill,t5,P7\n"
)


def test_without_matches_the_curve_ends_at_the_exact_part(engine, tmp_path) -> None:
    """The first point is the score itself; without any match r0 is apart from m0 and the device from m7, and recall
    lower by those pairs.
    """
    found = judged(engine, tmp_path, RIGHT, curve=True)
    first, last = found.curve[0], found.curve[-1]
    assert (first.bar, last.bar, last.matches) == (0.5, None, 0)
    assert first.pairwise == found.score.pairwise
    assert first.customers == found.score.customers
    assert last.customers == first.customers + 2
    assert last.pairwise.recall < first.pairwise.recall
    assert [p.customers for p in found.curve] == sorted(p.customers for p in found.curve)


def test_no_bar_takes_away_what_elimination_gave(engine, tmp_path) -> None:
    """The device at m7's home, weight 0.75, is no match: it holds at every bar and goes only where nothing is inferred."""
    found = judged(engine, tmp_path, RIGHT, curve=True)
    assert engine.rows("SELECT rule, count(*) FROM matches GROUP BY rule ORDER BY rule") == [
        ("household", 1),
        ("match", 1),
    ]
    *barred, last = found.curve
    assert [point.matches for point in barred] == [1] * len(barred)
    assert {point.pairwise for point in barred} == {found.score.pairwise}
    assert (last.matches, last.customers) == (0, found.score.customers + 2)


def test_sizes_add_up_to_the_score(engine, tmp_path) -> None:
    """Customers, rows and wrong pairs by size are all of them."""
    found = judged(engine, tmp_path, RIGHT.replace("r0,P0", "r0,X"), by_size=True)
    assert sum(size.customers for size in found.by_size) == found.score.customers
    assert (
        sum(size.wrong_pairs for size in found.by_size)
        == found.score.claimed_pairs - found.score.right_pairs
        == 1
    )
    assert all(size.interval[0] <= size.pure / size.customers <= size.interval[1] for size in found.by_size)


def test_a_wrong_match_is_named_with_what_agreed(engine, tmp_path) -> None:
    """If r0 were somebody else, the match is the reason, with both records."""
    found = judged(engine, tmp_path, RIGHT.replace("r0,P0", "r0,X"), worst=3)
    (bad,) = found.merged_because
    assert bad.pairs == 1
    assert bad.reasons[0].startswith("joined by match: record:members/m0 and record:members/r0")
    assert "given name same" in bad.reasons[0]


def test_a_wrong_link_is_named_with_its_rule(engine, tmp_path) -> None:
    """If the device's second sign-in was another's, the identifiers that both showed are named."""
    found = judged(engine, tmp_path, RIGHT.replace("t2,P5", "t2,X"), worst=3)
    (bad,) = found.merged_because
    assert any(
        "is shown by rows of several persons: 2 of one, 1 of the next" in reason for reason in bad.reasons
    )


def test_what_stands_between_a_persons_rows_is_named(engine, tmp_path) -> None:
    """A refused link with its constraint, a shared identifier with why, and nothing at all: each in words."""
    extra = (
        RIGHT.replace("r1,W", "r1,Z")
        .replace("r2,O", "r2,Z")
        .replace("t3,P6", "t3,P5")
        .replace("r0,P0", "r0,P0")
    )
    found = judged(engine, tmp_path, extra + "members,gone,P9\n", worst=9)
    why = {apart.what: apart.reasons for apart in found.split_because}
    assert why["Z"][0].startswith("both were seen with phone:+442079460018, which is shared")
    assert why["P5"][0].startswith("refused: ")
    assert "at most 1 loyalty_id" in why["P5"][0]


def test_nothing_in_common_is_said(engine, tmp_path) -> None:
    """Two customers that nothing connects: neither seen together nor ever near a match."""
    truth = TRUTH.replace("m7,P7", "m7,P3")
    (tmp_path / "t.csv").write_text(truth, encoding="utf-8")
    (apart,) = evaluate(engine, tmp_path / "t.csv", Wanted(worst=1)).split_because
    assert "nothing in common" in apart.reasons[0]
