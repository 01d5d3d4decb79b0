"""Scores against an oracle that enumerates every pair."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scvgraph.engine import Engine
from scvgraph.errors import UsageError
from scvgraph.evaluate import score


@pytest.fixture(scope="module")
def engine():
    with Engine(threads=1) as made:
        yield made


def put_rows(engine, rows):
    """rows: (source, key, customer)."""
    columns = list(zip(*rows, strict=True))
    basis = ["email" if customer else "none" for customer in columns[2]]
    table = pa.table(
        {
            "source": pa.array(columns[0], pa.string()),
            "key": pa.array(columns[1], pa.string()),
            "customer": pa.array(columns[2], pa.string()),
            "basis": basis,
        }
    )
    engine.put("rows", table)


def truth_file(folder, rows, columns=("source", "key", "entity"), name="truth.csv"):
    path = folder / name
    path.write_text("\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def oracle(rows):
    """rows: (customer or None, entity). Pairs by enumeration, B-cubed by its definition, in fractions."""
    labels = [
        (customer if customer is not None else ("loose", n), entity)
        for n, (customer, entity) in enumerate(rows)
    ]
    pairs = list(combinations(labels, 2))
    claimed = sum(a[0] == b[0] for a, b in pairs)
    true = sum(a[1] == b[1] for a, b in pairs)
    right = sum(a == b for a, b in pairs)

    def mean(side):
        total = Fraction(0)
        for row in labels:
            cluster = [other for other in labels if other[side] == row[side]]
            total += Fraction(sum(other[1 - side] == row[1 - side] for other in cluster), len(cluster))
        return total / len(labels)

    return right, claimed, true, mean(0), mean(1)


clusterings = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 5).map(lambda n: f"c{n}")),
        st.integers(0, 5).map(lambda n: f"p{n}"),
    ),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(clusterings)
def test_agrees_with_the_enumeration_of_all_pairs(engine, tmp_path, rows):
    """Pair counts are exactly those of an enumeration; B-cubed is its definition summed over rows."""
    put_rows(engine, [("s", f"k{n}", customer) for n, (customer, _) in enumerate(rows)])
    truth = truth_file(tmp_path, [("s", f"k{n}", entity) for n, (_, entity) in enumerate(rows)])
    found = score(engine, truth)
    right, claimed, true, precision, recall = oracle(rows)
    assert (found.right_pairs, found.claimed_pairs, found.true_pairs) == (right, claimed, true)
    assert found.b_cubed.precision == pytest.approx(float(precision), abs=1e-12)
    assert found.b_cubed.recall == pytest.approx(float(recall), abs=1e-12)
    assert found.pairwise.precision == (right / claimed if claimed else 1.0)
    assert found.pairwise.recall == (right / true if true else 1.0)
    assert sum(bad.wrong_pairs for bad in found.merged) <= claimed - right
    assert sum(bad.missed_pairs for bad in found.split) <= true - right


def test_perfect_customers_score_one(engine, tmp_path):
    """Where customers are the persons, every measure is 1 and nothing is merged or split."""
    put_rows(engine, [("s", "1", "a"), ("s", "2", "a"), ("s", "3", "b")])
    found = score(engine, truth_file(tmp_path, [("s", "1", "x"), ("s", "2", "x"), ("s", "3", "y")]))
    assert (found.pairwise.f1, found.b_cubed.f1, found.merged, found.split) == (1.0, 1.0, (), ())


def test_pair_counts_stay_exact_where_floats_do_not(engine, tmp_path):
    """200,000 rows of one person make 19,999,900,000 pairs, counted one by one."""
    count = 200_000
    keys = pa.array([str(n) for n in range(count)])
    same = pa.array(["c"] * count)
    engine.put("rows", pa.table({"source": same, "key": keys, "customer": same, "basis": same}))
    pq.write_table(pa.table({"key": keys, "entity": same}), tmp_path / "t.parquet")
    assert score(engine, tmp_path / "t.parquet").right_pairs == count * (count - 1) // 2


def test_rows_known_to_one_side_only_are_counted_and_left_out(engine, tmp_path):
    """Truth without a ledger row and ledger rows without truth change no measure."""
    put_rows(engine, [("s", "1", "a"), ("s", "2", "a"), ("s", "9", "a"), ("t", "1", "a")])
    found = score(
        engine, truth_file(tmp_path, [("s", "1", "x"), ("s", "2", "x"), ("s", "5", "x"), ("web", "1", "x")])
    )
    assert found.unknown_sources == ("web",)
    assert (found.rows, found.truth_only, found.ledger_only, found.claimed_pairs) == (2, 2, 2, 1)


def test_worst_customers_and_persons_come_first(engine, tmp_path):
    """At most five of each, most wrong pairs first, ties by name."""
    rows = [("s", f"{c}-{n}", f"c{c}") for c in range(7) for n in range(c + 1)]
    put_rows(engine, rows)
    truth = truth_file(tmp_path, [(s, key, "x" if n % 2 else "y") for n, (s, key, _) in enumerate(rows)])
    found = score(engine, truth)
    assert [bad.customer for bad in found.merged] == ["c6", "c5", "c4", "c3", "c2"]
    assert {bad.entity for bad in found.split} == {"x", "y"}
    assert sum(bad.wrong_pairs for bad in found.merged) <= found.claimed_pairs - found.right_pairs


def test_key_column_is_found_by_its_values(engine, tmp_path):
    """A key column of any name is the one whose values are keys of the ledger."""
    put_rows(engine, [("s", "1", "a"), ("s", "2", "a")])
    truth = truth_file(tmp_path, [("h1", "1", "x"), ("h1", "2", "x")], ("household", "event_id", "entity"))
    assert score(engine, truth).key == "event_id"


def test_columns_can_be_named(engine, tmp_path):
    """--key and --entity win over names, whatever their capitals."""
    put_rows(engine, [("s", "1", "a"), ("s", "2", "a")])
    truth = truth_file(tmp_path, [("1", "x", "7"), ("2", "x", "8")], ("Ref", "Person", "key"))
    assert score(engine, truth, key="ref", entity="person").rows == 2


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        (("key", "who"), [("1", "x")], "no column 'entity'; its columns: key, who; name one with --entity"),
        (("key", "entity"), [("1", "x"), ("2", "x"), ("1", "y")], "1 keys of column 'key' stand in more than one row (the first again in data row 3)"),
        (("key", "entity"), [("77", "x")], "no key in column 'key'"),
        (("id", "entity"), [("77", "x")], "no column of"),
        (("id", "ref", "entity"), [("1", "2", "x")], "several columns of"),
        (("source", "key", "entity"), [("crm", "1", "x")], "no source named in"),
    ],
)  # fmt: skip
def test_faults_of_a_truth_file_say_the_cure(engine, tmp_path, columns, rows, said):
    """A truth file that cannot be used is a usage error that says what to change."""
    put_rows(engine, [("s", "1", "a"), ("s", "2", "b")])
    with pytest.raises(UsageError) as fault:
        score(engine, truth_file(tmp_path, rows, columns))
    assert said in str(fault.value)


def test_keys_of_several_sources_need_a_source_column(engine, tmp_path):
    """A key that two sources use names no row unless the truth says which source."""
    put_rows(engine, [("s", "1", "a"), ("t", "1", "b")])
    with pytest.raises(UsageError, match="stand in several sources \\(s, t\\); add a column 'source'"):
        score(engine, truth_file(tmp_path, [("1", "x")], ("key", "entity")))


def test_unreadable_truth_is_named(engine, tmp_path):
    """A missing file, an unknown ending and bytes that are no Parquet are usage errors with the file's name."""
    put_rows(engine, [("s", "1", "a")])
    (tmp_path / "t.parquet").write_bytes(b"not parquet")
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    for file in ("none.csv", "t.parquet", "t.xlsx"):
        with pytest.raises(UsageError, match=file):
            score(engine, tmp_path / file)
