"""From files to a project file that loads."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up import People, write_csv

from scvgraph.config import parse
from scvgraph.errors import SourceError, UsageError
from scvgraph.profile.proposal import propose
from scvgraph.profile.sample import take_sample
from scvgraph.profile.write import save, text_of

RETAIL = Path(__file__).parents[2] / "examples" / "retail" / "data"
LINKAGE = Path(__file__).resolve().parents[3] / "shared" / "data" / "linkage" / "omnichannel_events.parquet"


def project_of(folder, *files, region=None):
    """The project as proposed for files, and the text."""
    target = folder / "scvgraph.toml"
    text = text_of(
        propose([folder / file if isinstance(file, str) else file for file in files], target, region), "test"
    )
    return parse(text, target), text


def crm_rows(people, stamp="2026-03-{:02} 10:00:00"):
    return [
        (f"C{n:05}", p["first"], p["last"], p["email"], p["phone"], p["born"], stamp.format(n % 28 + 1))
        for n, p in enumerate(people.people)
    ]


CRM = ("customer_no", "first_name", "last_name", "email", "mobile", "birth_date", "updated_at")


def test_records(tmp_path):
    """One row a person with an updated time is records; region from the numbers, key, traits and identifiers mapped."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    project, text = project_of(tmp_path, "crm.csv")
    source = project.sources["crm"]
    assert (project.region, source.shape, source.key, source.time) == (
        "GB",
        "records",
        "customer_no",
        "updated_at",
    )
    assert dict(source.identifiers) == {"crm_id": "customer_no", "email": "email", "phone": "mobile"}
    assert dict(source.traits) == {
        "first_name": "first_name",
        "last_name": "last_name",
        "birth_date": "birth_date",
    }
    assert not [p["email"] for p in People().people if p["email"] in text or p["last"] in text]


def event_rows(people, count=300):
    for n in range(count):
        p = people.any()
        yield (f"e{n}", f"{n % 28 + 1:02}/03/2026 {n % 24:02}:00", p["cookie"], p["email"] if n % 3 == 0 else "", ("page_view", "login", "purchase")[n % 3], f"{n},50")  # fmt: skip


EVENTS = ("id", "when", "id1", "contact", "what", "betrag")


def test_events_with_misleading_names(tmp_path):
    """Semicolons, cp1252, decimal commas and day-first times: all found, and written because they are needed."""
    rows = [(*row, "caf\u00e9 \u201cx\u201d") for row in event_rows(People())]
    write_csv(tmp_path / "web 2026-03.csv", (*EVENTS, "note"), rows, ";", "cp1252")
    project, _ = project_of(tmp_path, "web 2026-03.csv")
    source = project.sources["web"]
    assert (source.shape, source.key, source.time, source.kind, source.value) == (
        "events",
        "id",
        "when",
        "what",
        "betrag",
    )
    assert (source.reading.time_format, source.reading.decimal, source.reading.encoding) == (
        "%d/%m/%Y %H:%M",
        ",",
        "cp1252",
    )
    assert dict(source.identifiers) == {"cookie_id": "id1", "email": "contact"}
    assert source.conversion == "kind = 'purchase'"
    assert source.fixed == {"channel": "web"}


def test_nothing_is_written_that_is_found_out_anyway(tmp_path):
    """A plain UTF-8 comma file with ISO times gets no reading options."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    _, text = project_of(tmp_path, "crm.csv")
    assert not [
        word
        for word in ("encoding", "delimiter", "time_format", "decimal", "header", "format =")
        if word in text
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines(tmp_path, packed):
    """Nested objects become dotted columns; lists are left out; broken lines are counted."""
    people = People()
    lines = [
        json.dumps({"ts": 1767225600000 + n * 60_000, "user": {"email": p["email"], "anon": p["cookie"]}, "type": "login", "tags": ["a"]})
        for n in range(200) for p in [people.any()]
    ]  # fmt: skip
    text = "\n".join([*lines, '{"ts": 1', ""])
    path = tmp_path / ("log.jsonl.gz" if packed else "log.jsonl")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    project, written = project_of(tmp_path, path.name)
    source = project.sources["log"]
    assert dict(source.identifiers) == {"email": "user.email", "cookie_id": "user.anon"}
    assert (source.time, source.kind, source.reading.time_format) == ("ts", "type", "epoch_ms")
    assert "tags: " in written
    assert "1 more do not" in written


def test_an_object_is_no_id(tmp_path):
    """Where an object is null or a plain value in some rows, its name is not offered as an id: only its fields are."""
    lines = [
        {
            "ts": f"2026-01-01T00:00:{n % 60:02}Z",
            "user": user,
            "device": {"id": f"d{n:06}"} if n % 2 else None,
        }
        for n, p in enumerate(People().people)
        for user in (None, {"id": f"U{n:06}", "email": p["email"]}, f"U{n:06}")
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))
    project, written = project_of(tmp_path, "log.jsonl")
    named = [column for _, column in project.sources["log"].identifiers]
    assert "user.email" in named
    assert not {"user", "device"} & set(named)
    assert "device: empty; holds lists, objects or bytes" in written


def test_zstandard(tmp_path):
    """A .zst file is read like any other."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    with pa.CompressedOutputStream(str(tmp_path / "crm2.csv.zst"), "zstd") as out:
        out.write((tmp_path / "crm.csv").read_bytes())
    project, _ = project_of(tmp_path, "crm2.csv.zst")
    assert project.sources["crm2"].key == "customer_no"


def test_equal_headers_are_one_source(tmp_path):
    """Daily files of one header become one source with a pattern, or a list where a pattern would catch others."""
    people = People()
    for day in (1, 2, 3):
        write_csv(tmp_path / f"web_2026-03-0{day}.csv", EVENTS, event_rows(people))
    files = [f"web_2026-03-0{day}.csv" for day in (1, 2, 3)]
    project, _ = project_of(tmp_path, *files)
    assert project.sources["web"].files == ("web_2026-03-0*.csv",)
    (tmp_path / "web_2026-03-09.csv").write_text("else\n")
    project, _ = project_of(tmp_path, *files)
    assert project.sources["web"].files == tuple(files)


def test_same_ids_get_one_kind(tmp_path):
    """A user_id column that holds card numbers is the loyalty kind, and unique where the evidence says so."""
    people = People()
    rows = [
        (f"r{n}", f"2026-03-{n % 28 + 1:02}", p["card"][2:], p["email"], f"{n}.50")
        for n in range(400)
        for p in [people.any()]
    ]
    write_csv(tmp_path / "pos.csv", ("receipt", "sold_at", "loyalty_card", "email", "amount"), rows)
    rows = [
        (f"a{n}", f"2026-03-{n % 28 + 1:02}", p["card"][2:], "open")
        for n in range(200)
        for p in [people.any()]
    ]
    write_csv(tmp_path / "app.csv", ("id", "at", "user_id", "action"), rows)
    project, text = project_of(tmp_path, "pos.csv", "app.csv")
    assert dict(project.sources["app"].identifiers) == {"loyalty_id": "user_id"}
    assert "holds the values of loyalty_card" in text
    assert project.kinds["loyalty_id"].limit == 1
    assert project.sources["pos"].fixed == {"kind": "purchase", "channel": "store"}


def test_ids_held_twice_are_not_unique(tmp_path):
    """Where people are seen with two cards, unique is not proposed."""
    people = People()
    rows = [
        (f"r{n}", f"2026-03-{n % 28 + 1:02}", f"{p['card']}{n % 2}", p["email"], "1.50")
        for n in range(400)
        for p in [people.any()]
    ]
    write_csv(tmp_path / "pos.csv", ("receipt", "sold_at", "loyalty_card", "email", "amount"), rows)
    project, _ = project_of(tmp_path, "pos.csv")
    assert project.kinds["loyalty_id"].limit == 0


def test_no_header(tmp_path):
    """A first row of data means header = false, and columns by number, as ingest names them."""
    write_csv(tmp_path / "list.csv", None, [row[:1] + row[3:6] for row in crm_rows(People())])
    project, _ = project_of(tmp_path, "list.csv")
    source = project.sources["list"]
    assert (source.reading.header, source.reading.delimiter, source.key) == (False, ",", "column0")
    assert dict(source.identifiers)["email"] == "column1"


def test_duplicate_headers_are_left_out(tmp_path):
    """A name that stands twice cannot be used; a comment says why."""
    write_csv(
        tmp_path / "crm.csv",
        ("id", "email", "name", "name"),
        [(f"k{n}", f"a{n}@x.com", "A", "B") for n in range(9)],
    )
    project, text = project_of(tmp_path, "crm.csv")
    assert "name" not in project.sources["crm"].columns
    assert "#   name: stands more than once in the header" in text


@pytest.mark.parametrize("rows", [0, 1])
def test_header_only_and_one_row(tmp_path, rows):
    """Names alone, or one row, still make a project that loads."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People())[:rows])
    project, text = project_of(tmp_path, "crm.csv")
    assert dict(project.sources["crm"].identifiers)["email"] == "email"
    assert project.sources["crm"].key == "customer_no"
    assert ("by its name only" in text) == (rows == 0)


def test_a_field_of_ten_megabytes(tmp_path):
    """A huge cell is cut for the look, not stumbled over."""
    rows = [
        (*row[:4], "x" * 10_000_000 if n == 5 else row[4], *row[5:])
        for n, row in enumerate(crm_rows(People()))
    ]
    write_csv(tmp_path / "crm.csv", CRM, rows)
    project, _ = project_of(tmp_path, "crm.csv")
    assert dict(project.sources["crm"].identifiers)["phone"] == "mobile"
    assert max(len(cell) for cell in take_sample(tmp_path / "crm.csv").columns["mobile"] if cell) == 4096


def test_odd_names_survive(tmp_path):
    """Quotes, umlauts and line ends in column names neither break the file nor its comments."""
    header = ("id", 'E"mail', "größe", "a#b")
    table = {
        "id": [f"k{n}" for n in range(9)],
        'E"mail': [f"a{n}@x.com" for n in range(9)],
        "größe\nx": ["1"] * 9,
        "a#b": ["x"] * 9,
    }
    pq.write_table(pa.table(table), tmp_path / "1 odd [x].parquet")
    project, _ = project_of(tmp_path, "1 odd [x].parquet")
    (source,) = project.sources.values()
    assert (source.name, dict(source.identifiers)) == ("source_1_odd_x", {"email": header[1]})


def test_files_that_are_no_sources(tmp_path):
    """Decisions are named in the project, truth and empty files are left out with a word; folders are looked into."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    write_csv(
        tmp_path / "decisions.csv",
        ("decision", "a", "b", "at"),
        [("must_link", "email:x@x.com", "email:y@x.com", "2026-01-01")],
    )
    write_csv(tmp_path / "truth.csv", ("source", "key", "entity"), [("crm", "C00001", "p1")])
    (tmp_path / "empty.csv").write_bytes(b"")
    project, text = project_of(tmp_path, tmp_path)
    assert (project.decisions, list(project.sources)) == (("decisions.csv",), ["crm"])
    assert "truth.csv: looks like truth" in text
    assert "empty.csv: empty" in text
    write_csv(tmp_path / "decisions.csv", ("decision", "a", "b"), [("must_link", "plate:x", "plate:y")])
    project, text = project_of(tmp_path, tmp_path)
    assert (project.decisions, "it speaks of plate" in text) == ((), True)


def test_a_file_without_identifiers_is_a_comment(tmp_path):
    """What cannot be a source yet stands as a comment with what is missing; the rest works."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    write_csv(tmp_path / "stock.csv", ("sku", "count"), [("A1", 3), ("A2", 4)])
    project, text = project_of(tmp_path, "crm.csv", "stock.csv")
    assert list(project.sources) == ["crm"]
    assert "# Not used: stock.csv: no column holds an identifier" in text
    with pytest.raises(UsageError, match="none of the files can be a source"):
        project_of(tmp_path, "stock.csv")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.parquet", b"no parquet", "is not a Parquet file"),
        ("x.xlsx", b"PK\x03\x04rest", "Excel"),
        ("x.csv", b"a,b\n\0\0\0", "not a text file"),
        ("x.csv.gz", b"not gzip", "cannot read"),
        ("x.json", b'[{"a": 1}]', "one object a line"),
    ],
)
def test_unreadable_files_are_named(tmp_path, name, content, said):
    """What cannot be read is an error with the file's name and the way out."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said) as fault:
        project_of(tmp_path, name)
    assert name in str(fault.value)


def test_saving_is_atomic_and_careful(tmp_path):
    """An existing file stays as it is unless forced; nothing half-written is left."""
    write_csv(tmp_path / "crm.csv", CRM, crm_rows(People()))
    _, text = project_of(tmp_path, "crm.csv")
    target = tmp_path / "scvgraph.toml"
    target.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        save(text, target)
    assert target.read_text() == "mine"
    save(text, target, force=True)
    assert target.read_text() == text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["crm.csv", "scvgraph.toml"]


@pytest.mark.skipif(not (RETAIL / "crm.csv").exists(), reason="the retail example's files are not there")
def test_retail_example(tmp_path):
    """All six systems of the example are mapped as its README describes them."""
    target = RETAIL.parent / "scvgraph-proposed.toml"
    project = parse(text_of(propose([RETAIL], target), "retail"), target)
    held = {name: dict(source.identifiers) for name, source in project.sources.items()}
    assert held == {
        "app": {"device_id": "device_id", "loyalty_id": "user_id", "email": "email"},
        "call_centre": {"phone": "caller", "loyalty_id": "loyalty_card"},
        "crm": {"crm_id": "customer_no", "email": "email", "phone": "mobile"},
        "email_campaign": {"email": "recipient", "cookie_id": "cookie"},
        "pos": {"loyalty_id": "loyalty_card", "email": "email_for_receipt", "device_id": "device"},
        "web": {"cookie_id": "anonymous_id", "ip": "ip", "email": "user_email"},
    }
    assert [kind for kind, _ in project.sources["crm"].identifiers] == ["crm_id", "email", "phone", "phone"]
    assert {s.name: s.shape for s in project.sources.values() if s.shape == "records"} == {"crm": "records"}
    pos = project.sources["pos"]
    assert (pos.reading.time_format, pos.reading.encoding) == ("%d/%m/%Y %H:%M:%S", "latin-1")
    assert (project.region, project.kinds["loyalty_id"].limit) == ("GB", 1)


@pytest.mark.skipif(not LINKAGE.exists(), reason="the labelled data are not on this machine")
def test_labelled_events(tmp_path):
    """Every column of the labelled events finds its place."""
    project, _ = project_of(tmp_path, LINKAGE)
    source = project.sources["omnichannel"]
    kinds = ("email", "phone", "device_id", "cookie_id", "loyalty_id", "ip")
    assert dict(source.identifiers) == {kind: kind for kind in kinds}
    assert (source.shape, source.key, source.time, source.channel) == (
        "events",
        "event_id",
        "event_time",
        "channel",
    )
    assert dict(source.traits) == {"first_name": "first_name", "last_name": "last_name", "birth_date": "date_of_birth", "street": "street", "postcode": "zipcode"}  # fmt: skip
    assert (project.kinds["loyalty_id"].limit, project.region) == (1, "US")


PEOPLE = "id,first_name,surname,dob\n"


def numbered(folder, file, letter, header=PEOPLE):
    rows = [f"{n},{letter}{n},{letter}{n}son,19{70 + n}-01-02\n" for n in range(1, 9)]
    (folder / file).write_text(header + "".join(rows), encoding="utf-8")
    return file


def test_two_lists_numbered_from_one_are_two_sources(tmp_path):
    """Lists of one header whose keys clash are kept apart; deliveries of one thing, by their names, are not."""
    files = [numbered(tmp_path, "crm.csv", "A"), numbered(tmp_path, "shop.csv", "B")]
    project, _ = project_of(tmp_path, *files)
    assert {name: source.key for name, source in project.sources.items()} == {"crm": "id", "shop": "id"}
    files = [numbered(tmp_path, "day_2026-03-01.csv", "A"), numbered(tmp_path, "day_2026-03-02.csv", "B")]
    project, _ = project_of(tmp_path, *files)
    assert list(project.sources) == ["day"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PEOPLE + "1,Ann,Lee,1980-01-02\n1,Bob,Lo,1981-02-03\n2,Cy,Po,1990-03-04\n", "id: .* 1 of its values"),
        ("first_name,surname,dob\nAnn,Lee,1980-01-02\nBob,Lo,1981-02-03\n", "no column names a row"),
        ("first_name,surname,dob,updated\nAnn,Lee,1980-01-02,2026-01-01\nBob,Lo,1981-02-03,2026-01-01\n", "no column"),
    ],
)  # fmt: skip
def test_people_without_a_key_are_records(tmp_path, content, said):
    """People whose rows nothing names are a source all the same, its rows named by what they hold."""
    (tmp_path / "people.csv").write_text(content)
    project, text = project_of(tmp_path, "people.csv")
    source = project.sources["people"]
    assert (source.shape, source.key) == ("records", None)
    assert [trait for trait, _ in source.traits] == ["first_name", "last_name", "birth_date"]
    assert re.search(said, text)


@pytest.mark.parametrize(
    "header", ["Код,Имя,Фамилия,Дата рождения", "編號,名,姓,生日", "Nr,Prénom,Apellido,Geburtsdatum"]
)
def test_headers_of_other_scripts(tmp_path, header):
    """Common words for names and dates of birth are known in other scripts, with or without accents."""
    project, _ = project_of(tmp_path, numbered(tmp_path, "people.csv", "A", header + "\n"))
    _, first, last, born = header.split(",")
    assert dict(project.sources["people"].traits) == {
        "first_name": first,
        "last_name": last,
        "birth_date": born,
    }


def test_sharp_s_is_two_letters(tmp_path):
    """A street is one in either spelling."""
    write_csv(tmp_path / "a.csv", ("ID", "Nachname", "Straße"), [(1, "Lee", "Weg 1"), (2, "Lo", "Weg 2")])
    project, _ = project_of(tmp_path, "a.csv")
    assert dict(project.sources["a"].traits)["street"] == "Straße"


def test_headers_not_understood_are_said(tmp_path):
    """Headers in a script that nothing is known of are said to be the reason, with what to do."""
    (tmp_path / "a.csv").write_text("ลำดับ,ชื่อ,นามสกุล\n1,a,b\n2,c,d\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r'headers were not understood.*"ลำดับ" under \[sources.a.traits\]'):
        project_of(tmp_path, "a.csv")
