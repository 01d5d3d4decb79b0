"""Stage links: which identifiers were seen together, how often, and how far that makes them one person's.

Weight of one pair: each rule's sightings are taken as partly independent observations of probability
p = rule weight x trust of both kinds, the n-th adding less than the one before: strength -ln(1 - p) x (1 + log2(n) / 2),
strengths of different rules add up, and an end that keeps company with several persons' identifiers takes
from it. The weight is 1 - exp(-strength).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from scvgraph.config.project import PROFILE
from scvgraph.engine import text
from scvgraph.graph.kernel_strength import add_rule, discount, mates_of_kind
from scvgraph.graph.pairs import PROFILE_RULE, count_layouts
from scvgraph.seen import NEVER, moments
from scvgraph.sightings import DEFAULT_RULE
from scvgraph.weights import BILLION, PERSONAL, weight_of
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.graph.kernel_strength import Ends
    from scvgraph.graph.pairs import Pairs

DISCOUNT = 0.15  # what each doubling of the persons around an end takes from a link
SUREST = 0.999999
_PAIRS = 1 << 17  # weighed at a time, so that what is worked out on the way stays in the caches


def links(work: Work) -> Counts:
    """Set `work.pairs` (a, b, rule, count, first_seen, last_seen, strength, weight); make table `hubs` (identifier, why)."""
    engine, project = work.engine, work.project
    work.tell("linking")
    rules = _rules_in_use(work)
    pairs = count_layouts(work, rules)
    work.kind_code = _kind_codes(work)
    ends = pairs.a, pairs.b
    strength, rule = _strength(work, pairs, ends, rules)
    persons, hubs = _company(work, ends, project.resolve.hub)
    work.factor = 1 / (1 + DISCOUNT * np.log2(persons))
    _keep(work, pairs, _weighed(work, ends, strength), (rules, rule))
    schema = pa.schema([("identifier", pa.int32()), ("why", pa.string())])
    engine.put("hubs", pa.table({"identifier": list(hubs), "why": list(hubs.values())}, schema=schema))
    return {"links": pairs.a.size, "hubs": len(hubs)}


def _weighed(
    work: Work, ends: Ends, strength: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Strength of each pair after the discount, in whole billionths, and its weight in millionths."""
    whole, weight = np.empty(strength.size, np.int64), np.empty(strength.size, np.int32)

    def weigh(start: int) -> None:
        some = slice(start, start + _PAIRS)
        discount((ends[0][some], ends[1][some]), strength[some], work.factor, BILLION, whole[some])
        weight[some] = weight_of(whole[some])

    with ThreadPoolExecutor(work.engine.threads) as pool:
        list(pool.map(weigh, range(0, strength.size, _PAIRS)))
    return whole, weight


def _rules_in_use(work: Work) -> list[str]:
    found: set[str] = set()
    for layout in work.layouts:
        used = np.bincount(layout.rule) if len(layout.rules) > 1 else np.array([layout.rule.size])
        found |= {layout.rules[n] for n in np.flatnonzero(used)}
        if PROFILE in dict(layout.identifiers):
            found.add(PROFILE_RULE)
    return sorted(found) or [DEFAULT_RULE]


def _kind_codes(work: Work) -> npt.NDArray[np.int8]:
    """For every identifier number the position of its kind in the project's kinds."""
    codes = np.full(work.ledger.next_spelling, -1, np.int8)
    cases = (
        " ".join(f"WHEN {text(kind)} THEN {n}" for n, kind in enumerate(work.project.kinds))
        or "WHEN '' THEN -1"
    )
    found = work.engine.arrow(
        f"SELECT no, CAST(CASE kind {cases} ELSE -1 END AS TINYINT) AS code FROM spellings"
    )
    codes[found.column("no").to_numpy()] = found.column("code").to_numpy()
    return codes


def _strength(
    work: Work, pairs: Pairs, ends: Ends, rules: list[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Strength of each pair before the discount, and which rule (by position) gave most of it."""
    policy = work.project.resolve
    trust = np.array([*(kind.trust for kind in work.project.kinds.values()), 0.0])
    both = np.outer(trust, trust)
    total, best = np.zeros(ends[0].size), np.full(ends[0].size, -1.0)
    surest = np.zeros(ends[0].size, np.int8)
    for position, rule in enumerate(rules):
        one = -np.log1p(-np.minimum(both * policy.rules[rule], SUREST))
        add_rule(ends, work.kind_code, one, pairs.count[position], position, (total, best, surest))
    if policy.half_life_days:
        last = pairs.last
        latest = last.max(initial=0, where=last != NEVER)
        age = np.where(last == NEVER, 0, latest - last)  # evidence of unknown age does not age
        total *= 0.5 ** (age / (policy.half_life_days * 86_400_000_000))
    return total, surest


def _company(work: Work, ends: Ends, most: int) -> tuple[npt.NDArray[np.int32], dict[int, str]]:
    """How many persons' identifiers each identifier was seen with, and the hubs: those seen with more than `most`.

    Persons are counted per kind that stands for one, the identifier's own kind apart; the largest count is taken.
    """
    persons = np.ones(work.kind_code.size, np.int32)
    hubs: dict[int, str] = {}
    personal = [
        (code, kind.name)
        for code, kind in enumerate(work.project.kinds.values())
        if kind.trust >= PERSONAL and kind.links and kind.name != PROFILE
    ]

    def of(code: int) -> npt.NDArray[np.int32]:
        mates = np.zeros(work.kind_code.size, np.int32)
        mates_of_kind(ends, work.kind_code, code, mates)
        return mates

    with ThreadPoolExecutor(work.engine.threads) as pool:
        for (_, name), mates in zip(personal, pool.map(of, [code for code, _ in personal]), strict=True):
            np.maximum(persons, mates, out=persons)
            for number in np.flatnonzero(mates > most).tolist():
                hubs.setdefault(number, f"seen with {mates[number]} values of {name}, more than {most}")
    return persons, hubs


def _keep(
    work: Work,
    pairs: Pairs,
    weighed: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]],
    named: tuple[list[str], npt.NDArray[np.int8]],
) -> None:
    rules, rule = named
    work.pairs = pa.table(
        {
            "a": pairs.a,
            "b": pairs.b,
            "first_seen": moments(pairs.first),
            "last_seen": moments(pairs.last),
            "rule": pa.DictionaryArray.from_arrays(rule, rules),
            "count": pairs.count.sum(axis=0, dtype=np.int64),
            "strength": weighed[0],
            "weight": weighed[1],
        }
    )
