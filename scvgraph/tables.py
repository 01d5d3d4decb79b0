"""Every table there is: columns, types, meaning, and the stage that makes it.

A table is one or more Parquet files. Ledger tables are append-only (one file per batch and source);
generation tables are written once, in the generation's own folder, and never changed. Numbers (`row`, `no`,
`identifier`, `a`, `b`) are storage: they join tables of one store and mean nothing outside it.
Times are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One noun: what a row is, who makes it, and its columns (further ones may follow, as `extra` says)."""

    name: str
    row: str
    made_by: str
    columns: tuple[Column, ...]
    extra: str = ""


def _table(name: str, row: str, made_by: str, *columns: tuple[str, str, str], extra: str = "") -> Table:
    return Table(name, row, made_by, tuple(Column(*c) for c in columns), extra)


_ROW = (
    ("row", "BIGINT", "number of the row in the ledger"),
    ("source", "VARCHAR", "the source's name in the project file"),
    ("key", "VARCHAR", "the declared key, else 16 hex digits of the row's content"),
    ("ts", "TIMESTAMP", "when: event time, or the record's updated time; null if unknown"),
)

LEDGER = (
    _table(
        "records",
        "a profile record as it stood in a file",
        "ingest",
        *_ROW,
        ("kind", "VARCHAR", "how its identifiers were seen together: record"),
        extra="one VARCHAR column per trait of any records source",
    ),
    _table(
        "events",
        "an interaction",
        "ingest",
        *_ROW,
        ("kind", "VARCHAR", "what happened: login, page, purchase ... as the source says"),
        ("channel", "VARCHAR", "marketing or contact channel"),
        ("campaign", "VARCHAR", "campaign, if any"),
        ("value", "DOUBLE", "money or other value of the event"),
        ("converted", "BOOLEAN", "whether the source's conversion predicate holds"),
        extra="one VARCHAR column per trait of any events source",
    ),
    _table(
        "sightings",
        "one row showing one identifier",
        "identifiers",
        ("row", "BIGINT", "the record or event"),
        ("source", "VARCHAR", "its source"),
        ("column", "VARCHAR", "the source column the value stood in"),
        ("identifier", "INTEGER", "the identifier's number"),
        ("ts", "TIMESTAMP", "when"),
        ("rule", "VARCHAR", "how sure a sighting of this kind of event is: a name in the table of rules"),
    ),
    _table(
        "rejects",
        "a row or a value refused",
        "ingest",
        ("source", "VARCHAR", "the source"),
        ("file", "VARCHAR", "the file, as named in the project"),
        ("batch", "INTEGER", "which batch the file was taken in with: tells versions of it apart"),
        ("line", "BIGINT", "line (text files) or row number (Parquet, tables) of the first occurrence"),
        ("column", "VARCHAR", "the column at fault; null if the whole row is"),
        ("reason", "VARCHAR", "why"),
        ("text", "VARCHAR", "the refused row or value"),
        ("count", "BIGINT", "how often this value was refused in this file; 1 for rows"),
        (
            "current",
            "BOOLEAN",
            "whether the file has not been read again since; only these are true of it now",
        ),
    ),
    _table(
        "files",
        "a file taken in",
        "ingest",
        ("batch", "INTEGER", "which run of ingest"),
        ("source", "VARCHAR", "the source"),
        ("file", "VARCHAR", "the file"),
        ("sha256", "VARCHAR", "of its bytes"),
        ("rows_read", "BIGINT", "rows in the file"),
        ("rows_added", "BIGINT", "rows new to the ledger"),
        ("rows_refused", "BIGINT", "rows in rejects"),
        ("rows_known", "BIGINT", "rows the ledger had already"),
        ("values_refused", "BIGINT", "distinct values set aside"),
        ("current", "BOOLEAN", "whether no newer version of the file has been read since"),
    ),
    _table(
        "decisions",
        "a person's ruling on two identifiers",
        "decide",
        (
            "batch",
            "INTEGER",
            "which batch it came with: of two rulings without a time the later batch's stands",
        ),
        ("file", "VARCHAR", "the file it was first read from; <decisions table> for a table in memory"),
        ("line", "BIGINT", "its line there"),
        ("decision", "VARCHAR", "must_link, cannot_link or withdrawn"),
        ("a", "VARCHAR", "one identifier, as written: kind:value"),
        ("b", "VARCHAR", "the other"),
        ("at", "TIMESTAMP", "when it was made; null if not said"),
        ("by", "VARCHAR", "by whom"),
        ("reason", "VARCHAR", "why"),
    ),
)

GENERATION = (
    _table(
        "identifiers",
        "a distinct identifier",
        "settle",
        ("no", "INTEGER", "its number"),
        ("kind", "VARCHAR", "email, phone, cookie_id ..."),
        ("value", "VARCHAR", "the cleaned value"),
        ("status", "VARCHAR", "ok, placeholder or shared; only ok ones merge people"),
        ("why", "VARCHAR", "why it is a placeholder or shared; null if ok"),
        ("count", "BIGINT", "sightings"),
        ("first_seen", "TIMESTAMP", "first sighting"),
        ("last_seen", "TIMESTAMP", "last sighting"),
    ),
    _table(
        "links",
        "two identifiers seen together, matched, or linked by a person, and the evidence",
        "settle",
        ("a", "INTEGER", "one identifier"),
        ("b", "INTEGER", "the other; each pair stands once"),
        ("rule", "VARCHAR", "the surest rule among the sightings"),
        ("count", "BIGINT", "rows showing both"),
        ("first_seen", "TIMESTAMP", "first of them"),
        ("last_seen", "TIMESTAMP", "last of them"),
        (
            "weight",
            "DOUBLE",
            "probability that both ends are one person, all observations combined, 6 decimals",
        ),
    ),
    _table(
        "refused_links",
        "a link not followed, or a match that dates of birth refused",
        "settle",
        ("a", "INTEGER", "one identifier"),
        ("b", "INTEGER", "the other"),
        ("reason", "VARCHAR", "unique, limit, first_name, birth_date, cannot_link, shared"),
        ("constraint", "VARCHAR", "in words: the constraint that refused it"),
        ("weight", "DOUBLE", "the link's weight"),
    ),
    _table(
        "matches",
        "two identifiers whose customers were joined by what they tell, not by being seen together",
        "match",
        ("a", "INTEGER", "one identifier: a record, or an e-mail address in which a name is read"),
        ("b", "INTEGER", "the other"),
        ("rule", "VARCHAR", "match; or household: what is left to a person by elimination"),
        ("weight", "DOUBLE", "probability that both ends are one person"),
        ("because", "VARCHAR", "what agreed and what did not"),
    ),
    _table(
        "near_matches",
        "two customers that came near to a match and were not joined: of each the surest such pair",
        "match",
        ("a", "INTEGER", "one identifier, as in matches"),
        ("b", "INTEGER", "the other"),
        ("weight", "DOUBLE", "probability that both are one person by what the pair tells; at least 0.1"),
        ("because", "VARCHAR", "what agreed and what did not"),
    ),
    _table(
        "model",
        "what one level of agreement in one trait is worth",
        "match",
        ("trait", "VARCHAR", "the trait; (prior) for what every pair starts from"),
        ("role", "VARCHAR", "how it is compared"),
        ("level", "VARCHAR", "how far two values agree"),
        ("m", "DOUBLE", "how often this level is seen between records of one person"),
        ("u", "DOUBLE", "how often between records of different ones"),
        ("bits", "DOUBLE", "log2(m / u): what it speaks for one person, before how common the value is"),
    ),
    _table(
        "model_frequencies",
        "a value that more than one customer tells, and how rare it is; personal data",
        "match",
        (
            "trait",
            "VARCHAR",
            "the trait; also any name, and the first letters of each part of the name",
        ),
        (
            "value",
            "VARCHAR",
            "the value as compared; (rarest) for any not listed, (expected) for an agreement by chance",
        ),
        ("bits", "INTEGER", "its surprise in thousandths of a bit: minus log2 of its share"),
    ),
    _table(
        "comparisons",
        "a trait, or an identifier that may be misspelled, and how it was compared",
        "match",
        ("trait", "VARCHAR", "the trait or the kind of identifier"),
        ("role", "VARCHAR", "how it is compared; off: not at all"),
        (
            "origin",
            "VARCHAR",
            "what decided it: declared, found (by name and values), model, not in the model, not in the data",
        ),
        ("written", "VARCHAR", "of dates whose year stands last: days first or months first"),
    ),
    _table(
        "blocks",
        "a rule by which pairs to compare were found, for the traits it rests on",
        "match",
        ("rule", "VARCHAR", "what must be equal"),
        ("traits", "VARCHAR", "the columns of the comparison that the rule rests on"),
        ("pairs", "BIGINT", "pairs it found"),
        (
            "dropped_blocks",
            "BIGINT",
            "keys that more entities have than the cap allows, and so were left out",
        ),
        ("dropped_entities", "BIGINT", "entities with such keys, an entity once for each key"),
        ("dropped_pairs", "BIGINT", "pairs not looked at for that; other rules may have found some of them"),
    ),
    _table(
        "memberships",
        "an identifier in a customer",
        "settle",
        ("identifier", "INTEGER", "the identifier"),
        ("customer", "INTEGER", "the customer's number"),
        ("valid_from", "TIMESTAMP", "start of the interval; null: always"),
        ("valid_to", "TIMESTAMP", "end of the interval; null: still"),
        (
            "confidence",
            "DOUBLE",
            "probability that it belongs to the person the rest of the customer is (docs/evaluation.md); 1 if alone",
        ),
        ("basis", "VARCHAR", "alone, linked or decision"),
    ),
    _table(
        "lineage",
        "what happened to a customer id",
        "settle",
        ("customer", "INTEGER", "the customer's number"),
        ("id", "VARCHAR", "its id"),
        (
            "change",
            "VARCHAR",
            "created, merged (into other), split (from other), moved (an identifier, to other), retired, revived",
        ),
        (
            "identifier",
            "VARCHAR",
            "the identifier that moved, kind:value; null for changes of a whole customer",
        ),
        ("other", "VARCHAR", "the other customer's id, if any"),
        ("generation", "INTEGER", "in which generation"),
        ("why", "VARCHAR", "why, in words"),
    ),
    _table(
        "rows",
        "a ledger row and the customer it belongs to",
        "owners",
        ("row", "BIGINT", "number of the row in the ledger"),
        ("source", "VARCHAR", "the source"),
        ("key", "VARCHAR", "the row's key in that source"),
        ("customer", "VARCHAR", "customer id, or null"),
        ("basis", "VARCHAR", "identifier kind that decided; without a customer: shared, placeholder or none"),
    ),
    _table(
        "customers",
        "the golden record",
        "customers",
        ("customer", "INTEGER", "its number"),
        ("id", "VARCHAR", "its id, for keeps"),
        ("identifiers", "INTEGER", "identifiers held, records not counted"),
        ("rows", "BIGINT", "rows of all sources"),
        ("first_seen", "TIMESTAMP", "first sighting of any identifier"),
        ("last_seen", "TIMESTAMP", "last"),
        extra="one VARCHAR column per trait",
    ),
    _table(
        "provenance",
        "where a value of a golden record comes from",
        "customers",
        ("customer", "INTEGER", "the customer's number"),
        ("trait", "VARCHAR", "the trait"),
        ("value", "VARCHAR", "the value that survived"),
        ("source", "VARCHAR", "from which source"),
        ("key", "VARCHAR", "from which row of it"),
        ("ts", "TIMESTAMP", "as of when"),
        ("rule", "VARCHAR", "most_recent, most_frequent, source_priority, longest"),
        ("rivals", "INTEGER", "other distinct values that did not survive"),
    ),
    _table(
        "relations",
        "two customers who share something",
        "relations",
        ("a", "INTEGER", "one customer's number"),
        ("b", "INTEGER", "the other's, which is the greater; each pair stands once"),
        ("customer", "VARCHAR", "id of the one"),
        ("other", "VARCHAR", "id of the other"),
        (
            "why",
            "VARCHAR",
            "kinds of things shared, in alphabetical order: address, device_id, ip, phone ...",
        ),
        (
            "strength",
            "DOUBLE",
            "how far all that is shared speaks for one household, from 0 to 1, 6 decimals",
        ),
        ("things", "INTEGER", "how many things both share"),
        ("through", "INTEGER[]", "numbers of the identifiers among them, ascending; addresses have none"),
    ),
    _table(
        "households",
        "a customer in a household of at least two",
        "relations",
        ("customer", "INTEGER", "the customer's number"),
        ("id", "VARCHAR", "its id"),
        ("household", "VARCHAR", "the household's id: H and the digits of the first of its customers' ids"),
        ("size", "INTEGER", "customers in it"),
    ),
    _table(
        "touchpoints",
        "an event in its customer's journey",
        "touchpoints",
        ("customer", "INTEGER", "the customer's number"),
        ("seq", "INTEGER", "1 for the first; ties in time in the order of the rows' content"),
        ("row", "BIGINT", "the event's row in the ledger"),
        ("ts", "TIMESTAMP", "when"),
        ("gap_s", "BIGINT", "seconds since the touchpoint before; null for the first"),
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in (*LEDGER, *GENERATION)}
