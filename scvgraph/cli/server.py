"""Which Neo4j server a command works with: options, else the environment, else the project file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scvgraph.config.project import Neo4jServer, Project
    from scvgraph.publish.target import Target

_OPTIONS = (
    ("uri", {"metavar": "URI", "help": "Such as bolt://localhost:7687 or neo4j+s://HOST; else NEO4J_URI."}),
    ("user", {"metavar": "NAME", "help": "Who to be there; else NEO4J_USERNAME, else neo4j."}),
    ("database", {"metavar": "NAME", "help": "Which database; else NEO4J_DATABASE, else neo4j."}),
    (
        "password-file",
        {
            "type": click.Path(path_type=Path),
            "help": "A file whose first line is the password; else NEO4J_PASSWORD, else you are asked.",
        },
    ),
    (
        "certificate",
        {
            "type": click.Path(path_type=Path),
            "help": "Trust this authority's certificate (PEM), with bolt:// or neo4j://.",
        },
    ),
)


def server_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --uri and the others; pass what they give to `target`. There is no --password: process lists show it."""
    for name, settings in reversed(_OPTIONS):
        function = click.option(f"--{name}", **settings)(function)
    return function


def target(project: Project | None, given: dict[str, Any]) -> Target:
    """The database meant. given: what `server_options` have read."""
    from scvgraph.publish.target import Asked, choose

    server: Neo4jServer | None = project.neo4j if project else None
    return choose(Asked(**given), server, _ask)


def _ask(user: str) -> str:
    import sys

    if not sys.stdin.isatty():
        return ""
    return str(click.prompt(f"password of {user}", hide_input=True, err=True))
