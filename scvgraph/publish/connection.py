"""A connection to the server, checked at once, whose errors say what to do."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scvgraph.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from scvgraph.publish.target import Target

OLDEST = 5  # releases named by year (2025.01 and later) are newer
NEEDED = "needs Neo4j 5 or later (5.26 is tested)"
RETRIED_S = 15.0  # how long the driver tries again what may succeed

_CURES = {
    "Neo.ClientError.Security.Unauthorized": "user '{user}' is refused by {target}: wrong user or password; set NEO4J_USERNAME and NEO4J_PASSWORD, or give --user and --password-file",
    "Neo.ClientError.Security.AuthenticationRateLimit": "{target} has seen too many wrong passwords; wait some seconds and try again with the right one",
    "Neo.ClientError.Security.CredentialsExpired": "the password of user '{user}' must be changed first: connect to database system and run ALTER CURRENT USER SET PASSWORD",
    "Neo.ClientError.Security.Forbidden": "user '{user}' may not do this in {target}; publishing needs a user who may write and make indexes",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": "{target} is read-only; nothing was written; make it writable (server.databases.read_only in neo4j.conf) and try again",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": "{target} is read-only; nothing was written; make it writable (server.databases.read_only in neo4j.conf) and try again",
    "Neo.ClientError.Procedure.ProcedureNotFound": "{target} lacks a procedure that was called; queries named ..._gds need the library Graph Data Science on the server",
    "Neo.ClientError.Statement.AccessMode": "{target} refused to write: queries only read",
    "Neo.ClientError.Database.DatabaseNotFound": "there is no {target}; Neo4j Community has one, called neo4j: give --database",
}
# The driver's warnings of what it tries again are not for the terminal; a program's own handlers still have them.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
_OUT_OF_MEMORY = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "OutOfMemory")


class Server:
    """An open connection: sessions on the target's database, and short reads."""

    def __init__(self, driver: neo4j.Driver, target: Target, version: str) -> None:
        self.driver, self.target, self.version = driver, target, version

    def session(self, *, read: bool = False) -> neo4j.Session:
        import neo4j

        mode = neo4j.READ_ACCESS if read else neo4j.WRITE_ACCESS
        return self.driver.session(database=self.target.database, default_access_mode=mode)

    def rows(self, cypher: str, **values: Any) -> list[list[Any]]:
        """Rows of a short read, tried again if it fails for a passing reason."""
        with self.session(read=True) as session:
            return session.execute_read(lambda tx: tx.run(cypher, values).values())

    def write(self, cypher: str, **values: Any) -> list[list[Any]]:
        """One statement in a transaction of its own; it must bear being run twice."""
        with self.session() as session:
            return session.execute_write(lambda tx: tx.run(cypher, values).values())


@contextmanager
def connect(target: Target) -> Iterator[Server]:
    """Connect, and say at once what stands in the way. Every error of the driver inside becomes a PublishError."""
    import neo4j
    from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError

    options: dict[str, Any] = {}
    if target.certificate is not None:
        options = {"encrypted": True, "trusted_certificates": neo4j.TrustCustomCAs(str(target.certificate))}
    try:
        with neo4j.GraphDatabase.driver(
            target.uri,
            auth=(target.user, target.password),
            connection_timeout=10,
            max_transaction_retry_time=RETRIED_S,
            notifications_min_severity="OFF",
            user_agent="scvgraph",
            **options,
        ) as driver:
            version = driver.get_server_info().agent
            check_version(version)
            server = Server(driver, target, version)
            server.rows("RETURN 1")  # the database is there and may be read
            yield server
    except (ConfigurationError, DriverError, Neo4jError) as error:
        raise PublishError(explained(error, target)) from None


def check_version(agent: str) -> None:
    """Raises PublishError for a server too old to be written to.

    >>> check_version("Neo4j/5.26.31"), check_version("Neo4j/2025.10.1")
    (None, None)
    """
    found = re.match(r"Neo4j/(\d+)\.", agent)
    if found is None or int(found[1]) < OLDEST:
        raise PublishError(f"the server is {agent}; publishing {NEEDED}")


def explained(error: Exception, target: Target) -> str:
    """What went wrong in words, without values of the data."""
    from neo4j.exceptions import UnsupportedServerProduct

    if isinstance(error, UnsupportedServerProduct):
        return (
            f"{target} answers, but in no version of the protocol that Neo4j 5 and later speak: it is an older release,"
            f" or another product; publishing {NEEDED}"
        )
    code = getattr(error, "code", None) or ""
    if code in _CURES:
        return _CURES[code].format(user=target.user, target=target)
    if any(word in code for word in _OUT_OF_MEMORY):
        return (
            f"{target} has too little memory to show the new state in one transaction; nothing of it is visible."
            " Raise server.memory.heap.max_size and publish again (it resumes), or load by `scvgraph export neo4j-admin`"
        )
    if code == "Neo.ClientError.Schema.IndexWithNameAlreadyExists":
        return (
            f"{target} has an index or constraint of ours on something else; drop those called scvgraph_..."
        )
    if code:
        said = str(getattr(error, "message", "")).splitlines()
        # The server's words may repeat values of the data; of syntax and such they do not.
        words = f": {said[0]}" if said and ".Statement." in code else ""
        return f"{target} refused ({code}){words}"
    return (
        f"{target} cannot be reached: {_reason(error)}; is the server up, the address and port right (7687 as a rule,"
        " not Browser's 7474), and encryption as the server wants it (bolt+s://)? A publish that was under way goes"
        " on when it is run again"
    )


def _reason(error: Exception) -> str:
    """What the system said underneath, if it did: refused, no such host, no encryption spoken."""
    from neo4j.exceptions import IncompleteCommit, SessionExpired

    broke = isinstance(error, (IncompleteCommit, SessionExpired))
    said = "the connection broke" if broke else type(error).__name__
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            said = cause.strerror
        cause = cause.__cause__ or cause.__context__
    return said
