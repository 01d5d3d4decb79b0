"""Section [resolve]: own comparisons, files and steps, with their faults."""

from __future__ import annotations

import pytest

from scvgraph.config import parse
from scvgraph.errors import ConfigError

SOURCE = """
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
identifiers = { email = "mail", cookie_id = "cookie" }
traits = { shoe_size = "shoes", first_name = "first" }
"""


def read(tmp_path, *lines: str):
    return parse("\n".join(lines) + SOURCE, tmp_path / "scvgraph.toml").resolve


def test_defaults(tmp_path) -> None:
    """Every step is on, and nothing is named."""
    policy = read(tmp_path)
    steps = ("name_conflicts", "date_conflicts", "email_names", "blame", "match", "fragments")
    assert all(getattr(policy, step) for step in steps)
    assert (policy.cap, policy.nicknames, policy.model, policy.compare) == (100, None, None, {})


def test_a_declared_comparison_goes_before_the_name(tmp_path) -> None:
    """A role counts instead of the one found; `off` means that the trait is not compared."""
    policy = read(tmp_path, "[resolve.compare]", 'shoe_size = "category"', 'first_name = "off"')
    assert (policy.role_of("shoe_size"), policy.role_of("first_name")) == ("category", "ignore")
    assert policy.role_of("last_name") == "last_name"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["[resolve.compare]", 'shoe_sise = "code"'], "line 2, resolve.compare.shoe_sise: no source has such a trait or identifier; did you mean 'shoe_size'?"),
        (["[resolve.compare]", 'shoe_size = "dat"'], "line 2, resolve.compare.shoe_size: 'dat' is none of .*did you mean 'date'"),
        (["[resolve.compare]", 'cookie_id = "date"'], "line 2, resolve.compare.cookie_id: 'date' is none of code, email, off, phone"),
        (["[resolve]", "cap = 1"], "line 2, resolve.cap: must be a whole number of at least 2"),
        (["[resolve]", 'blame = "no"'], "line 2, resolve.blame: must be true or false"),
        (["[resolve]", 'nicknames = "n.csv"'], "line 2, resolve.nicknames: cannot read n.csv"),
        (["[resolve]", 'nicknames = "lonely.csv"'], "line 2, resolve.nicknames: group 2 of lonely.csv has fewer than two names"),
        (["[resolve]", 'nicknames = "empty.csv"'], "line 2, resolve.nicknames: empty.csv has no names"),
        (["[resolve]", 'nicknames = "latin.csv"'], "line 2, resolve.nicknames: byte 2 of latin.csv is not UTF-8"),
    ],
)  # fmt: skip
def test_faults(tmp_path, lines, fault) -> None:
    """Each has its line, and says what to do."""
    (tmp_path / "lonely.csv").write_text("robert,bob\nmaria\n")
    (tmp_path / "empty.csv").write_text("# nothing\n")
    (tmp_path / "latin.csv").write_bytes(b"zo\xeb,zo\n")
    with pytest.raises(ConfigError, match=fault):
        read(tmp_path, *lines)


def test_a_reader_needs_no_nicknames(tmp_path) -> None:
    """Where a finished store is read only, a file of nicknames that is gone is no fault; a run says what is amiss."""
    text = '[resolve]\nnicknames = "gone.csv"' + SOURCE
    assert parse(text, tmp_path / "scvgraph.toml", reading=True).resolve.nicknames == "gone.csv"
    with pytest.raises(ConfigError, match=r"cannot read gone\.csv"):
        parse(text, tmp_path / "scvgraph.toml")
