"""One table, written in every way a source may come: always the same rows."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shop import EVENTS

ROWS = [
    ("1", "2025-01-01 10:00:00", "5.5", "jane@x.com", "c1", 'say "hi", caf\u00e9'),
    ("2", "2025-01-02 11:30:00", "", "Jane@X.com ", "c2", ""),
    ("3", "2025-01-03 00:00:00", "-1", "", "c2", "ends"),
]
NAMES = ["id", "at", "amount", "mail", "cookie", "note"]


def delimited(delimiter=",", quote='"'):
    def cell(text):
        plain = not any(mark in text for mark in (delimiter, quote, "\n"))
        return text if plain else quote + text.replace(quote, quote * 2) + quote

    return "".join(delimiter.join(map(cell, row)) + "\n" for row in [NAMES, *ROWS])


def check(shop):
    events = shop.rows("SELECT key, ts, value, note FROM events ORDER BY key")
    assert events == [
        (row[0], dt.datetime.fromisoformat(row[1]), float(row[2]) if row[2] else None, row[5] or None)
        for row in ROWS
    ]
    assert shop.partition() == {frozenset({"email:jane@x.com", "cookie_id:c1", "cookie_id:c2"})}
    assert shop.rejects() == []
    assert [counts[1:] for counts in shop.files()] == [(3, 3, 0, 0)]


def zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(data)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("file", "content", "more"),
    [
        ("web.csv", delimited().encode(), ""),
        ("web.tsv", delimited("\t").encode(), ""),
        ("web.txt", delimited("|").encode(), ""),
        ("web.csv", delimited(";").encode(), ""),
        ("web.csv", delimited("^").encode(), 'delimiter = "^"'),
        ("web.csv", delimited(quote="'").encode(), 'quote = "\'"'),
        ("web.csv", delimited().encode("utf-8-sig"), ""),
        ("web.csv", delimited().encode("latin-1"), 'encoding = "latin-1"'),
        ("web.csv", delimited().encode("cp1252"), 'encoding = "cp1252"'),
        ("web.csv", delimited().encode("utf-16"), ""),
        ("web.csv", b"\xfe\xff" + delimited().encode("utf-16-be"), ""),
        ("web.csv", delimited().encode("utf-16-le"), 'encoding = "utf-16-le"'),
        ("web.csv", delimited().rstrip("\n").encode(), ""),
        ("web.csv", delimited().replace("\n", "\r").encode(), ""),
        ("web.csv.gz", gzip.compress(delimited().encode()), ""),
        ("WEB.CSV.GZ", gzip.compress(delimited().encode()), ""),
        ("web.csv.gz", gzip.compress(delimited().encode("cp1252")), 'encoding = "cp1252"'),
        ("web.csv.zst", zstd(delimited().encode()), ""),
        ("export [1] 'final'.csv", delimited().encode(), ""),
        ("web.dat", delimited().encode(), 'format = "csv"'),
    ],
)
def test_delimited_text(shop, file, content, more):
    """Delimiters and byte order marks are found out, encodings and quotes as declared, .gz and .zst unpacked."""
    shop.declare(EVENTS.replace('"web.csv"', json.dumps(file)).replace('key = "id"', f'key = "id"\n{more}'))
    shop.put(file, content)
    shop.run()
    check(shop)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_json_lines(shop, encoding):
    """Nested objects are reached by dots, keys with dots by their own name; missing and null are empty."""
    shop.declare(EVENTS.replace("web.csv", "web.jsonl.gz").replace('"mail"', '"who.mail"').replace('"note"', '"a.note"')
                 .replace('key = "id"', f'key = "id"\nencoding = "{encoding}"'))  # fmt: skip
    lines = [
        json.dumps({"id": int(row[0]), "at": row[1], "amount": float(row[2]) if row[2] else None, "who": {"mail": row[3]},
                    "cookie": row[4], "a.note": row[5]}, ensure_ascii=False)
        for row in ROWS
    ]  # fmt: skip
    shop.put("web.jsonl.gz", gzip.compress("\n".join(lines).encode(encoding)))
    shop.run()
    check(shop)


def typed():
    """The rows with types of their own: whole numbers as ids, decimals, times of three kinds."""
    return {
        "id": pa.array([int(row[0]) for row in ROWS], pa.int32()),
        "amount": pa.array([Decimal(row[2]) if row[2] else None for row in ROWS], pa.decimal128(9, 2)),
        "mail": pa.array([row[3] or None for row in ROWS]),
        "cookie": pa.array([row[4] for row in ROWS], pa.large_string()),
        "note": pa.array([row[5] for row in ROWS]).dictionary_encode(),
    }


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("unit", ["s", "ns"])
def test_parquet_has_types_of_its_own(shop, zone, unit):
    """Parquet times with and without zone, decimals and whole-number ids mean what their types say."""
    at = pa.array([dt.datetime.fromisoformat(row[1]) for row in ROWS], pa.timestamp(unit)).cast(
        pa.timestamp(unit, zone)
    )
    shop.declare(EVENTS.replace("web.csv", "web.parquet"))
    pq.write_table(pa.table({**typed(), "at": at}), shop.folder / "web.parquet")
    shop.run()
    check(shop)


def test_parquet_dates_and_fractions_as_ids(shop):
    """A date is midnight in the project's zone; an id that became a fraction for want of a value is whole again."""
    shop.declare(
        EVENTS.replace("web.csv", "web.parquet"),
        '[project]\ntimezone = "America/New_York"\n[graph]\nbuild = false\n',
    )
    table = {
        **typed(),
        "at": pa.array([dt.date(2025, 7, 1)] * 3),
        "cookie": pa.array([71.0, None, 71.5]),
        "mail": [b"a@x.com"] * 3,
    }
    pq.write_table(pa.table(table), shop.folder / "web.parquet")
    shop.run()
    assert {ts for (ts,) in shop.rows("SELECT ts FROM events")} == {
        dt.datetime.fromisoformat("2025-07-01T04:00:00")
    }
    assert shop.partition() == {frozenset({"email:a@x.com", "cookie_id:71", "cookie_id:71.5"})}


@pytest.mark.parametrize("make", ["pandas", "arrow", "batches"])
def test_tables_in_memory(shop, make):
    """Tables of pandas and Arrow stand in for files, add nothing the second time, and tell lines as row numbers."""
    frame = pd.DataFrame([{**dict(zip(NAMES, row, strict=True))} for row in ROWS])
    frame["id"] = [1.0, 2.0, 3.0]  # what pandas makes of ids
    frame["at"] = pd.to_datetime(frame["at"])
    frame["amount"] = [5.5, None, -1]
    frame.index = [7, 7, 9]
    data = frame if make == "pandas" else pa.Table.from_pandas(frame, preserve_index=False)
    data = data.to_batches()[0] if make == "batches" else data
    shop.run(frames={"web": data})
    check(shop)
    assert not shop.run(frames={"web": data}).fresh
    frame.loc[9, "mail"] = "no mail"
    shop.run(frames={"web": frame})
    assert shop.rejects() == [(3, "mail", "email_no_at", "no mail")]


def test_files_by_name_folder_and_pattern(shop):
    """A source may name files, folders and patterns; each file counts once, other programs' hidden files never."""
    lines = delimited().splitlines(keepends=True)
    for number, file in enumerate(["in/a.csv", "in/deep/b.csv", "c-1.csv"], 1):
        shop.put(file, lines[0] + lines[number])
    for hidden in ("in/.~a.csv", "in/_temporary/part.csv", "in/README.md"):
        shop.put(hidden, "nothing to read\n")
    shop.declare(EVENTS.replace('"web.csv"', '["in", "in/deep/**/*.csv", "c-?.csv", "./c-1.csv"]'))
    shop.run()
    assert shop.keys() == ["1", "2", "3"]
    assert len(shop.files()) == 3


def test_a_file_without_a_header(shop):
    """With header = false columns are called column0, column1 and so on."""
    shop.declare(
        '[sources.web]\nshape = "events"\nfiles = "web.csv"\nheader = false\nkey = "column0"\ntime = "column1"\nvalue = "column2"\n'
        '[sources.web.identifiers]\nemail = "column3"\ncookie_id = "column4"\n[sources.web.traits]\nnote = "column5"\n'
    )
    shop.put("web.csv", delimited().partition("\n")[2])
    shop.run()
    check(shop)
