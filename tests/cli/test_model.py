"""scvgraph model: the matching model shown and kept."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.pipeline import run

TOML = """
[graph]
build = false
[sources.people]
shape = "records"
files = "people.csv"
key = "id"
traits = { first_name = "first", last_name = "last", birth_date = "born" }
"""
FIRSTS, LASTS = ("Robert", "Maria", "Ahmed", "Ingrid"), ("Lindqvist", "Okafor", "Haddad", "Petrov")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A project of sixteen people, two of them twice."""
    from scvgraph.config import load

    folder = tmp_path_factory.mktemp("people")
    rows = [f"{f[0]}{g[0]},{f},{g},19{40 + 3 * n}-0{n % 9 + 1}-1{n % 9}" for n, (f, g) in enumerate((f, g) for f in FIRSTS for g in LASTS)]  # fmt: skip
    rows += [f"x{row}" for row in rows[:2]]
    (folder / "people.csv").write_text("\n".join(["id,first,last,born", *rows, ""]))
    (folder / "scvgraph.toml").write_text(TOML)
    run(load(folder))
    return folder


def model(place, *args):
    return CliRunner().invoke(main, ["model", "-C", str(place), *args], env={"COLUMNS": "110"})


def test_a_table_with_bars(place) -> None:
    """Traits and levels with m, u and bits, and bars to either side; what nobody tells is named below."""
    result = model(place)
    assert result.exit_code == 0, result.output
    assert "prior" in result.output
    lines = result.output.splitlines()
    (same,) = [line for line in lines if line.strip().startswith("birth date")]
    assert "+" in same.split("│")[0]
    assert "█" in same.split("│")[1]
    (different,) = [line for line in lines[lines.index(same) :] if "different" in line][:1]
    assert "█│" in different
    assert "not compared: middle name (not told)" in result.output


def test_json_has_a_stable_shape_and_no_values(place) -> None:
    """Keys as documented; no value of any trait stands in it."""
    said = json.loads(model(place, "--json").output)
    assert list(said) == ["generation", "prior", "prior_bits", "bar", "bar_bits", "model", "traits", "comparisons"]  # fmt: skip
    assert list(said["traits"][0]) == ["trait", "role", "levels", "counts"]
    assert list(said["traits"][0]["levels"][0]) == ["level", "m", "u", "bits", "least", "most"]
    assert list(said["comparisons"][0]) == ["trait", "role", "origin", "written"]
    assert "lindqvist" not in json.dumps(said).lower()


def test_a_page_and_a_file(place, tmp_path) -> None:
    """--html writes a page, --to a model that [resolve] takes; both say where."""
    page, kept = tmp_path / "m.html", tmp_path / "m.parquet"
    result = model(place, "--html", str(page), "--to", str(kept))
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert f"the model is in {kept}" in result.output
    assert 'model = "m.parquet" in [resolve]' in result.output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["m.html", "m.parquet"]


@pytest.mark.parametrize(
    ("args", "said"),
    [(("--to", "m.csv"), "end the name of 'm.csv' in .parquet"), (("--html", "no/m.html"), "no folder no")],
)
def test_refusals(place, tmp_path, monkeypatch, args, said) -> None:
    """Exit code 2, what is wrong and what to do; nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    result = model(place, *args)
    assert (result.exit_code, said in result.output) == (2, True)
    assert not list(tmp_path.iterdir())


def test_without_a_model(make_project) -> None:
    """A generation in which nobody was compared says why."""
    project = make_project(
        TOML + "[resolve]\nmatch = false\n", people__csv="id,first,last,born\n1,Ada,Marsh,\n"
    )
    run(project)
    result = model(project.folder)
    assert (result.exit_code, "[resolve] match = true" in result.output) == (1, True)


def test_counts_are_told(make_project) -> None:
    """How often people are seen scores, so it is shown with its numbers and not said to be left out."""
    web = """
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
identifiers = { user_id = "user", ip = "ip" }
"""
    events = [f"2026-01-{1 + n:02d},u{who},192.0.2.{who}" for who in range(6) for n in range(1 + 2 * who)]
    people = [f"u{n},{first},Marsh,19{40 + n}-01-01" for n, first in enumerate((*FIRSTS, "Zoe", "Jon"))]
    project = make_project(
        TOML + '[sources.people.identifiers]\nuser_id = "id"\n' + web,
        people__csv="\n".join(["id,first,last,born", *people, ""]),
        web__csv="\n".join(["time,user,ip", *events, ""]),
    )
    run(project)
    (visits,) = [
        t for t in json.loads(model(project.folder, "--json").output)["traits"] if t["trait"] == "visits"
    ]
    assert visits["counts"]
    assert "visits (not told)" not in model(project.folder).output


def asked(place, command, *words):
    return CliRunner().invoke(main, [command, *words, "-C", str(place)])


def test_a_folder_that_is_not_there_is_asked_wrongly(place) -> None:
    """A file that cannot be written where it is asked for gives exit code 2, whatever is to be in it."""
    truth = place / "truth.csv"
    truth.write_text("entity,key\na,RL\na,xRL\n")
    assert model(place, "--to", "/nonexistent/a.parquet").exit_code == 2
    scored = ["evaluate", "--truth", str(truth), "--calibration", "--html", "/nonexistent/a.html"]
    assert asked(place, *scored).exit_code == 2


def test_a_model_of_other_sources_and_traits_is_said(place, tmp_path) -> None:
    """A run with another project's model warns of its sources and of traits that only one side has; so does audit."""
    assert model(place, "--to", str(tmp_path / "model.parquet")).exit_code == 0
    (tmp_path / "people.csv").write_text((place / "people.csv").read_text())
    toml = TOML.replace("sources.people", "sources.panel") + '[resolve]\nmodel = "model.parquet"\n'
    (tmp_path / "scvgraph.toml").write_text(toml.replace('birth_date = "born"', 'shoe_size = "born"'))
    said = CliRunner().invoke(main, ["run", str(tmp_path)])
    assert said.exit_code == 0
    assert "model        2 traits known to the data or the fixed model alone" in said.output
    assert "learnt from other sources" in said.output
    assert "sources of other names" in asked(tmp_path, "audit").output
    (tmp_path / "scvgraph.toml").write_text(TOML + '[resolve]\nmodel = "model.parquet"\n')
    said = CliRunner().invoke(main, ["run", str(tmp_path)])
    assert "model  " not in said.output


def test_who_only_reads_needs_no_model_file(place, tmp_path) -> None:
    """A model that is gone stops a run, with exit code 2 and the cure, and nothing else."""
    import shutil

    shutil.copytree(place, tmp_path / "copy")
    toml = tmp_path / "copy" / "scvgraph.toml"
    toml.write_text(TOML + '[resolve]\nmodel = "gone.parquet"\n')
    said = CliRunner().invoke(main, ["run", str(toml)])
    assert said.exit_code == 2
    assert "resolve.model: there is no file gone.parquet" in said.output
    for command in ("review", "model", "audit", "status"):
        assert asked(toml.parent, command).exit_code == 0
