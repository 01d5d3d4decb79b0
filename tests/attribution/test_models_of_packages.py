"""Models that other packages name as entry points."""

from __future__ import annotations

import sys

import pytest

from scvgraph.attribution.attribute import Told, answer
from scvgraph.attribution.credit import one_group
from scvgraph.attribution.models import asked, names_of_packages
from scvgraph.errors import UnknownName, UsageError
from scvgraph.journeys.journeys import from_paths

MODULE = """
import numpy as np


def middle(journeys, setting):
    weights = np.zeros(journeys.state.size)
    there = journeys.length > 0
    weights[(journeys.start[:-1] + journeys.length // 2)[there]] = float(setting or 1)
    return weights


def one(journeys, setting):
    made = np.zeros((len(journeys.states), 2))
    made[0] = journeys.conversions.sum(), journeys.value.sum()
    return made


one.solved = True


def broken(journeys, setting):
    raise ValueError("its own fault")
"""
ENTRIES = """[scvgraph.models]
Mid-dle = models_of_a_package:middle
one = models_of_a_package:one
broken = models_of_a_package:broken
gone = models_of_a_package:gone
nowhere = no_such_module:model
last = models_of_a_package:one
"""


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    """A package with models, as pip would install it."""
    (tmp_path / "models_of_a_package.py").write_text(MODULE, encoding="utf-8")
    about = tmp_path / "models_of_a_package-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: models-of-a-package\nVersion: 1\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(ENTRIES, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("models_of_a_package", None)


def credit(*specs):
    made = from_paths([["a", "b", "c"], ["c"]], [2, 1], [0, 0], [20, 5])
    told = Told(made, ("channel",), tuple((state,) for state in made.states), one_group(made), (), ((),))
    return answer(told, [asked(spec) for spec in specs], {}).table("value")


def test_they_are_models_like_others():
    """A rule and a solved model give credit, under the name as it is spelled; credit adds up, also where weights do not."""
    table = credit("mid-dle", "one", "Mid_dle:0.5")
    assert table["mid_dle"].to_dict() == {"a": 0, "b": 20, "c": 5, "(unattributed)": 0, "(overlap)": 0}
    assert table.loc["a", "one"] == 25
    assert table.loc["(overlap)", "mid_dle:0.5"] == 12.5
    assert table.sum().tolist() == [25, 25, 25]


def test_a_shipped_model_stands_before_one_of_its_name():
    """A package cannot change what `last` means."""
    assert credit("last").loc["c", "last"] == 25
    assert names_of_packages() == ["broken", "gone", "mid_dle", "nowhere", "one"]


def test_what_is_wrong_with_one_is_said_of_that_one():
    """A function that fails or cannot be loaded is an error that names it, and hinders no other model."""
    with pytest.raises(UsageError, match="model broken of a package fails: ValueError: its own fault"):
        credit("broken")
    with pytest.raises(UsageError, match=r"model gone, .* cannot be loaded"):
        credit("gone")
    with pytest.raises(UsageError, match=r"model nowhere, .* cannot be loaded"):
        credit("nowhere")
    with pytest.raises(UnknownName, match=r"no model 'colour'; .* broken"):
        credit("colour")
