"""What answers in the order of `scvgraph review` are worth: the first cases are answered by the truth, and run again.

    python benchmarks/review.py --data FOLDER [omnichannel_events historical_50k] [--answers 50 200]
    python benchmarks/review.py --project examples/retail --truth examples/retail/data/truth.csv

Prints for each set how many of so many cases the engine had wrong, and both F1 after each lot of answers. An
identifier's person is that of most of its rows; a case is skipped where rows do not say.

FOLDER holds NAME.parquet and NAME.truth.parquet; each is run with the project file that `scvgraph init` proposes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from scvgraph.api import View, open_view
from scvgraph.config import load
from scvgraph.pipeline import run
from scvgraph.review import Answer, Answers, Case

SETS = ("fake_1000", "people_8_sources", "historical_50k", "omnichannel_events")
AT = datetime.fromisoformat("2026-01-01T00:00:00")

_PERSONS = """
SELECT id, first(entity ORDER BY n DESC, entity) FROM (
    SELECT i.kind || ':' || i.value AS id, t.entity, count(DISTINCT s.row) AS n
    FROM identifiers i JOIN asked a ON a.id = i.kind || ':' || i.value
    JOIN sightings s ON s.identifier = i.no JOIN rows r USING (row)
    JOIN truth t ON r.key = t.key AND (t.source IS NULL OR t.source = r.source) GROUP BY ALL) GROUP BY id
"""


def persons(view: View, cases: list[Case], truth: Path) -> dict[str, str]:
    """Whose each end of the cases is."""
    con = view._engine.con  # noqa: SLF001 - a benchmark may look inside
    reader = "read_parquet" if truth.suffix == ".parquet" else "read_csv"
    columns = [row[0] for row in con.sql(f"DESCRIBE SELECT * FROM {reader}('{truth}')").fetchall()]
    key = next(column for column in columns if column not in {"entity", "source", "household"})
    source = "source" if key == "key" and "source" in columns else "NULL"
    con.execute(
        f'CREATE OR REPLACE TEMP TABLE truth AS SELECT "{key}"::VARCHAR AS key, entity::VARCHAR AS entity,'
        f" {source}::VARCHAR AS source FROM {reader}('{truth}')"
    )
    ids = sorted({end.id for case in cases for end in (case.a, case.b)})
    con.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest(?) AS id", [ids])
    return dict(con.sql(_PERSONS).fetchall())


def figures(view: View, truth: Path) -> str:
    score = view.evaluate(truth).score
    return f"pairwise F1 {score.pairwise.f1:.4f}, B-cubed {score.b_cubed.f1:.4f}"


def measure(name: str, folder: Path, truth: Path, lots: list[int]) -> None:
    """Answers lot by lot, all in the order of the first list."""
    project = load(folder)
    run(project)
    with open_view(folder) as view:
        print(f"{name:20} before         {figures(view, truth)}", flush=True)
        cases = view.review(max(lots), Answers.of(project.folder, project.decisions))
        person = persons(view, cases, truth)
    answers, done, wrong = Answers.of(project.folder, project.decisions), 0, 0
    for lot in sorted(lots):
        for case in cases[done:lot]:
            whose = [person.get(end.id) for end in (case.a, case.b)]
            if None in whose:
                continue
            same = whose[0] == whose[1]
            wrong += same is not case.joined
            answers.add(Answer("must_link" if same else "cannot_link", case.a.id, case.b.id, AT, "truth", ""))
        done = lot
        run(project)
        with open_view(folder) as view:
            print(f"{'':20} {lot:5,}, {wrong:3} wrong {figures(view, truth)}", flush=True)


def proposed(name: str, data: Path, folder: Path) -> None:
    """A project of a labelled set, with a file of decisions and without the graph."""
    folder.mkdir()
    shutil.copy(data / f"{name}.parquet", folder)
    subprocess.run(
        [sys.executable, "-m", "scvgraph", "init", f"{name}.parquet"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    file = folder / "scvgraph.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[project]", '[project]\ndecisions = "decisions.csv"', 1), encoding="utf-8")
    (folder / "decisions.csv").write_text("decision,a,b,at,by,reason\n", encoding="utf-8")


def without_graph(folder: Path) -> None:
    file = folder / "scvgraph.toml"
    text = file.read_text(encoding="utf-8")
    if "\n[graph]" not in text:
        file.write_text(text + "\n[graph]\nbuild = false\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--project", type=Path, help="this project, copied aside")
    parser.add_argument("--truth", type=Path, help="of that project")
    parser.add_argument("--answers", type=int, nargs="+", default=[50, 200])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="review-") as place:
        if given.project:
            folder = Path(place) / "project"
            shutil.copytree(given.project, folder, ignore=shutil.ignore_patterns(".scvgraph"))
            without_graph(folder)
            measure(given.project.name, folder, given.truth.resolve(), given.answers)
            return 0
        for name in given.sets:
            folder = Path(place) / name
            proposed(name, given.data, folder)
            without_graph(folder)
            measure(name, folder, given.data / f"{name}.truth.parquet", given.answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
