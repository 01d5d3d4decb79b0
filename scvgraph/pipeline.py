"""The pipeline on one screen: from files to a finished generation."""

from __future__ import annotations

import gc
import hashlib
import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scvgraph.engine import Engine
from scvgraph.errors import ConfigError, UnknownName
from scvgraph.store import Draft, Generation, Store
from scvgraph.store.failures import failures_explained
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scvgraph.config.project import Project
    from scvgraph.matching.fixed import FixedModel


# To be raised when the same ledger and project come to other outcomes than before, so that the next run says so.
OUTCOMES_VERSION = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """One verb: what it reads and writes, and the function that does it, named so that it is loaded when it runs."""

    name: str
    place: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


LEDGER_STAGES = (
    Stage("ingest", "scvgraph.sources.ingest", (), ("records", "events", "spellings", "rejects", "files")),
    Stage("decide", "scvgraph.sources.decide", (), ("decisions",)),
    Stage("enrol", "scvgraph.traits.enrol", ("records", "events"), ("spellings",)),
    Stage("normalise", "scvgraph.normalise.normalise", ("spellings",), ("spellings", "cleanings")),
    Stage(
        "set_aside", "scvgraph.sources.set_aside", ("cleanings", "records", "events"), ("rejects", "files")
    ),
)
GENERATION_STAGES = (
    Stage(
        "identifiers",
        "scvgraph.graph.identifiers",
        ("records", "events", "cleanings"),
        ("cleaned", "rules", "sightings"),
    ),
    Stage("links", "scvgraph.graph.links", ("sightings",), ("pairs", "hubs")),
    Stage("profiles", "scvgraph.traits.profiles", ("records", "events"), ("profiles",)),
    Stage(
        "resolve",
        "scvgraph.resolve.resolve",
        ("pairs", "hubs", "profiles"),
        ("groups",),
    ),
    Stage(
        "match",
        "scvgraph.matching.stage",
        ("groups", "profiles"),
        ("groups", "matches", "near_matches", "model", "model_frequencies", "comparisons", "blocks"),
    ),
    Stage(
        "settle",
        "scvgraph.resolve.settle",
        ("groups", "matches"),
        ("identifiers", "links", "refused_links", "memberships", "lineage"),
    ),
    Stage("owners", "scvgraph.resolve.owners", ("sightings", "memberships"), ("rows",)),
    Stage("touchpoints", "scvgraph.journeys.touchpoints", ("rows", "events"), ("touchpoints",)),
    Stage(
        "customers",
        "scvgraph.customers.golden",
        ("rows", "memberships", "records", "events"),
        ("customers", "provenance"),
    ),
    Stage(
        "relations",
        "scvgraph.relations.relations",
        ("profiles", "memberships", "rows"),
        ("relations", "households"),
    ),
)
GRAPH_STAGE = Stage(
    "embed",
    "scvgraph.embedded.stage",
    ("customers", "identifiers", "links", "relations", "touchpoints"),
    ("graph",),
)
PIPELINE = (*LEDGER_STAGES, *GENERATION_STAGES, GRAPH_STAGE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a stage did, and how long it took."""

    stage: str
    seconds: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the generation that is current now, whether it is new, and each stage's report."""

    generation: Generation
    fresh: bool
    reports: tuple[Report, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "generation": self.generation.number,
            "new": self.fresh,
            "stages": [asdict(report) for report in self.reports],
        }


def run(
    project: Project,
    *,
    frames: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] = lambda _: None,
    again: bool = False,
) -> Outcome:
    """Take in what is new and make a generation of it current; with nothing new the current one stays.

    frames: pandas or Arrow tables by source name, instead of that source's files; "decisions" for human decisions,
    beside those of files. What they hold is kept: a later run does not need them.
    again: build a generation even if ledger and policy are as they were.

    Raises StoreLocked if another process is writing, SourceError for a file that cannot be used, StoreError for all
    that the disk or the engine will not do.
    """
    _check_frames(project, frames or {})
    fixed = _fixed_model(project)
    store = Store.create(project.store)
    with failures_explained(store.folder), store.writer("run"), _thawed():
        with Engine(spill=store.spill, memory=project.memory, threads=project.threads) as engine:
            work = Work(project, store, engine, store.ledger(), Draft(0, store.folder), tell, frames or {})
            work.fixed = fixed
            with _load_ahead():
                reports = [_do(LEDGER_STAGES[0], work)]
            work.project = _with_kinds_of(project, work)
            reports += [_do(stage, work) for stage in LEDGER_STAGES[1:]]
            policy = _plain(policy_of(work.project, fixed))  # before anything is read under it
            if not again and _unchanged(work, policy):
                return Outcome(store.generation(), fresh=False, reports=tuple(reports))
            work.ledger = work.ledger.upto(work.ledger.batch, project.sources)
            work.draft = store.draft()
            reports += [_do(stage, work) for stage in GENERATION_STAGES]
            engine.finish()
            reports += [_do(stage, work) for stage in (GRAPH_STAGE,) if project.graph.build]
            work.draft.report = [asdict(report) for report in reports]
            generation = store.publish(work.draft, _about(work, policy))
        return Outcome(generation, fresh=True, reports=tuple(reports))


def _check_frames(project: Project, frames: Mapping[str, Any]) -> None:
    unknown = sorted(set(frames) - {*project.sources, "decisions"})
    if unknown:
        raise UnknownName(
            f"no source '{unknown[0]}' for a table in memory; there are: {', '.join((*project.sources, 'decisions'))}"
        )


def _with_kinds_of(project: Project, work: Work) -> Project:
    """The project with a default for every kind that it names no more and the ledger still holds."""
    from scvgraph.config.load import default_kind
    from scvgraph.config.project import PROFILE
    from scvgraph.roles import tells

    held = {kind for segment in work.ledger.segments for kind, _ in segment.identifiers}
    gone = {kind: default_kind(kind, project.region) for kind in sorted(held - set(project.kinds))}
    profile = {}
    if any(tells(segment.shape, segment.traits) for segment in work.ledger.segments):
        profile = {PROFILE: replace(default_kind(PROFILE, project.region), trust=1.0)}
    return replace(project, kinds={**project.kinds, **gone, **profile})


@contextmanager
def _load_ahead() -> Iterator[None]:
    """Import what later stages need while the first one waits for the parser: half a second of a large run.

    A module that cannot be imported is reported by the stage that needs it. The collector of cycles rests meanwhile,
    and passes over what is loaded by then no more until the run has ended: some hundred thousand objects, for nothing.
    """
    resting = gc.isenabled()
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as pool:
            # Arrow asks for pandas as soon as it sees a numpy array.
            for place in (*(stage.place for stage in PIPELINE[1:-1]), "pandas"):
                pool.submit(importlib.import_module, place)
            yield
    finally:
        gc.freeze()
        if resting:
            gc.enable()


@contextmanager
def _thawed() -> Iterator[None]:
    """Let the collector of cycles look at everything again at the end of a run."""
    try:
        yield
    finally:
        gc.unfreeze()


def _do(stage: Stage, work: Work) -> Report:
    function = getattr(importlib.import_module(stage.place), stage.name)
    start = time.perf_counter()
    counts = function(work)
    return Report(stage.name, round(time.perf_counter() - start, 3), counts)


def policy_of(project: Project, fixed: FixedModel | None) -> dict[str, Any]:
    """Everything in the project file that decides what a generation of one ledger looks like; as plain values."""
    return {
        "kinds": {name: asdict(kind) for name, kind in project.kinds.items()},
        "resolve": asdict(project.resolve),
        "customers": asdict(project.customers),
        "graph": asdict(project.graph),
        "sources": list(project.sources),
        "files": _checksums(project, fixed),
        "outcomes": OUTCOMES_VERSION,
    }


def _checksums(project: Project, fixed: FixedModel | None) -> dict[str, str]:
    """SHA-256 of each file of the policy that is used, so that a changed file makes a new generation."""
    nicknames = hashlib.sha256(project.nicknames.read_bytes()).hexdigest()
    return {"nicknames": nicknames} | ({"model": fixed.checksum} if fixed else {})


def _fixed_model(project: Project) -> FixedModel | None:
    """The fixed model, read once, before anything is done. Raises ConfigError if it cannot be used."""
    if project.model is None or not project.resolve.match:
        return None
    from scvgraph.matching.fixed import UnusableModel, usable

    if not project.model.is_file():
        file = project.resolve.model
        cure = f"take the line out, run, and write the model with `scvgraph model --to {file}`"
        raise ConfigError(str(project.path), [f"resolve.model: there is no file {file}; {cure}"])
    try:
        return usable(project.model, project.nicknames, project.resolve.compare)
    except UnusableModel as fault:
        raise ConfigError(str(project.path), [f"resolve.model: {fault}"]) from None


def _plain(value: Any) -> dict[str, Any]:
    import json

    plain: dict[str, Any] = json.loads(json.dumps(value))
    return plain


def _unchanged(work: Work, policy: dict[str, Any]) -> bool:
    if work.store.current() is None:
        return False
    about = work.store.generation().about
    return bool(about["batch"] == work.ledger.batch and about["policy"] == policy)


def _about(work: Work, policy: dict[str, Any]) -> dict[str, Any]:
    from scvgraph.version import __version__

    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": __version__,
        "batch": work.ledger.batch,
        "policy": policy,
        "kinds": {name: kind["options"] for name, kind in policy["kinds"].items()},
        "limits": {name: kind["limit"] for name, kind in policy["kinds"].items()},
        "next_customer": work.next_customer,
        "lineage": list(work.lineage),
    }
