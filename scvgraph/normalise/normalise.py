"""Stage normalise: every raw value not yet cleaned under the project's options is cleaned, once.

Invariant: the cleaned form of a value is itself a spelling with a number, and that number is the identifier's.
So two spellings are one identifier exactly if they lead to one number, and most values lead to themselves.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scvgraph.config.project import PROFILE, IdentifierKind
from scvgraph.engine import Engine, name, scan, text
from scvgraph.identifiers.cleaning import clean
from scvgraph.store import Ledger
from scvgraph.store.ledger import Cleaning
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 1_000_000  # values cleaned at a time: what bounds the memory


def normalise(work: Work) -> Counts:
    """Clean the spellings of every kind that no cleaning under the present options covers."""
    ledger, engine = work.ledger, work.engine
    counts = {"cleaned": 0, "respelled": 0, "refused": 0, "placeholders": 0}
    kinds = [kind for kind in work.project.kinds.values() if kind.name != PROFILE]  # its values are ours
    behind = [kind for kind in kinds if _covered(ledger, kind) < ledger.next_spelling]
    if not ledger.spellings or not behind:
        return counts
    folder = ledger.new_batch_folder()
    fresh = replace(ledger, batch=ledger.batch + 1)
    work.tell(f"cleaning {', '.join(kind.name for kind in behind)}")
    with ThreadPoolExecutor(engine.threads) as pool:
        counts["cleaned"] = sum(pool.map(lambda kind: _clean_kind(engine, ledger, kind), behind))
    for kind in behind:
        fresh = _normalise_kind(engine, fresh, folder, kind, counts)
    # Numbers given meanwhile are all cleaned values of other kinds: every kind is covered up to the last of them.
    done = (replace(part, upto=fresh.next_spelling) for part in fresh.cleaned[len(ledger.cleaned) :])
    fresh = replace(fresh, cleaned=(*ledger.cleaned, *done))
    fresh.commit(folder)
    work.ledger = fresh
    return counts


def _covered(ledger: Ledger, kind: IdentifierKind) -> int:
    options = kind.options.fingerprint()
    return max(
        (part.upto for part in ledger.cleaned if (part.kind, part.options) == (kind.name, options)), default=0
    )


def _normalise_kind(
    engine: Engine, ledger: Ledger, folder: Path, kind: IdentifierKind, counts: Counts
) -> Ledger:
    spellings = scan([ledger.path(part) for part in ledger.spellings])
    engine.view("changed", f"SELECT * FROM {name(_changed(kind))}")
    new = _number_new_values(engine, ledger, kind, spellings)
    if new:
        path = folder / f"spellings-{kind.name}.parquet"
        engine.write("SELECT no, kind, raw FROM new_values", path, ordered=False)
        ledger = replace(
            ledger,
            next_spelling=ledger.next_spelling + new,
            spellings=(*ledger.spellings, f"{folder.name}/{path.name}"),
        )
    path = folder / f"cleaned-{kind.name}.parquet"
    engine.write(
        f"SELECT c.no AS spelling, s.no AS identifier, c.fault, c.placeholder FROM changed c LEFT JOIN"
        f" (SELECT no, raw FROM {scan([ledger.path(p) for p in ledger.spellings])} WHERE kind = {text(kind.name)}"
        f" AND raw IN (SELECT value FROM changed)) s ON c.value = s.raw",
        path,
        ordered=False,
    )
    row = engine.rows("SELECT count(*), count(fault), count(placeholder) FROM changed")[0]
    counts["respelled"] += row[0] - row[1]
    counts["refused"] += row[1]
    counts["placeholders"] += row[2]
    engine.run("DROP VIEW changed")
    engine.drop(_changed(kind), "new_values")
    done = Cleaning(kind.name, kind.options.fingerprint(), ledger.next_spelling, f"{folder.name}/{path.name}")
    return replace(ledger, cleaned=(*ledger.cleaned, done))


def _changed(kind: IdentifierKind) -> str:
    return f"changed_{kind.name}"


def _clean_kind(engine: Engine, ledger: Ledger, kind: IdentifierKind) -> int:
    """Make a table of the values of a kind that are not, as they stand, ordinary identifiers; returns how many were
    looked at. Kinds are cleaned side by side, so this has connections of its own.
    """
    spellings = scan([ledger.path(part) for part in ledger.spellings])
    empty = "SELECT CAST(0 AS INTEGER) AS no, '' AS value, '' AS fault, '' AS placeholder WHERE false"
    looked = 0
    with engine.con.cursor() as reading, engine.con.cursor() as keeping:
        keeping.execute(f"CREATE OR REPLACE TABLE {name(_changed(kind))} AS {empty}")
        values = reading.sql(
            f"SELECT no, raw FROM {spellings} WHERE kind = $kind AND no >= $start",
            params={"kind": kind.name, "start": _covered(ledger, kind)},
        )
        for part in values.to_arrow_reader(_BATCH):
            looked += part.num_rows
            changed = _changed_of(part, kind)
            if changed.num_rows:
                keeping.register("_part", changed)
                keeping.execute(
                    f"INSERT INTO {name(_changed(kind))} SELECT no, value, fault, placeholder FROM _part"
                )
                keeping.unregister("_part")
    return looked


def _changed_of(part: pa.RecordBatch, kind: IdentifierKind) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    raw = part.column("raw").cast(pa.string())
    cleaned = clean(kind.name, raw, kind.options)
    differs = pc.or_(pc.fill_null(pc.not_equal(cleaned.value, raw), True), pc.is_valid(cleaned.placeholder))
    columns = {
        "no": part.column("no"),
        "value": cleaned.value,
        "fault": cleaned.fault,
        "placeholder": cleaned.placeholder,
    }
    return pa.table(columns).filter(differs)


def _number_new_values(engine: Engine, ledger: Ledger, kind: IdentifierKind, spellings: str) -> int:
    """Cleaned values that no file ever spelled so get a number as well; returns how many."""
    engine.make(
        "new_values",
        f"SELECT CAST($first + row_number() OVER () - 1 AS INTEGER) AS no, $kind AS kind, value AS raw FROM"
        f" (SELECT DISTINCT value FROM changed WHERE value IS NOT NULL"
        f" EXCEPT SELECT raw FROM {spellings} WHERE kind = $kind AND raw IN (SELECT value FROM changed))",
        {"first": ledger.next_spelling, "kind": kind.name},
    )
    return int(engine.one("SELECT count(*) FROM new_values"))
