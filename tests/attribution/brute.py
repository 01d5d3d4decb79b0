"""Models by their definitions, as slow as that is."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from math import factorial

import numpy as np


def chance_to_convert(paths, order=1, without=None, worth=None):
    """What a journey brings on average (conversions, or `worth` of each path) when a channel leads to nothing.

    paths: (channels, conversions, nulls). The chain is built of named states and solved as it stands.
    """
    follow, ends, starts = (
        defaultdict(lambda: defaultdict(float)),
        defaultdict(lambda: np.zeros(3)),
        defaultdict(float),
    )
    for number, (path, conversions, nulls) in enumerate(paths):
        if path and conversions + nulls > 0:
            grams = [tuple(path[at : at + order]) for at in range(max(len(path) - order + 1, 1))]
            starts[grams[0]] += conversions + nulls
            for one, other in pairwise(grams):
                follow[one][other] += conversions + nulls
            ends[grams[-1]] += (conversions, nulls, worth[number] if worth is not None else 0)
    states = sorted({*starts, *follow, *ends, *(o for f in follow.values() for o in f)})
    place = {state: number for number, state in enumerate(states)}
    stays, into, start = np.eye(len(states)), np.zeros(len(states)), np.zeros(len(states))
    for state, row in place.items():
        if without in state:
            continue
        total = sum(follow[state].values()) + ends[state][:2].sum()
        into[row] = ends[state][2 if worth is not None else 0] / total
        start[row] = starts[state]
        for other, times in follow[state].items():
            if without not in other:
                stays[row, place[other]] -= times / total
    return start @ np.linalg.solve(stays, into) / sum(starts.values()) if states else 0.0


def markov(paths, channels, order=1):
    """Conversions by channel, in proportion to removal effects."""
    whole = chance_to_convert(paths, order)
    effect = {c: whole - chance_to_convert(paths, order, c) for c in channels}
    total = sum(conversions for path, conversions, _ in paths if path)
    share = sum(effect.values())
    return {c: total * effect[c] / share if share > 1e-300 else 0.0 for c in channels}


def shapley(paths, channels):
    """Conversions by channel: its mean gain over all orders in which the channels may come."""

    def worth(coalition):
        return sum(conversions for path, conversions, _ in paths if path and set(path) <= set(coalition))

    n, found = len(channels), dict.fromkeys(channels, 0.0)
    for c in channels:
        others = [other for other in channels if other != c]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for coalition in combinations(others, size):
                found[c] += weight * (worth((*coalition, c)) - worth(coalition))
    return found


def ordered_shapley(paths, channels):
    """Conversions by (channel, place): over sets of channels, those of journeys of just that set with the channel there."""
    found = {}
    for c in channels:
        others = [other for other in channels if other != c]
        for size in range(len(channels)):
            for coalition in combinations(others, size):
                whole = {*coalition, c}
                for path, conversions, _ in paths:
                    for place, channel in enumerate(path, 1):
                        if set(path) == whole and channel == c and conversions:
                            part = conversions / path.count(c) / len(whole)
                            found[c, place] = found.get((c, place), 0.0) + part
    return found


def counterfactual(paths, channels):
    """Conversions by channel: of each path, by what its rate exceeds that of the path without the channel."""
    made, all_ = {}, {}
    for path, conversions, nulls in paths:
        made[tuple(path)] = made.get(tuple(path), 0) + conversions
        all_[tuple(path)] = all_.get(tuple(path), 0) + conversions + nulls
    rate = {path: made[path] / all_[path] if all_[path] else 0.0 for path in made}
    found = dict.fromkeys(channels, 0.0)
    for path in (path for path in made if path):
        lost = {}
        for c in set(path):
            left = tuple(step for step in path if step != c)
            lost[c] = max(rate[path] - (rate.get(left, 0.0) if left else 0.0), 0.0)
        whole = sum(lost.values())
        shares = {c: part / whole for c, part in lost.items()} if whole > 0 else {path[-1]: 1.0}
        for c, share in shares.items():
            found[c] += made[path] * share
    return found


def foretold(paths, made, folds, states, order):
    """Mean log-likelihood per journey and per transition, and AUC, of a Markov chain smoothed by the lower orders.

    paths: steps by journey. made [j]: 1 where a journey converts. folds: journeys held out together.
    """

    def tokens(n):
        steps = [*paths[n], states if made[n] else states + 1]
        return [(tuple(steps[max(at - order, 0) : at]), step, at) for at, step in enumerate(steps)]

    def chance(seen, before, step, length=order):
        lower = 1 / (states + 2) if length == 0 else chance(seen, before, step, length - 1)
        context = before[len(before) - min(length, len(before)) :], length > len(before)
        after = [
            other
            for earlier, other, _ in seen
            if (earlier[len(earlier) - min(length, len(earlier)) :], length > len(earlier)) == context
        ]
        return (after.count(step) + lower) / (len(after) + 1)

    scores = []
    for held in folds:
        seen = [token for part in folds if part is not held for n in part for token in tokens(n)]
        gained = [np.log(chance(seen, before, step)) for n in held for before, step, _ in tokens(n)]
        sale = {}
        for n in held:
            before = tokens(n)[-1][0]
            yes, no = (chance(seen, before, end) for end in (states, states + 1))
            sale[n] = yes / (yes + no)
        pairs = [
            (sale[n] > sale[m]) + (sale[n] == sale[m]) / 2
            for n in held
            for m in held
            if made[n] and not made[m]
        ]
        scores.append((sum(gained) / len(held), sum(gained) / len(gained), np.mean(pairs)))
    return np.mean(scores, axis=0).tolist()
