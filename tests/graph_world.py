"""A small store with everything the graph can show, written file by file as the pipeline would.

Jane (1) with a second address joined by hand, John (2) kept apart from her by a unique card and by a decision,
a tablet that was hers until June and his since, a placeholder both have given, Ana (3) alone, and Zoë (4), whose
cards are spelled to hurt. Ids 7, 8 and 9 are gone: 8 into 9, 9 into Jane, 7 retired; 4 was split from 2.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scvgraph.config.project import GraphPolicy
from scvgraph.engine import Engine
from scvgraph.store import FileEntry, Segment, Store
from scvgraph.store.generation import attach

QUOTES = "O'Hara\"}) DETACH DELETE n //"
FOREIGN = "Karte-日本-ß"
IDENTIFIERS = (
    ("email", "jane@x.com", "ok", None),
    ("phone", "+447400123456", "ok", None),
    ("loyalty_id", "L-77", "ok", None),
    ("cookie_id", "ck-jane", "ok", None),
    ("email", "jane.doe@work.com", "ok", None),
    ("email", "john@x.com", "ok", None),
    ("loyalty_id", "L-88", "ok", None),
    ("device_id", "tablet-1", "shared", "owned by two people in turns"),
    ("email", "test@test.com", "placeholder", "listed"),
    ("phone", "+447400000001", "ok", None),
    ("loyalty_id", QUOTES, "ok", None),
    ("loyalty_id", FOREIGN, "ok", None),
)
JANE, JOHN, ANA, ZOE = "C000000001", "C000000002", "C000000003", "C000000004"
JUNE = datetime(2026, 6, 1)  # noqa: DTZ001
MEMBERS = (
    *((no, 1, None, None, 0.97, "linked") for no in (0, 1, 2, 3)),
    (4, 1, None, None, 1.0, "decision"),
    (5, 2, None, None, 0.97, "linked"),
    (6, 2, None, None, 0.97, "linked"),
    (7, 1, None, JUNE, 0.8, "interval"),
    (7, 2, JUNE, None, 0.8, "interval"),
    (9, 3, None, None, 1.0, "alone"),
    (10, 4, None, None, 0.93, "linked"),
    (11, 4, None, None, 0.93, "linked"),
)
LINKS = (
    (0, 1, "record", 1, 0.98), (0, 2, "login", 2, 0.97), (1, 2, "purchase", 1, 0.91), (2, 3, "page", 1, 0.7),
    (0, 4, "must_link", 0, 1.0), (5, 6, "login", 1, 0.97), (1, 6, "call", 1, 0.9), (2, 7, "event", 1, 0.85),
    (6, 7, "event", 1, 0.85), (2, 8, "form", 1, 0.5), (6, 8, "form", 1, 0.5), (10, 11, "form", 1, 0.93),
)  # fmt: skip
REFUSED = (
    (1, 6, "unique", "one customer has one loyalty_id", 0.9),
    (0, 5, "cannot_link", "a person said they are two people", 1.0),
    (2, 7, "shared", "device_id:tablet-1 is shared", 0.85),
    (6, 7, "shared", "device_id:tablet-1 is shared", 0.85),
)
CUSTOMERS = (
    (1, 6, 6, "Jane", "Doe"), (2, 3, 3, "John", None), (3, 1, 1, "Ana", None), (4, 2, 1, "Zoë", "O'Hara"),
)  # fmt: skip
# a, b, why, strength, things, through; customers and the heads of their households.
RELATIONS = ((1, 2, "device_id, phone", 0.76, 2, [1, 7]), (1, 3, "ip", 0.2, 1, []))
HOUSEHOLDS = ((1, 1, 2), (2, 1, 2))
LINEAGE = (
    *((customer, "created", None, 1, "new") for customer in (1, 2, 3, 7, 8, 9)),
    (8, "merged", 9, 2, "joined by login"),
    (9, "merged", 1, 3, "joined by record"),
    (7, "retired", None, 3, "forgotten"),
    (4, "split", 2, 3, "a link was refused"),
)
# row, key, day, email, phone, loyalty: profile records; then day, kind, channel, value, converted, cookie, email,
# loyalty, device: events, numbered on from 3.
RECORDS = (("crm-1", 1, 0, 1, None), ("crm-2", 2, 5, None, None), ("crm-3", 3, None, 9, None))
EVENTS = (
    (4, "page", "search", None, False, 3, None, 2, None),
    (5, "login", "email", None, False, None, 0, 2, None),
    (6, "order", "store", 20.0, True, None, 0, 2, 7),
    (7, "page", "display", None, False, None, 5, 6, 7),
    (8, "order", "search", 5.0, True, None, 5, 6, None),
    (9, "page", None, None, False, None, 8, None, None),
)
OWNERS = ((0, 1), (1, 2), (2, 3), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (8, None))
TOUCHPOINTS = ((1, 1, 3, None), (1, 2, 4, 86400), (1, 3, 5, 86400), (2, 1, 6, None), (2, 2, 7, 86400))
ABOUT = {
    "batch": 1,
    "policy": {"sources": ["crm", "web"]},
    "made_at": "2026-07-01T00:00:00+00:00",
    "kinds": {kind: {"region": "GB", "null_words": []} for kind in ("email", "phone", "loyalty_id", "cookie_id", "device_id")},
    "lineage": ["lineage/000001.parquet"],
}  # fmt: skip

_I32, _I64, _TEXT, _TIME, _REAL, _FLAG = pa.int32(), pa.int64(), pa.string(), pa.timestamp("us"), pa.float64(), pa.bool_()  # fmt: skip


def day(number):
    return None if number is None else datetime(2026, 1, number)  # noqa: DTZ001


def _write(path, columns, rows):
    rows = list(rows)
    arrays = [pa.array([row[n] for row in rows], type_) for n, type_ in enumerate(columns.values())]
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), path)


def make_world(folder, *, touchpoints="all", graph=True):
    """The store, its graph built unless told otherwise."""
    store = Store.create(folder)
    _write_ledger(store)
    add_generation(store, touchpoints=touchpoints, graph=graph)
    return store


def add_generation(store, *, touchpoints="all", graph=True):
    draft = store.draft()
    for table, columns, rows in _tables():
        _write(draft.path(table), columns, rows)
    lineage = store.folder / "lineage" / "000001.parquet"
    columns = {"customer": _I32, "change": _TEXT, "other": _I32, "generation": _I32, "why": _TEXT}
    _write(lineage, columns, LINEAGE)
    if graph:
        from scvgraph.embedded.build import build

        with Engine(threads=1) as engine:
            attach(engine, draft.folder, store.ledger(), [lineage])
            build(engine, draft.folder, GraphPolicy(touchpoints=touchpoints), lambda _: None)
    draft.report = [{"stage": "resolve", "seconds": 0.5, "counts": {"customers": len(CUSTOMERS)}}]
    return store.publish(draft, dict(ABOUT))


def _tables():
    span = {"first_seen": _TIME, "last_seen": _TIME}
    yield "cleaned", {"spelling": _I32, "identifier": _I32}, ()
    yield "rules", {"kind": _TEXT, "rule": _TEXT, "weight": _REAL}, (("login", "login", 0.97), ("page", "page", 0.7), ("order", "purchase", 0.91))  # fmt: skip
    yield (
        "identifiers",
        {"no": _I32, "status": _TEXT, "why": _TEXT, "count": _I64, **span},
        ((no, status, why, no + 1, day(1), day(9)) for no, (_, _, status, why) in enumerate(IDENTIFIERS)),
    )
    yield (
        "links",
        {"a": _I32, "b": _I32, "rule": _TEXT, "count": _I64, **span, "weight": _REAL},
        ((a, b, rule, count, day(1) if count else None, day(6) if count else None, weight) for a, b, rule, count, weight in LINKS),
    )  # fmt: skip
    yield (
        "refused_links",
        {"a": _I32, "b": _I32, "reason": _TEXT, "constraint": _TEXT, "weight": _REAL},
        REFUSED,
    )
    yield "matches", {"a": _I32, "b": _I32, "rule": _TEXT, "weight": _REAL, "because": _TEXT}, ()
    yield "near_matches", {"a": _I32, "b": _I32, "weight": _REAL, "because": _TEXT}, ()
    yield "model", {"trait": _TEXT, "role": _TEXT, "level": _TEXT, "m": _REAL, "u": _REAL, "bits": _REAL}, ()
    yield "model_frequencies", {"trait": _TEXT, "value": _TEXT, "bits": _I32}, ()
    yield "comparisons", {"trait": _TEXT, "role": _TEXT, "origin": _TEXT, "written": _TEXT}, ()
    yield (
        "blocks",
        {"rule": _TEXT, "traits": _TEXT} | dict.fromkeys(("pairs", "dropped_blocks", "dropped_entities", "dropped_pairs"), _I64),
        (("date", "birth_date", 5, 1, 200, 19_900), ("email", "email", 7, 0, 0, 0)),
    )  # fmt: skip
    yield (
        "memberships",
        {"identifier": _I32, "customer": _I32, "valid_from": _TIME, "valid_to": _TIME, "confidence": _REAL, "basis": _TEXT},
        MEMBERS,
    )  # fmt: skip
    yield (
        "owners",
        {"row": _I64, "customer": _I32, "basis": _TEXT},
        ((row, customer, "email" if customer else "placeholder") for row, customer in OWNERS),
    )
    yield (
        "customers",
        {
            "customer": _I32,
            "identifiers": _I32,
            "rows": _I64,
            **span,
            "first_name": _TEXT,
            "last_name": _TEXT,
        },
        ((no, held, rows, day(1), day(9), first, last) for no, held, rows, first, last in CUSTOMERS),
    )
    yield (
        "provenance",
        {"customer": _I32, "trait": _TEXT, "value": _TEXT, "source": _TEXT, "key": _TEXT, "ts": _TIME, "rule": _TEXT, "rivals": _I32},
        ((no, "first_name", first, "crm", f"crm-{no}", day(no), "most_recent", 0) for no, _, _, first, _ in CUSTOMERS[:3]),
    )  # fmt: skip
    yield (
        "relations",
        {"a": _I32, "b": _I32, "why": _TEXT, "strength": _REAL, "things": _I32, "through": pa.list_(_I32)},
        RELATIONS,
    )
    yield "households", {"customer": _I32, "head": _I32, "size": _I32}, HOUSEHOLDS
    times = {row + len(RECORDS): event[0] for row, event in enumerate(EVENTS)}
    yield (
        "touchpoints",
        {"customer": _I32, "seq": _I32, "row": _I64, "ts": _TIME, "gap_s": _I64},
        ((customer, seq, row, day(times[row]), gap) for customer, seq, row, gap in TOUCHPOINTS),
    )


def _write_ledger(store):
    ledger = store.ledger()
    batch = ledger.new_batch_folder()
    numbers = {"i0": _I32, "i1": _I32, "i2": _I32}
    start = {"file": _I32, "key": _TEXT, "ts": _TIME, "kind": _TEXT}
    _write(
        batch / "crm.parquet",
        {**start, "first_name": _TEXT, "last_name": _TEXT, **numbers},
        (
            (0, key, day(at), "record", CUSTOMERS[at - 1][3], CUSTOMERS[at - 1][4], *ids)
            for key, at, *ids in RECORDS
        ),
    )
    _write(
        batch / "web.parquet",
        {
            **start,
            "channel": _TEXT,
            "campaign": _TEXT,
            "value": _REAL,
            "converted": _FLAG,
            **numbers,
            "i3": _I32,
        },
        (
            (1, None, day(at), kind, channel, None, value, sold, *ids)
            for at, kind, channel, value, sold, *ids in EVENTS
        ),
    )
    _write(
        batch / "spellings.parquet",
        {"no": _I32, "kind": _TEXT, "raw": _TEXT},
        ((no, kind, value) for no, (kind, value, _, _) in enumerate(IDENTIFIERS)),
    )
    columns = {
        "source": _TEXT,
        "file": _TEXT,
        "line": _I64,
        "column": _TEXT,
        "reason": _TEXT,
        "text": _TEXT,
        "count": _I64,
    }
    _write(batch / "rejects-1.parquet", columns, [("web", "web.csv", 7, None, "no time", "x,y", 1)])
    crm = Segment(
        "000001/crm.parquet", 1, "crm", "records", True, 0, len(RECORDS),
        (("email", "mail"), ("phone", "tel"), ("loyalty_id", "card")), ("first_name", "last_name"),
    )  # fmt: skip
    web = Segment(
        "000001/web.parquet", 1, "web", "events", False, len(RECORDS), len(EVENTS),
        (("cookie_id", "cookie"), ("email", "mail"), ("loyalty_id", "card"), ("device_id", "device")), (),
    )  # fmt: skip
    replace(
        ledger,
        batch=1,
        next_row=len(RECORDS) + len(EVENTS),
        next_spelling=len(IDENTIFIERS),
        files=(
            FileEntry(0, 1, "crm", "crm.csv", "0" * 64, "m", 3, 3, 0, 0, 0),
            FileEntry(1, 1, "web", "web.csv", "1" * 64, "m", 7, 6, 1, 0, 0),
        ),
        segments=(crm, web),
        spellings=("000001/spellings.parquet",),
        rejects=("000001/rejects-1.parquet",),
    ).commit(batch)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The world as a store, built once; import this fixture where it is used."""
    return make_world(tmp_path_factory.mktemp("world") / "store")


@pytest.fixture
def scvgraph(world):
    """Runs the command line on the world; returns click's result."""
    from click.testing import CliRunner

    from scvgraph.cli import main

    def run(*words, store=world.folder):
        return CliRunner().invoke(main, [*words, "--store", str(store)], catch_exceptions=False)

    return run
