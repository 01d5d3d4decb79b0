"""Compiled scoring of comparison vectors."""

from __future__ import annotations

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, compiled

ALONE, WHERE, FAMILY_NAME, ADDRESS = 0, 1, 2, 3  # how a column's weight joins the others


@compiled
def add_up(
    level: Int8, gain: Int16, joins: Int8, weights: Int32, shares: Int32, expected: Int32,
    limits: tuple[int, int, int, int], score: Int32,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill the score of every pair.

    level, gain: [columns, pairs]. joins: of each column, see above. weights, shares: [columns, levels]. limits:
    (base of every score, most that frequency counts, most that a family name counts under one roof, thousandths
    that further columns of the same group count).
    """
    base, limit, roof_limit, further = limits
    for pair in range(score.size):
        total, best, worst, rest, family, roof, place = base, 0, 0, 0, 0, 0, 0
        for column in range(level.shape[0]):
            reached = level[column, pair]
            if reached == 0:
                continue
            weight = weights[column, reached]
            if shares[column, reached]:
                more = min(max(gain[column, pair] - expected[column], -limit), limit)
                weight += more * shares[column, reached] // 1000
            join = joins[column]
            if join == 0:
                total += weight
            elif join == 2:
                family = weight
            else:
                best, worst, rest = max(best, weight), min(worst, weight), rest + weight
                if join == 3:
                    roof = max(roof, reached)
                elif reached == 4 and weight > 0:
                    place = 1
        if family > 0 and (roof >= 3 or (roof == 2 and place)):
            family = min(family, roof_limit)
        score[pair] = total + family + best + worst + (rest - best - worst) * further // 1000
