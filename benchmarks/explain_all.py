"""Whether `explain` has an answer for every pair: random pairs of one customer, and of two, in each set.

    python benchmarks/explain_all.py --data FOLDER [fake_1000 historical_50k] [--pairs 1000]
    python benchmarks/explain_all.py --project examples/retail

Prints for every set how many pairs were asked, the seconds, how they are explained, and each that is not (there must
be none). Exit code 1 if one is not.

FOLDER holds NAME.parquet; each is run with the project file that `scvgraph init` proposes, with the graph. Ends are
identifiers of any kind, records among them. Of the pairs that are apart half are random, half have evidence between
them that was not followed, if so many have. What an answer must hold is what `unexplained` asks.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scvgraph.api import View, open_view
from scvgraph.embedded.explanation import Explanation, Step
from scvgraph.errors import ScvgraphError

SETS = (
    "fake_1000",
    "febrl3",
    "febrl4",
    "people_8_sources",
    "historical_50k",
    "omnichannel_events",
)
SHOWN = 5
COMPARED, DECIDED = ("match", "household"), ("must_link", "cannot_link")

Pair = tuple[str, str]
Numbers = npt.NDArray[np.int64]

MEMBERS = """
SELECT i.kind || ':' || i.value AS id, m.customer FROM identifiers i
LEFT JOIN (SELECT identifier, customer FROM memberships WHERE valid_from IS NULL AND valid_to IS NULL) m ON m.identifier = i.no
ORDER BY id"""
NOT_FOLLOWED = """
SELECT a.kind || ':' || a.value, b.kind || ':' || b.value FROM refused_links r
JOIN identifiers a ON r.a = a.no JOIN identifiers b ON r.b = b.no
LEFT JOIN memberships ma ON ma.identifier = r.a LEFT JOIN memberships mb ON mb.identifier = r.b
WHERE ma.customer IS DISTINCT FROM mb.customer ORDER BY 1, 2"""


def drawn(view: View, count: int, seed: int = 1) -> tuple[list[Pair], list[Pair]]:
    """So many pairs of one customer, and so many that are not, as far as there are customers of two identifiers."""
    rng = np.random.default_rng(seed)
    members = view.sql(MEMBERS)
    ids = members["id"].to_numpy(str)
    customer = members["customer"].fillna(-1).to_numpy(np.int64)
    together = _together(customer, count, rng)
    refused = view.sql(NOT_FOLLOWED).to_numpy()
    near = refused[rng.permutation(len(refused))[: count // 2]].tolist()
    a, b = rng.integers(0, ids.size, (2, 4 * count))
    apart = np.flatnonzero((a != b) & ((customer[a] != customer[b]) | (customer[a] < 0)))[: count - len(near)]
    return (
        [(str(ids[a]), str(ids[b])) for a, b in together],
        [(one, other) for one, other in near] + [(str(ids[a[n]]), str(ids[b[n]])) for n in apart],
    )


def _together(customer: Numbers, count: int, rng: np.random.Generator) -> Numbers:
    """Pairs of places that have one customer, one a row. customer: of every place, -1 for none."""
    order = np.argsort(customer, kind="stable")
    starts = np.searchsorted(customer[order], customer[order])
    sizes = np.searchsorted(customer[order], customer[order], side="right") - starts
    at = np.flatnonzero((sizes > 1) & (customer[order] >= 0))
    if not at.size:
        return np.empty((0, 2), np.int64)
    at = rng.choice(at, count)
    step = rng.integers(1, sizes[at])
    return np.column_stack([order[at], order[starts[at] + (at - starts[at] + step) % sizes[at]]])


def unexplained(answer: Explanation, *, same: bool) -> str | None:
    """What an answer lacks; None if nothing.

    Of one customer: a path, each step of it followed, with a rule, its weight, and rows that show it, what agreed, or
    a decision. Of two: a refused link that says what refused it, a way and where it stops, or that there is none.
    """
    if answer.same is not same:
        return "says the opposite of the tables"
    if same and not answer.path:
        return "no path"
    lacks = [said for step in answer.path + answer.refused if (said := _lacks(step))]
    if lacks:
        return lacks[0]
    if same:
        return None if all(step.followed for step in answer.path) else "a step was not followed"
    if answer.refused or not answer.path:
        ends = "kept apart: " if answer.refused else "no evidence connects"
        return None if ends in answer.verdict else "a verdict of something else"
    return "every step was followed" if all(step.followed for step in answer.path) else None


def _lacks(step: Step) -> str | None:
    if step.rule is None and step.reason is None:
        return "a step without a rule"
    if not (step.followed or step.reason or step.refused_by):
        return "a step not followed for no reason"
    if not 0 < step.weight <= 1:
        return f"a weight of {step.weight}"
    if step.rule in COMPARED and ": " not in step.sentence:
        return "a match that does not say what agreed"
    shows = step.rule in COMPARED or step.rule in DECIDED or step.reason in DECIDED
    return None if shows or step.rows else "no row shows a link"


def how(answer: Explanation) -> str:
    """In a word or two, for counting."""
    if answer.same:
        return " and ".join(sorted({step.rule if step.rule in COMPARED else "rows" for step in answer.path}))
    if answer.refused:
        return f"refused: {answer.refused[0].reason}"
    return "a way that stops" if answer.path else "no evidence"


def asked(view: View, pairs: int) -> tuple[collections.Counter[str], list[str]]:
    """How so many pairs of each sort are explained, and those that are not."""
    counted: collections.Counter[str] = collections.Counter()
    failed = []
    together, apart = drawn(view, pairs)
    for same, chosen in ((True, together), (False, apart)):
        for a, b in chosen:
            try:
                answer = view.explain(a, b)
            except ScvgraphError as error:
                lack: str | None = f"fails: {error}"
            else:
                lack = unexplained(answer, same=same)
                counted[how(answer)] += 1
            if lack:
                failed.append(f"{a} {b}: {lack}")
    return counted, failed


def ask(name: str, folder: Path, pairs: int) -> int:
    """Asks the store of a project; how many pairs have no answer."""
    started = time.perf_counter()
    with open_view(folder) as view:
        counted, failed = asked(view, pairs)
    seconds = time.perf_counter() - started
    said = ", ".join(f"{what} {count:,}" for what, count in counted.most_common())
    print(
        f"{name:20}{counted.total():6,} pairs, {len(failed)} unexplained, {seconds:6.1f} s: {said}",
        flush=True,
    )
    for failure in failed[:SHOWN]:
        print(f"    {failure}", flush=True)
    return len(failed)


def built(project: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "scvgraph", "run", str(project)],
        check=True,
        capture_output=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--project", type=Path, help="ask of this project, copied aside")
    parser.add_argument("--pairs", type=int, default=1000, help="of each sort")
    given = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="explain-") as place:
        if given.project:
            folder = Path(place) / "project"
            shutil.copytree(given.project, folder, ignore=shutil.ignore_patterns(".scvgraph"))
            built(folder)
            return min(1, ask(given.project.name, folder, given.pairs))
        for name in given.sets:
            folder = Path(place) / name
            folder.mkdir()
            shutil.copy(given.data / f"{name}.parquet", folder)
            proposed = [sys.executable, "-m", "scvgraph", "init", f"{name}.parquet"]
            subprocess.run(proposed, cwd=folder, check=True, capture_output=True)
            built(folder)
            failures += ask(name, folder, given.pairs)
            shutil.rmtree(folder)
    return min(1, failures)


if __name__ == "__main__":
    sys.exit(main())
