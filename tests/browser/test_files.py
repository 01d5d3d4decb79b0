"""What Neo4j Browser is given, and the server that gives it: known files, the right headers, nobody else."""

from __future__ import annotations

import html
import http.client
import io
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import zipfile

import pytest
from click.testing import CliRunner

from scvgraph.browser.address import Place, browser_of
from scvgraph.browser.files import files
from scvgraph.browser.serve import FileServer
from scvgraph.cli import main
from scvgraph.embedded.statements import statements
from scvgraph.errors import UsageError

ORIGIN = "http://localhost:7474"


@pytest.fixture
def ask():
    """Asks a running server; returns status, headers and content."""
    server = FileServer(0, ORIGIN)
    server.files = files(server.base)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def asked(path, method="GET", host=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        line.putrequest(method, path, skip_host=True)
        line.putheader("Host", host or f"localhost:{server.server_port}")
        for name, value in headers.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer.status, answer.headers, content

    asked.server = server
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_files_and_their_types(ask):
    """Guide, style and favourites, as they are, with their media types; HEAD says the same without content."""
    for name, kind in (
        ("guide.html", "text/html; charset=utf-8"),
        ("style.grass", "text/plain; charset=utf-8"),
        ("favourites.zip", "application/zip"),
    ):
        status, headers, content = ask(f"/{name}", Origin=ORIGIN)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert content == ask.server.files[name].content
        assert headers["X-Content-Type-Options"] == "nosniff"
        status, headers, nothing = ask(f"/{name}", "HEAD")
        assert (status, headers["Content-Length"], nothing) == (200, str(len(content)), b"")


@pytest.mark.parametrize(
    "path",
    ["/", "/../pyproject.toml", "/style.grass/", "/%2e%2e/guide.html", "/etc/passwd", "/guide.html/.."],
)
def test_nothing_else(ask, path):
    """Only the known names are answered."""
    assert ask(path)[0] == 404


def test_who_may_read(ask):
    """Browser's origin may, with the headers it sends along; other pages, and other names of this machine, may not."""
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "cache-control,pragma"}
    status, headers, _ = ask("/guide.html", "OPTIONS", Origin=ORIGIN, **asked)
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert headers["Access-Control-Allow-Headers"] == "*"
    assert headers["Access-Control-Allow-Private-Network"] == "true"
    assert ask("/guide.html", Origin="http://elsewhere.example")[1]["Access-Control-Allow-Origin"] is None
    assert ask("/guide.html", host=f"elsewhere.example:{ask.server.server_port}")[0] == 404
    assert ask("/guide.html", "POST")[0] == 501


def test_on_this_machine_only(ask):
    """It listens on the loopback address and nowhere else; a port that is taken is said so."""
    assert ask.server.socket.getsockname()[0] == "127.0.0.1"
    assert ask.server.socket.family == socket.AF_INET
    with pytest.raises(UsageError, match=r"cannot be had.*--port"):
        FileServer(ask.server.server_port, ORIGIN)


def test_the_guide_holds_the_named_queries():
    """Their text as text: what is Cypher to run stands in the guide letter by letter."""
    guide = files("http://localhost:1")["guide.html"].content.decode()
    texts = [
        html.unescape(found) for found in re.findall(r"<pre[^>]*runnable[^>]*>(.*?)</pre>", guide, re.DOTALL)
    ]
    for name in ("shared_devices", "refused_links", "channel_map", "attribution_by_channel", "top_paths"):
        assert statements()[name].cypher.strip() in texts
    assert "{{" not in guide
    assert ":style http://localhost:1/style.grass" in texts


def test_a_project_has_its_own(tmp_path):
    """A guide, a style and queries in the project's `cypher/` folder stand before the shipped ones; names are plain."""
    (tmp_path / "browser").mkdir()
    (tmp_path / "browser" / "style.grass").write_text("node { color: #000000; }")
    (tmp_path / "channel_map.cypher").write_text("// Mine </pre><script>?\nRETURN 1 AS one")
    made = files("http://localhost:1", tmp_path)
    assert made["style.grass"].content == b"node { color: #000000; }"
    assert b"// Mine &lt;/pre&gt;&lt;script&gt;?" in made["guide.html"].content
    assert made["favourites.zip"] == files("http://localhost:2", tmp_path)["favourites.zip"]


def test_favourites():
    """Every named query, with its name in the first line, which Browser shows."""
    archive = zipfile.ZipFile(io.BytesIO(files("http://localhost:1")["favourites.zip"].content))
    known = statements(neo4j=True)
    assert {name.split("/")[1] for name in archive.namelist()} == {f"{name}.cypher" for name in known}
    assert (
        archive.read("scvgraph/journey.cypher").decode().startswith("// journey\n// What did a customer do")
    )


def test_the_style_can_be_read_by_browser():
    """Every rule has one class at most and no comment stands among them: Browser matches and reads no others."""
    style = files("http://localhost:1")["style.grass"].content.decode()
    heads = re.findall(r"^([^\s{].*?) \{$", style, re.MULTILINE)
    assert len(heads) == style.count("{\n")
    assert all(re.fullmatch(r"(node|relationship)(\.\w+)?", head) for head in heads)
    assert {"node.Customer", "node.Email", "node.LoyaltyId", "node.DeviceId", "relationship.LINKED"} <= set(
        heads
    )
    assert not re.search(r"//|/\*|#(?![0-9A-F]{6};)", style)


def test_addresses():
    """Browser stands on the database's host; the address names user, database and guide, never a password."""
    place = Place(
        "neo4j+s://h:7687", "a b&c", "x y", browser_of("neo4j+s://h:7687", "https://h:7473/browser")
    )
    assert place.origin == "https://h:7473"
    assert place.address("http://localhost:1") == (
        "https://h:7473/browser/?dbms=neo4j+s://a%20b%26c@h:7687&db=x%20y&cmd=guide&arg=http://localhost:1/guide.html"
    )
    assert browser_of("bolt://[::1]:7687", None) == "http://[::1]:7474/browser/"
    with pytest.raises(UsageError, match="no address of Neo4j Browser"):
        browser_of("bolt://h", "javascript:alert(1)")


def test_the_command(tmp_path):
    """It prints address, files and settings as JSON, serves until interrupted, and ends without an error."""
    command = [
        sys.executable,
        "-c",  # jobs in the background ignore interrupts
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import scvgraph.__main__",
        "browser",
        "--port",
        "0",
        "--json",
        "--uri",
        "bolt://db.example:7",
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as running:
        lines = []
        while not lines or lines[-1] != "}\n":
            lines.append(running.stdout.readline())
        said = json.loads("".join(lines))
        port = int(said["files"]["guide.html"].split(":")[2].split("/")[0])
        line = http.client.HTTPConnection("localhost", port, timeout=10)
        line.request("GET", "/style.grass", headers={"Origin": "http://db.example:7474"})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (
            200,
            "http://db.example:7474",
        )
        assert b"node.Customer" in answer.read()
        line.close()
        running.send_signal(signal.SIGINT)
        try:
            assert running.wait(20) == 0
        finally:
            running.kill()
    assert said["address"].startswith("http://db.example:7474/browser/?dbms=bolt://neo4j@db.example:7")
    assert said["settings"] == {"browser.remote_content_hostname_whitelist": "localhost"}
    assert set(said["files"]) == {"guide.html", "style.grass", "favourites.zip"}


def test_a_wrong_address_is_told():
    found = CliRunner().invoke(main, ["browser", "--uri", "http://h"])
    assert (found.exit_code != 0, "no address of Neo4j" in found.output) == (True, True)
