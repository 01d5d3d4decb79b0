"""Estimates from judged pairs."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.engine import Engine
from scvgraph.errors import UsageError
from scvgraph.evaluate import score_pairs
from scvgraph.evaluate.intervals import wilson
from scvgraph.identifiers.options import Options

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
        made.make("decisions", "SELECT 'must_link' AS decision, 'email:ANN@x.com' AS a, 'user_id:u1' AS b")
        yield made


def pairs(folder, text):
    path = folder / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_pairs_of_identifiers_are_scored(engine, tmp_path) -> None:
    """Spellings are cleaned; ruled, unknown and unjudged pairs are left out and counted; an end without a customer
    is nobody's.
    """
    found = score_pairs(
        engine,
        pairs(
            tmp_path,
            "a,b,same\nemail:Ann@X.com,email:ann@y.com,yes\nemail:ann@y.com,user_id:u1,no\n"
            "email:ann@x.com,email:bob@x.com,yes\nemail:carl@x.com,email:bob@x.com,no\n"
            "email:ann@x.com,user_id:u1,yes\nemail:ann@x.com,email:nobody@x.com,yes\nemail:bob@x.com,user_id:u1,\n",
        ),
        KINDS,
    )
    assert (found.pairs, found.same, found.ruled, found.unknown, found.unsure) == (4, 2, 1, 1, 1)
    assert (found.precision.share, found.precision.pairs) == (0.5, 2)
    assert (found.recall.share, found.recall.interval) == (0.5, wilson(0.5, 2))


def test_pairs_of_rows_are_scored(engine, tmp_path) -> None:
    """Rows are named by source and key."""
    text = "source_a,key_a,source_b,key_b,same\ns,k1,s,k2,same\ns,k1,t,k2,different\n"
    found = score_pairs(engine, pairs(tmp_path, text), KINDS)
    assert (found.precision.share, found.recall.share) == (1.0, 1.0)


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


def test_intervals_of_strata_hold_what_they_promise() -> None:
    """Over many stratified samples of a known population nine in ten intervals at least hold the true share."""
    from scvgraph.evaluate.clerk import _estimate

    luck = np.random.default_rng(5)
    size, share = np.array([5000, 500, 200]), np.array([0.98, 0.8, 0.4])
    true, hits = float((size * share).sum() / size.sum()), 0
    stratum = np.repeat(np.arange(3), 60)
    for _ in range(300):
        same = luck.random(180) < share[stratum]
        found = _estimate(same, np.ones(180, np.bool_), stratum, size[stratum] / 60)
        hits += found.interval[0] <= true <= found.interval[1]
    assert hits >= 270


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\nemail:ann@x.com,email:ann@y.com\n", "needs `same`"),
        ("same,x\nyes,1\n", "`a` and `b`"),
        ("a,b,same\nemail:ann@x.com,email:ann@y.com,perhaps\n", "data row 1"),
        ("a,b,same\nemail:x@x.com,email:y@y.com,yes\n", "no pair is left"),
        ("a,b,same,stratum\nemail:ann@x.com,email:ann@y.com,yes,s\n", "population"),
    ],
)
def test_a_faulty_file_is_named_with_the_cure(engine, tmp_path, text, said) -> None:
    """Each fault has a message of its own."""
    with pytest.raises(UsageError, match=said):
        score_pairs(engine, pairs(tmp_path, text), KINDS)
