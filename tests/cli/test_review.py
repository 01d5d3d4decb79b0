"""`scvgraph review`: the list, the dialogue through click's runner and on a real terminal, and samples."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
import time

import pytest
from click.testing import CliRunner

from scvgraph.cli import main
from scvgraph.config import load
from scvgraph.pipeline import run as run_project

TOML = """
[project]
region = "GB"
[graph]
build = false
[resolve]
match = false
[identifiers.user_id]
unique = true
[sources.web]
shape = "events"
files = "web.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
device_id = "device"
"""
WEB = "time,kind,user,device\n" + "".join(
    f"2026-01-0{n},{kind},{user},{device}\n"
    for n, (kind, user, device) in enumerate(
        [("login", "u1", "d1")] * 3
        + [("page", "u2", "d1")]
        + [("login", "u3", "d2")] * 3
        + [("page", "u4", "d2")],
        1,
    )
)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "scvgraph.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "web.csv").write_text(WEB, encoding="utf-8")
    run_project(load(tmp_path))
    return tmp_path


BROKEN = "decision,a,b\nsame,user_id:u1,user_id:u2\n"


def declare(place):
    """The project names its file of decisions."""
    toml = (place / "scvgraph.toml").read_text(encoding="utf-8")
    (place / "scvgraph.toml").write_text(
        toml.replace("[project]", '[project]\ndecisions = ["decisions.csv"]'), encoding="utf-8"
    )


def review(place, *args, typed=None):
    return CliRunner().invoke(main, ["review", "-C", str(place), *args], input=typed)


def test_lists_cases_with_their_worth(place):
    """Two refused links, each with what refused it, what is at stake and how to answer."""
    result = review(place)
    assert result.exit_code == 0, result.output
    assert result.output.count("kept apart by a constraint") == 2
    assert "at most 1 user_id in one customer" in result.output
    assert "one person with probability 0.245, 1 row at stake" in result.output
    assert "scvgraph review --answer" in result.output


def test_json_is_complete(place):
    """Every case with both ends."""
    said = json.loads(review(place, "--json", "--limit", "1").output)
    assert list(said[0]) == ["sort", "a", "b", "joined", "why", "signs", "probability", "rows", "value"]
    assert said[0]["a"]["id"].startswith(("user_id:", "device_id:"))


def test_dialogue_keeps_answers(place):
    """A reply that is none is asked for again; an answer is added with author and reason, a skipped case is not."""
    result = review(place, "--answer", "--by", "ann", typed="what\ns it was his phone\nk\n")
    assert result.exit_code == 0, result.output
    assert "1 answer added to" in result.output
    assert 'add decisions = ["decisions.csv"] in [project]' in result.output
    header, line = (place / "decisions.csv").read_text(encoding="utf-8").splitlines()
    assert header == "decision,a,b,at,by,reason"
    assert line.startswith("must_link,")
    assert line.endswith(",ann,it was his phone")
    again = json.loads(review(place, "--json").output)
    assert len(again) == 1


def test_quitting_keeps_what_was_said(place):
    """`q` ends the questions; nothing said, nothing written."""
    result = review(place, "--answer", typed="q\n")
    assert result.exit_code == 0
    assert not (place / "decisions.csv").exists()


def test_a_decisions_file_is_looked_at_before_anything_is_asked(place):
    """One that answers cannot be added to, or that the next run would refuse, ends the dialogue before it begins."""
    declare(place)
    for text, said in (
        ("x,y\n1,2\n", "column decision, a, b is not there"),
        (BROKEN, "line 2, decision: 'same'"),
    ):
        (place / "decisions.csv").write_text(text, encoding="utf-8")
        result = review(place, "--answer", typed="s\n")
        assert result.exit_code in (1, 2)
        assert said in result.stderr
        assert "one person?" not in result.output
        assert (place / "decisions.csv").read_text(encoding="utf-8") == text


def test_a_broken_decisions_file_is_told(place):
    """The list is shown all the same, and on standard error what is wrong with the file, and that a run will stop."""
    declare(place)
    (place / "decisions.csv").write_text(BROKEN, encoding="utf-8")
    for options in ([], ["--json"]):
        result = review(place, *options)
        assert result.exit_code == 0
        assert "decisions.csv, line 2, decision: 'same' is none of" in result.stderr
        assert "the next run will stop" in result.stderr
    assert len(json.loads(result.stdout)) == 2


def test_the_next_run_obeys(place):
    """Once the project names the file, a must-link joins the two and its case is gone."""
    (first, _) = json.loads(review(place, "--json").output)
    review(place, "--answer", "--by", "ann", typed="s\nq\n")
    declare(place)
    ran = CliRunner().invoke(main, ["run", str(place)])
    assert ran.exit_code == 0, ran.output
    ends = {first["a"]["id"], first["b"]["id"]}
    assert all(
        {case["a"]["id"], case["b"]["id"]} != ends for case in json.loads(review(place, "--json").output)
    )


def test_a_sample_goes_to_a_file(place):
    """--sample writes pairs to judge, and needs --to."""
    assert review(place, "--sample", "5").exit_code == 2
    result = review(place, "--sample", "5", "--to", str(place / "judge.csv"))
    assert result.exit_code == 0, result.output
    assert (place / "judge.csv").read_text().startswith('"a","b","stratum","population","same"')


def test_an_author_without_answers_is_a_usage_error(place):
    """An option that would do nothing is refused."""
    result = review(place, "--by", "ann")
    assert (result.exit_code, "add --answer" in result.stderr) == (2, True)


def test_answers_need_a_project(place):
    """A bare store has no file of decisions: exit code 2, with the cure."""
    result = CliRunner().invoke(main, ["review", "--store", str(place / ".scvgraph"), "--answer"])
    assert (result.exit_code, "--project" in result.output) == (2, True)


def test_dialogue_on_a_real_terminal(place):
    """On a pseudo-terminal the question appears, an answer is taken, and end of file ends it with
    exit code 1 and without a trace.
    """
    call = "from scvgraph.cli import main; main(prog_name='scvgraph')"
    child, terminal = pty.fork()
    if child == 0:
        os.execv(
            sys.executable, [sys.executable, "-c", call, "review", "-C", str(place), "--answer", "--by", "bo"]
        )
    shown = _until(terminal, "q; then a reason if you like")
    assert "1 of 2." in shown
    os.write(terminal, b"d two people\n")
    assert "2 of 2." in _until(terminal, "2 of 2.")
    _until(terminal, "q; then a reason if you like")
    os.write(terminal, b"\x04")
    rest = _until(terminal, None)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 1, rest  # aborted, as click has it
    assert "Traceback" not in rest
    assert (place / "decisions.csv").read_text(encoding="utf-8").endswith(",bo,two people\n")


def _until(terminal, words):
    """What the terminal shows up to some words, or to its end."""
    shown, last = "", time.monotonic() + 60
    while (words is None or words not in shown) and time.monotonic() < last:
        if select.select([terminal], [], [], 1)[0]:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                return shown
            if not part:
                return shown
            shown += part.decode(errors="replace")
    return shown
