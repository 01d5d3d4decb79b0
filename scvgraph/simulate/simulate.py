"""Runs scenarios, each in a store of its own that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from scvgraph.config.project import Project
from scvgraph.pipeline import run
from scvgraph.simulate.check import Verdict, check
from scvgraph.simulate.scenario import Scenario, frames_of, project_of, read


def simulate(paths: Iterable[Path], policy: Project | None = None) -> Iterator[Verdict]:
    """The verdict on each scenario file. policy: a project whose identifier kinds and resolve policy are tried
    instead of the scenarios' own. Raises UsageError for a file that is no scenario.
    """
    for scenario in [read(path) for path in paths]:
        yield _simulate_one(scenario, policy)


def _simulate_one(scenario: Scenario, policy: Project | None) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="scvgraph-") as folder:
        outcome = run(project_of(scenario, Path(folder), policy), frames=frames_of(scenario))
        with outcome.generation.engine() as engine:
            return check(engine, scenario)
