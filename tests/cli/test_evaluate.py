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


def test_details_are_printed_on_demand(place):
    """Each option adds its part; without them the output is short."""
    truth = str(place / "truth.csv")
    plain = run(place, "--truth", truth).output
    result = run(place, "--truth", truth, "--calibration", "--curve", "--by-size", "--worst", "1")
    assert result.exit_code == 0, result.output
    for title in ("calibration of confidence", "by size of customers", "Brier score", "other bars"):
        assert title in result.output
        assert title not in plain
    assert "wrong pairs" in result.output


def test_details_are_keys_of_the_json(place):
    """--json has a key for each part that was asked for."""
    said = json.loads(
        run(place, "--truth", str(place / "truth.csv"), "--calibration", "--worst", "1", "--json").output
    )
    assert {"brier", "error", "bins"} <= said["calibration"].keys()
    assert len(said["merged_because"]) == 1
    assert "curve" not in said


def test_the_diagram_is_written(place):
    """--html writes a page, and is refused without --calibration."""
    page = place / "page.html"
    assert run(place, "--truth", str(place / "truth.csv"), "--html", str(page)).exit_code == 2
    assert (
        run(place, "--truth", str(place / "truth.csv"), "--calibration", "--html", str(page)).exit_code == 0
    )
    assert "<svg" in page.read_text(encoding="utf-8")
    nowhere = run(
        place, "--truth", str(place / "truth.csv"), "--calibration", "--html", str(place / "no" / "p.html")
    )
    assert (nowhere.exit_code, "no folder" in nowhere.output) == (2, True)


def test_judged_pairs_give_estimates(place):
    """--pairs prints precision and recall with intervals and what was assumed."""
    pairs = place / "pairs.csv"
    pairs.write_text("key_a,key_b,same\nk1,k2,yes\nk3,k4,yes\nk1,k3,no\n", encoding="utf-8")
    result = run(place, "--pairs", str(pairs))
    assert result.exit_code == 0, result.output
    assert "3 judged pairs compared, 2 of them one person" in result.output
    assert "a simple random sample of pairs" in result.output
    assert "precision  1.0000" in result.output
    assert json.loads(run(place, "--pairs", str(pairs), "--json").output)["recall"]["pairs"] == 2


def test_truth_or_pairs_is_needed(place):
    """Neither or both is a usage error."""
    assert run(place).exit_code == 2
    assert run(place, "--truth", "a.csv", "--pairs", "b.csv").exit_code == 2


@pytest.mark.parametrize(
    "options", [["--curve"], ["--by-size"], ["--calibration"], ["--worst", "2"], ["--key", "id"]]
)
def test_options_that_judged_pairs_cannot_serve_are_refused(place, options):
    """What only a truth file can tell is not silently left away: exit code 2, with the option's name."""
    (place / "pairs.csv").write_text("key_a,key_b,same\nk1,k2,yes\n", encoding="utf-8")
    result = run(place, "--pairs", str(place / "pairs.csv"), *options)
    assert result.exit_code == 2
    assert f"leave out {options[0]}: only a truth file" in result.output
