"""A server of a few known files on this machine, with the headers Neo4j Browser wants of guides and styles."""

from __future__ import annotations

import errno
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scvgraph.browser.files import File
from scvgraph.errors import UsageError

LOCAL = "127.0.0.1"


class FileServer(ThreadingHTTPServer):
    """Serves what is put into `files`, to nobody but this machine. port: 0 for any free one.

    origin: the one web page, besides the address bar, that may read them.
    """

    daemon_threads = True

    def __init__(self, port: int, origin: str) -> None:
        self.origin = origin
        self.files: dict[str, File] = {}
        try:
            super().__init__((LOCAL, port), _Handler)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise UsageError(
                f"port {port} cannot be had: {error.strerror}; give another with --port, or 0 for any that is free"
            ) from None

    @property
    def base(self) -> str:
        """Its address. By name, because Neo4j's settings allow guides from localhost unless told otherwise."""
        return f"http://localhost:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer
    server_version, sys_version = "scvgraph", ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def do_OPTIONS(self) -> None:
        """What a page's browser asks beforehand, because Neo4j Browser sends headers of its own: against
        caches, and for the tracing of errors.
        """
        self._head(204 if self._is_ours() else 403, {"Content-Length": "0"})

    def _answer(self, *, with_content: bool) -> None:
        file = (
            self.server.files.get(self.path.partition("?")[0].removeprefix("/")) if self._is_ours() else None
        )
        content = file.content if file else b"no such file\n"
        kind = file.type if file else "text/plain; charset=utf-8"
        self._head(200 if file else 404, {"Content-Type": kind, "Content-Length": str(len(content))})
        if with_content:
            self.wfile.write(content)

    def _is_ours(self) -> bool:
        """Whether we were asked for by our own name: one that merely resolves to this machine is somebody's trick."""
        host = self.headers.get("Host", "")
        return host in {f"{name}:{self.server.server_port}" for name in ("localhost", LOCAL)}

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Vary", "Origin")
        if self.headers.get("Origin") == self.server.origin:
            self.send_header("Access-Control-Allow-Origin", self.server.origin)
            self.send_header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
            self.send_header("Access-Control-Allow-Headers", "*")
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name in the standard library
        """Says nothing: who wants to see requests has the browser's tools."""
