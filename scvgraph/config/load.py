"""Reads a project file and reports all of its faults together."""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scvgraph.config.faults import Faults, Section
from scvgraph.config.project import (
    PROFILE,
    ChannelPolicy,
    CustomerPolicy,
    GraphPolicy,
    IdentifierKind,
    Neo4jServer,
    Project,
    Reading,
    Source,
)
from scvgraph.config.resolve import resolve_policy
from scvgraph.errors import ConfigError, UsageError
from scvgraph.identifiers.kinds import rule_for
from scvgraph.identifiers.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "scvgraph.toml"
DEFAULT_LIMITS = {"email": 3, "phone": 3}
EPOCHS = ("epoch_s", "epoch_ms", "epoch_us")
EXAMPLES = {"delimiter": "';' or '\\t'", "quote": "'\"'"}
SURVIVORS = ("most_recent", "most_frequent", "source_priority", "longest")
MISNAMED = {
    "UK": "GB",
    "EN": "GB",
    "ENG": "GB",
    "GBR": "GB",
    "USA": "US",
    "GER": "DE",
    "DEU": "DE",
    "FRA": "FR",
    "ESP": "ES",
    "ITA": "IT",
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
# Names that tables of the store use themselves, so that a trait cannot hide them.
RESERVED = frozenset(
    {
        "row",
        "source",
        "key",
        "ts",
        "kind",
        "channel",
        "campaign",
        "value",
        "converted",
        "customer",
        "id",
        "identifiers",
        "rows",
        "first_seen",
        "last_seen",
        "no",
        "seen",
        "file",
        "fit",
        "content",
        "household",
    }
)
NUMBERED = re.compile(r"[iI]\d+")  # columns of identifiers in the ledger


def load(path: str | Path, *, reading: bool = False) -> Project:
    """The project in a file, or in the `scvgraph.toml` of a folder. Raises ConfigError with every fault.

    reading: a finished store will be read, so what only a run needs (the file of nicknames) may be missing.
    """
    place = Path(path)
    if place.is_dir():
        place = place / FILE_NAME
    if not place.exists():
        raise UsageError(f"no project file at {place}; write one with `scvgraph init FILES...`")
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(place), [f"byte {error.start} is not UTF-8; save the file as UTF-8"]) from None
    return parse(text, place, reading=reading)


def parse(text: str, path: Path, *, reading: bool = False) -> Project:
    """The project that a text describes, as if it stood at `path`; see `load`. Raises ConfigError with every fault."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"not TOML: {error}"]) from None
    faults = Faults(text)
    top = Section(faults, "", values)
    project = _project(top, path, reading=reading)
    top.close()
    if faults.found:
        raise ConfigError(str(path), faults.found)
    return project


def _project(top: Section, path: Path, *, reading: bool) -> Project:
    head = top.section("project")
    folder = path.parent.resolve()
    region = _region(head, None)
    timezone = _timezone(head, "UTC")
    kinds = _kinds(top.section("identifiers"), region)
    sources = _sources(top.section("sources"), kinds, region)
    queries = folder / "cypher"
    project = Project(
        path=path,
        folder=folder,
        name=head.text("name", folder.name),
        store=folder / head.text("store", ".scvgraph"),
        region=region,
        timezone=timezone,
        decisions=head.texts("decisions"),
        kinds=kinds,
        sources=sources,
        resolve=resolve_policy(top.section("resolve"), sources, None if reading else folder),
        customers=_customers(top.section("customers"), sources),
        graph=_graph(top.section("graph")),
        channels=_channels(top.section("channels")),
        memory=head.text("memory"),
        threads=head.whole("threads", 0, lambda n: n >= 0, "a whole number of threads, 0 for all") or None,
        queries=queries if queries.is_dir() else None,
        neo4j=_neo4j(top.section("neo4j"), folder),
    )
    if project.memory is not None and not re.fullmatch(r"0*[1-9]\d*(\.\d+)?\s*[KMGT]i?B", project.memory):
        head.fault("memory", f"'{project.memory}' is not an amount such as '8GB'")
    head.close()
    return project


def _timezone(part: Section, default: str | None) -> Any:
    timezone = part.text("timezone", default)
    if timezone is not None and timezone not in zoneinfo.available_timezones():
        near = difflib.get_close_matches(timezone, zoneinfo.available_timezones(), 1)
        hint = f"; did you mean '{near[0]}'?" if near else ", such as 'Europe/London'"
        part.fault("timezone", f"'{timezone}' is not a time zone name{hint}")
    return timezone


def _region(part: Section, default: str | None) -> str | None:
    """A country whose phone numbers can be read."""
    region: str | None = part.text("region", default)
    if region is None or region == default:
        return region
    from scvgraph.identifiers.phone import known_region

    if known_region(region) != region:
        meant = MISNAMED.get(region.upper()) or known_region(region)
        hint = f"; did you mean '{meant}'?" if meant else ", such as 'GB'"
        part.fault("region", f"'{region}' is not an ISO country code of two capitals{hint}")
        return default
    return region


def _kinds(table: Section, region: str | None) -> dict[str, IdentifierKind]:
    kinds = {}
    for name in table.names():
        if not NAME.fullmatch(name):
            table.fault(name, "a kind's name is letters, digits and underscores, starting with a letter")
        _check_kind(table, name)
        kinds[name] = _kind(table.section(name), name, region)
    return kinds


def _check_kind(table: Section, name: str) -> None:
    if name == PROFILE:
        table.fault(name, "is what rows that tell of a person are called in the store; choose another name")


def _kind(part: Section, name: str, region: str | None) -> IdentifierKind:
    rule = rule_for(name)
    unique = part.flag("unique", default=False)
    limit = part.whole(
        "limit", DEFAULT_LIMITS.get(name, 0), lambda n: n >= 0, "a whole number, 0 for no limit"
    )
    if unique and part.has("limit") and limit != 1:
        part.fault("limit", "contradicts unique = true; keep one of them")
    options = Options(
        region=_region(part, region),
        gmail=part.flag("gmail", default=True),
        plus_tags=part.flag("plus_tags", default=True),
        case=part.text("case", "keep", choices=("lower", "upper", "keep")),
        strip=_characters(part, "strip"),
        null_words=part.texts("null_words"),
        placeholders=part.texts("placeholders"),
    )
    kind = IdentifierKind(
        name=name,
        limit=1 if unique else limit,
        trust=part.number("trust", rule.trust, lambda x: 0 < x <= 1, "a number above 0 and at most 1"),
        links=part.flag("links", default=rule.links),
        options=options,
    )
    part.close()
    return kind


def _characters(part: Section, key: str) -> str:
    value = part.raw(key, "")
    if not isinstance(value, str):
        part.fault(key, "must be characters in quotes, such as ' -'")
        return ""
    return value


def default_kind(name: str, region: str | None) -> IdentifierKind:
    """A kind that sources use and no section describes."""
    rule = rule_for(name)
    return IdentifierKind(
        name, DEFAULT_LIMITS.get(name, 0), rule.trust, rule.links, Options(region=region, plus_tags=True)
    )


def _sources(table: Section, kinds: dict[str, IdentifierKind], region: str | None) -> dict[str, Source]:
    sources = {}
    for name in table.names():
        if not NAME.fullmatch(name):
            table.fault(name, "a source's name is letters, digits and underscores, starting with a letter")
        sources[name] = _source(table.section(name), name)
        for kind, _ in sources[name].identifiers:
            kinds.setdefault(kind, default_kind(kind, region))
    if not sources:
        table.fault("NAME", "no source is declared; add a section such as [sources.crm] with shape and files")
    return sources


def _source(part: Section, name: str) -> Source:
    shape = part.text("shape", choices=("records", "events"))
    if shape is None and not part.has("shape"):
        part.fault("shape", "is missing: 'records' for profile rows, 'events' for interactions")
    files = part.texts("files")
    if not files and not part.has("files"):
        part.fault("files", "is missing: a file, a folder, a pattern such as 'data/*.csv', or a list of them")
    events = shape != "records"  # a misspelled shape is one fault, not one for every key of events
    time = part.text("time") if events else part.text("updated")
    source = Source(
        name=name,
        shape=shape or "events",
        files=files,
        key=part.text("key"),
        time=time,
        kind=part.text("kind") if events else None,
        channel=part.text("channel") if events else None,
        campaign=part.text("campaign") if events else None,
        value=part.text("value") if events else None,
        conversion=_conversion(part) if events else None,
        fixed=_fixed(part.section("fixed"), events=events) if part.has("fixed") else {},
        identifiers=_identifier_columns(part),
        traits=_trait_columns(part),
        reading=_reading(part),
    )
    if shape == "events" and time is None and not part.has("time"):
        part.fault("time", "is missing: the column that says when the event happened")
    for constant in source.fixed:
        if getattr(source, constant, None) is not None:
            part.fault(constant, f"is given both as a column and under fixed.{constant}; keep one")
    part.close()
    return source


def _conversion(part: Section) -> str | None:
    predicate: str | None = part.text("conversion")
    if predicate is None:
        return None
    from scvgraph.config.predicate import fault_of

    fault = fault_of(predicate)
    if fault is not None:
        part.fault("conversion", fault)
        return None
    return predicate


def _fixed(part: Section, *, events: bool) -> dict[str, str]:
    names = ("kind", "channel", "campaign") if events else ("kind",)
    fixed = {name: part.text(name) for name in names}
    part.close()
    return {name: value for name, value in fixed.items() if value is not None}


def _identifier_columns(part: Section) -> tuple[tuple[str, str], ...]:
    table = part.section("identifiers")
    pairs = [(kind, column) for kind in table.names() for column in table.texts(kind)]
    for kind in table.names():
        if not NAME.fullmatch(kind):
            table.fault(kind, "a kind's name is letters, digits and underscores, starting with a letter")
        _check_kind(table, kind)
    if not table.names() and not part.has("traits"):
        part.fault(
            "identifiers",
            f'is missing: write [{part.path}.identifiers] with lines such as email = "e_mail",'
            f' or [{part.path}.traits] with lines such as last_name = "surname"',
        )
    return tuple(pairs)


def _trait_columns(part: Section) -> tuple[tuple[str, str], ...]:
    table = part.section("traits")
    pairs: list[tuple[str, str]] = []
    for trait in table.names():
        column = table.text(trait)
        if trait.lower() in [other.lower() for other, _ in pairs]:
            table.fault(trait, "differs from another trait in capitals only; name it otherwise")
        elif not NAME.fullmatch(trait) or trait.lower() in RESERVED or NUMBERED.fullmatch(trait):
            table.fault(
                trait,
                "cannot name a trait: use letters, digits and underscores, and none of the store's own columns: "
                + ", ".join(sorted(RESERVED))
                + ", and i0, i1 ...",
            )
        elif column is not None:
            pairs.append((trait, column))
    return tuple(pairs)


def _reading(part: Section) -> Reading:
    reading = Reading(
        format=part.text("format", choices=("csv", "jsonl", "parquet")),
        delimiter=_mark(part, "delimiter"),
        quote=_mark(part, "quote", may_be_empty=True),
        encoding=part.text("encoding"),
        header=part.flag("header", default=True) if part.has("header") else None,
        time_format=part.text("time_format"),
        timezone=_timezone(part, None),
        decimal=part.text("decimal", ".", choices=(".", ",")),
    )
    if reading.encoding is not None and not _is_encoding(reading.encoding):
        part.fault(
            "encoding",
            f'\'{reading.encoding}\' is no encoding known here; try "utf-8", "cp1252" or "latin-1"',
        )
    if reading.time_format is not None and reading.time_format not in EPOCHS:
        from scvgraph.config.predicate import fault_of_time_format

        fault = fault_of_time_format(reading.time_format)
        if fault is not None:
            part.fault("time_format", fault)
    return reading


def _mark(part: Section, key: str, *, may_be_empty: bool = False) -> str | None:
    """One character that shapes a file; for quotes also none."""
    value = part.raw(key)
    if value is None or (may_be_empty and value == ""):
        return value  # type: ignore[no-any-return]
    if not isinstance(value, str) or len(value) != 1 or value in "\r\n" or not value.isascii():
        cure = ' (none: "")' if may_be_empty else ""
        part.fault(key, f"must be one ASCII character{cure}, such as {EXAMPLES[key]}")
        return None
    return value


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)  # noqa: SLF001 - there is no other way to ask
    except LookupError:
        return False


def _customers(part: Section, sources: Mapping[str, Source]) -> CustomerPolicy:
    traits_part = part.section("traits")
    known = {trait for source in sources.values() for trait, _ in source.traits}
    traits = {}
    for trait in traits_part.names():
        if trait not in known:
            traits_part.fault(
                trait, "no source has this trait; known: " + (", ".join(sorted(known)) or "none")
            )
        traits[trait] = traits_part.text(trait, "most_recent", choices=SURVIVORS)
    priority = part.texts("priority")
    for name in priority:
        if name not in sources:
            part.fault("priority", f"'{name}' is not a source; known: {', '.join(sources) or 'none'}")
    policy = CustomerPolicy(part.text("default", "most_recent", choices=SURVIVORS), traits, priority)
    part.close()
    return policy


def _graph(part: Section) -> GraphPolicy:
    policy = GraphPolicy(
        build=part.flag("build", default=True),
        touchpoints=part.text("touchpoints", "all", choices=("all", "converting", "none")),
    )
    part.close()
    return policy


def _channels(part: Section) -> ChannelPolicy:
    from scvgraph.config.predicate import EVENT, fault_of

    rules_part = part.section("rules")
    rules = {name: rules_part.text(name) for name in rules_part.names()}
    touch = part.text("touch")
    for section, name, predicate in (*((rules_part, n, p) for n, p in rules.items()), (part, "touch", touch)):
        fault = fault_of(predicate, EVENT) if predicate else None
        if fault is not None:
            section.fault(name, fault)
    policy = ChannelPolicy(
        rules={name: predicate for name, predicate in rules.items() if predicate},
        shipped=part.flag("shipped", default=True),
        source=part.text("source"),
        medium=part.text("medium"),
        referrer=part.text("referrer"),
        touch=touch,
    )
    part.close()
    return policy


def _neo4j(part: Section, folder: Path) -> Neo4jServer:
    if part.has("password"):
        part.fault(
            "password",
            "does not belong into a file that is shared; name a password_file, or set NEO4J_PASSWORD",
        )
        part.raw("password")
    password_file, certificate = part.text("password_file"), part.text("certificate")
    server = Neo4jServer(
        uri=part.text("uri"),
        user=part.text("user"),
        database=part.text("database"),
        password_file=folder / password_file if password_file else None,
        certificate=folder / certificate if certificate else None,
    )
    part.close()
    return server
