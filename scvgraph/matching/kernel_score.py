"""Compiled scoring of comparison vectors."""

from __future__ import annotations

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, compiled

ALONE, WHERE, FAMILY_NAME, ADDRESS, BORN = 0, 1, 2, 3, 4  # how a column's weight joins the others


@compiled
def add_up(
    level: Int8, gain: Int16, joins: Int8, weights: Int32, shares: Int32, expected: Int32,
    limits: tuple[int, int, int, int], score: Int32,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill the score of every pair.

    level, gain: [columns, pairs]. joins: of each column, see above. weights, shares: [columns, levels]. limits:
    (base of every score, most that frequency counts, most that a family name and most that a birthday count under
    one roof).
    """
    base, limit, family_limit, born_limit = limits
    for pair in range(score.size):
        total, best, worst, family, born, roof, place = base, 0, 0, 0, 0, 0, 0
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
            elif join == 4:
                born += weight
            else:
                best, worst = max(best, weight), min(worst, weight)
                if join == 3:
                    roof = max(roof, reached)
                elif reached == 4 and weight > 0:
                    place = 1
        if roof >= 3 or (roof == 2 and place):
            family = min(family, family_limit)
            born = min(born, born_limit)
        score[pair] = total + family + born + best + worst
