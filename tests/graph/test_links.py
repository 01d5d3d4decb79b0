"""Weights of links, hubs and placeholders."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scvgraph.pipeline import run
from scvgraph.weights import weight_of

TOML = """
[graph]
build = false
[identifiers.user_id]
trust = 0.9
[identifiers.device_id]
trust = 0.8
[resolve]
hub = 3
[sources.web]
shape = "events"
files = "e.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user"
device_id = "device"
"""


def test_weight_follows_the_documented_formula(make_project) -> None:
    """Four sign-ins give 1 - (1 - rule x trust x trust) ** (1 + log2(4) / 2)."""
    rows = "".join(f"2026-01-0{day},login,u1,d1\n" for day in (1, 2, 3, 4))
    project = make_project(TOML, e__csv="time,kind,user,device\n" + rows)
    with run(project).generation.engine() as engine:
        (found,) = engine.rows("SELECT rule, count, weight FROM links")
    expected = 1 - (1 - 0.97 * 0.9 * 0.8) ** (1 + math.log2(4) / 2)
    assert found[:2] == ("login", 4)
    assert found[2] == pytest.approx(expected, abs=1e-6)


def test_rules_add_up_and_the_surest_is_named(make_project) -> None:
    """Evidence under several rules is combined, and the link bears the name of the rule that gave most."""
    project = make_project(
        TOML,
        e__csv="time,kind,user,device\n2026-01-01,login,u1,d1\n2026-01-02,page_view,u1,d1\n2026-01-03,odd,u1,d1\n",
    )
    with run(project).generation.engine() as engine:
        (found,) = engine.rows("SELECT rule, count, weight FROM links")
    trust = 0.9 * 0.8
    expected = 1 - (1 - 0.97 * trust) * (1 - 0.70 * trust) * (1 - 0.85 * trust)
    assert found[:2] == ("login", 3)
    assert found[2] == pytest.approx(expected, abs=1e-6)


def test_weights_stay_short_of_certainty() -> None:
    """However much evidence there is, only a person's word is worth 1."""
    assert weight_of(np.array([0, 10**15], np.int64)).tolist() == [1, 999_999]


def test_an_identifier_of_too_many_persons_is_a_hub(make_project) -> None:
    """A device seen with more users than `hub` is shared, merges nobody, and says why."""
    rows = "".join(f"2026-01-01,login,u{n},kiosk\n" for n in range(4))
    project = make_project(TOML, e__csv="time,kind,user,device\n" + rows)
    with run(project).generation.engine() as engine:
        assert engine.rows("SELECT status, why FROM identifiers WHERE value = 'kiosk'") == [
            ("shared", "seen with 4 values of user_id, more than 3")
        ]
        assert engine.one("SELECT count(*) FROM customers") == 4


def test_kinds_that_do_not_link_make_no_customers(make_project) -> None:
    """An IP address joins nobody and is no customer by itself."""
    toml = TOML.replace('device_id = "device"', 'ip = "device"').replace(
        "[identifiers.device_id]\ntrust = 0.8\n", ""
    )
    project = make_project(
        toml,
        e__csv="time,kind,user,device\n2026-01-01,page,u1,9.9.9.9\n2026-01-01,page,u2,9.9.9.9\n2026-01-01,page,,8.8.8.8\n",
    )
    with run(project).generation.engine() as engine:
        assert engine.one("SELECT count(*) FROM customers") == 2
        assert engine.one("SELECT count(*) FROM links") == 0
