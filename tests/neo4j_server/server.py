"""A real Neo4j Community server for the tests, from Maven's artefacts, on a home folder that survives a stop.

    NEO4J_URI, NEO4J_PASSWORD    use this server instead (its scvgraph nodes are deleted)
    SCVGRAPH_NEO4J=required      fail where there is no server to be had, instead of skipping; for continuous builds

The artefacts (130 MB) are brought once, into `~/.cache/scvgraph-tests`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PASSWORD = "correct-horse-1"
# Compiled quickly rather than well: our servers live for seconds, and starting is most of what they do.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1",)
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
CONF = """
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=true
server.http.listen_address=127.0.0.1:{http_port}
server.https.enabled=false
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
server.memory.pagecache.size={pagecache}
db.tx_log.preallocate=false
db.tx_log.rotation.size=64M
db.tx_log.rotation.retention_policy=keep_none
"""


class NoServerError(Exception):
    """Why there is no server to be had."""


CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "scvgraph-tests"


def jars() -> Path:
    """The folder of the server's artefacts, brought if need be. Raises NoServerError."""
    version = re.search(r"<neo4j.version>(.*?)<", (HERE / "pom.xml").read_text())[1]
    return brought("pom.xml", CACHE / f"neo4j-{version}")


def gds_jars() -> list[Path]:
    """The artefacts of Graph Data Science that the server does not have already."""
    version = re.search(r"<version>([\d.]+)<", (HERE / "gds.xml").read_text())[1]

    def artefact(path: Path) -> str:
        return re.sub(r"-\d[\w.-]*\.jar$", "", path.name)

    have = {artefact(path) for path in jars().iterdir()}
    found = sorted(brought("gds.xml", CACHE / f"gds-{version}").glob("*.jar"))
    return [
        path for path in found if artefact(path) not in have or "-9.0-" in path.name or version in path.name
    ]


def browser_jars() -> Path:
    """The folder with Neo4j Browser."""
    version = re.search(r"<version>([\d.]+)</version>\s*</dep", (HERE / "browser.xml").read_text())[1]
    return brought("browser.xml", CACHE / f"browser-{version}")


def start_class() -> Path:
    """The folder with Start.java compiled, which takes longer than starting."""
    folder = CACHE / f"start-{hashlib.sha256((HERE / 'Start.java').read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        aside = CACHE / f"compiling-{os.getpid()}"
        command = ["javac", "-cp", f"{jars()}/*", "-d", str(aside), str(HERE / "Start.java")]
        subprocess.run(command, check=True, capture_output=True)
        aside.rename(folder)
    return folder


def brought(pom: str, folder: Path) -> Path:
    for program in ("java", "javac", "mvn"):
        if shutil.which(program) is None and not (program == "mvn" and folder.exists()):
            raise NoServerError(f"no {program} on the path, and NEO4J_URI is not set")
    if not folder.exists():
        aside = CACHE / f"bringing-{os.getpid()}"
        command = ["mvn", "-q", "-B", "-f", str(HERE / pom), "dependency:copy-dependencies"]
        done = subprocess.run(
            [*command, "-DincludeScope=runtime", f"-DoutputDirectory={aside}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            shutil.rmtree(aside, ignore_errors=True)
            raise NoServerError(f"Maven cannot bring {pom}: {done.stdout[-500:]}")
        aside.rename(folder)
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """A server on a home folder; stop and start it as you like."""

    user, password, database = "neo4j", PASSWORD, "neo4j"

    def __init__(
        self,
        home: Path,
        *,
        heap: str = "600m",
        pagecache: str = "100m",
        port: int = 0,
        flags: tuple[str, ...] = SHORT_LIVED,
    ) -> None:
        self.home, self.heap, self.flags = home, heap, flags
        self.jars, self.browser_jars = jars(), browser_jars()
        self.port, self.http_port = port or free_port(), free_port()
        self._process: subprocess.Popen[str] | None = None
        (home / "conf").mkdir(parents=True, exist_ok=True)
        self.pagecache = pagecache
        self.configure("")

    def configure(self, more: str) -> None:
        """Further lines of neo4j.conf, for the next start."""
        said = CONF.format(port=self.port, http_port=self.http_port, pagecache=self.pagecache) + more
        (self.home / "conf" / "neo4j.conf").write_text(said)

    def add_gds(self) -> None:
        """Graph Data Science, from the next start on."""
        (self.home / "plugins").mkdir(exist_ok=True)
        for path in gds_jars():
            (self.home / "plugins" / path.name).symlink_to(path)
        self.configure("dbms.security.procedures.unrestricted=gds.*\n")

    def remove_gds(self) -> None:
        shutil.rmtree(self.home / "plugins")
        self.configure("")

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def browser(self) -> str:
        """Where Neo4j Browser is."""
        return f"http://localhost:{self.http_port}/browser/"

    def cpu_seconds(self) -> float:
        """What the running server has used so far."""
        spent = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")

    def java(self, *words: str) -> list[str]:
        opened = [word for package in OPENED for word in ("--add-opens", f"java.base/{package}=ALL-UNNAMED")]
        flags = ["-Xms200m", f"-Xmx{self.heap}", "-XX:+UseSerialGC", *self.flags]
        folders = (self.jars, self.browser_jars, self.home / "plugins")
        path = ":".join([str(start_class()), *(f"{folder}/*" for folder in folders)])
        return ["java", *flags, *opened, "-cp", path, *words]

    def start(self) -> Server:
        log = (self.home / "server.log").open("w")
        self._process = subprocess.Popen(
            self.java("Start", str(self.home)),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 180
        while "ready" not in (self.home / "server.log").read_text().splitlines():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = (self.home / "server.log").read_text()[-2000:]
                self.stop(kill=True)
                raise RuntimeError(f"the server did not start: {said}")
            time.sleep(0.1)
        self._first_password()
        return self

    def _first_password(self) -> None:
        from neo4j import GraphDatabase
        from neo4j.exceptions import AuthError

        change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new"
        try:
            with GraphDatabase.driver(self.uri, auth=("neo4j", "neo4j")) as driver:
                driver.execute_query(change, new=PASSWORD, database_="system")
        except AuthError:
            pass  # done at an earlier start

    def stop(self, *, kill: bool = False) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    def import_command(self, words: list[str]) -> None:
        """Run `neo4j-admin ...` on this home; the server must be stopped."""
        subprocess.run(
            self.java("org.neo4j.cli.AdminTool", *words),
            env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            check=True,
            capture_output=True,
            text=True,
        )


class Given:
    """The server that NEO4J_URI names: it cannot be stopped."""

    def __init__(self) -> None:
        self.uri = os.environ["NEO4J_URI"]
        self.user = os.environ.get("NEO4J_USERNAME", "neo4j")
        self.password = os.environ.get("NEO4J_PASSWORD", "neo4j")
        self.database = os.environ.get("NEO4J_DATABASE", "neo4j")
