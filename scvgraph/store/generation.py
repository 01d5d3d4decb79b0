"""A generation: everything derived from the ledger, finished, immutable, in one folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scvgraph.engine import Engine, scan
from scvgraph.store.views import attach_ledger, no_rows, sightings_sql

if TYPE_CHECKING:
    from scvgraph.store.ledger import Ledger

GRAPH_FILE = "graph.lbug"
INDEX_FILE = "values.index"
# Stored tables of a generation, a Parquet file each. `cleaned` (spelling, identifier) holds the spellings that are
# not their own cleaned form, `rules` (kind, rule, weight) the reading of event kinds, `owners` (row, customer,
# basis) is what the table `rows` stores.
FILES = (
    "cleaned",
    "rules",
    "identifiers",
    "links",
    "matches",
    "near_matches",
    "model",
    "model_frequencies",
    "comparisons",
    "blocks",
    "refused_links",
    "memberships",
    "owners",
    "customers",
    "provenance",
    "relations",
    "households",
    "touchpoints",
)
# Generations made before there was such a table have no rows of it.
LATER = ("near_matches", "model_frequencies", "comparisons", "blocks", "relations", "households")


@dataclass(slots=True)
class Draft:
    """A generation being built: a folder aside, and what has been written into it."""

    number: int
    folder: Path
    report: list[dict[str, Any]] = field(default_factory=list)

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished generation. Not disturbed by the next one being built; dropped by the second run after."""

    number: int
    folder: Path
    ledger: Ledger
    about: dict[str, Any]

    @property
    def graph_path(self) -> Path:
        return self.folder / GRAPH_FILE

    @property
    def index_path(self) -> Path:
        return self.folder / INDEX_FILE

    def engine(self) -> Engine:
        """A fresh engine in which every table of this generation and its ledger can be read by name."""
        engine = Engine()
        attach(engine, self.folder, self.ledger, lineage=[Path(p) for p in self.lineage_files])
        return engine

    @property
    def lineage_files(self) -> list[str]:
        return [str(self.folder.parent.parent / relative) for relative in self.about["lineage"]]


def public_id(column: str, letter: str = "C") -> str:
    """SQL of a customer's public id; null where the number is. letter: H for that of a household."""
    return f"'{letter}' || lpad(CAST({column} AS VARCHAR), 9, '0')"


def _stored(table: str, files: str) -> str:
    """Stored tables hold numbers only; what can be derived from a number is added on reading."""
    if table == "identifiers":
        return (
            "SELECT i.no, s.kind, s.raw AS value, i.status, i.why, i.count, i.first_seen, i.last_seen"
            f" FROM {files} i JOIN spellings s ON i.no = s.no"
        )
    if table == "customers":
        return f"SELECT customer, {public_id('customer')} AS id, * EXCLUDE (customer) FROM {files}"
    if table == "relations":
        ids = f"{public_id('a')} AS customer, {public_id('b')} AS other"
        return f"SELECT a, b, {ids}, * EXCLUDE (a, b) FROM {files}"
    if table == "households":
        return f"SELECT customer, {public_id('customer')} AS id, {public_id('head', 'H')} AS household, size FROM {files}"
    return f"SELECT * FROM {files}"


def attach(engine: Engine, folder: Path, ledger: Ledger, lineage: list[Path]) -> None:
    """Name the tables of a generation, and of the ledger it was made from, in an engine."""
    attach_ledger(engine, ledger)
    for table in FILES:
        path = folder / (table + ".parquet")
        if table in LATER and not path.exists():
            engine.view(table, no_rows(table))
            continue
        engine.view(table, _stored(table, scan([path])))
    engine.view(
        "lineage",
        f"SELECT l.customer, {public_id('l.customer')} AS id, l.change, s.kind || ':' || s.raw AS identifier,"
        f" {public_id('l.other')} AS other, l.generation, l.why FROM (SELECT NULL::INTEGER AS identifier WHERE false"
        f" UNION ALL BY NAME SELECT * FROM {scan(lineage, 'union_by_name = true')}) l LEFT JOIN spellings s ON l.identifier = s.no",
    )
    engine.view("sightings", sightings_sql(ledger))
    engine.view(
        "rows",
        """SELECT o.row, l.source, l.key, c.id AS customer, o.basis FROM owners o
           JOIN (SELECT row, source, key FROM records UNION ALL SELECT row, source, key FROM events) l USING (row)
           LEFT JOIN customers c ON o.customer = c.customer""",
    )
