"""All faults of a project file come together, each with its line, its key and its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from scvgraph.config import load, parse
from scvgraph.errors import ConfigError, UsageError

FAULTY = """[project]
name = "shop"
region = "UK"
timezone = "Europe/Londn"
memory = "lots"
thread = 2
decisions = 7

[identifiers.email]
unique = true
limit = 3

[identifiers.phone]
region = "gb"
trust = 1.5

[sources.web]
shape = "event"
files = "*.csv"
time = "at"
delimiter = "||"
encoding = "utf-9"
time_format = "%Q"
conversion = "value > (SELECT 1)"
fixed.channel = "web"
channel = "channel"
[sources.web.identifiers]
email = ["mail", 3]
[sources.web.traits]
Key = "k"

[sources.crm]
shape = "records"
files = []
[sources.crm.identifiers]

[resolve]
hub = 0
[customers]
priority = ["till"]
[grpah]
"""

EXPECTED = [
    ("line 3, project.region", "did you mean 'GB'"),
    ("line 4, project.timezone", "did you mean 'Europe/London'"),
    ("line 5, project.memory", "such as '8GB'"),
    ("line 6, project.thread", "did you mean 'threads'"),
    ("line 7, project.decisions", "text in quotes, or a list"),
    ("line 11, identifiers.email.limit", "contradicts unique = true"),
    ("line 14, identifiers.phone.region", "did you mean 'GB'"),
    ("line 15, identifiers.phone.trust", "a number above 0 and at most 1"),
    ("line 18, sources.web.shape", "did you mean 'events'"),
    ("line 21, sources.web.delimiter", "one ASCII character"),
    ("line 22, sources.web.encoding", 'try "utf-8"'),
    ("line 23, sources.web.time_format", "not a format of times"),
    ("line 24, sources.web.conversion", "without sub-queries"),
    ("line 26, sources.web.channel", "under fixed.channel"),
    ("line 28, sources.web.identifiers.email", "list of such texts"),
    ("line 30, sources.web.traits.Key", "own columns: campaign, channel"),
    ("line 34, sources.crm.files", "text in quotes, or a list"),
    ("line 35, sources.crm.identifiers", "is missing"),
    ("line 38, resolve.hub", "at least 1"),
    ("line 40, customers.priority", "'till' is not a source"),
    ("line 41, grpah", "did you mean 'graph'"),
]


def test_every_fault_is_reported_at_once():
    """A file with many faults is refused once, with all of them, each in one line."""
    with pytest.raises(ConfigError) as caught:
        parse(FAULTY, Path("scvgraph.toml"))
    for place, cure in EXPECTED:
        assert any(fault.startswith(place + ": ") and cure in fault for fault in caught.value.faults), (
            place,
            caught.value.faults,
        )
    assert len(caught.value.faults) == len(EXPECTED), caught.value.faults
    assert str(caught.value).startswith(f"scvgraph.toml: {len(EXPECTED)} faults\n  - ")


GOOD = '[sources.web]\nshape = "events"\nfiles = "*.csv"\ntime = "at"\n[sources.web.identifiers]\nemail = "mail"\n'


@pytest.mark.parametrize(
    ("predicate", "fault"),
    [
        ("kind = 'purchase' AND value > 0", None),
        ("lower(channel) LIKE 'paid%'", None),
        ("value > (select 1)", "without sub-queries"),
        ("1; DROP TABLE x", "without sub-queries"),
        ("amount > 3", "not a condition over"),
        ("kind = ", "not a condition over"),
        ("read_text('/etc/passwd') = ''", "not a condition over"),
        ("getenv('HOME') = ''", "not a condition over"),
    ],
)
def test_a_conversion_is_one_condition_over_an_event(predicate, fault):
    """What is no condition over kind, channel, campaign and value is refused with the reason."""
    text = GOOD.replace('time = "at"', f'time = "at"\nconversion = """{predicate}"""')
    if fault is None:
        assert parse(text, Path("p.toml")).sources["web"].conversion == predicate
        return
    with pytest.raises(ConfigError, match=fault) as caught:
        parse(text, Path("p.toml"))
    assert "sources.web.conversion" in caught.value.faults[0]


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("", None),
        ('[project]\nregion = "GB"\ntimezone = "America/New_York"\nmemory = "512MB"\nthreads = 0\n', None),
        ('[project]\nregion = "ZZ"\n', "not an ISO country code"),
        ('[project]\nmemory = "0GB"\n', "not an amount"),
        ("[project]\nthreads = -1\n", "whole number of threads"),
        ("project = 3\n", "must be a table"),
        ('[identifiers."e mail"]\n', "a kind's name"),
        ('[identifiers.email]\nplaceholders = [""]\n', "list of such texts"),
        ("[project\n", "not TOML"),
        ('[project]\nname = ""\n', "text in quotes"),
    ],
)
def test_the_head_of_a_project(head, fault):
    """Region, time zone, memory and threads are checked where they stand."""
    if fault is None:
        assert parse(head + GOOD, Path("p.toml")).sources
    else:
        with pytest.raises(ConfigError, match=fault):
            parse(head + GOOD, Path("p.toml"))


def test_a_kind_is_cleaned_alike_with_and_without_a_section():
    """An empty section of a kind changes nothing."""
    plain, described = parse(GOOD, Path("p.toml")), parse("[identifiers.email]\n" + GOOD, Path("p.toml"))
    assert plain.kinds == described.kinds


def test_no_source_and_no_file(tmp_path):
    """A project without sources, without a file, or not in UTF-8 says what to do."""
    with pytest.raises(ConfigError, match="no source is declared"):
        parse("", Path("p.toml"))
    with pytest.raises(UsageError, match="scvgraph init"):
        load(tmp_path)
    (tmp_path / "scvgraph.toml").write_bytes(b'[project]\nname = "caf\xe9"\n')
    with pytest.raises(ConfigError, match="save the file as UTF-8"):
        load(tmp_path)
