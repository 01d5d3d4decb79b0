"""`scvgraph evaluate` on a small store."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from small_store import make_store

from scvgraph.cli import main


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluate")
    make_store(folder / "store")
    (folder / "truth.csv").write_text("key,entity\nk1,A\nk2,A\nk3,A\nk4,B\nk5,B\n", encoding="utf-8")
    return folder


def run(place, *args):
    return CliRunner().invoke(main, ["evaluate", "--store", str(place / "store"), *args])


def test_prints_the_measures(place):
    """The table shows both measures and the worst customers and persons."""
    result = run(place, "--truth", str(place / "truth.csv"))
    assert result.exit_code == 0, result.output
    assert "5 rows compared: 2 customers, 2 persons in truth" in result.output
    assert "pairs of rows    0.5000   0.2500   0.3333" in result.output
    assert "worst merged customers" in result.output
    assert "worst split persons" in result.output


def test_json_has_a_stable_shape(place):
    """--json prints every figure under its name."""
    result = run(place, "--truth", str(place / "truth.csv"), "--json")
    said = json.loads(result.output)
    assert list(said) == ["key", "rows", "truth_only", "ledger_only", "customers", "entities", "without_customer", "unknown_sources", "right_pairs", "claimed_pairs", "true_pairs", "pairwise", "b_cubed", "merged", "split"]  # fmt: skip
    assert said["pairwise"] == {"precision": 0.5, "recall": 0.25, "f1": pytest.approx(1 / 3)}
    assert said["without_customer"] == {"none": 1}


def test_a_missing_truth_is_a_usage_error(place):
    """Exit code 2, one line, no stack trace."""
    result = run(place, "--truth", str(place / "nothing.csv"))
    assert (result.exit_code, "no truth file at" in result.output, "Traceback" in result.output) == (
        2,
        True,
        False,
    )
