"""What is refused is kept aside with its line and reason, and the counts add up."""

from __future__ import annotations

import gzip

import pytest
from shop import EVENTS

HEADER = "id,at,amount,mail,cookie,note\n"
FULL = """id,at,amount,mail,cookie,note

1,2025-01-01,5,jane@x.com,c1,"two
lines"
2,2025-01-02,5
3,2025-02-30,5,jane@x.com,c1,bad date
4,2025-01-04,5,jane@x.com,c1,"a

b"

5,2025-01-05,12O.5,jane@x.com,c1,bad number
,2025-01-06,5,jane@x.com,c1,no key
7,,5,jane@x.com,c1,no time
8,2025-01-08,5,jane@x.com,c1,n,too many
9,2025-01-09,,not mail,N/A,fine
10,2025-01-10,,not mail,c1,fine
11,infinity,,jane@x.com,c1,no such time
"""
EXPECTED = [
    (5, None, "too few cells", "2,2025-01-02,5"),
    (6, "at", "not a time", "3, 2025-02-30, 5, jane@x.com, c1, bad date"),
    (11, "amount", "not a number", "5, 2025-01-05, 12O.5, jane@x.com, c1, bad number"),
    (12, "id", "no key", "2025-01-06, 5, jane@x.com, c1, no key"),
    (13, "at", "no time", "7, 5, jane@x.com, c1, no time"),
    (14, None, "too many cells", "8,2025-01-08,5,jane@x.com,c1,n,too many"),
    (15, "cookie", "null_word", "N/A"),
    (15, "mail", "email_no_at", "not mail"),
    (17, "at", "not a time", "11, infinity, jane@x.com, c1, no such time"),
]


@pytest.mark.parametrize("form", ["lf", "crlf", "gz", "utf-16", "cp1252", "mixed", "blank first"])
def test_every_refusal_has_its_line_and_reason(shop, form):
    """Rejects point at the line a text editor shows, past cells of many lines, blank lines, refused rows and copies."""
    lead = 0
    if form == "crlf":
        shop.put("web.csv", FULL.replace("\n", "\r\n"))
    elif form == "gz":
        shop.put("web.csv.gz", gzip.compress(FULL.encode()))
        shop.declare(
            (shop.folder / "scvgraph.toml")
            .read_text()
            .partition("false\n")[2]
            .replace("web.csv", "web.csv.gz")
        )
    elif form == "mixed":
        shop.put("web.csv", FULL.replace("5,jane@x.com,c1,bad date\n", "5,jane@x.com,c1,bad date\r\n"))
    elif form == "blank first":
        lead = 2
        shop.put("web.csv", "\n\n" + FULL)
    elif form == "lf":
        shop.put("web.csv", FULL)
    else:
        shop.put("web.csv", FULL.encode(form))
        shop.declare(
            (shop.folder / "scvgraph.toml")
            .read_text()
            .partition("false\n")[2]
            .replace('key = "id"', f'key = "id"\nencoding = "{form}"')
        )
    shop.run()
    assert shop.rejects() == [(line + lead, *rest) for line, *rest in EXPECTED]
    assert [counts[1:] for counts in shop.files()] == [(11, 4, 7, 0)]
    assert shop.rows(
        "SELECT text, count FROM rejects WHERE reason IN ('email_no_at', 'null_word') ORDER BY 1"
    ) == [("N/A", 1), ("not mail", 2)]
    assert sorted(shop.keys()) == ["1", "10", "4", "9"]


def test_bytes_that_are_not_utf_8_refuse_their_row_and_name_the_cure(shop):
    """A latin-1 byte in a file read as UTF-8 costs one row, and the reason says which option to set."""
    shop.put(
        "web.csv", HEADER.encode() + b"1,2025-01-01,1,a@x.com,c1,caf\xe9\n2,2025-01-02,1,b@x.com,c2,ok\n"
    )
    shop.run()
    [(line, column, reason, _)] = shop.rejects()
    assert (line, column) == (2, None)
    assert "encoding" in reason
    assert [counts[1:] for counts in shop.files()] == [(2, 1, 1, 0)]


def test_an_open_quote_says_how_much_it_swallowed(shop):
    """A quote that is never closed takes the rest of the file into one refused row, and the reason says so."""
    shop.put(
        "web.csv",
        HEADER
        + '1,2025-01-01,1,a@x.com,c1,n\n2,2025-01-02,1,b@x.com,c2,"open\n'
        + "3,2025-01-03,1,c@x.com,c3,n\n" * 5,
    )
    shop.run()
    [(line, _, reason, _)] = shop.rejects()
    assert line == 3
    assert "6 lines were taken for one" in reason or "7 lines were taken for one" in reason


JSON = """
[sources.web]
shape = "events"
files = "web.jsonl"
key = "id"
time = "at"
value = "cart.total"
[sources.web.identifiers]
email = "user.mail"
cookie_id = "cookie"
"""


def test_json_lines_are_refused_one_by_one(shop):
    """A broken line, a value that is no object, and bytes that are not UTF-8 are refused; blank lines count as lines."""
    shop.declare(JSON)
    lines = [
        b'{"id": 1, "at": "2025-01-01T00:00:00Z", "user": {"mail": "a@x.com"}, "cart": {"total": 5}}',
        b"",
        b'{"id": 2, "at": "2025-01-01',
        b"[1, 2]",
        b'{"id": 3, "at": "2025-01-01T00:00:00Z", "user": {"mail": "caf\xe9@x.com"}}',
        b'  {"id": 4, "at": "2025-01-01T00:00:00Z", "user": {"mail": "no mail"}, "cookie": null}  ',
        b'{"id": 5, "user": {}, "cart": {"total": "many"}}',
    ]
    shop.put("web.jsonl", b"\n".join(lines))
    shop.run()
    assert [(line, column, reason) for line, column, reason, _ in shop.rejects()] == [
        (3, None, "not a JSON object"),
        (4, None, "not a JSON object"),
        (5, None, 'not UTF-8; set `encoding` of the source, such as "cp1252"'),
        (6, "user.mail", "email_no_at"),
        (7, "at", "no time"),
    ]
    assert [counts[1:] for counts in shop.files()] == [(6, 2, 4, 0)]


def test_the_line_of_a_value_is_left_out_when_its_file_has_changed(shop):
    """Values are set aside without a line when the file is no longer what was read."""
    path = shop.put("web.csv", HEADER + "1,2025-01-01,1,no mail,c1,n\n")

    class Stop(Exception):  # noqa: N818
        pass

    def tell(said):
        if said.startswith("cleaning"):
            path.write_text(HEADER)
            raise Stop

    with pytest.raises(Stop):
        shop.run(tell=tell)
    shop.run()
    assert shop.rejects() == [(None, "mail", "email_no_at", "no mail")]


BAD = '1,2025-01-01,1,no mail,c1,"bad,value"\n'
GOOD = "1,2025-01-01,1,a@x.com,c1,n\n"
FAULTY = "2,2025-02-30,1,b@x.com,c2,bad time\n"
UNKEYED = EVENTS.replace('key = "id"\n', "")
NOW = "SELECT line, reason, count FROM rejects WHERE current ORDER BY line, reason"


@pytest.mark.parametrize("sources", [EVENTS, UNKEYED])
def test_refusals_of_an_earlier_version_are_told_apart(shop, sources):
    """A corrected file has no refusals of its present version; those of the earlier one stay, marked, with their batch."""
    shop.declare(sources)
    shop.put("web.csv", HEADER + BAD + FAULTY)
    shop.run()
    assert shop.rows(NOW) == [(2, "email_no_at", 1), (3, "not a time", 1)]
    shop.put("web.csv", HEADER + GOOD + FAULTY.replace("02-30", "02-28"))
    shop.run()
    assert shop.rows(NOW) == []
    assert shop.rows("SELECT DISTINCT batch, current FROM rejects") == [(1, False)]
    assert shop.rows("SELECT current, count(*) FROM files GROUP BY 1 ORDER BY 1") == [(False, 1), (True, 1)]


@pytest.mark.parametrize("sources", [EVENTS, UNKEYED])
def test_refusals_of_a_grown_file_are_those_of_all_its_lines(shop, sources):
    """A file that grew repeats what was refused before: its present version has all of it, each once, where it stands now."""
    shop.declare(sources)
    shop.put("web.csv", HEADER + BAD + FAULTY)
    shop.run()
    shop.put("web.csv", HEADER + "3,2025-01-03,1,c@x.com,c3,n\n" + BAD + FAULTY + BAD.replace("1,", "4,", 1))
    shop.run()
    assert shop.rows(NOW) == [(3, "email_no_at", 2), (4, "not a time", 1)]
    status = scvgraph_status(shop)
    assert (status.files, status.rejects) == (1, 2)


def test_a_file_read_otherwise_has_its_new_refusals_only(shop):
    """When a source is declared otherwise, what was refused under the old declaration is no longer current."""
    shop.put("web.csv", HEADER + BAD)
    shop.run()
    shop.declare(EVENTS.replace('email = "mail"\n', ""))
    shop.run()
    assert shop.rows(NOW) == []


def test_refusals_of_a_source_taken_out_are_not_shown(shop):
    """A source that is no longer declared has neither files nor rejects in the tables."""
    shop.declare(EVENTS + EVENTS.replace("sources.web", "sources.app").replace("web.csv", "app.csv"))
    shop.put("web.csv", HEADER + BAD)
    shop.put("app.csv", HEADER + GOOD)
    shop.run()
    shop.declare(EVENTS.replace("sources.web", "sources.app").replace("web.csv", "app.csv"))
    shop.run()
    assert shop.rows("SELECT count(*) FROM rejects") == [(0,)]


def scvgraph_status(shop):
    from scvgraph.status import status

    return status(shop.store)
