"""Counting of the pairs that rows show."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scvgraph.graph.pairs import count_layouts
from scvgraph.seen import NEVER
from scvgraph.work import Layout

RULES = ["event", "login"]


def layout(draw: np.random.Generator, rows: int) -> Layout:
    """Rows that show up to three identifiers out of a few hundred of each kind; every seventh has no time."""
    shown = [draw.integers(0, 300, rows) + 1000 * kind for kind in (0, 1, 1)]
    for column in shown:
        column[draw.random(rows) < 0.5] = -1
    at = draw.integers(0, 10**12, rows)
    at[::7] = NEVER
    return Layout(
        source="web",
        shape="events",
        identifiers=(("cookie_id", "c"), ("email", "m"), ("email", "n")),
        row=np.arange(rows),
        at=at,
        rule=draw.integers(0, 2, rows).astype(np.int8),
        rules=("login", "event"),
        numbers=tuple(column.astype(np.int32) for column in shown),
    )


def plain(rows: Layout) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Row by row: sightings under each rule, first and last time of each pair."""
    found: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for n in range(rows.at.size):
        cookie, one, other = (int(column[n]) for column in rows.numbers)
        time, rule = int(rows.at[n]), rows.rules[rows.rule[n]]
        for a, b in ((cookie, one), (cookie, other), (min(one, other), max(one, other))):
            if min(a, b) < 0 or a == b:
                continue
            event, login, first, last = found.get((a, b), (0, 0, NEVER, NEVER))
            if time != NEVER:
                first, last = min(first, time), time if last == NEVER else max(last, time)
            found[a, b] = event + (rule == "event"), login + (rule == "login"), first, last
    return found


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_pairs_are_those_found_row_by_row(threads: int) -> None:
    """However many threads share the work, every pair has its sightings by rule and its first and last time."""
    rows = layout(np.random.default_rng(1), 20_000)
    kinds = {"cookie_id": SimpleNamespace(links=True), "email": SimpleNamespace(links=True)}
    work = SimpleNamespace(
        layouts=[rows], engine=SimpleNamespace(threads=threads), project=SimpleNamespace(kinds=kinds)
    )
    pairs = count_layouts(work, RULES)
    ends = zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)
    told = zip(*pairs.count.tolist(), pairs.first.tolist(), pairs.last.tolist(), strict=True)
    assert dict(zip(ends, told, strict=True)) == plain(rows)


def test_a_kind_that_does_not_link_makes_no_pairs() -> None:
    """Pairs are made of kinds that link; without any the columns are empty."""
    rows = layout(np.random.default_rng(2), 100)
    kinds = {"cookie_id": SimpleNamespace(links=True), "email": SimpleNamespace(links=False)}
    work = SimpleNamespace(
        layouts=[rows], engine=SimpleNamespace(threads=2), project=SimpleNamespace(kinds=kinds)
    )
    pairs = count_layouts(work, RULES)
    assert (pairs.a.size, pairs.count.shape) == (0, (2, 0))
