"""Stage enrol: rows that tell of a person get a number of their own, beside those of the identifiers they show.

Invariant: the number is that of a spelling of kind `record`, the source and the row's key, so a later version of a
record has the number of the earlier one, for ever. Rows of one content without a declared key are one profile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.config.project import PROFILE
from scvgraph.engine import name, scan, text
from scvgraph.roles import tells
from scvgraph.store.views import attach_ledger, content_key, layouts, stored_rows
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.store import Ledger, Segment


def enrol(work: Work) -> Counts:
    """Number the profiles of batches that came since the last time."""
    ledger = work.ledger
    fresh = replace(ledger, segments=tuple(s for s in ledger.segments if s.batch > ledger.profiled))
    parts = [sql for first, alike in layouts(fresh) if (sql := _told(ledger, first, alike))]
    if not parts:
        return {"profiles": 0, "new": 0}
    engine = work.engine
    work.tell("numbering profiles")
    attach_ledger(engine, ledger)  # content keys are made of spellings
    engine.make("_told", " UNION ALL ".join(parts))
    if not ledger.spellings and not engine.one("SELECT count(*) FROM _told"):
        engine.drop("_told")  # rows that show and tell nothing: there is no spelling at all to number among
        return {"profiles": 0, "new": 0}
    folder = ledger.new_batch_folder()
    ledger, new = _number(work, ledger, folder)
    path = folder / "profiles.parquet"
    spellings = scan([ledger.path(part) for part in ledger.spellings])
    rows = engine.write(
        f"SELECT t.row, s.no FROM _told t JOIN (SELECT no, raw FROM {spellings} WHERE kind = {text(PROFILE)}) s"
        " ON t.key = s.raw",
        path,
        ordered=False,
    )
    engine.drop("_told", "_new")
    ledger = replace(
        ledger,
        batch=ledger.batch + 1,
        profiles=(*ledger.profiles, f"{folder.name}/{path.name}"),
        profiled=ledger.batch + 1,
    )
    ledger.commit(folder)
    work.ledger = ledger
    return {"profiles": rows, "new": new}


def _told(ledger: Ledger, first: Segment, alike: list[Segment]) -> str:
    """SQL (row, key) of the profiles among rows of one layout; empty where there can be none."""
    wanted = tells(first.shape, first.traits)
    if not wanted:
        return ""
    any_told = " OR ".join(f"{name(trait)} IS NOT NULL" for trait in wanted)
    key = "key" if first.keyed else content_key(first)
    rows = f"SELECT * FROM ({stored_rows(ledger, alike)}) WHERE {any_told}"
    return f"SELECT row, {text(first.source + '/')} || {key} AS key FROM ({rows}) r"


def _number(work: Work, ledger: Ledger, folder: Path) -> tuple[Ledger, int]:
    """The ledger with a spelling for every profile, and how many are new."""
    engine = work.engine
    known = "SELECT ''"
    if ledger.spellings:
        known = (
            f"SELECT raw FROM {scan([ledger.path(p) for p in ledger.spellings])} WHERE kind = {text(PROFILE)}"
        )
    engine.make(
        "_new",
        f"SELECT CAST($first + row_number() OVER () - 1 AS INTEGER) AS no, {text(PROFILE)} AS kind, key AS raw"
        f" FROM (SELECT DISTINCT key FROM _told EXCEPT ({known}))",
        {"first": ledger.next_spelling},
    )
    new = int(engine.one("SELECT count(*) FROM _new"))
    if not new:
        return ledger, 0
    path = folder / f"spellings-{PROFILE}.parquet"
    engine.write("SELECT no, kind, raw FROM _new", path, ordered=False)
    spellings = (*ledger.spellings, f"{folder.name}/{path.name}")
    return replace(ledger, spellings=spellings, next_spelling=ledger.next_spelling + new), new
