"""The address that opens Neo4j Browser, connected and with the guide, and what the server must be set to for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from scvgraph.errors import UsageError

HTTP_PORT = 7474
# Browser compares the name of the host with this setting; `localhost` is in its default.
SETTING = "browser.remote_content_hostname_whitelist"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database and its Browser are.

    uri: of the database, such as bolt://localhost:7687. browser: Browser's own address, with a slash at its end.
    """

    uri: str
    user: str
    database: str
    browser: str

    @property
    def origin(self) -> str:
        """What Browser names as its origin when it asks for a file."""
        parts = urlsplit(self.browser)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, base: str) -> str:
        """Browser's address with the connection to make and the guide to open. There is no password in it."""
        scheme, _, host = self.uri.partition("://")
        dbms = quote(f"{scheme}://{self.user}@{host}", safe=":/@+")
        guide = quote(f"{base}/guide.html", safe=":/")
        return f"{self.browser}?dbms={dbms}&db={quote(self.database)}&cmd=guide&arg={guide}"


def browser_of(uri: str, given: str | None) -> str:
    """Browser's address: as given, else on the database's host, where Neo4j serves it. Raises UsageError."""
    if given is None:
        host = urlsplit(uri).hostname or "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{HTTP_PORT}/browser/"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise UsageError(
            f"'{given}' is no address of Neo4j Browser; write one such as {browser_of(uri, None)}"
        )
    return given if given.endswith("/") else f"{given}/"
