"""The shipped example and the labelled sets, end to end."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from scvgraph.api import View, open_view
from scvgraph.cli import main
from scvgraph.config import load
from scvgraph.config.project import ChannelPolicy
from scvgraph.evaluate.score import score
from scvgraph.pipeline import run
from scvgraph.store import Store

ROOT = Path(__file__).resolve().parent.parent
RETAIL = ROOT / "examples" / "retail"


def test_example_is_found_again(retail: Path) -> None:
    """The example's customers are right in at least nine pairs of ten, and two true pairs of three are found."""
    result = CliRunner().invoke(
        main, ["evaluate", "-C", str(retail), "--truth", str(retail / "data" / "truth.csv"), "--json"]
    )
    said = json.loads(result.output)
    assert said["pairwise"]["precision"] >= 0.9
    assert said["pairwise"]["recall"] >= 0.62
    assert said["rows"] == 39_104
    assert said["truth_only"] == said["ledger_only"] == 0


def test_malformed_rows_are_kept_aside_and_the_others_go_on(retail: Path) -> None:
    """The eleven rows that are malformed on purpose stand in rejects with file, line and reason."""
    target = retail / "rejects.csv"
    result = CliRunner().invoke(main, ["export", "rejects", "-C", str(retail), "--to", str(target)])
    assert result.exit_code == 0, result.output
    lines = target.read_text().splitlines()
    assert sum('"column"' not in line for line in lines[1:]) >= 11


def test_second_run_changes_nothing(retail: Path) -> None:
    """Running again on the same files makes no generation."""
    result = CliRunner().invoke(main, ["run", str(retail), "--json"])
    said = json.loads(result.output)
    assert not said["new"]
    assert said["generation"] == 1


def test_heuristics_of_the_graph_are_those_of_the_tables(retail: Path) -> None:
    """On the example the named query gives the figures of the models, where no rules of channels are used, every event is
    a touch and conversions share them, as the docs say.
    """
    project = load(retail)
    with View(Store.open(project.store), channels=ChannelPolicy(shipped=False)) as view:
        graph = view.query("attribution_by_channel").set_index("channel").sort_index()
        found = view.attribute("first", "last", "linear", touches="events", shared=True)
    for measure, ending in (("conversions", ""), ("value", "_value")):
        table = found.table(measure).drop(index="(unattributed)").sort_index()
        assert table.index.tolist() == graph.index.tolist()
        for model in ("first", "last", "linear"):
            assert table[model].tolist() == pytest.approx(graph[f"{model}{ending}"].tolist(), abs=1e-5)


def test_the_generator_makes_the_shipped_files(tmp_path: Path) -> None:
    """The generator with its default arguments writes the text files of the example byte for byte."""
    subprocess.run(
        [sys.executable, str(RETAIL / "generate.py"), str(tmp_path)], check=True, capture_output=True
    )
    for name in ("crm.csv", "pos.csv", "email_campaign.tsv", "call_centre.csv", "decisions.csv", "truth.csv"):
        made, shipped = (
            hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in (tmp_path, RETAIL / "data")
        )
        assert made == shipped, name


def test_exact_evidence_on_omnichannel_events(shared_data: Path, tmp_path: Path) -> None:
    """With the project file `init` writes, exact evidence reaches pairwise F1 .76 and B-cubed F1 .805 on the labelled events."""
    events = shared_data / "linkage" / "omnichannel_events.parquet"
    toml = tmp_path / "scvgraph.toml"
    result = CliRunner().invoke(main, ["init", str(events), "--to", str(toml)])
    assert result.exit_code == 0, result.output
    with run(load(toml)).generation.engine() as engine:
        found = score(
            engine,
            shared_data / "linkage" / "omnichannel_events.truth.parquet",
            key="event_id",
            entity="entity",
        )
    assert found.pairwise.f1 >= 0.76
    assert found.b_cubed.f1 >= 0.805


def unexplained(folder: Path, pairs: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `explain` has no whole answer to, of so many random pairs of one customer and of two."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from explain_all import asked

    with open_view(folder) as view:
        counted, failed = asked(view, pairs)
    assert counted.total() == 2 * pairs
    return failed


def test_every_membership_of_the_example_is_explained(retail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of sixty random pairs of one customer, and of two, each has its reasons: steps with rule, weight and rows or
    what agreed; what refused a link, or that none leads from one to the other.
    """
    assert unexplained(retail, 60, monkeypatch) == []


def test_every_membership_by_matching_is_explained(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So has each of two hundred in a labelled set whose customers are mostly matched."""
    shutil.copy(shared_data / "linkage" / "fake_1000.parquet", tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in (["init", "fake_1000.parquet"], ["run"]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    assert unexplained(tmp_path, 200, monkeypatch) == []
