"""What a project file says, once read: frozen values, no logic but small questions about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scvgraph.nicknames import BUILT_IN
from scvgraph.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scvgraph.identifiers.options import Options

OFF = "off"  # in [resolve.compare]: not compared
PROFILE = "record"  # the kind of a row that tells of a person, as a node beside identifiers; its value is source/key

Shape = Literal["records", "events"]
Survivor = Literal["most_recent", "most_frequent", "source_priority", "longest"]


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """A kind of identifier: how it is cleaned, how far it is trusted, how many one customer may hold.

    limit: most values of this kind in one customer; 1 is `unique`, 0 no limit.
    trust: probability in (0, 1] that two rows showing one value show one person.
    links: whether it may merge people at all (an IP address may not).
    """

    name: str
    limit: int
    trust: float
    links: bool
    options: Options


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source's files are to be read; None means: found out from the file."""

    format: Literal["csv", "jsonl", "parquet"] | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    time_format: str | None = None
    timezone: str | None = None
    decimal: Literal[".", ","] = "."


@dataclass(frozen=True, slots=True)
class Source:
    """Files of one shape and which column means what.

    identifiers: (kind, column) pairs, in the order of the project file.
    traits: (trait, column) pairs.
    fixed: constants for `kind`, `channel`, `campaign` where no column says them.
    conversion: SQL predicate over kind, channel, campaign and value, or None.
    """

    name: str
    shape: Shape
    files: tuple[str, ...]
    key: str | None
    time: str | None
    kind: str | None
    channel: str | None
    campaign: str | None
    value: str | None
    conversion: str | None
    fixed: Mapping[str, str]
    identifiers: tuple[tuple[str, str], ...]
    traits: tuple[tuple[str, str], ...]
    reading: Reading = field(default_factory=Reading)

    @property
    def columns(self) -> tuple[str, ...]:
        """The file's columns the source uses, each once, in a stable order."""
        named = [self.key, self.time, self.kind, self.channel, self.campaign, self.value]
        named += [column for _, column in (*self.identifiers, *self.traits)]
        return tuple(dict.fromkeys(column for column in named if column is not None))


@dataclass(frozen=True, slots=True)
class ResolvePolicy:
    """Numbers the identity resolution goes by.

    rules: rule -> probability that what one such sighting shows together is one person.
    events: event kind -> rule, before the built-in reading of event kinds.
    hub: an identifier seen with more than so many identifiers of one surer kind merges nobody.
    shared_ratio: an identifier whose refused rival has at least this share of its best evidence is shared.
    half_life_days: evidence halves after so many days; 0 never.
    name_conflicts, date_conflicts: first names, dates of birth that cannot be one person's refuse links.
    email_names: names are read in e-mail addresses. blame: identifiers between persons kept apart become shared.
    match: compare what persons tell, to find those who share no identifier. bar: the probability from which two are
    one. fragments: join anonymous groups of a home to the one person there they are left to.
    cap: most entities that a key of candidates may have in common. nicknames, model: files, as the project writes them.
    compare: (trait or identifier kind) -> role it is compared by, or `off`, before what its name and values say.
    relations: find customers who share things, and households.
    """

    rules: Mapping[str, float]
    events: Mapping[str, str]
    hub: int = 10
    shared_ratio: float = 0.4
    half_life_days: float = 0.0
    name_conflicts: bool = True
    date_conflicts: bool = True
    email_names: bool = True
    blame: bool = True
    match: bool = True
    bar: float = 0.5
    fragments: bool = True
    cap: int = 100
    nicknames: str | None = None
    model: str | None = None
    compare: Mapping[str, str] = field(default_factory=dict)
    relations: bool = True

    def role_of(self, name: str, sample: Sequence[str] = ()) -> str:
        """What a trait means: as `compare` says, else as its name and a sample of its values do; `ignore` for `off`."""
        said = self.compare.get(name)
        return role_of(name, sample) if said is None else "ignore" if said == OFF else said


@dataclass(frozen=True, slots=True)
class CustomerPolicy:
    """How the golden record is chosen: a rule per trait, a default, and the order of sources."""

    default: Survivor = "most_recent"
    traits: Mapping[str, Survivor] = field(default_factory=dict)
    priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphPolicy:
    """What goes into the embedded Cypher graph."""

    build: bool = True
    touchpoints: Literal["all", "converting", "none"] = "all"


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """What counts as which channel when journeys are read; it decides nothing about customers.

    rules: channel -> SQL predicate over an event, the first that holds wins. shipped: whether the usual rules of web
    analytics follow. source, medium, referrer: traits of events with what their names say, None for the usual names.
    touch: SQL predicate of the events that may stand in a path, None for all.
    """

    rules: Mapping[str, str] = field(default_factory=dict)
    shipped: bool = True
    source: str | None = None
    medium: str | None = None
    referrer: str | None = None
    touch: str | None = None


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """The server that the graph is published to. The password itself stands in no project file."""

    uri: str | None = None
    user: str | None = None
    database: str | None = None
    password_file: Path | None = None
    certificate: Path | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A whole project file. Paths in it are relative to `folder`."""

    path: Path
    folder: Path
    name: str
    store: Path
    region: str | None
    timezone: str
    decisions: tuple[str, ...]
    kinds: Mapping[str, IdentifierKind]
    sources: Mapping[str, Source]
    resolve: ResolvePolicy
    customers: CustomerPolicy
    graph: GraphPolicy
    channels: ChannelPolicy = field(default_factory=ChannelPolicy)
    memory: str | None = None
    threads: int | None = None
    queries: Path | None = None
    neo4j: Neo4jServer = field(default_factory=Neo4jServer)

    @property
    def nicknames(self) -> Path:
        """The file of nicknames."""
        return BUILT_IN if self.resolve.nicknames is None else self.folder / self.resolve.nicknames

    @property
    def model(self) -> Path | None:
        """The file of a fixed model; None where each run learns its own."""
        return None if self.resolve.model is None else self.folder / self.resolve.model
