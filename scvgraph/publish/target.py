"""Which server, who to it, and which database: from options, else the environment, else the project file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scvgraph.config.project import Neo4jServer

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True, slots=True)
class Target:
    """A database of a Neo4j server. certificate: of the authority to trust, where the system does not."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"
    certificate: Path | None = None

    def __str__(self) -> str:
        return f"database '{self.database}' at {self.uri}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was given on the command line; None where nothing was. A password is never given there."""

    uri: str | None = None
    user: str | None = None
    database: str | None = None
    password_file: Path | None = None
    certificate: Path | None = None


def choose(
    asked: Asked,
    server: Neo4jServer | None,
    ask: Callable[[str], str] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Target:
    """The target meant. ask: how to ask a person for the password, if there is one. Raises UsageError."""
    found = whereabouts(asked, server, environment)
    password = _password(asked, server, environment, lambda: ask(found.user) if ask else "")
    return replace(found, password=password)


def whereabouts(
    asked: Asked, server: Neo4jServer | None, environment: Mapping[str, str] = os.environ
) -> Target:
    """The target meant, without its password: for who only wants to name it. Raises UsageError."""
    uri = asked.uri or environment.get("NEO4J_URI") or (server and server.uri)
    if not uri:
        raise UsageError(
            "no Neo4j server is named; give --uri bolt://HOST:7687, set NEO4J_URI, or write uri under [neo4j] in scvgraph.toml"
        )
    scheme, colon, rest = uri.partition("://")
    if scheme not in SCHEMES or not colon or not rest:
        raise UsageError(f"'{uri}' is no address of Neo4j; write one such as bolt://localhost:7687")
    if "@" in rest:
        raise UsageError("an address holds no user and password; give --user, and NEO4J_PASSWORD")
    user = asked.user or environment.get("NEO4J_USERNAME") or (server and server.user) or "neo4j"
    return Target(
        uri=uri,
        user=user,
        password="",
        database=asked.database
        or environment.get("NEO4J_DATABASE")
        or (server and server.database)
        or "neo4j",
        certificate=asked.certificate or (server.certificate if server else None),
    )


def _password(
    asked: Asked, server: Neo4jServer | None, environment: Mapping[str, str], ask: Callable[[], str]
) -> str:
    file = asked.password_file
    if file is None and "NEO4J_PASSWORD" in environment:
        return environment["NEO4J_PASSWORD"]
    if file is None and server is not None:
        file = server.password_file
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise UsageError(f"cannot read the password file {file}: {error.strerror}") from None
    password = ask()
    if not password:
        raise UsageError("no password; set NEO4J_PASSWORD or give --password-file")
    return password
