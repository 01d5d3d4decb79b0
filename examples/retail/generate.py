"""A small omnichannel retailer that never was, with the truth about who is who.

Harbour & Pine sells homeware and clothes in shops, on the web and in an app. Its customers live in
households. They find it through a search, an advertisement, a newsletter or a friend, look around on
whatever lies to hand (a laptop whose cookies expire, a phone, the family tablet), sign in when they must,
and in the end buy, on the web, in the app or at a till, and now and then bring something back. Six systems
saw them, each in its own format and with its own habits: the CRM, the web shop, the app, the tills, the
newsletter tool and the call centre. README.md lists what is wrong with each of them, and how often.

    python generate.py                  writes the files shipped in data/, byte for byte
    python generate.py OUT --people 200000 --events 4000000 --seed 3

The same arguments give the same bytes: there is no clock here, no hash() and no set order; every table
throws its own dice, so that changing one leaves the others alone; and dice are turned into values by
arithmetic only, no logarithms whose last bit depends on the processor. (The two compressed files are
the same bytes only under the same zlib and pyarrow; their contents are the same everywhere.)

world.py makes the people, visits.py what they do, systems.py what was recorded of it; here are the files.
"""

from __future__ import annotations

import argparse
import gzip
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from systems import (
    app_events,
    call_tickets,
    crm_records,
    decisions,
    newsletter_rows,
    till_receipts,
    web_events,
)
from visits import make_visits
from world import HERE, World, digits, iso, make_world, text, uuids

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_ROWS = {  # where in the file (as a share of it), and the line: README.md lists them
    "crm": [(0.3, "X00001,Ines,Rossi"), (0.7, 'X00002,Tom,Baker,tom.baker@outlook.com,,07400 555019,1984-02-30,"2 Mill Lane",Bristol,BS3 1AA,GB,2026-02-31 09:12:00,yes')],
    "web": [
        (0.2, '{"event_id":"x000001","timestamp":"2025-09-31T25:00:00Z","event":"page_view","anonymous_id":"00000000deadbeef"}'),
        (0.5, '{"event_id":"x000002","timestamp":"2025-12-11T18:02:1'),
        (0.8, '{"event_id":"x000003","timestamp":"2026-03-02T19:20:21.000Z","event":"purchase","anonymous_id":"00000000deadbeef","revenue":"1e999"}'),
    ],
    "pos": [
        (0.1, "x000001;32/13/2025 11:20:00;LY00000017;;19.99;Bristol Wharf;T2;"),
        (0.4, "x000002;14/11/2025 12:01:44;LY00000017"),
        (0.9, "x000003;02/05/2026 16:40:10;LY00000017;;12O.50;Glasgow Arcade;T1;"),
    ],
    "email": [(0.6, "x000001\tyesterday\tsent\tsam.hill@outlook.com\twk30-gifts\t")],
    "calls": [(0.5, "x000001,2026-02-30 10:00:00,07400 555020,Sam Hill,,return")],
}  # fmt: skip


def spoilt(lines: str, source: str) -> str:
    """The file's text with its malformed rows put in, never before the header."""
    pieces, done = [], 0
    for share, bad in BAD_ROWS[source]:
        at = lines.index("\n", max(lines.index("\n"), int(len(lines) * share))) + 1
        pieces += [lines[done:at], bad, "\n"]
        done = at
    return "".join([*pieces, lines[done:]])


def csv_text(table: pd.DataFrame, columns: Sequence[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    table.to_csv(out, columns=list(columns), sep=delimiter, index=False, lineterminator="\n")
    return out.getvalue()


def json_lines(table: pd.DataFrame) -> str:
    """One object a line, fields without a value left out; every value here is plain ASCII without quotes."""
    stamp = text(iso(table["time"].to_numpy(np.int64)), "Z")
    pieces = [
        pa.array(text('{"event_id":"', table["event_id"].to_numpy(np.str_), '","timestamp":"', stamp, '"'))
    ]
    for column in (
        "event",
        "anonymous_id",
        "user_email",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "referrer",
        "page",
        "revenue",
        "ip",
    ):
        values = table[column].to_numpy(np.str_)
        quote = "" if column == "revenue" else '"'
        pieces.append(pa.array(np.where(values == "", "", text(f',"{column}":{quote}', values, quote))))
    whole = pc.binary_join_element_wise(*pieces, "}\n", "")
    return "".join(whole.to_pylist())


def app_table(table: pd.DataFrame) -> pa.Table:
    """Typed columns, nulls where nothing is known; one row lost its time (the malformed one)."""

    def nullable(column: str) -> pa.Array:
        values = table[column].to_numpy(np.str_)
        return pa.array(values, mask=values == "")

    amount = nullable("amount").cast(pa.float64())
    good = pa.table({
        "id": nullable("id"), "occurred_at": pa.array(table["time"].to_numpy(np.int64).astype("M8[ms]")),
        **{c: nullable(c) for c in ("action", "device_id", "user_id", "email", "campaign")}, "amount": amount,
    })  # fmt: skip
    bad = {
        "id": "x000001",
        "occurred_at": None,
        "action": "app_open",
        "device_id": uuids(np.array([17]), 12)[0],
    }
    half = good.num_rows // 2
    return pa.concat_tables(
        [good.slice(0, half), pa.Table.from_pylist([bad], schema=good.schema), good.slice(half)]
    ).combine_chunks()


def truth_text(world: World, tables: dict[str, tuple[pd.DataFrame, str]]) -> str:
    pieces = []
    for source, (table, key) in tables.items():
        person = table["person"].to_numpy(np.int64)
        entity, home = text("p", digits(person, 5)), text("h", digits(world.household[person], 5))
        pieces.append(
            pd.DataFrame({"source": source, "key": table[key], "entity": entity, "household": home})
        )
    return csv_text(pd.concat(pieces), ["source", "key", "entity", "household"])


def generate(
    out: Path, people: int = 2_000, events: int = 40_000, seed: int = 7, until: str = "2026-06-30"
) -> dict[str, int]:
    """Write the example into the folder `out`; answer the number of good rows of each source.

    `events` is aimed at within a few per cent. Time is linear in people + events, about 20 s per million.
    """
    if people < 300 or events < 3_000:
        raise ValueError(f"{people} people and {events} events: at least 300 and 3,000 show every phenomenon")
    out.mkdir(parents=True, exist_ok=True)
    world = make_world(people, seed, until)
    visits = make_visits(world, int(events * 0.225))
    web, app = web_events(world, visits), app_events(world, visits)
    pos, calls = till_receipts(world, visits, int(events * 0.19)), call_tickets(world, int(events * 0.035))
    mail, crm = newsletter_rows(world, web, int(events * 0.13)), crm_records(world)

    crm_columns = [
        "customer_no",
        "first_name",
        "last_name",
        "email",
        "phone",
        "mobile",
        "birth_date",
        "street",
        "city",
        "postcode",
        "country",
        "updated_at",
        "marketing_opt_in",
    ]
    pos_columns = [
        "receipt",
        "sold_at",
        "loyalty_card",
        "email_for_receipt",
        "amount",
        "store",
        "till",
        "device",
    ]
    (out / "crm.csv").write_bytes(spoilt(csv_text(crm, crm_columns), "crm").encode())
    (out / "pos.csv").write_bytes(spoilt(csv_text(pos, pos_columns, ";"), "pos").encode("latin-1"))
    (out / "email_campaign.tsv").write_bytes(
        spoilt(
            csv_text(mail, ["message_id", "at", "action", "recipient", "campaign", "cookie"], "\t"), "email"
        ).encode()
    )
    (out / "call_centre.csv").write_bytes(
        spoilt(
            csv_text(calls, ["ticket", "opened_at", "caller", "customer_name", "loyalty_card", "topic"]),
            "calls",
        ).encode("utf-8-sig")
    )
    with (out / "web_events.jsonl.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(spoilt(json_lines(web), "web").encode())
    pq.write_table(app_table(app), out / "app_events.parquet", compression="zstd")
    (out / "decisions.csv").write_bytes(csv_text(frame := decisions(world, crm), frame.columns).encode())
    tables = {
        "crm": (crm, "customer_no"),
        "web": (web, "event_id"),
        "app": (app, "id"),
        "pos": (pos, "receipt"),
        "email": (mail, "message_id"),
        "calls": (calls, "ticket"),
    }
    (out / "truth.csv").write_bytes(truth_text(world, tables).encode())
    return {source: len(table) for source, (table, _) in tables.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the retail example's files.")
    parser.add_argument("out", nargs="?", type=Path, default=HERE / "data")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", default="2026-06-30", help="the last day, a year's data before it")
    args = parser.parse_args()
    for source, rows in generate(**vars(args)).items():
        print(f"{source:6} {rows:>9,} rows")


if __name__ == "__main__":
    main()
