"""Constrained clustering against plain connected components: 10M links over 5M identifiers.

    python benchmarks/clustering.py [--profile] [--scale 0.1] [--runs 3]

Ours does more (weights, a unique kind, reasons); the bar is still scipy's unconstrained
`connected_components` on the same arrays in the same run, the building of its matrix included. Shapes:

- people: small groups, two in a hundred of them joined to another by a shared device so that they hold two
  loyalty ids; links from a rule table, so many tie and the order of identifiers is asked for;
- uniform: links drawn at random with random weights, so one giant component violates and every link in it
  is sorted and walked;
- uniform_rules: the same with the few weights and counts of a rule table, so long runs tie on both.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from scvgraph.resolve import constrained, kernel_order, kernel_part, kernel_walk
from scvgraph.resolve.constrained import Constraints, Links, cluster
from scvgraph.resolve.union import components

NODES, LINKS = 5_000_000, 10_000_000
TWO_YEARS = 2 * 365 * 86_400 * 1_000_000  # in microseconds, as DuckDB's timestamps are
RULES = np.array([999_000, 990_000, 970_000, 950_000, 900_000, 850_000, 700_000, 500_000], np.int32)
PARTS = (
    (constrained, "_check"),
    (constrained, "_plain"),
    (constrained, "_suspect"),
    (kernel_part, "lift"),
    (kernel_walk, "alone"),
    (kernel_order, "_packed"),
    (kernel_order, "_settle"),
    (kernel_order, "mark_ties"),
    (kernel_order, "_settle_ties"),
    (constrained, "_order"),
    (kernel_walk, "follow"),
    (kernel_walk, "relabel"),
    (constrained, "_resolve"),
)


def people(rng, nodes, links):
    """Cliques of five or so identifiers, thinned to the number of links wanted; names shuffled."""
    persons = nodes // 5
    size = 1 + rng.poisson(4, persons)
    start = np.concatenate([[0], np.cumsum(size)])
    total = int(start[-1])
    pairs = size * (size - 1) // 2
    who = np.repeat(np.arange(persons), pairs)
    within = np.arange(who.size) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    higher = ((1 + np.sqrt(1 + 8 * within)) // 2).astype(
        np.int64
    )  # within counts (1,0), (2,0), (2,1), (3,0) ...
    lower = within - higher * (higher - 1) // 2
    a, b = start[who] + lower, start[who] + higher
    keep = rng.permutation(who.size)[: links - persons // 100]
    a, b, who = a[keep], b[keep], who[keep]
    shared = rng.permutation(persons)[: 2 * (persons // 100)].reshape(2, -1)
    a, b = np.concatenate([a, start[shared[0]]]), np.concatenate([b, start[shared[1]]])
    who = np.concatenate([who, shared[0]])
    kind = np.full(total, -1, np.int8)
    kind[start[:-1][rng.random(persons) < 0.8]] = 0  # a loyalty id, the first of their identifiers
    name = rng.permutation(total).astype(np.int32)
    kinds = np.empty_like(kind)
    kinds[name] = kind
    visits = rng.integers(0, TWO_YEARS, (persons, 3))
    seen = visits[who, rng.integers(0, 3, who.size)]
    count = rng.geometric(0.4, who.size).astype(np.int32)
    return total, Links(name[a], name[b], rng.choice(RULES, who.size), count, seen), kinds


def uniform(rng, nodes, links):
    a, b = rng.integers(0, nodes, (2, links), dtype=np.int32)
    kind = np.where(rng.random(nodes) < 0.1, 0, -1).astype(np.int8)
    weight = rng.integers(1, 1_000_000, links, dtype=np.int32)
    count = rng.geometric(0.4, links).astype(np.int32)
    return nodes, Links(a, b, weight, count, rng.integers(0, TWO_YEARS, links)), kind


def uniform_rules(rng, nodes, links):
    _, drawn, kind = uniform(rng, nodes, links)
    return nodes, Links(drawn.a, drawn.b, rng.choice(RULES, links), drawn.count, drawn.first_seen), kind


SHAPES = {"people": people, "uniform": uniform, "uniform_rules": uniform_rules}


def scipy_components(size, links):
    matrix = coo_matrix((np.ones(links.a.size, np.int8), (links.a, links.b)), shape=(size, size)).tocsr()
    return connected_components(matrix, directed=False)[1]


def least_member(label):
    """Arbitrary labels made least members: of several writes to a place the last one stays."""
    least = np.empty(label.max() + 1, np.int32)
    least[label[::-1]] = np.arange(label.size - 1, -1, -1, dtype=np.int32)
    return least[label]


def profile(work):
    """Seconds in each named step of one run; a step's own steps are counted in it as well."""
    spent = defaultdict(float)

    def watched(name, step):
        def call(*given):
            began = time.perf_counter()
            try:
                return step(*given)
            finally:
                spent[name] += time.perf_counter() - began

        return call

    before = [(module, name, getattr(module, name)) for module, name in PARTS]
    for module, name, step in before:
        setattr(module, name, watched(name, step))
    work()
    for module, name, step in before:
        setattr(module, name, step)
    for name, seconds in spent.items():
        print(f"    {name:16}{seconds:8.3f} s")


def seconds_of(work, *given):
    began = time.perf_counter()
    result = work(*given)
    return time.perf_counter() - began, result


def compare(name, size, links, kind, options):
    none = np.empty((0, 2), np.int32)
    one_card = Constraints(kind, np.array([1], np.int32), none, none)
    free = Constraints(np.full(size, -1, np.int8), np.empty(0, np.int32), none, none)
    order = np.random.default_rng(1).permutation(size)
    asked = []

    def rank(nodes):
        asked.append(nodes.size)
        return order[nodes]

    cluster(size, links, one_card, rank)  # compiles
    seconds = []
    for _ in range(options.runs):  # turn and turn about, so that a busy neighbour is shared by all
        asked.clear()
        ours, found = seconds_of(cluster, size, links, one_card, rank)
        scipys, label = seconds_of(scipy_components, size, links)
        plain, own = seconds_of(components, size, links.a, links.b)
        seconds.append((ours, scipys, plain))
    ours, scipys, plain = (statistics.median(s) for s in zip(*seconds, strict=True))
    expected = least_member(label)
    same = all(np.array_equal(expected, mine) for mine in (own, cluster(size, links, free, rank).label))
    print(f"{name}: {links.a.size:,} links, {size:,} identifiers, {found.refused.size:,} links refused")
    print(f"    ranks asked of {sum(asked):,} identifiers; unconstrained labels equal scipy's: {same}")
    print(f"    constrained   {ours:6.2f} s   scipy {scipys:6.2f} s   ratio {ours / scipys:.2f}")
    print(
        f"    unconstrained {plain:6.2f} s   scipy {scipys:6.2f} s   ratio {plain / scipys:.2f}", flush=True
    )
    if options.profile:
        profile(lambda: cluster(size, links, one_card, rank))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--profile", action="store_true", help="print what each step of one run costs")
    options.add_argument("--scale", type=float, default=1.0, help="of 10M links over 5M identifiers")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--shape", action="append", choices=SHAPES, help="default: all")
    options = options.parse_args()
    for name in options.shape or SHAPES:
        drawn = SHAPES[name](
            np.random.default_rng(2024), int(NODES * options.scale), int(LINKS * options.scale)
        )
        compare(name, *drawn, options)


if __name__ == "__main__":
    main()
