"""A model kept in a file: it scores as the one that wrote it, whatever rows come, and says why it cannot be used."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from crowd import household, traits_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import TOML, crowd, groups, text

from scvgraph import open as open_view
from scvgraph.config import load
from scvgraph.errors import ConfigError
from scvgraph.matching import Policy, explain, match, model_of, tables_of
from scvgraph.matching.fixed import FORMAT, read_fixed
from scvgraph.pipeline import run

ROBERT = "q,Bob,Delgdao,1984-08-08,8 Harbour St,,"
ROWS = household(12)
WORD = st.text("abcdeioumnrst", min_size=1, max_size=7)
STRANGER = st.fixed_dictionaries(
    {
        "first_name": WORD,
        "last_name": WORD,
        "birth_date": st.dates().map(str),
        "street": WORD,
        "postcode": WORD,
    }
)


@pytest.fixture(scope="module")
def learnt():
    """A model of forty people, by way of its tables."""
    traits = traits_of(household())
    found = match(traits, np.arange(traits[0].size), policy=Policy(random=20_000))
    return model_of(*tables_of(found.model))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STRANGER, max_size=30))
def test_unrelated_rows_leave_scores_unchanged(learnt, strangers) -> None:
    """With a fixed model, pairs that were there before have the score they had, whoever else comes."""

    def scores(rows):
        traits = traits_of(rows)
        found = match(traits, np.arange(len(rows)), policy=Policy(random=1000), model=learnt)
        pairs = [
            (one, other)
            for one in range(0, len(ROWS), 3)
            for other in range(one + 1, min(one + 4, len(ROWS)))
        ]
        return [explain(found, *pair).score for pair in pairs]

    assert scores([*ROWS, *strangers]) == scores(ROWS)


def fixed_project(make_project, toml=TOML, rows=(), file="model.parquet"):
    """A project whose first run's model is kept in a file, and that uses it from then on."""
    project = make_project(toml, people__csv=text(*crowd(), ROBERT, *rows))
    run(project)
    with open_view(project.folder) as view:
        view.keep_model(project.folder / file)
    path = project.path
    path.write_text(path.read_text().replace("[resolve]", f'[resolve]\nmodel = "{file}"'))
    return load(path)


def weight(generation) -> float:
    with generation.engine() as engine:
        return engine.one(
            "SELECT m.weight FROM matches m JOIN identifiers a ON m.a = a.no JOIN identifiers b ON m.b = b.no"
            " WHERE least(a.value, b.value) = 'people/p7' AND greatest(a.value, b.value) = 'people/q'"
        )


def test_a_whole_run_scores_as_the_run_that_wrote_the_model(make_project) -> None:
    """The pair keeps its probability to the last digit while rows come; model and frequencies are those of the file."""
    project = fixed_project(make_project)
    first = run(project)
    assert first.fresh  # another policy than the run that learnt the model
    before = weight(first.generation)
    more = [f"n{n},Robert,Delgado,19{40 + n}-02-0{1 + n % 9},{n} Harbour Street,," for n in range(40)]
    (project.folder / "people2.csv").write_text(text(*more))
    second = run(project)
    assert weight(second.generation) == before
    with second.generation.engine() as engine:
        tables = [engine.arrow(f"SELECT * FROM {name}") for name in ("model", "model_frequencies")]
    kept = tables_of(read_fixed(project.model).model)
    assert [table.to_pylist() for table in tables] == [table.to_pylist() for table in kept]
    assert not run(project).fresh


def test_a_learnt_model_would_have_moved(make_project) -> None:
    """Without the file the same rows change the model, by which every pair is scored: the test above is not vacuous."""
    project = make_project(TOML, people__csv=text(*crowd(), ROBERT))
    with run(project).generation.engine() as engine:
        before = engine.rows("SELECT m, u FROM model")
    more = [f"n{n},Robert,Delgado,19{40 + n}-02-0{1 + n % 9},{n} Harbour Street,," for n in range(40)]
    (project.folder / "people2.csv").write_text(text(*more))
    with run(project).generation.engine() as engine:
        assert engine.rows("SELECT m, u FROM model") != before


def test_a_changed_file_makes_a_new_generation(make_project) -> None:
    """The policy of a generation holds the checksum of the model."""
    project = fixed_project(make_project)
    about = run(project).generation.about["policy"]["files"]
    assert len(about["model"]) == len(about["nicknames"]) == 64
    rows = pq.read_table(project.model)
    pq.write_table(rows, project.model, compression="none")
    assert run(project).fresh


def test_a_file_replaced_during_a_run_changes_nothing(make_project) -> None:
    """The model is read once: what scored is what the policy has the checksum of, whatever becomes of the file."""
    project = fixed_project(make_project)
    content = project.model.read_bytes()
    found = run(project, tell=lambda _: project.model.unlink(missing_ok=True))
    assert found.fresh
    assert found.generation.about["policy"]["files"]["model"] == hashlib.sha256(content).hexdigest()


def test_traits_that_only_one_side_has(make_project) -> None:
    """A trait the model does not know is not compared; one that no row holds counts nothing; both are on record."""
    project = fixed_project(make_project)
    path = project.path
    path.write_text(path.read_text().replace('street = "street"', 'shoe_size = "street"'))
    result = run(load(path))
    with result.generation.engine() as engine:
        found = dict(engine.rows("SELECT trait, origin FROM comparisons"))
    assert found["shoe_size"] == "not in the model"
    assert found["first_name"] == "model"
    assert groups(result) == [["p7", "q"]]


def test_dates_are_read_as_the_model_read_them(make_project) -> None:
    """Whether days or months come first is the model's, however later dates look."""
    rows = [row.replace("1984-08-08", "08/09/1984") for row in [*crowd(), ROBERT]]
    rows += ["d1,Ada,Marsh,25/03/1971,1 Hill,,", "d2,Jon,Keller,26/03/1972,2 Hill,,"]
    project = make_project(TOML, people__csv=text(*rows))
    run(project)
    with open_view(project.folder) as view:
        view.keep_model(project.folder / "model.parquet")
        said = {each.trait: each.written for each in view.model().comparisons}
    assert said["birth_date"] == "days first"
    path = project.path
    path.write_text(path.read_text().replace("[resolve]", '[resolve]\nmodel = "model.parquet"'))
    before = weight(run(load(path)).generation)
    months = [f"m{n},Some,One{n},03/2{n % 8 + 1}/198{n % 9},{n} Elm,," for n in range(30)]
    (project.folder / "people2.csv").write_text(text(*months))
    assert weight(run(load(path)).generation) == before


def spoilt(project, how: str) -> None:
    """Damage a model file in one way."""
    rows = pq.read_table(project.model)
    key = b"scvgraph model"
    about = json.loads(rows.schema.metadata[key])
    if how == "bytes":
        project.model.write_bytes(b"PAR1 nonsense")
        return
    if how == "plain":
        rows = rows.replace_schema_metadata({})
    elif how == "version":
        rows = rows.replace_schema_metadata({key: json.dumps(about | {"format": FORMAT + 1})})
    elif how == "levels":
        level = rows["level"].to_pylist()
        column = [None if each is None else each.replace("same", "equal") for each in level]
        rows = rows.set_column(2, "level", [column])
    pq.write_table(rows, project.model)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("bytes", "is damaged or no model"),
        ("plain", "is no model"),
        ("version", "another version of scvgraph"),
        ("levels", "compares in ways this version does not know"),
    ],
)
def test_an_unusable_file_is_refused_before_anything_is_done(make_project, how, said) -> None:
    """The fault names the key, the file and the way out, and the generation stays."""
    project = fixed_project(make_project)
    spoilt(project, how)
    with pytest.raises(ConfigError, match=f"resolve.model: model.parquet .*{said}") as caught:
        run(project)
    assert "scvgraph model --to" in str(caught.value)


def test_other_nicknames_or_roles_than_the_model_was_learnt_with(make_project) -> None:
    """They would score otherwise than the model did, so they are refused."""
    project = fixed_project(make_project)
    (project.folder / "names.csv").write_text("robert,bob\n")
    text_before = project.path.read_text()
    project.path.write_text(text_before.replace("[resolve]", '[resolve]\nnicknames = "names.csv"'))
    with pytest.raises(ConfigError, match="learnt with other nicknames"):
        run(load(project.path))
    project.path.write_text(text_before + '\n[resolve.compare]\nstreet = "text"\n')
    with pytest.raises(ConfigError, match=r"compares street as street, \[resolve.compare\] as text"):
        run(load(project.path))
