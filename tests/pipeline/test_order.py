"""Same ledger and policy, same customers, whatever the order of rows, files and batches."""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outcome import told

from scvgraph.config import load
from scvgraph.pipeline import run

KINDS = ("user_id", "email", "phone", "device_id", "cookie_id")
TOML = """
[project]
region = "GB"
[identifiers.user_id]
unique = true
[identifiers.email]
limit = 2
[identifiers.phone]
limit = 0
[resolve]
hub = 4
[graph]
build = false
[sources.web]
shape = "events"
files = "in/*.csv"
time = "time"
kind = "kind"
[sources.web.identifiers]
user_id = "user_id"
email = "email"
phone = "phone"
device_id = "device_id"
cookie_id = "cookie_id"
"""

TELLING = ("time", "kind", *KINDS, "ip", "first", "last", "born", "street")
TELLING_TOML = (
    TOML
    + """ip = "ip"
[sources.web.traits]
first_name = "first"
last_name = "last"
birth_date = "born"
street = "street"
"""
)


def adversarial_people(seed: int) -> list[tuple[str, ...]]:
    """Rows in which persons tell of themselves: nicknames, slips, twins and namesakes, addresses with readable names,
    borrowed phones and tablets whose users tell two names, homes with a device nobody signed in on.
    """
    rng = random.Random(seed)
    firsts = ("Robert", "Bob", "Rob", "Roberta", "Anna", "Ann", "J.", "Jon", "John", "Zo\u00eb")
    lasts = ("Marsh", "March", "Keller", "Kellar", "Okafor")
    rows = []
    for _ in range(45):
        person = rng.randrange(8)
        first, last = rng.choice(firsts[person : person + 3]), lasts[person // 2]
        last = last if rng.random() < 0.7 else rng.choice(lasts)
        tells = rng.random() < 0.7
        rows.append(
            (
                f"2026-01-0{rng.randint(1, 2)}T00:00:00Z",
                rng.choice(("login", "page", "form")),
                f"u{person}" if rng.random() < 0.3 else "",
                f"{first.lower().strip('.')}.{last.lower()}@x.org" if rng.random() < 0.3 else "",
                f"07400 00000{person // 2}" if rng.random() < 0.3 else "",
                f"d{person // 2}" if rng.random() < 0.3 else "",
                f"c{rng.randrange(12)}" if rng.random() < 0.4 else "",
                f"192.0.2.{person // 2}" if rng.random() < 0.6 else "",
                first if tells else "",
                last if tells else "",
                f"19{70 + person // 2}-0{1 + person % 2}-1{rng.randint(0, 1)}"
                if tells and rng.random() < 0.6
                else "",
                f"{person // 2} Mill Lane" if tells and rng.random() < 0.5 else "",
            )
        )
    hermit = (
        "2026-01-01T00:00:00Z",
        "login",
        "u99",
        "",
        "",
        "",
        "c98",
        "192.0.2.99",
        "Ingrid",
        "Solo",
        "",
        "",
    )
    return [*rows, hermit, (*hermit[:1], "page", "", "", "", "", "c99", "192.0.2.99", "", "", "", "")]


def adversarial_events(seed: int) -> list[tuple[str, ...]]:
    """Rows in which everything ties: few moments, equal kinds, values that differ in spelling only, shared devices,
    contested phones, a placeholder, a hub, and exact duplicates.
    """
    rng = random.Random(seed)
    people = range(6)
    rows = []
    for _ in range(40):
        person = rng.choice(people)
        mail = f"P{person}.x@gmail.com" if rng.random() < 0.5 else f"p{person}x+tag@googlemail.com"
        rows.append(
            (
                f"2026-01-0{rng.randint(1, 3)}T00:00:00Z",
                rng.choice(("login", "page", "form")),
                f"u{person}" if rng.random() < 0.5 else "",
                mail if rng.random() < 0.4 else ("test@test.com" if rng.random() < 0.1 else ""),
                f"07400 00000{person // 2}" if rng.random() < 0.3 else "",
                f"d{person // 2}" if rng.random() < 0.6 else "kiosk",
                f"c{person}" if rng.random() < 0.5 else "",
            )
        )
    return rows + rows[:3]


def outcome(
    batches: list[list[list[tuple[str, ...]]]],
    toml: str = TOML,
    header: tuple[str, ...] = ("time", "kind", *KINDS),
) -> str:
    """Runs batches of files of rows through the pipeline; what came of it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in").mkdir()
        (folder / "scvgraph.toml").write_text(toml)
        for b, files in enumerate(batches):
            for f, rows in enumerate(files):
                text = io.StringIO(newline="")
                csv.writer(text).writerows([header, *rows])
                (folder / "in" / f"{b}-{f}.csv").write_text(text.getvalue())
            result = run(load(folder))
        with result.generation.engine() as engine:
            return told(engine)


def shuffled(rows: list[tuple[str, ...]], rng: random.Random) -> list[list[list[tuple[str, ...]]]]:
    """Rows dealt in random order into one or two batches of one or two files."""
    rows = rng.sample(rows, len(rows))
    cut = sorted(rng.randint(0, len(rows)) for _ in range(rng.randint(0, 3)))
    files = [rows[a:b] for a, b in zip([0, *cut], [*cut, len(rows)], strict=True)]
    middle = rng.randint(1, len(files))
    return [batch for batch in (files[:middle], files[middle:]) if batch]


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_files_and_batches_does_not_show(seed: int) -> None:
    """Any dealing of the same distinct rows into rows, files and batches gives the same customers, marks,
    refusals, journeys, relations and households, byte for byte.
    """
    rows = sorted(set(adversarial_events(seed)))
    expected = outcome([[rows]])
    rng = random.Random(seed)
    for _ in range(4):
        assert outcome(shuffled(rows, rng)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_order_does_not_show_where_persons_tell_of_themselves(seed: int) -> None:
    """Twenty dealings of rows with names, dates of birth, streets and homes (five of each of four sets) give the same
    customers, refusals, matches, model, relations and households, byte for byte.
    """
    rows = sorted(set(adversarial_people(seed)))
    expected = outcome([[rows]], TELLING_TOML, TELLING)
    rng = random.Random(seed)
    for _ in range(5):
        assert outcome(shuffled(rows, rng), TELLING_TOML, TELLING) == expected


def test_the_telling_sets_are_awkward() -> None:
    """Between them the sets above have conflicts of names and of dates, matches and joined fragments."""
    told = "".join(
        outcome([[sorted(set(adversarial_people(seed)))]], TELLING_TOML, TELLING) for seed in range(4)
    )
    signs = (
        "'first_name'",
        "'birth_date'",
        "'match'",
        "'household'",
        "tells of different ones",
        "'device_id, ip'",
        "street",
    )
    for sign in signs:
        assert sign in told


def test_duplicates_count_as_often_as_one_file_holds_them() -> None:
    """A row that stands twice in one file is two sightings; the same file's rows in another file add none."""
    rows = adversarial_events(1)
    assert outcome([[rows]]) == outcome([[rows], [rows[::-1]]])


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.randoms(use_true_random=False), seed=st.integers(0, 3))
def test_thousand_shuffles_of_links_give_equal_groups(order: random.Random, seed: int) -> None:
    """A thousand shuffles of an adversarial small graph, rows, ends and numbering alike, give byte-identical
    groups and refusals.
    """
    assert clustered(seed, order) == clustered(seed, None)


def clustered(seed: int, order: random.Random | None) -> str:
    """Groups and refusals of a small graph full of ties, by name; `order` shuffles links, ends and numbers."""
    import numpy as np

    from scvgraph.resolve.constrained import Constraints, Links, cluster

    rng = random.Random(seed)
    size = 14
    pairs = sorted({tuple(sorted(rng.sample(range(size), 2))) for _ in range(26)})
    kind = [rng.choice((-1, -1, 0, 1)) for _ in range(size)]
    links = [(a, b, rng.choice((500_000, 700_000)), rng.choice((1, 2)), rng.choice((0, 5))) for a, b in pairs]
    numbers = list(range(size))
    if order is not None:
        order.shuffle(numbers)
        order.shuffle(links)
        links = [(b, a, *rest) if order.random() < 0.5 else (a, b, *rest) for a, b, *rest in links]
    named = {number: name for name, number in enumerate(numbers)}
    kinds = np.empty(size, np.int8)
    kinds[numbers] = kind
    columns = [
        np.array(c) for c in zip(*[(numbers[a], numbers[b], *rest) for a, b, *rest in links], strict=True)
    ]
    cannot = np.array([[numbers[0], numbers[1]]], np.int32)
    found = cluster(
        size,
        Links(
            columns[0].astype(np.int32),
            columns[1].astype(np.int32),
            columns[2].astype(np.int32),
            columns[3].astype(np.int32),
            columns[4].astype(np.int64),
        ),
        Constraints(kinds, np.array([1, 2], np.int32), np.empty((0, 2), np.int32), cannot),
        lambda nodes: np.array([named[n] for n in nodes.tolist()], np.int64),
    )
    groups: dict[int, list[int]] = {}
    for number, label in enumerate(found.label.tolist()):
        groups.setdefault(label, []).append(named[number])
    refused = sorted(
        (*sorted((links[row][0], links[row][1])), reason)
        for row, reason in zip(found.refused.tolist(), found.reason.tolist(), strict=True)
    )
    return json.dumps([sorted(sorted(g) for g in groups.values()), refused])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_unconstrained_customers_are_connected_components(seed: int) -> None:
    """Without limits, hubs and blame the customers are the connected components networkx finds."""
    rng = random.Random(seed)
    rows = [
        (f"2026-01-01T00:00:{n:02d}Z", "login", f"u{rng.randint(0, 9)}", f"m{rng.randint(0, 9)}@x.org")
        for n in range(12)
    ]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lines = "\n".join(",".join(row) for row in [("time", "kind", "user", "mail"), *rows])
        (folder / "e.csv").write_text(lines + "\n")
        (folder / "scvgraph.toml").write_text(
            '[identifiers.email]\nlimit = 0\n[resolve]\nhub = 1000\n[graph]\nbuild = false\n[sources.e]\nshape = "events"\nfiles = "e.csv"\n'
            'time = "time"\nkind = "kind"\n[sources.e.identifiers]\nuser_id = "user"\nemail = "mail"\n'
        )
        with run(load(folder)).generation.engine() as engine:
            found = engine.rows(
                "SELECT list(i.value ORDER BY i.value) FROM memberships m JOIN identifiers i ON m.identifier = i.no GROUP BY m.customer"
            )
    graph = nx.Graph([(row[2], row[3]) for row in rows])
    assert sorted(group for (group,) in found) == sorted(
        sorted(part) for part in nx.connected_components(graph)
    )
