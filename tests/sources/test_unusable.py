"""What cannot be used is said in one sentence that names the file and the cure; what is odd but legal works."""

from __future__ import annotations

import datetime as dt
import gzip
import os

import pandas as pd
import pytest
from shop import EVENTS

from scvgraph.errors import SourceError, StoreMissing, UnknownName

HEADER = "id,at,amount,mail,cookie,note\n"
ONE = "1,2025-01-01,1,a@x.com,c1,n\n"
PACKED = gzip.compress(
    "".join(f"{n},2025-01-01,1,u{n * 7919 % 1009}@x.com,c{n},n\n" for n in range(20_000)).encode()
)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("web.csv", b"", "web.csv: is empty"),
        (
            "web.csv",
            HEADER.replace("mail", "email"),
            "web.csv: column 'mail' is not there .*'email'.*sources.web",
        ),
        ("web.csv", HEADER.replace("note", "mail"), "column 'mail' stands 2 times"),
        ("web.csv", HEADER.encode("utf-16-le"), "columns 'id', 'at', .* are not there"),
        ("web.parquet", b"id,at\n1,2\n" * 10, "cannot read web.parquet"),
        ("web.parquet", b"", "cannot read web.parquet"),
        ("web.csv.gz", b"not packed at all", "cannot read web.csv.gz"),
        ("web.csv.gz", PACKED[: len(PACKED) // 2], "cannot read web.csv.gz"),
        ("web.csv.zst", b"\x28\xb5\x2f\xfd\x04", "cannot read web.csv.zst"),
        ("web.csv", None, "no file matches 'web.csv'"),
        ("web.doc", b"x", "cannot tell what web.doc is; add format"),
        ("web.json", b'[{"id": 1}]', "one JSON array; write one object a line"),
    ],
)
def test_a_file_that_cannot_be_used(shop, file, content, said):
    """The message names file and cure; nothing is taken in."""
    shop.declare(EVENTS.replace("web.csv", file))
    if content is not None:
        shop.put(file, content)
    with pytest.raises(SourceError, match=said) as caught:
        shop.run()
    assert "\n" not in str(caught.value)
    assert shop.store.ledger().files == ()
    with pytest.raises(StoreMissing, match="no finished generation"):
        shop.store.generation()


def test_a_link_to_nothing_and_a_folder_with_nothing(shop):
    """Neither is a file to be read, and it is said what stands there instead."""
    (shop.folder / "web.csv").symlink_to("gone.csv")
    with pytest.raises(SourceError, match="a link to nothing"):
        shop.run()
    (shop.folder / "web.csv").unlink()
    (shop.folder / "web.csv").mkdir()
    with pytest.raises(
        SourceError, match=r"no file matches 'web\.csv' .*a folder without \.csv, \.jsonl, \.parquet"
    ):
        shop.run()
    (shop.folder / "web.csv").rmdir()
    os.mkfifo(shop.folder / "web.csv")
    with pytest.raises(SourceError, match="no regular file"):
        shop.run()


def test_one_faulty_file_of_several_takes_in_none(shop):
    """A column missing in one of a source's files is an error that names it; the others wait for it."""
    shop.declare(EVENTS.replace("web.csv", "*.csv"))
    shop.put("a.csv", HEADER + ONE)
    shop.put("b.csv", "id,at,amount,cookie,note\n2,2025-01-01,1,c1,n\n")
    with pytest.raises(SourceError, match=r"b\.csv: column 'mail' is not there"):
        shop.run()
    assert shop.store.ledger().files == ()


def test_a_file_that_grows_while_it_is_read_is_refused(shop):
    """Rows of a file that changes under the reader's hands are not taken in; the next run takes it whole."""
    path = shop.put("web.csv", HEADER + ONE)
    with pytest.raises(SourceError, match="changed while it was being read"):
        shop.run(tell=lambda said: path.write_text(HEADER + ONE * 2) if said.startswith("reading") else None)
    shop.run()
    assert [counts[1:] for counts in shop.files()] == [(2, 2, 0, 0)]


@pytest.mark.parametrize(
    ("frames", "error", "said"),
    [
        ({"web": [1, 2]}, SourceError, "cannot use this list"),
        (
            {"web": pd.DataFrame({"id": [1]})},
            SourceError,
            "columns 'at', 'amount', 'mail', 'cookie', 'note' are not there",
        ),
        ({"wob": pd.DataFrame()}, UnknownName, "no source 'wob'"),
    ],
)
def test_tables_in_memory_that_cannot_be_used(shop, frames, error, said):
    """A table in memory is named by its source."""
    with pytest.raises(error, match=said):
        shop.run(frames=frames)


def test_a_double_name_of_a_column_nobody_uses(shop):
    """Only columns the source names must be there once."""
    shop.put("web.csv", "x,x,,X," + HEADER + "1,2,3,4," + ONE)
    shop.run()
    assert shop.keys() == ["1"]


def test_ten_megabytes_in_a_cell(shop):
    """A huge cell is a cell; an identifier of that size is refused without being kept whole."""
    shop.put(
        "web.csv",
        HEADER + f"1,2025-01-01,1,{'m' * 5_000_000},c1,{'n' * 10_000_000}\n2,2025-01-01,1,a@x.com,c1,n\n",
    )
    shop.run()
    assert shop.rows("SELECT key, length(note) FROM events ORDER BY key") == [("1", 10_000_000), ("2", 1)]
    [(line, column, reason, text)] = shop.rejects()
    assert (line, column, reason, len(text)) == (2, "mail", "too_long", 2000)


ODD = ['a "b"', "select", "_ts", "raw", "no", "käse.größe", "x.y z", "ID", "id", "l0", "_nth"]


def test_columns_may_be_called_anything(shop):
    """Quotes, blanks, dots, other alphabets, words of SQL, names that differ in capitals only: all are names."""
    quoted = ['"' + column.replace('"', '\\"') + '"' for column in ODD]
    shop.declare(
        f'[sources.web]\nshape = "events"\nfiles = "web.csv"\nkey = {quoted[0]}\ntime = {quoted[2]}\nkind = {quoted[1]}\n'
        f"[sources.web.identifiers]\nemail = [{quoted[3]}, {quoted[4]}]\ntill_id = {quoted[7]}\ncrm_id = [{quoted[8]}, {quoted[0]}]\n"
        f"[sources.web.traits]\nfirst = {quoted[5]}\nsecond = {quoted[6]}\nthird = {quoted[9]}\nfourth = {quoted[10]}\n"
    )
    header = ",".join('"' + column.replace('"', '""') + '"' for column in ODD)
    shop.put(
        "web.csv",
        header + "\nk1,buy,2025-01-01,a@x.com,b@x.com,one,two,T,c,three,four\nk2,buy,never,a@x.com,,,,,,,\n",
    )
    shop.run()
    assert shop.rows("SELECT key, kind, first, second, third, fourth FROM events") == [
        ("k1", "buy", "one", "two", "three", "four")
    ]
    assert shop.partition() == {
        frozenset({"email:a@x.com", "email:b@x.com", "till_id:T", "crm_id:c", "crm_id:k1", "record:web/k1"})
    }
    assert [reject[:3] for reject in shop.rejects()] == [(3, "_ts", "not a time")]


def test_values_may_hold_anything(shop):
    """Separators of old, line breaks, quotes, 4-byte letters and null bytes come through whole."""
    value = "a\x1fb\n'c' \"d\" \U0001f600 \u00a0e"
    quoted = '"' + value.replace('"', '""') + '"'
    shop.put("web.csv", HEADER + f"{quoted},2025-01-01,1,a@x.com,{quoted},{quoted}\n")
    shop.run()
    assert shop.rows("SELECT key, note FROM events") == [(value, value)]
    assert len(shop.partition()) == 1


@pytest.mark.parametrize(
    ("at", "head", "more", "utc"),
    [
        ("2025-07-01T10:00:00Z", "", "", "2025-07-01T10:00:00"),
        ("2025-07-01T10:00:00z", "", "", "2025-07-01T10:00:00"),
        ("2025-07-01 10:00:00+02:00", "", "", "2025-07-01T08:00:00"),
        ("2025-07-01 10:00:00.25 -0530", "", "", "2025-07-01T15:30:00.250000"),
        ("2025-07-01 10:00:00+02", "Europe/London", "", "2025-07-01T08:00:00"),
        ("2025-07-01 10:00:00 UTC", "Europe/London", "", "2025-07-01T10:00:00"),
        ("2025-07-01 10:00:00 America/New_York", "", "", "2025-07-01T14:00:00"),
        (" 2025-07-01 10:00:00 ", "Europe/London", "", "2025-07-01T09:00:00"),
        ("2025-07-01", "Europe/London", "", "2025-06-30T23:00:00"),
        ("2026-03-29 01:30:00", "Europe/London", "", "2026-03-29T01:30:00"),
        ("2025-10-26 01:30:00", "Europe/London", "", "2025-10-26T01:30:00"),
        ("2025-07-01 10:00 PM", "", "", None),
        ("2025-07-01 10:00:00 XYZ", "", "", None),
        ("infinity", "", "", None),
        ("1751364000", "Europe/London", "epoch_s", "2025-07-01T10:00:00"),
        ("1751364000123", "", "epoch_ms", "2025-07-01T10:00:00.123000"),
        ("1751364000123456", "", "epoch_us", "2025-07-01T10:00:00.123456"),
        ("1e300", "", "epoch_s", None),
        ("9223372036854", "", "epoch_s", None),
        ("nan", "", "epoch_s", None),
        ("01/07/2025 10:00 PM", "Europe/London", "%d/%m/%Y %I:%M %p", "2025-07-01T21:00:00"),
        ("01/07/2025 10:00 +0200", "Europe/London", "%d/%m/%Y %H:%M %z", "2025-07-01T08:00:00"),
        ("31/02/2025 10:00", "", "%d/%m/%Y %H:%M", None),
    ],
)
def test_times(shop, at, head, more, utc):
    """Offsets and zones are obeyed, other times are local, in a clock's gap or not; what is no time refuses the row."""
    zone = f'timezone = "{head}"\n' if head else ""
    form = f'time_format = "{more}"\n' if more else ""
    shop.declare(
        EVENTS.replace('time = "at"\n', f'time = "at"\n{form}'), f"[project]\n{zone}[graph]\nbuild = false\n"
    )
    shop.put("web.csv", HEADER + ONE.replace("2025-01-01", at))
    shop.run()
    assert shop.rows("SELECT ts FROM events") == ([] if utc is None else [(dt.datetime.fromisoformat(utc),)])
    assert [reject[:3] for reject in shop.rejects()] == ([] if utc else [(2, "at", "not a time")])
