"""Estimates from judged pairs."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.engine import Engine
from scvgraph.errors import UsageError
from scvgraph.evaluate import score_pairs
from scvgraph.evaluate.intervals import wilson
from scvgraph.identifiers.options import Options

STRATA = "a,b,same,stratum,population\nemail:ann@x.com,email:ann@y.com,yes,s,9\n"
KINDS = {"email": Options(), "user_id": Options()}


@pytest.fixture
def engine():
    """Ann's two addresses and user u1 are one customer, bob@x.com another; carl has none."""
    with Engine(threads=1) as made:
        made.make(
            "identifiers",
            "SELECT * FROM (VALUES (1, 'email', 'ann@x.com'), (2, 'email', 'ann@y.com'), (3, 'user_id', 'u1'),"
            " (4, 'email', 'bob@x.com'), (5, 'email', 'carl@x.com')) t (no, kind, value)",
        )
        made.make(
            "memberships", "SELECT * FROM (VALUES (1, 1), (2, 1), (3, 1), (4, 2)) t (identifier, customer)"
        )
        made.make("customers", "SELECT * FROM (VALUES (1, 'C1'), (2, 'C2')) t (customer, id)")
        made.make(
            "rows",
            "SELECT * FROM (VALUES ('s', 'k1', 'C1'), ('s', 'k2', 'C1'), ('t', 'k2', 'C2')) t (source, key, customer)",
        )
        rulings = "(1, 'must_link', 'email:ANN@x.com', 'user_id:u1', 1), (2, 'must_link', 'email:bob@x.com', 'user_id:u1', 1),"
        rulings += " (3, 'withdrawn', 'email:Bob@x.com', 'user_id:u1', 2)"
        made.make(
            "decisions",
            "SELECT 1 AS batch, 'd.csv' AS file, line, decision, a, b, TIMESTAMP '2026-01-01' + to_days(day) AS at,"
            f" NULL AS by, NULL AS reason FROM (VALUES {rulings}) t (line, decision, a, b, day)",
        )
        yield made


def pairs(folder, text):
    path = folder / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_pairs_of_identifiers_are_scored(engine, tmp_path) -> None:
    """Spellings are cleaned; ruled, unknown and unjudged pairs are left out and counted; an end without a customer
    is nobody's. What a person took back is ruled no longer.
    """
    found = score_pairs(
        engine,
        pairs(
            tmp_path,
            "a,b,same\nemail:Ann@X.com,email:ann@y.com,yes\nemail:ann@y.com,user_id:u1,no\n"
            "email:ann@x.com,email:bob@x.com,yes\nemail:carl@x.com,email:bob@x.com,no\n"
            "email:ann@x.com,user_id:u1,yes\nemail:ann@x.com,email:nobody@x.com,yes\nemail:bob@x.com,user_id:u1,\n"
            "email:bob@x.com,user_id:u1,no\n",
        ),
        KINDS,
    )
    assert (found.pairs, found.same, found.ruled, found.unknown, found.unsure) == (5, 2, 1, 1, 1)
    assert (found.precision.share, found.precision.pairs) == (0.5, 2)
    assert (found.recall.share, found.recall.interval) == (0.5, wilson(0.5, 2))


def test_pairs_of_rows_are_scored(engine, tmp_path) -> None:
    """Rows are named by source and key; whether they are ruled on is not known."""
    text = "source_a,key_a,source_b,key_b,same\ns,k1,s,k2,same\ns,k1,t,k2,different\n"
    found = score_pairs(engine, pairs(tmp_path, text), KINDS)
    assert (found.precision.share, found.recall.share, found.ruled) == (1.0, 1.0, None)


def test_a_pair_counts_once_and_contradictions_not_at_all(engine, tmp_path) -> None:
    """Whichever end comes first and however it is spelled: judged again it counts once, judged both ways not at all;
    an end with itself is no question. Unjudged lines contradict nobody.
    """
    text = (
        "a,b,same\nemail:ann@x.com,email:ann@y.com,yes\nemail:ANN@y.com,email:ann@x.com,yes\n"
        "email:ann@x.com,email:ann@y.com,\nemail:ann@x.com,email:bob@x.com,yes\n"
        "email:bob@x.com,email:ann@x.com,no\nemail:ann@x.com,email:Ann@x.com,yes\n"
        "email:ann@y.com,email:bob@x.com,no\n"
    )
    found = score_pairs(engine, pairs(tmp_path, text), KINDS)
    assert (found.pairs, found.same, found.unsure, found.unknown) == (2, 1, 1, 0)
    assert (found.own, found.contradicted, found.repeated) == (1, 2, 1)
    rows = "source_a,key_a,source_b,key_b,same\ns,k1,s,k1,yes\ns,k1,s,k2,yes\ns,k2,s,k1,yes\ns,k2,t,k2,no\n"
    found = score_pairs(engine, pairs(tmp_path, rows), KINDS)
    assert (found.pairs, found.own, found.contradicted, found.repeated) == (2, 1, 0, 1)


def test_where_nothing_is_left_the_message_says_why(engine, tmp_path) -> None:
    """Pairs that are ruled on are not called unknown or unjudged."""
    text = "a,b,same\nemail:ann@x.com,user_id:u1,yes\nemail:ann@x.com,email:nobody@x.com,no\n"
    with pytest.raises(UsageError, match=r"1 with an end .* not have, 1 ruled on in the ledger.*judge other"):
        score_pairs(engine, pairs(tmp_path, text), KINDS)
    with pytest.raises(UsageError, match=r"no pair is left to compare \(the file has none\)"):
        score_pairs(engine, pairs(tmp_path, "a,b,same\n"), KINDS)


def test_other_columns_of_a_file_do_not_matter(engine, tmp_path) -> None:
    """A file may have columns of its own, whatever they are called."""
    text = "line,no,said,a,b,same\n7,8,9,email:ann@x.com,email:ann@y.com,yes\n"
    assert score_pairs(engine, pairs(tmp_path, text), KINDS).pairs == 1


def test_a_key_of_several_sources_is_refused(engine, tmp_path) -> None:
    """Which row is meant must be said."""
    with pytest.raises(UsageError, match="source_a and source_b"):
        score_pairs(engine, pairs(tmp_path, "key_a,key_b,same\nk1,k2,yes\n"), KINDS)


def test_strata_are_weighed(engine, tmp_path) -> None:
    """A pair of a stratum of 900 counts nine times one of a stratum of 100, drawn alike."""
    text = (
        "a,b,same,stratum,population\n"
        "email:ann@x.com,email:ann@y.com,yes,sure,900\nemail:ann@y.com,user_id:u1,no,doubtful,100\n"
    )
    found = score_pairs(engine, pairs(tmp_path, text), KINDS)
    assert found.strata == 2
    assert found.precision.share == pytest.approx(0.9)
    assert found.precision.interval[0] < 0.9 < found.precision.interval[1]


@pytest.mark.parametrize(
    ("size", "share"),
    [
        ([5000, 500, 200], [0.98, 0.8, 0.4]),
        ([100_000, *[300] * 6], [0.9, *[0.5] * 6]),
        ([100_000, *[300] * 6], [0.95, *[0.5] * 6]),
        ([100_000, *[300] * 6], [0.99, *[1.0] * 6]),
    ],
)
def test_intervals_of_strata_hold_what_they_promise(size, share) -> None:
    """Over many stratified samples of a known population about 95 % of the intervals hold the true share, also where
    one stratum is nearly everything and nearly pure.
    """
    from scvgraph.evaluate.clerk import _estimate

    luck = np.random.default_rng(5)
    size, share = np.array(size), np.array(share)
    true, hits = float((size * share).sum() / size.sum()), 0
    stratum = np.repeat(np.arange(size.size), 20)
    for _ in range(600):
        same = luck.random(stratum.size) < share[stratum]
        found = _estimate(same, np.ones(stratum.size, np.bool_), stratum, size[stratum] / 20)
        hits += found.interval[0] <= true <= found.interval[1]
    assert hits >= 0.93 * 600


def test_tiny_strata_tell_nothing_of_a_large_one() -> None:
    """All right in seven strata, one of them nearly everything: known is what its 20 pairs tell."""
    from scvgraph.evaluate.clerk import _estimate

    stratum = np.repeat(np.arange(7), 20)
    each = np.array([1_000_000, *[30] * 6])[stratum] / 20
    found = _estimate(np.ones(140, np.bool_), np.ones(140, np.bool_), stratum, each)
    assert found.interval[0] == pytest.approx(wilson(1.0, 20)[0], abs=0.001)


def test_a_stratum_of_one_pair_is_no_certainty() -> None:
    """One pair has no spread within its stratum; its distance from the whole counts."""
    from scvgraph.evaluate.clerk import _estimate

    stratum, same = np.array([*[0] * 50, 1, 2, 3]), np.array([*[True] * 25, *[False] * 25, True, True, False])
    each = np.array([1.0, 40.0, 40.0, 40.0])[stratum]
    found = _estimate(same, np.ones(53, np.bool_), stratum, each)
    assert found.interval[1] - found.interval[0] > 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\nemail:ann@x.com,email:ann@y.com\n", "needs `same`"),
        ("same,x\nyes,1\n", "`a` and `b`"),
        ("a,b,same\nemail:ann@x.com,email:ann@y.com,perhaps\n", "data row 1"),
        ("a,b,same\nemail:x@x.com,email:y@y.com,yes\n", "no pair is left"),
        ("a,b,same,stratum\nemail:ann@x.com,email:ann@y.com,yes,s\n", "data row 1.*population"),
        (STRATA + "email:ann@y.com,user_id:u1,no,,9\n", "data row 2: has no `stratum`"),
        (STRATA + "email:ann@y.com,user_id:u1,no,s,8\n", "data row 2: its `population`"),
        (STRATA + "email:ann@y.com,user_id:u1,no,t,inf\n", "data row 2.*how many pairs"),
    ],
)
def test_a_faulty_file_is_named_with_the_cure(engine, tmp_path, text, said) -> None:
    """Each fault has a message of its own."""
    with pytest.raises(UsageError, match=said):
        score_pairs(engine, pairs(tmp_path, text), KINDS)


def test_a_file_without_a_header_is_not_told(engine, tmp_path) -> None:
    """Its first row is somebody's data: columns are counted, not printed."""
    with pytest.raises(UsageError) as caught:
        score_pairs(engine, pairs(tmp_path, "email:ann@x.com,email:ann@y.com,yes\n"), KINDS)
    assert "3 names in its first row" in str(caught.value)
    assert "ann@" not in str(caught.value)
